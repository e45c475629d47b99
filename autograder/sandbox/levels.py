"""How far student code is shut in on this machine, why not further, and what would help."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.sandbox.inside import layers

FULL, TWO_WALLS, ONE_WALL, NONE = 3, 2, 1, 0
NAMES = {
    FULL: "full: namespaces, Landlock and seccomp",
    TWO_WALLS: "two walls: seccomp and one of Landlock and namespaces",
    ONE_WALL: "one wall: seccomp",
    NONE: "none",
}

_REMEDIES = {
    layers.SECCOMP: "use Linux on x86_64 or aarch64 with CONFIG_SECCOMP_FILTER (on Windows: WSL2)",
    layers.LANDLOCK: "use Linux 5.13 or newer with Landlock enabled (boot parameter lsm=landlock,...)",
    layers.NAMESPACES: (
        "allow user namespaces: on Ubuntu an AppArmor profile or sysctl kernel.apparmor_restrict_unprivileged_userns=0,"
        " elsewhere sysctl user.max_user_namespaces; in Docker --cap-add SYS_ADMIN with"
        " --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    ),
    layers.USER_NAMESPACE: "not needed: set sysctl user.max_user_namespaces to allow it",
    layers.STRANGER_USER: "run as an ordinary user, or as root with CAP_SETUID and CAP_SETGID",
}


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One wall that was tried: whether it holds, else why not and what would help."""

    name: str
    holds: bool
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Level:
    """What holds on this machine; `layers` are those in use."""

    number: int
    name: str
    landlock_abi: int
    layers: frozenset[str]
    probes: tuple[Probe, ...]


def wanted_layers(max_level: int) -> frozenset[str]:
    """List what to try for at most this level."""
    wanted = {layers.LIMITS}
    if max_level >= ONE_WALL:
        wanted |= {layers.SECCOMP, layers.PRIVILEGES}
        if os.geteuid() == 0:
            wanted.add(layers.STRANGER_USER)
    if max_level >= TWO_WALLS:
        wanted.add(layers.LANDLOCK)
    if max_level >= FULL:
        wanted |= {layers.NAMESPACES, layers.USER_NAMESPACE}
    return frozenset(wanted)


def level_of(wanted: frozenset[str], failures: Mapping[str, str], landlock_abi: int) -> Level:
    """Derive the level from what was wanted and what failed when it was tried."""
    applied = wanted - {name for name, reason in failures.items() if reason}
    number = NONE
    if {layers.SECCOMP, layers.PRIVILEGES} <= applied:
        number = ONE_WALL + (layers.LANDLOCK in applied) + (layers.NAMESPACES in applied)
    probes = tuple(
        Probe(name=name, holds=not reason, reason=reason, remedy=_REMEDIES[name] if reason else "")
        for name, reason in failures.items()
    )
    return Level(number=number, name=NAMES[number], landlock_abi=landlock_abi, layers=applied, probes=probes)
