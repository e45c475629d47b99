"""Values of code cases as Python source for examples, and as JSON for exams."""

import math
from typing import Any

import numpy as np

from quizgen.errors import AuthorError
from quizgen.model import Value

DIGITS = 6


def as_source(value: Any) -> str:
    """Write a value as a student could type it; floats with six digits."""
    if isinstance(value, np.ndarray):
        dtype = "" if value.dtype in {np.dtype(np.float64), np.dtype(np.int64)} else f", dtype=np.{value.dtype}"
        return f"np.array({_numbers(value.tolist())}{dtype})" if value.size else f"np.zeros({value.shape}{dtype})"
    if isinstance(value, tuple):
        inner = ", ".join(as_source(v) for v in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return "[" + ", ".join(as_source(v) for v in value) + "]"
    return _numbers(value.item() if isinstance(value, np.generic) else value)


def _numbers(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_numbers(v) for v in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    return f"{value:.{DIGITS}g}" if isinstance(value, float) and not value.is_integer() else repr(value)


def freeze(value: Any) -> Value:
    """Turn a case value into JSON that keeps dtype and shape; JSON has neither NaN nor infinities."""
    if isinstance(value, np.ndarray | np.generic | float) and not np.all(np.isfinite(value)):
        raise AuthorError(f"a case value that is not finite cannot be stored: {np.asarray(value).tolist()}")
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "shape": list(value.shape), "data": value.ravel().tolist()}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple | list):
        return [freeze(v) for v in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise AuthorError(f"a case value of type {type(value).__name__} cannot be stored")


def unfreeze(value: Value) -> Any:
    """Turn stored JSON back into a case value; lists become tuples."""
    if isinstance(value, dict):
        return np.array(value["data"], dtype=value["dtype"]).reshape(value["shape"])
    if isinstance(value, list):
        return tuple(unfreeze(v) for v in value)
    return value
