"""Runs code nobody trusts: source and inputs go in, values come back, nothing else does.

A worker starts one zygote, Python with NumPy loaded, and that forks a child for every submission, the next one always
ahead of its turn. Before a child sees the source it has dropped every privilege, every file and every system call but
those for memory, time and its own pipes. Four levels, found out by trying and recorded in every run:

3. full: own user, pid, ipc, mount and network namespaces with an empty root, Landlock, and a seccomp allowlist;
2. seccomp and one of the other two;
1. seccomp alone, which already leaves no file, socket, process or signal within reach;
0. nothing but deadlines and resource limits: refused unless `unsafe` is said.

Masked arrays, object, complex and structured arrays are refused with a reason; other subclasses of arrays come back as
the plain array they hold. It needs Linux 5.9 or newer on x86_64 or aarch64; elsewhere it refuses.
"""

from autograder.sandbox.inside.codec import CodecError, Value
from autograder.sandbox.levels import Level, Probe
from autograder.sandbox.outcomes import (
    Call,
    Died,
    Limits,
    MissingFunction,
    NotLoaded,
    NotRun,
    Outcome,
    OutOfMemory,
    ProtocolError,
    Raised,
    Returned,
    Run,
    SandboxRefused,
    TimedOut,
    WrongSignature,
)
from autograder.sandbox.session import Sandbox
from autograder.sandbox.worker import probe

__all__ = [
    "Call",
    "CodecError",
    "Died",
    "Level",
    "Limits",
    "MissingFunction",
    "NotLoaded",
    "NotRun",
    "OutOfMemory",
    "Outcome",
    "Probe",
    "ProtocolError",
    "Raised",
    "Returned",
    "Run",
    "Sandbox",
    "SandboxRefused",
    "TimedOut",
    "Value",
    "WrongSignature",
    "probe",
]
