"""Which modules a submission may import: all are loaded before the walls go up, because afterwards no file can be read.

The refusal here is a courtesy that explains itself; the wall is the kernel's.
"""

import builtins
import codecs
import contextlib
import importlib
import sys
import warnings
from collections.abc import Mapping, Sequence
from types import ModuleType

ALLOWED = [
    "__future__",
    "abc",
    "argparse",
    "array",
    "base64",
    "bisect",
    "builtins",
    "calendar",
    "cmath",
    "codecs",
    "collections",
    "collections.abc",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "doctest",
    "enum",
    "errno",
    "fractions",
    "functools",
    "gc",
    "graphlib",
    "hashlib",
    "heapq",
    "html",
    "inspect",
    "io",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "math",
    "numbers",
    "operator",
    "pprint",
    "queue",
    "random",
    "re",
    "reprlib",
    "sched",
    "secrets",
    "statistics",
    "string",
    "struct",
    "sys",
    "textwrap",
    "time",
    "timeit",
    "token",
    "tokenize",
    "traceback",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "uuid",
    "warnings",
    "weakref",
    "zlib",
]
NUMPY = [
    "numpy",
    "numpy.char",
    "numpy.ctypeslib",
    "numpy.dtypes",
    "numpy.exceptions",
    "numpy.fft",
    "numpy.lib",
    "numpy.lib.format",
    "numpy.lib.mixins",
    "numpy.lib.stride_tricks",
    "numpy.linalg",
    "numpy.ma",
    "numpy.polynomial",
    "numpy.random",
    "numpy.rec",
    "numpy.strings",
    "numpy.testing",
    "numpy.typing",
]
_NEEDED_LATER = (
    "_pylong",
    "_strptime",
    "ctypes._endian",
    "encodings.idna",
    "mmap",
    "opcode",
    "stringprep",
    "threading",
)
_ENCODINGS = ("ascii", "latin-1", "utf-8-sig", "utf-16", "cp1252", "gbk", "gb18030", "big5")

_NO_MACHINE = "a submission has no access to files, programs or the machine"
_NO_NETWORK = "a submission has no network"
_NO_THREADS = "a submission runs in one process and one thread"
_NO_DRAWING = "drawing is not marked, remove it from the submission"
_IN_NUMPY = "the solution has to be written in NumPy"
_REASONS = {
    **dict.fromkeys(("os", "pathlib", "shutil", "subprocess", "tempfile", "glob", "pickle", "sqlite3"), _NO_MACHINE),
    **dict.fromkeys(("ctypes", "resource", "signal", "mmap", "pty", "fcntl", "platform", "importlib"), _NO_MACHINE),
    **dict.fromkeys(("socket", "ssl", "http", "urllib", "requests", "ftplib", "smtplib", "asyncio"), _NO_NETWORK),
    **dict.fromkeys(("threading", "multiprocessing", "concurrent", "joblib"), _NO_THREADS),
    **dict.fromkeys(("matplotlib", "seaborn", "plotly", "PIL", "IPython", "tkinter"), _NO_DRAWING),
    **dict.fromkeys(("torch", "torchvision", "tensorflow", "keras", "jax", "autograd", "numba", "cupy"), _IN_NUMPY),
    **dict.fromkeys(("scipy", "sklearn", "pandas", "polars", "cv2", "skimage", "onnx", "sympy"), _IN_NUMPY),
}
_OTHERWISE = "a submission is one file; only NumPy and the harmless part of the standard library are there"

SUBMISSION = "submission"


def preload() -> None:
    """Load everything a submission may use, and what NumPy and Python load only when first needed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in (*ALLOWED, *NUMPY, *_NEEDED_LATER):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    _offer_what_is_loaded()
    for encoding in _ENCODINGS:
        with contextlib.suppress(LookupError):
            codecs.lookup(encoding)


def _offer_what_is_loaded() -> None:
    """Let `from numpy import *` take what is there, and not look for files of the rest."""
    numpy = vars(sys.modules["numpy"])
    numpy["__all__"] = [name for name in numpy["__all__"] if name in numpy]


def guard() -> None:
    """Explain a refused import instead of letting it fail on a file that cannot be opened."""
    real = builtins.__import__
    roots = {name.partition(".")[0] for name in (*ALLOWED, *NUMPY)}

    def guarded(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the names that Python's own hook has
        locals: Mapping[str, object] | None = None,  # noqa: A002 - the same
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if globals is None or globals.get("__name__") != SUBMISSION:
            return real(name, globals, locals, fromlist or (), level)
        refusal = _refusal(name, roots, level)
        if refusal:
            raise ImportError(refusal, name=name)
        return real(name, globals, locals, fromlist or (), level)

    builtins.__import__ = guarded


def _refusal(name: str, roots: set[str], level: int) -> str:
    root = name.partition(".")[0]
    if level:
        return "a submission is a single file: it cannot import from a package around it"
    if root.startswith("_") and name in sys.modules:
        return ""  # what compiled functions import behind the scenes, like _strptime
    if root not in roots:
        return f"'{name}' cannot be imported here: {_REASONS.get(root, _OTHERWISE)}"
    if name not in sys.modules:
        return f"'{name}' cannot be imported here: of '{root}', this part is not loaded"
    return ""
