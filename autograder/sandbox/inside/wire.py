"""Frames on a pipe: four bytes of length, then as many bytes."""

import os
import struct

HEADER = struct.Struct("<I")


def send(descriptor: int, payload: bytes) -> None:
    """Write one frame, however often the pipe is full."""
    data = memoryview(HEADER.pack(len(payload)) + payload)
    while data:
        data = data[os.write(descriptor, data) :]


def receive(descriptor: int) -> bytes | None:
    """Wait for one frame; None at the end of the stream."""
    header = _exactly(descriptor, HEADER.size)
    if header is None:
        return None
    return _exactly(descriptor, HEADER.unpack(header)[0])


def _exactly(descriptor: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(descriptor, size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
