"""Model values as JSON that every database takes: NaN and infinities, which JSON lacks, are tagged."""

import json
import math
from typing import Any

import msgspec

_TAG = "$float"


def pack(value: Any) -> Any:
    """Turn a model value into what `write_json` takes."""
    return msgspec.to_builtins(value)


def unpack(value: Any, kind: Any) -> Any:
    """Turn what `pack` made and `read_json` read back into a value of this model type."""
    return msgspec.convert(value, type=kind)


def write_json(value: Any) -> str:
    """Write JSON for the database; only the few values that hold such a number are walked through."""
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        return json.dumps(tagged(value))


def read_json(raw: str | bytes) -> Any:
    """Read JSON from the database; only the few texts that hold a tag are walked through."""
    text = raw if isinstance(raw, str) else raw.decode()
    value = json.loads(text)
    return _untagged(value) if _TAG in text else value


def tagged(value: Any) -> Any:
    """Put a tag in the place of every number that JSON lacks."""
    if isinstance(value, float) and not math.isfinite(value):
        return {_TAG: repr(value)}
    if isinstance(value, dict):
        return {k: tagged(v) for k, v in value.items()}
    return [tagged(v) for v in value] if isinstance(value, list | tuple) else value


def _untagged(value: Any) -> Any:
    if isinstance(value, dict):
        return float(value[_TAG]) if value.keys() == {_TAG} else {k: _untagged(v) for k, v in value.items()}
    return [_untagged(v) for v in value] if isinstance(value, list) else value
