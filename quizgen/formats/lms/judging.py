"""What judges a function on the platform itself: it is sent along as text and imports nothing of ours."""

import contextlib
import copy
import io
from collections.abc import Callable
from typing import Any

import numpy as np


def near(got: Any, wanted: Any, rtol: float = 1e-4, atol: float = 1e-8, *, keeps_dtype: bool = False) -> bool:
    """Say whether what a function returned is right: in kind, shape and every number."""
    if isinstance(wanted, (tuple, list)):
        if not isinstance(got, (tuple, list)) or len(got) != len(wanted):
            return False
        return all(near(g, w, rtol, atol, keeps_dtype=keeps_dtype) for g, w in zip(got, wanted, strict=True))
    if type(got) is not np.ndarray and not isinstance(got, (bool, int, float, np.generic)):
        return False
    array, right = np.asarray(got), np.asarray(wanted)
    if array.dtype.kind not in "biuf" or array.shape != right.shape:
        return False
    if keeps_dtype and array.dtype != right.dtype:
        return False
    numbers, key = array.astype(np.float64), right.astype(np.float64)
    return bool(np.all(np.isfinite(numbers)) and np.all(np.abs(numbers - key) <= atol + rtol * np.abs(key)))


def passes(  # noqa: PLR0913 - what a group of cases asks for, by keyword
    function: Callable[..., Any],
    cases: list[tuple[tuple[Any, ...], Any]],
    rtol: float,
    atol: float,
    *,
    keeps_dtype: bool,
    keeps_input: bool,
    strided: bool,
) -> bool:
    """Say whether every case of a group is right, and its input left alone where that is asked for."""
    for arguments, wanted in cases:
        given = tuple(_with_gaps(a) if strided else copy.deepcopy(a) for a in arguments)
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            got = function(*given)
        if not near(got, wanted, rtol, atol, keeps_dtype=keeps_dtype):
            return False
        if keeps_input and not all(
            b.dtype == a.dtype and np.array_equal(a, b, equal_nan=True)
            for a, b in zip(arguments, given, strict=True)
            if isinstance(a, np.ndarray)
        ):
            return False
    return True


def _with_gaps(value: Any) -> Any:
    """Return an array as a view of every second cell of a larger one."""
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return copy.deepcopy(value)
    larger = np.zeros(tuple(2 * n for n in value.shape), dtype=value.dtype)
    view = larger[(slice(None, None, 2),) * value.ndim]
    view[...] = value
    return view
