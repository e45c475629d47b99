"""The strict binary form in which values cross the wall: tagged, counted, capped, and never able to name code.

One byte says the kind, then little-endian counts and raw bytes. A lying count, an unknown kind, an object array or a
trailing byte is a :class:`CodecError`; nothing else escapes the decoder.
"""

import math
import struct
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

Number: TypeAlias = bool | int | float | np.generic
Value: TypeAlias = Number | str | list["Value"] | tuple["Value", ...] | dict[str, "Value"] | np.ndarray[Any, Any] | None

MAX_DEPTH = 16
MAX_ITEMS = 100_000
MAX_AXES = 32
INTEGERS = range(-(2**63), 2**64)
"""Those that an array can hold; what is larger would become an array of objects in the judge's hands."""

_INT_BYTES = 9

_DTYPES = tuple(
    np.dtype(code) for code in ("?", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8")
)
_CODES = {dtype: code for code, dtype in enumerate(_DTYPES)}
_U8, _U32, _F64 = struct.Struct("<B"), struct.Struct("<I"), struct.Struct("<d")
_WANTED = "wanted numbers, arrays of numbers, or tuples of them"


class CodecError(ValueError):
    """A value that has no strict form, or bytes that are not the form of any value."""


def encode(value: object, *, limit: int) -> bytes:
    """Write `value` in at most `limit` bytes; the message of the error completes "returned ..."."""
    writer = _Writer(limit)
    writer.value(value, 0)
    return b"".join(writer.parts)


def decode(data: bytes) -> Value:
    """Read the one value that fills `data`; arrays are fresh and writable."""
    reader = _Reader(data)
    try:
        value = reader.value(0)
    except (struct.error, UnicodeDecodeError, ValueError, OverflowError, MemoryError) as error:
        if isinstance(error, CodecError):
            raise
        raise CodecError(f"malformed bytes: {error}") from error
    if reader.position != len(data):
        raise CodecError(f"{len(data) - reader.position} bytes after the value")
    return value


class _Writer:
    """Collects the parts of one value and counts them as they come."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self.room = limit
        self.limit = limit
        self.items = 0

    def put(self, *parts: bytes) -> None:
        self.room -= sum(map(len, parts))
        if self.room < 0:
            raise CodecError(f"more than {self.limit} bytes")
        self.parts.extend(parts)

    def value(self, value: object, depth: int) -> None:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise CodecError(f"more than {MAX_ITEMS} items; {_WANTED}")
        if depth > MAX_DEPTH:
            raise CodecError(f"something nested more than {MAX_DEPTH} deep; {_WANTED}")
        if value is None:
            self.put(b"N")
        elif isinstance(value, np.ndarray):
            self.array(value)
        elif isinstance(value, np.generic):
            self.put(b"g", _coded(value.dtype), _plain(value).tobytes())
        elif isinstance(value, bool | int | float | str):
            self.scalar(value)
        else:
            self.container(value, depth)

    def scalar(self, value: float | str) -> None:  # a float may be an int, and an int a bool
        if isinstance(value, bool):
            self.put(b"T" if value else b"F")
        elif isinstance(value, int):
            exact = int.__index__(value)  # a subclass may say what it likes about itself
            if exact not in INTEGERS:
                raise CodecError(f"an integer of more than 64 bits; {_WANTED}")
            self.put(b"i", exact.to_bytes(_INT_BYTES, "little", signed=True))
        elif isinstance(value, float):
            self.put(b"f", _F64.pack(value))
        else:
            self.text(b"s", value)

    def text(self, tag: bytes, value: str) -> None:
        try:
            data = value.encode()
        except UnicodeEncodeError as error:
            raise CodecError(f"text that is not Unicode; {_WANTED}") from error
        self.put(tag, _U32.pack(len(data)), data)

    def container(self, value: object, depth: int) -> None:
        if isinstance(value, list | tuple):
            self.put(b"l" if isinstance(value, list) else b"t", _U32.pack(len(value)))
            for item in value:
                self.value(item, depth + 1)
        elif isinstance(value, dict):
            self.put(b"d", _U32.pack(len(value)))
            for key, item in value.items():
                if not isinstance(key, str):
                    raise CodecError(f"a dict with a key of type {type(key).__name__}; wanted keys of text")
                self.text(b"", key)
                self.value(item, depth + 1)
        else:
            raise CodecError(f"{_article(type(value).__name__)}; {_WANTED}")

    def array(self, value: np.ndarray[Any, Any]) -> None:
        if isinstance(value, np.ma.MaskedArray):
            raise CodecError("a masked array; wanted a plain array")
        plain = np.asarray(value)  # a subclass may say what it likes about itself
        code = _coded(plain.dtype)
        if plain.ndim > MAX_AXES:
            raise CodecError(f"an array of {plain.ndim} axes; wanted at most {MAX_AXES}")
        if plain.nbytes > self.room:
            raise CodecError(f"an array of {plain.nbytes} bytes; wanted at most {self.limit}")
        shape = struct.pack(f"<B{plain.ndim}Q", plain.ndim, *plain.shape)
        self.put(b"a", code, shape, _plain(plain).tobytes())


class _Reader:
    """Walks over the bytes of one value; every count is checked against what is left."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.items = 0
        self.kinds: dict[bytes, Callable[[int], Value]] = {
            b"N": lambda _: None,
            b"T": lambda _: True,
            b"F": lambda _: False,
            b"i": lambda _: self.integer(),
            b"f": lambda _: float(_F64.unpack(self.take(8))[0]),
            b"s": lambda _: self.text(),
            b"l": lambda depth: [self.value(depth + 1) for _ in range(self.count(_U32, MAX_ITEMS))],
            b"t": lambda depth: tuple(self.value(depth + 1) for _ in range(self.count(_U32, MAX_ITEMS))),
            b"d": self.mapping,
            b"a": lambda _: self.array(),
            b"g": lambda _: self.number(),
        }

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise CodecError(f"{size} bytes promised, {len(self.data) - self.position} left")
        part = self.data[self.position : end]
        self.position = end
        return part

    def count(self, form: struct.Struct, most: int) -> int:
        number = int(form.unpack(self.take(form.size))[0])
        if number > most:
            raise CodecError(f"a count of {number}, at most {most} is allowed")
        return number

    def value(self, depth: int) -> Value:
        self.items += 1
        if self.items > MAX_ITEMS or depth > MAX_DEPTH:
            raise CodecError(f"more than {MAX_ITEMS} items or nested more than {MAX_DEPTH} deep")
        tag = self.take(1)
        read = self.kinds.get(tag)
        if read is None:
            raise CodecError(f"unknown kind {tag!r}")
        return read(depth)

    def integer(self) -> int:
        value = int.from_bytes(self.take(_INT_BYTES), "little", signed=True)
        if value not in INTEGERS:
            raise CodecError("an integer of more than 64 bits")
        return value

    def text(self) -> str:
        return self.take(self.count(_U32, len(self.data))).decode()

    def mapping(self, depth: int) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for _ in range(self.count(_U32, MAX_ITEMS)):
            key = self.text()
            if key in result:
                raise CodecError(f"key {key!r} stands twice")
            result[key] = self.value(depth + 1)
        return result

    def dtype(self) -> np.dtype[Any]:
        code = self.count(_U8, len(_DTYPES) - 1)
        return _DTYPES[code]

    def array(self) -> np.ndarray[Any, Any]:
        dtype = self.dtype()
        axes = self.count(_U8, MAX_AXES)
        shape = struct.unpack(f"<{axes}Q", self.take(8 * axes))
        raw = self.take(dtype.itemsize * math.prod(shape))
        return _trusted(raw, dtype).reshape(shape)

    def number(self) -> np.generic:
        dtype = self.dtype()
        number: np.generic = _trusted(self.take(dtype.itemsize), dtype)[0]
        return number


def _coded(dtype: np.dtype[Any]) -> bytes:
    """Give the dtype's byte; byte order is not part of it, because the form is always little-endian."""
    code = _CODES.get(dtype.newbyteorder("<"))
    if code is None:
        raise CodecError(f"an array or number of dtype {dtype}; wanted booleans, integers or floats of at most 64 bits")
    return _U8.pack(code)


def _plain(value: np.ndarray[Any, Any] | np.generic) -> np.ndarray[Any, Any]:
    """Drop subclass, strides and byte order: np.matrix and memmap become what they hold."""
    return np.asarray(value).astype(value.dtype.newbyteorder("<"), order="C", copy=False)


def _trusted(raw: bytes, dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """Own a copy of `raw`; a boolean byte that is neither 0 nor 1 would misbehave in NumPy, so it becomes 1."""
    if dtype.kind == "b":
        return np.frombuffer(raw, np.uint8).astype(np.bool_)
    return np.frombuffer(raw, dtype).copy()


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
