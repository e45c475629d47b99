"""Servers as processes: several on one database, and killed ones, lose nothing that they acknowledged."""

import csv
import re
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx2
import pytest

from autograder.store import open_store
from quizgen.exam_file import read_exam

SECONDS = 30.0
STUDENTS = ["s01", "s02", "s05", "s09"]


class Student:
    """A browser that goes to whatever server it is told."""

    def __init__(self, secret):
        self._client = httpx2.Client(cookies={"quizgen": secret}, timeout=10)
        self.token = ""

    def close(self):
        self._client.close()

    def ask(self, port, path, fields=None):
        address = f"http://127.0.0.1:{port}{path}"
        if fields is None:
            return self._client.get(address)
        return self._client.post(address, data={"csrf": self.token, **fields})

    def begin(self, port):
        for _ in range(2):
            self.token = re.search(r'name="csrf" value="(\w+)"', self.ask(port, "/paper").text)[1]
            self.ask(port, "/paper/start", {})
        return self

    def saves(self, port, text):
        """Save, and say whether it was acknowledged."""
        try:
            return self.ask(port, "/paper/save", {"item4:z": text}).status_code == 200
        except httpx2.TransportError:
            return False


@pytest.fixture
def students(folder):
    """Return what reads everyone's secret from links.csv, and opens a browser with each."""
    with ExitStack() as opened:

        def find():
            with (folder / "links.csv").open(encoding="utf-8", newline="") as lines:
                secrets = {row["student"]: row["secret"] for row in csv.DictReader(lines)}
            found = {s: Student(secrets[s]) for s in STUDENTS}
            for student in found.values():
                opened.callback(student.close)
            return found

        yield find


def kept(folder, db=""):
    """Return what stands in everyone's box, and how many saves there are."""
    with open_store(db or folder / "grades.db", create=False) as store:
        store.add_exam(read_exam(folder))
        found = {s: store.page.saved(s).texts.get(4, {}).get("z") for s in STUDENTS}
        return found, len(store.page.save_times())


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_servers_on_one_database_lose_nothing(folder, start_server, students, kind, request):
    db = request.getfixturevalue("postgres") if kind == "postgresql" else ""
    ports = [server.ready().port for server in [start_server(db), start_server(db)]]  # both start at the same time
    known = {s: student.begin(ports[0]) for s, student in students().items()}

    def answer(student):
        return [student.saves(ports[n % 2], str(n)) for n in range(25)]

    with ThreadPoolExecutor(4) as pool:
        acknowledged = list(pool.map(answer, known.values()))
    assert acknowledged == [[True] * 25] * 4
    assert kept(folder, db) == (dict.fromkeys(STUDENTS, "24"), 100)
    one = known["s01"]
    state = [one.ask(port, "/paper/state").json() for port in ports]
    assert state[0]["fields"] == state[1]["fields"] == {"item4:z": "24"}
    assert one.ask(ports[1], "/paper/hand-in", {}).status_code == 303
    marked(one, ports[0])


def marked(student, port):
    """Wait until one server shows what another one has marked."""
    end = time.monotonic() + SECONDS
    while 'http-equiv="refresh"' in (text := student.ask(port, "/feedback").text):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert "cannot change or hand in anything" in text


def test_what_was_acknowledged_survives_servers_that_are_killed(folder, start_server, students):
    server = start_server().ready()
    port = server.port
    known = {s: student.begin(port) for s, student in students().items()}
    newest, count, over = dict.fromkeys(STUDENTS, -1), dict.fromkeys(STUDENTS, 0), threading.Event()

    def answer(student):
        n = 0
        while not over.is_set():
            if known[student].saves(port, str(n)):
                newest[student] = n
                count[student] += 1
            else:
                time.sleep(0.02)
            n += 1

    threads = [threading.Thread(target=answer, args=(s,), daemon=True) for s in STUDENTS]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(0.4)
        before = dict(count)
        server.end(signal.SIGKILL)
        server = start_server(port=port).ready()
        end = time.monotonic() + SECONDS
        while any(count[s] <= before[s] for s in STUDENTS):  # everyone goes on with the same link
            assert time.monotonic() < end
            time.sleep(0.02)
    known["s01"].ask(port, "/paper/hand-in", {})
    server.end(signal.SIGKILL)  # most likely before it was marked
    over.set()
    for thread in threads:
        thread.join()
    found, rows = kept(folder)
    assert rows >= sum(count.values()) >= 12
    assert all(int(found[s]) >= newest[s] for s in STUDENTS)
    server = start_server(port=port).ready()
    marked(known["s01"], port)


def test_a_server_that_is_told_to_end_does_so_without_a_word(start_server, students):
    server = start_server().ready()
    known = students()["s01"].begin(server.port)
    assert known.saves(server.port, "1")
    code, told = server.end(signal.SIGINT)
    assert told == ""
    assert code in {0, 130}


def test_nonsense_on_the_line_ends_that_line_only(start_server, students):
    server = start_server().ready()
    for data in (
        b"\0\xff\xfe nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\n",
        b"A" * 100_000,
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(1000)
        assert b" 500 " not in answer
        assert b"Traceback" not in answer
    much = {"csrf": "x", "item4:z": "1" * 3_000_000}
    student = students()["s01"].begin(server.port)
    assert student.ask(server.port, "/paper/save", much).status_code == 413
    assert student.saves(server.port, "1")
    assert "Traceback" not in server.end()[1]
