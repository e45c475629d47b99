"""Pythons that may be started, also by a user who may not enter root's home."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograder

NOBODY = 65534
REPOSITORY = Path(autograder.__file__).parent.parent
SITE = Path(np.__file__).parent.parent


def interpreter_for_nobody():
    """Find a Python that an ordinary user may start, with NumPy."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (os.path.realpath(sys.executable), shutil.which(version, path="/usr/bin:/usr/local/bin")):
        if candidate is None:
            continue
        code = f"import sys; sys.path[:0] = [{str(REPOSITORY)!r}, {str(SITE)!r}]; import numpy, autograder"
        try:
            done = subprocess.run(
                [candidate, "-B", "-c", code], user=NOBODY, group=NOBODY, extra_groups=[], check=False
            )
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    pytest.skip("no Python with NumPy that an ordinary user may start")
    return None
