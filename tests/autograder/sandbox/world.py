"""Decoys that hostile submissions go for: files, servers, a bystander process; and what was done to them."""

import ctypes
import errno
import os
import select
import signal
import socket
import subprocess
import uuid
from pathlib import Path

SHARED_PLACES = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - they are watched, not used
_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_SHMGET, _MSGGET, _SEMGET, _MQ_OPEN, _KEYCTL = 29, 68, 64, 240, 250
_KEYCTL_SEARCH, _USER_KEYRING = 10, -4
_BECOME_SUBREAPER = 36
_IPC = {"shared memory": (_SHMGET, 0, 0), "message queue": (_MSGGET, 0), "semaphore": (_SEMGET, 0, 0)}


def adopt_orphans():
    """Become the parent of every descendant that loses its own, so that none can hide."""
    _LIBC.prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


class World:
    """Real things outside; `folder` must be an empty one that everybody may enter."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.mark = f"mark{uuid.uuid4().hex[:12]}"
        self.secret = f"secret{uuid.uuid4().hex[:12]}"
        self.key = int(uuid.uuid4().hex[:7], 16) | 1
        self.folder.chmod(0o777)
        self._files()
        self._servers()
        self.bystander = subprocess.Popen(["/bin/sleep", "600"], env={"SECRET": self.secret}, start_new_session=True)
        self._seen = self._names()

    def _files(self):
        for name in ("grades.db", "home/.ssh/id_rsa", "submissions/s02/solution.py"):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{self.secret}\n")
            path.chmod(0o666)
            # Only the decoys' own folders: whatever else lies here is not ours to open.
            for parent in path.relative_to(self.folder).parents:
                (self.folder / parent).chmod(0o777)

    def _servers(self):
        self._listening = {
            "tcp": socket.create_server(("127.0.0.1", 0)),
            "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "unix": socket.socket(socket.AF_UNIX),
            "abstract": socket.socket(socket.AF_UNIX),
        }
        self._listening["udp"].bind(("127.0.0.1", 0))
        self._listening["unix"].bind(str(self.folder / "server"))
        (self.folder / "server").chmod(0o777)
        self._listening["abstract"].bind(f"\0{self.mark}")
        for name in ("unix", "abstract"):
            self._listening[name].listen()

    def fill(self, source):
        """Put the addresses of the decoys into a submission, where it says @name@."""
        words = {
            "folder": self.folder,
            "mark": self.mark,
            "bystander": self.bystander.pid,
            "tcp": self._listening["tcp"].getsockname()[1],
            "udp": self._listening["udp"].getsockname()[1],
            "key": self.key,
        }
        for name, word in words.items():
            source = source.replace(f"@{name}@".encode(), str(word).encode())
        return source

    def effects(self, output):
        """List what has been done so far to anything outside, given what was printed."""
        found = {"said"} if self.mark in output else set()
        if self.secret in output:
            found.add("secret")
        if self._names() != self._seen or any(self._marked(Path(place)) for place in (*SHARED_PLACES, Path.cwd())):
            found.add("file")
        if self.bystander.poll() is not None:
            found.add("killed")
        ready, _, _ = select.select(self._listening.values(), [], [], 0)
        if ready:
            found.add("hit")
        return found | ({"ipc"} if self._ipc() else set())

    def _names(self):
        return {(str(path), path.lstat().st_size, path.lstat().st_mode) for path in self.folder.rglob("*")}

    def _marked(self, place):
        return place.is_dir() and any(self.mark in path.name for path in place.iterdir())

    def _ipc(self):
        """Look for what was made under our key or mark and outlives its maker."""
        found = {name for name, (number, *rest) in _IPC.items() if _exists(number, self.key, *rest)}
        if _exists(_MQ_OPEN, self.mark.encode(), 0, 0, None):
            found.add("queue")
        if _exists(_KEYCTL, _KEYCTL_SEARCH, _USER_KEYRING, b"user", self.mark.encode(), 0):
            found.add("keyring")
        return found

    def close(self):
        """Take the decoys away."""
        self.bystander.send_signal(signal.SIGKILL)
        self.bystander.wait()
        for server in self._listening.values():
            server.close()


def _exists(number, *words):
    converted = [ctypes.c_long(word) if isinstance(word, int) else ctypes.c_char_p(word) for word in words]
    result = _LIBC.syscall(ctypes.c_long(number), *converted)
    if result >= 0 and number == _MQ_OPEN:
        os.close(result)
    return result >= 0 or ctypes.get_errno() == errno.EACCES


def processes():
    """Map every living process to its parent; zombies do not live."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        state, parent = text.rpartition(")")[2].split()[:2]
        if state not in "ZX":
            found[int(path.parent.name)] = int(parent)
    return found


def descendants(root):
    """List the living processes below one."""
    tree = processes()
    found, frontier = set(), {root}
    while frontier:
        frontier = {child for child, parent in tree.items() if parent in frontier} - found
        found |= frontier
    return found
