"""Runs code nobody trusts: source and inputs go in, values come back, nothing else does."""

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
