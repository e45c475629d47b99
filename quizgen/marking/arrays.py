"""Comparing what a function returned with the reference: strict about shape and dtype, never fooled by NaN."""

from typing import Any

import numpy as np

from quizgen.model import CaseGroup, Reason

PLAIN_KINDS = "biuf"
"""Booleans, integers and floats; a Python integer of more than 64 bits would be an object."""


@np.errstate(over="ignore", invalid="ignore")
def difference(got: Any, wanted: Any, group: CaseGroup) -> Reason | None:
    """Return why `got` is not `wanted`, or None where every number is near enough."""
    if isinstance(wanted, tuple | list):
        return _tuple_difference(got, wanted, group)
    array = _plain(got)
    if array is None:
        return Reason(phrase="wrong-type", values={"wanted": _kind(wanted), "got": _kind(got)})
    right = np.asarray(wanted)
    if array.shape != right.shape:
        return Reason(phrase="wrong-shape", values={"wanted": str(right.shape), "got": str(array.shape)})
    if group.keeps_dtype and array.dtype != right.dtype:
        return Reason(phrase="wrong-dtype", values={"wanted": str(right.dtype), "got": str(array.dtype)})
    return _value_difference(array, right, group)


@np.errstate(over="ignore", invalid="ignore")
def agrees(got: Any, other: Any, group: CaseGroup) -> bool:
    """Say whether two functions returned the same, NaN where the other has NaN; for telling mistakes, not for marks."""
    if isinstance(other, tuple | list):
        return (
            isinstance(got, tuple | list)
            and len(got) == len(other)
            and all(agrees(g, o, group) for g, o in zip(got, other, strict=True))
        )
    one, two = _plain(got), _plain(other)
    if one is None or two is None or one.shape != two.shape:
        return False
    return bool(np.allclose(one, two, rtol=group.rtol, atol=group.atol, equal_nan=True))


def _tuple_difference(got: Any, wanted: tuple[Any, ...] | list[Any], group: CaseGroup) -> Reason | None:
    if not isinstance(got, tuple | list):
        return Reason(phrase="wrong-type", values={"wanted": _kind(wanted), "got": _kind(got)})
    if len(got) != len(wanted):
        return Reason(phrase="wrong-length", values={"wanted": str(len(wanted)), "got": str(len(got))})
    for position, (g, w) in enumerate(zip(got, wanted, strict=True), start=1):
        why = difference(g, w, group)
        if why is not None:
            return Reason(phrase=why.phrase, values={**why.values, "position": str(position)})
    return None


def _value_difference(array: Any, right: Any, group: CaseGroup) -> Reason | None:
    got, wanted = array.astype(np.float64), right.astype(np.float64)
    if not np.all(np.isfinite(got)):
        return Reason(phrase="not-finite-value", values={"count": str(int(np.sum(~np.isfinite(got))))})
    gap = np.abs(got - wanted)
    near = gap <= group.atol + group.rtol * np.abs(wanted)
    if np.all(near):
        return None
    at = np.unravel_index(int(np.argmax(np.where(near, 0.0, gap))), gap.shape) if gap.ndim else ()
    values = {"got": f"{got[at]:.6g}", "wanted": f"{wanted[at]:.6g}", "off": str(int(np.sum(~near)))}
    if at:
        values["at"] = "[" + ", ".join(str(int(i)) for i in at) + "]"
    return Reason(phrase="wrong-value", values=values)


def _plain(value: Any) -> Any:
    """Return a plain numeric array, or None for anything that only pretends to be one."""
    if isinstance(value, bool | int | float):
        array = np.asarray(value)
        return array if array.dtype.kind in PLAIN_KINDS else None
    if type(value) is np.ndarray and value.dtype.kind in PLAIN_KINDS:
        return value
    return value if isinstance(value, np.generic) and value.dtype.kind in PLAIN_KINDS else None


def _kind(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"{type(value).__name__} of {len(value)}"
    return "array" if isinstance(value, np.ndarray) else type(value).__name__
