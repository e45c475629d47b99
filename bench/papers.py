"""300 papers of 12 items with the answer book, the same in other forms, 2 000 questions for Moodle, and `--help`."""

import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Student, read_blueprint
from quizgen.command_line import collect_rarely
from quizgen.exam_file import read_exam
from quizgen.exam_folder import crew_for, write_folder
from quizgen.formats.export import Options, export
from quizgen.model import Exam

EXAMPLE = Path(__file__).parents[1] / "examples" / "midterm"
STUDENTS = 300
QUESTIONS = 2000
MEGABYTES = 500
EVERY = 0.02
"""Seconds between two looks at the memory."""


class Memory:
    """The most that this process and its helpers held at one time, in MB; pages that they share count for each."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._page = os.sysconf("SC_PAGE_SIZE") / 2**20

    @contextmanager
    def watched(self) -> Iterator["Memory"]:
        """Look again and again while the block runs."""
        watcher = threading.Thread(target=self._watch)
        watcher.start()
        try:
            yield self
        finally:
            self._over.set()
            watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            helpers = [child.pid for child in multiprocessing.active_children()]
            self.most = max(self.most, sum(self._held(pid) for pid in [os.getpid(), *helpers]))

    def _held(self, pid: int | None) -> float:
        try:
            return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * self._page
        except OSError:  # gone meanwhile
            return 0.0


def main() -> None:
    """Print seconds and megabytes against their targets."""
    collect_rarely()  # as the commands do
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Memory().watched() as memory:
            questions = len(make(folder).questions)
        print(f"  at most {memory.most:.0f} MB at one time (target {MEGABYTES} MB)")
        variants = -(-QUESTIONS // questions)
        for form, count, target in (("html", 0, 2), ("notebook", 0, 3), ("pdf", 0, 12), ("moodle", variants, 5)):
            what = f"{variants * questions} questions" if count else f"{STUDENTS} papers"
            # Each in a process of its own, as each is a command of its own.
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one:
                seconds, most = one.submit(export_one, form, folder, Options(variants=count)).result()
            print(f"  {what} as {form}: {seconds:.2f} s (target {target} s), {most:.0f} MB (target {MEGABYTES} MB)")
    print(f"quizgen --help: {1000 * best_help():.0f} ms (target 150 ms)")


def make(folder: Path) -> Exam:
    """Make the exam as `quizgen make` does, and print how long it took."""
    blueprint = read_blueprint(EXAMPLE / "exam.toml")
    roster = [Student(student=f"s{i:03}", name=f"Student {i}") for i in range(STUDENTS)]
    shelf = installed()
    start = time.perf_counter()
    with crew_for(STUDENTS) as crew:
        exam = assemble(blueprint, roster, shelf, program="bench", crew=crew)
        drawn = time.perf_counter()
        write_folder(exam, folder / "exam", crew=crew)
    written = time.perf_counter()
    print(f"{STUDENTS} papers of {len(exam.papers[0].items)} items: {written - start:.2f} s (target 3 s)")
    print(f"  drawing {drawn - start:.2f} s, writing {written - drawn:.2f} s")
    return exam


def export_one(form: str, folder: Path, options: Options) -> tuple[float, float]:
    """Write the exam in another form; return the seconds, and the megabytes held at one time with the exam read."""
    collect_rarely()
    exam = read_exam(folder / "exam")
    with Memory().watched() as memory:
        start = time.perf_counter()
        export(exam, form, folder / form, options)
        seconds = time.perf_counter() - start
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, max(memory.most, here)  # a peak may lie between two looks


def best_help(tries: int = 5) -> float:
    """Return the shortest of some runs, in seconds."""
    command = [str(Path(sys.executable).parent / "quizgen"), "--help"]
    seconds = []
    for _ in range(tries):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        seconds.append(time.perf_counter() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
