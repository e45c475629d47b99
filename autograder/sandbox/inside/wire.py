"""Frames on a pipe: four bytes of length, then as many bytes, which begin with a token.

An answer repeats the token of its question, so that none can be written before the question is known.
"""

import os
import struct

HEADER = struct.Struct("<I")
TOKEN_BYTES = 8
NO_TOKEN = bytes(TOKEN_BYTES)


def send(descriptor: int, token: bytes, payload: bytes) -> None:
    """Write one frame, however often the pipe is full."""
    data = memoryview(HEADER.pack(len(token) + len(payload)) + token + payload)
    while data:
        data = data[os.write(descriptor, data) :]


def receive(descriptor: int) -> tuple[bytes, bytes] | None:
    """Wait for the token and the payload of one frame; None at the end of the stream."""
    header = _exactly(descriptor, HEADER.size)
    frame = None if header is None else _exactly(descriptor, HEADER.unpack(header)[0])
    return None if frame is None else (frame[:TOKEN_BYTES], frame[TOKEN_BYTES:])


def _exactly(descriptor: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(descriptor, size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
