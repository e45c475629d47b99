"""A class answering at once against one `autograder serve` on this machine: how long saves take, whether any is lost.

    python bench/serve.py [--students 300] [--seconds 60] [--db postgresql://...]

Everyone enters, starts the clock and saves a box every 2 to 5 seconds; some run a function now and then; at the end all
hand in within 5 seconds. Students are a process of their own. Then the database is compared with what was acknowledged.
"""

import argparse
import asyncio
import csv
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

from autograder.store import open_store
from autograder.web.form import SOURCE, boxes
from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Student, read_blueprint
from quizgen.exam_file import read_exam, write_exam

EXAMPLE = Path(__file__).parent.parent / "examples" / "midterm"
TARGET = 0.2
"""Seconds within which 95 of 100 saves are to be answered."""
PAUSE = (2.0, 5.0)
RUSH = 5.0
"""Seconds within which everyone comes, and within which everyone hands in."""
RUNNERS = 5
"""One student in so many runs a function, at every so-many-th save."""
GRADING_SECONDS = 600.0
SOLUTION = "def mse_gradient(X, y, theta):\n    return 2 * X.T @ (X @ theta - y) / len(y)  # try {n}\n"
HEADERS = "Host: localhost\r\nCookie: quizgen={secret}\r\n"


@dataclass
class Taken:
    """What one student did: seconds of saves, and of runs from asking to the result; what was acknowledged."""

    student: str
    saves: list[float] = field(default_factory=list)
    rush: list[float] = field(default_factory=list)
    runs: list[tuple[float, float]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    acknowledged: int = 0
    requests: int = 0
    troubles: list[str] = field(default_factory=list)


class Line:
    """One kept-open connection of one browser, as thin as can be, so that it is the server that is measured."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Send a request, with fields as a form; return the status and the body."""
        body = urlencode(fields).encode() if fields is not None else b""
        head = f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1\r\n" + HEADERS.format(secret=self._secret)
        if fields is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        try:
            return await self._send(head.encode() + b"\r\n" + body)
        except (asyncio.IncompleteReadError, ConnectionError):  # the server hung up meanwhile
            self.close()
            return await self._send(head.encode() + b"\r\n" + body)

    async def _send(self, request: bytes) -> tuple[int, str]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", answer)
        text = (await reader.readexactly(int(length[1]))).decode() if length else ""
        if "connection: close" in answer:
            self.close()
        return int(answer.split()[1]), text

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass
class Sitter:
    """One student at a browser."""

    line: Line
    taken: Taken
    names: list[str]
    code: str
    rng: np.random.Generator
    token: str = ""

    async def ask(self, path: str, fields: dict[str, str] | None = None, *, wanted: int = 200) -> tuple[float, str]:
        """Ask, and return how long it took, with the body; what is not as wanted is kept as a trouble."""
        self.taken.requests += 1
        start = time.perf_counter()
        status, text = await self.line.ask(path, {"csrf": self.token, **fields} if fields is not None else None)
        if status != wanted:
            self.taken.troubles.append(f"{re.sub(r'/[^/]{20,}', '', path)}: {status}")
        return time.perf_counter() - start, text

    async def sit(self, secret: str, seconds: float) -> None:
        """Enter, answer for so long, hand in."""
        await asyncio.sleep(self.rng.uniform(0, RUSH))
        await self.ask(f"/enter/{secret}", wanted=303)
        self.token = _token((await self.ask("/paper"))[1])
        await self.ask("/paper/start", {}, wanted=303)
        self.token = _token((await self.ask("/paper"))[1])
        end, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            await asyncio.sleep(self.rng.uniform(*PAUSE))
            count += 1
            await self.save(str(self.rng.choice(self.names)), f"{self.taken.student} {count}", self.taken.saves)
            if self.code and count % RUNNERS == 0:
                await self.run(count)
        await asyncio.sleep(self.rng.uniform(0, RUSH))
        await self.save(self.names[0], "the last", self.taken.rush)
        await self.ask("/paper/hand-in", {}, wanted=303)
        self.line.close()

    async def save(self, name: str, text: str, times: list[float]) -> None:
        """Change one box."""
        self.taken.sent += 1
        seconds, answer = await self.ask("/paper/save", {name: text})
        times.append(seconds)
        if "saved" in answer:
            self.taken.acknowledged += 1
            self.taken.texts[name] = text

    async def run(self, count: int) -> None:
        """Run a function and ask until its result is there."""
        source, start = SOLUTION.format(n=count), time.time()
        self.taken.sent += 1
        _, text = await self.ask("/paper/run", {"item": self.code, "source": source})
        self.taken.acknowledged += 1
        self.taken.texts[f"item{self.code}:{SOURCE}"] = source
        while again := re.search(r'hx-get="([^"]+)"', text):
            await asyncio.sleep(0.4)
            _, text = await self.ask(again[1])
        self.taken.runs.append((start, time.time()))


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    return found[1] if found else ""


def answer_all(folder: Path, port: int, seconds: float) -> list[Taken]:
    """Let the whole class answer; called in a process of its own."""
    exam = read_exam(folder)
    with (folder / "links.csv").open(encoding="utf-8", newline="") as opened:
        secrets = {row["student"]: row["secret"] for row in csv.DictReader(opened)}

    async def everyone() -> list[Taken]:
        sitters = []
        for n, paper in enumerate(exam.papers):
            names = [name for name, (_, place) in boxes(paper).items() if place.field != SOURCE and not place.tick]
            code = next(i.number for i in paper.items if i.variant.question == "descent/implement-mse-gradient")
            line = Line(port, secrets[paper.student])
            own = np.random.default_rng((2026, n))
            sitters.append(Sitter(line, Taken(paper.student), names, str(code) if n % RUNNERS == 0 else "", own))
        await asyncio.gather(*(s.sit(secrets[s.taken.student], seconds) for s in sitters))
        return [s.taken for s in sitters]

    return asyncio.run(everyone())


@contextmanager
def served(folder: Path, db: str) -> Iterator[tuple[int, int]]:
    """Start `autograder serve` on a free port, and stop it in the end; yield the port and the process."""
    command = [Path(sys.executable).with_name("autograder"), "serve", folder, "--port", "0"]
    with subprocess.Popen([*command, *(["--db", db] if db else [])], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        found = re.search(r":(\d+)/", process.stdout.readline())
        if found is None:
            raise SystemExit("autograder serve did not start")
        try:
            yield int(found[1]), process.pid
        finally:
            process.send_signal(signal.SIGINT)


def processor_seconds(process: int) -> float:
    """Return what a process has used, without its sandboxes."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def quantiles(seconds: list[float]) -> str:
    """Return the median and the tail in milliseconds."""
    if not seconds:
        return "none"
    p50, p95, p99 = np.quantile(seconds, (0.5, 0.95, 0.99)) * 1000
    return f"p50 {p50:.0f}   p95 {p95:.0f}   p99 {p99:.0f}   most {max(seconds) * 1000:.0f} ms   ({len(seconds)})"


def overtaken(runs: list[tuple[float, float]]) -> int:
    """Return by how many, at most, a run was overtaken that were asked for more than a second after it."""
    return max((sum(s > start + 1 and e < end for s, e in runs) for start, end in runs), default=0)


def lost(folder: Path, db: str, taken: list[Taken]) -> int:
    """Count acknowledged texts that do not stand in the database, and saves that are missing."""
    with open_store(db or folder / "grades.db", create=False) as store:
        store.add_exam(read_exam(folder))
        missing = 0
        for mine in taken:
            found = store.page.saved(mine.student).texts
            texts = {f"item{item}:{name}": text for item, fields in found.items() for name, text in fields.items()}
            missing += sum(texts.get(name) != text for name, text in mine.texts.items())
        kept = len(store.page.save_times())
    return missing + max(sum(t.acknowledged for t in taken) - kept, 0)


def graded(folder: Path, db: str, students: int, since: float) -> str:
    """Wait until every hand-in is marked."""
    with open_store(db or folder / "grades.db", create=False) as store:
        store.add_exam(read_exam(folder))
        while store.ungraded(datetime.now(UTC)) and time.time() < since + GRADING_SECONDS:
            time.sleep(1)
        done = len(store.latest_gradings())
    return f"{done} of {students} hand-ins marked {time.time() - since:.0f} s after the last came"


def main() -> None:
    """Run it, print the figures, and fail where a save is lost or saves are too slow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--db", default="")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        students = tuple(Student(student=f"s{n:03}", name=f"Student {n}") for n in range(wish.students))
        write_exam(assemble(read_blueprint(EXAMPLE / "exam.toml"), students, installed(), program="bench"), folder)
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        with served(folder, wish.db) as (port, process):
            begun = processor_seconds(process)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                taken = pool.apply(answer_all, (folder, port, wish.seconds))
            since, spent = time.time(), processor_seconds(process) - begun
            print(f"processor time of the server: {1000 * spent / sum(t.requests for t in taken):.2f} ms a request")
            print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
            report(folder, wish.db, taken, since)


def report(folder: Path, db: str, taken: list[Taken], since: float) -> None:
    """Print what was measured; exit with 1 where it is not what it should be."""
    saves, rush = [s for t in taken for s in t.saves], [s for t in taken for s in t.rush]
    runs, missing = [r for t in taken for r in t.runs], lost(folder, db, taken)
    troubles = [t for mine in taken for t in mine.troubles]
    print(f"{len(taken)} students, {sum(t.requests for t in taken)} requests, {len(troubles)} not answered as wanted")
    for trouble in sorted(set(troubles)):
        print(f"  {troubles.count(trouble):5d}  {trouble}")
    print(f"saves            {quantiles(saves)}")
    print(f"saves in the rush to hand in   {quantiles(rush)}")
    print(f"lost saves       {missing} of {sum(t.acknowledged for t in taken)} acknowledged")
    print(f"runs             {quantiles([e - s for s, e in runs])}; overtaken by at most {overtaken(runs)}")
    print(f"gradings         {graded(folder, db, len(taken), since)}")
    if missing or float(np.quantile(saves, 0.95)) > TARGET:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
