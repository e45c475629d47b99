# ruff: noqa: BLE001, S108 - a hostile submission: it is read as text and run in the sandbox, never imported
"""Tries what a submission must not be able to do; each attempt raises if it is stopped."""

import sys

os = sys.modules["os"]  # an import statement would be refused politely; this is how one goes around it
socket = sys.modules["_socket"]
ctypes = sys.modules["ctypes"]
signal = sys.modules["_signal"]
resource = sys.modules["resource"]

ZEROS = ctypes.create_string_buffer(256)
READ = os.O_RDONLY
WRITE = os.O_WRONLY | os.O_CREAT


def raw(number, *words):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    words = [ctypes.c_long(word) for word in words]
    result = libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def read(path):
    return os.read(os.open(path, READ), 100)


def write(path):
    descriptor = os.open(path, WRITE, 0o666)
    os.write(descriptor, b"mark")


def talk(family, kind, address):
    connection = socket.socket(family, kind)
    connection.connect(address)
    connection.send(b"hello")


def fork():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def execute():
    os.execv("/bin/true", ["true"])


def thread():
    sys.modules["_thread"].start_new_thread(lambda: None, ())


def raise_limits():
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        raise OSError("the limit stayed")


def executable_memory():
    raw(9, 0, 4096, 7, 0x22, -1, 0)


def look_at_judge(pid):
    read(f"/proc/{pid}/environ")


ATTEMPTS = {
    "read a file": lambda w: read(w["canary"]),
    "read passwords": lambda _: read("/etc/passwd"),
    "list a folder": lambda w: os.listdir(w["folder"]),
    "stat a file": lambda w: os.stat(w["canary"]),
    "read numpy": lambda w: read(w["numpy"]),
    "look for itself in proc": lambda _: read("/proc/self/maps"),
    "read the judge's environment": lambda w: look_at_judge(w["judge"]),
    "write a file": lambda w: write(w["folder"] + "/mark"),
    "write to shared memory": lambda w: write("/dev/shm/" + w["mark"]),
    "make a folder": lambda w: os.mkdir(w["folder"] + "/made"),
    "link": lambda w: os.symlink("/etc", w["folder"] + "/link"),
    "change a file's mode": lambda w: os.chmod(w["canary"], 0o600),
    "reach TCP": lambda w: talk(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", w["tcp"])),
    "reach UDP": lambda w: talk(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", w["udp"])),
    "reach a unix socket": lambda w: talk(socket.AF_UNIX, socket.SOCK_STREAM, w["unix"]),
    "reach an abstract socket": lambda w: talk(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + w["mark"]),
    "signal the judge": lambda w: os.kill(w["judge"], 0),
    "signal everyone": lambda _: os.kill(-1, 0),
    "open the judge": lambda w: os.pidfd_open(w["judge"]),
    "fork": lambda _: fork(),
    "execute": lambda _: execute(),
    "start a thread": lambda _: thread(),
    "raise its limits": lambda _: raise_limits(),
    "hide memory in a file": lambda _: os.memfd_create("hidden"),
    "make executable memory": lambda _: executable_memory(),
    "make a socket pair": lambda _: socket.socketpair(),
    "set an alarm": lambda _: signal.setitimer(signal.ITIMER_REAL, 100),
    "be traced": lambda _: raw(101, 0, 0, 0, 0),
    "make shared memory": lambda w: raw(29, w["key"], 4096, 0o1666),
    "make a message queue": lambda w: raw(68, w["key"], 0o1666),
    "use the keyring": lambda _: raw(250, 0, -3, 1),
    "set up io_uring": lambda _: raw(425, 4, ctypes.addressof(ZEROS)),
    "change its name": lambda _: raw(157, 15, ctypes.addressof(ZEROS)),
    "enter new namespaces": lambda _: raw(272, 0x10000000),
    "read its process's limits": lambda w: resource.prlimit(w["judge"], resource.RLIMIT_AS),
}

# x86_64 numbers of calls that have no business in a submission, whatever their arguments.
FORBIDDEN = {
    "openat": 257,
    "openat2": 437,
    "open_by_handle_at": 304,
    "socket": 41,
    "connect": 42,
    "bind": 49,
    "sendto": 44,
    "sendmsg": 46,
    "clone": 56,
    "fork": 57,
    "vfork": 58,
    "clone3": 435,
    "execve": 59,
    "execveat": 322,
    "kill": 62,
    "tkill": 200,
    "tgkill": 234,
    "rt_sigqueueinfo": 129,
    "pidfd_open": 434,
    "pidfd_send_signal": 424,
    "pidfd_getfd": 438,
    "ptrace": 101,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "prctl": 157,
    "arch_prctl": 158,
    "seccomp": 317,
    "unshare": 272,
    "setns": 308,
    "mount": 165,
    "umount2": 166,
    "pivot_root": 155,
    "chroot": 161,
    "fsopen": 430,
    "open_tree": 428,
    "bpf": 321,
    "perf_event_open": 298,
    "userfaultfd": 323,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "keyctl": 250,
    "add_key": 248,
    "request_key": 249,
    "shmget": 29,
    "semget": 64,
    "msgget": 68,
    "mq_open": 240,
    "memfd_create": 319,
    "memfd_secret": 447,
    "setrlimit": 160,
    "prlimit64": 302,
    "setuid": 105,
    "setgid": 106,
    "setresuid": 117,
    "capset": 126,
    "setpriority": 141,
    "sched_setaffinity": 203,
    "personality": 135,
    "init_module": 175,
    "kexec_load": 246,
    "reboot": 169,
    "swapon": 167,
    "acct": 163,
    "syslog": 103,
    "settimeofday": 164,
    "sethostname": 170,
    "quotactl": 179,
    "name_to_handle_at": 303,
    "inotify_init1": 294,
    "fanotify_init": 300,
    "eventfd2": 290,
    "signalfd4": 289,
    "timerfd_create": 283,
    "timer_create": 222,
    "setitimer": 38,
    "alarm": 37,
    "pipe2": 293,
    "dup": 32,
    "fcntl": 72,
    "splice": 275,
    "vmsplice": 278,
    "sendfile": 40,
    "truncate": 76,
    "ftruncate": 77,
    "fallocate": 285,
    "flock": 73,
    "setsid": 112,
    "setpgid": 109,
    "landlock_create_ruleset": 444,
    "pkey_alloc": 330,
    "modify_ldt": 154,
    "iopl": 172,
    "ioperm": 173,
    "vhangup": 153,
    "uselib": 134,
    "lookup_dcookie": 212,
    "migrate_pages": 256,
    "move_pages": 279,
    "kcmp": 312,
    "process_madvise": 440,
    "cachestat": 451,
    "map_shadow_stack": 453,
}


def attempt(name, world):
    """Say what came of one attempt: 'done', or what stopped it."""
    try:
        ATTEMPTS[name](world)
    except Exception as error:
        return type(error).__name__
    return "done"


def names():
    return tuple(ATTEMPTS)


def unrefused():
    """List the forbidden calls that the kernel did not refuse outright."""
    found = []
    for name, number in FORBIDDEN.items():
        try:
            raw(number, 0, 0, 0, 0, 0, 0)
        except OSError as error:
            if error.errno in (1, 13):
                continue
            found.append(f"{name}: {error}")
        else:
            found.append(f"{name}: done")
    return tuple(found)


def descriptors():
    """List which descriptors are open."""
    found = []
    for number in range(1024):
        try:
            os.lseek(number, 0, 1)
        except OSError as error:
            if error.errno == 9:
                continue
        found.append(number)
    return tuple(found)


def identity():
    return os.getuid(), os.getpid(), os.getppid()


def environment():
    return dict(os.environ), list(sys.argv), list(sys.path)
