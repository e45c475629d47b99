"""Where the worker's interpreter starts: makes this folder importable, and nothing around it."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

_PACKAGES = ("autograder", "autograder.sandbox", "autograder.sandbox.inside")


def _main() -> None:
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = []
        sys.modules[name] = package
    sys.modules[_PACKAGES[-1]].__path__ = [str(Path(__file__).resolve().parent)]
    importlib.import_module("autograder.sandbox.inside.launcher").main(int(sys.argv[1]))


_main()
