"""The system calls Python has no name for, through ctypes; every failure is an OSError that names the call."""

import ctypes
import os
import platform

MACHINE = platform.machine()

# Numbers that differ between the two supported processors; the newer calls are the same on both.
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CLOSE_RANGE = 436
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_REC, MS_PRIVATE = 0x4000, 0x40000
_MNT_DETACH = 2

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_SYS_ADMIN = 5, 6, 7, 8, 21
_SECCOMP_SET_MODE_FILTER = 1
_LANDLOCK_CREATE_RULESET_VERSION = 1

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def call(number: int, *arguments: int | bytes | None, name: str = "syscall") -> int:
    """Make a raw system call; integers go as 64 bits, bytes as a pointer to them."""
    converted = [ctypes.c_ulong(item) if isinstance(item, int) else ctypes.c_char_p(item) for item in arguments]
    return _checked(name, _libc.syscall(ctypes.c_long(number), *converted))


def unshare(flags: int) -> None:
    """Leave the shared namespaces named by `flags`."""
    _checked("unshare", _libc.unshare(ctypes.c_int(flags)))


def join_pid_namespace(descriptor: int) -> None:
    """Let the next child be born in the pid namespace that `descriptor` refers to."""
    _checked("setns", _libc.setns(ctypes.c_int(descriptor), ctypes.c_int(NEWPID)))


def mount(source: bytes | None, target: bytes, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
    """mount(2)."""
    _checked("mount", _libc.mount(source, target, kind, ctypes.c_ulong(flags), data))


def swap_root_for_working_directory() -> None:
    """Make the working directory the root and let go of the old tree."""
    call(_PIVOT_ROOT[MACHINE], b".", b".", name="pivot_root")
    _checked("umount2", _libc.umount2(b".", ctypes.c_int(_MNT_DETACH)))


def _prctl(name: str, option: int, value: int, third: int = 0) -> None:
    words = [ctypes.c_ulong(word) for word in (value, third, 0, 0)]
    _checked(f"prctl({name})", _libc.prctl(ctypes.c_int(option), *words))


def die_with_parent() -> None:
    """Be killed when the parent goes, however it goes."""
    _prctl("PDEATHSIG", _PR_SET_PDEATHSIG, 9)


def forbid_inspection() -> None:
    """Keep processes of the same user from tracing this one or reading its memory."""
    _prctl("DUMPABLE", _PR_SET_DUMPABLE, 0)


def forbid_new_privileges() -> None:
    """Make set-user-id programs and file capabilities powerless from here on."""
    _prctl("NO_NEW_PRIVS", _PR_SET_NO_NEW_PRIVS, 1)


def capabilities() -> set[int]:
    """Tell which capabilities are permitted."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    _checked("capget", _libc.capget(header, data))
    mask = data[1] | data[4] << 32
    return {number for number in range(64) if mask >> number & 1}


def keep_capabilities(*kept: int) -> None:
    """Hold exactly the named capabilities."""
    _prctl("CAP_AMBIENT", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    mask = sum(1 << capability for capability in kept)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    low, high = mask & 0xFFFFFFFF, mask >> 32
    data = (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0)
    _checked("capset", _libc.capset(header, data))


def empty_bounding_set() -> None:
    """Make sure that no program started from here could gain a capability."""
    for capability in range(64):
        try:
            _prctl("CAPBSET_DROP", _PR_CAPBSET_DROP, capability)
        except OSError:
            return


def close_from(first: int) -> None:
    """Close every descriptor from `first` up."""
    call(_CLOSE_RANGE, first, 0xFFFFFFFF, 0, name="close_range")


def landlock_abi() -> int:
    """Ask which version of Landlock the kernel speaks."""
    version = _LANDLOCK_CREATE_RULESET_VERSION
    return call(_LANDLOCK_CREATE_RULESET, None, 0, version, name="landlock_create_ruleset")


def landlock(attributes: bytes) -> None:
    """Enter a Landlock domain that handles `attributes` and allows none of them."""
    ruleset = call(_LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0, name="landlock_create_ruleset")
    try:
        call(_LANDLOCK_RESTRICT_SELF, ruleset, 0, name="landlock_restrict_self")
    finally:
        os.close(ruleset)


def seccomp(program: bytes) -> None:
    """Install a filter of 8-byte BPF instructions for good."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    described = Program(len(program) // 8, program)
    arguments = (ctypes.c_long(_SECCOMP[MACHINE]), ctypes.c_ulong(_SECCOMP_SET_MODE_FILTER), ctypes.c_ulong(0))
    _checked("seccomp", _libc.syscall(*arguments, ctypes.byref(described)))
