"""300 papers of 12 items with the answer book in HTML, then in PDF, and the start of the command line."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Student, read_blueprint
from quizgen.command_line import collect_rarely
from quizgen.exam_folder import write_folder
from quizgen.formats.export import Options, export

EXAMPLE = Path(__file__).parents[1] / "examples" / "midterm"
STUDENTS = 300


def main() -> None:
    """Print seconds against their targets."""
    collect_rarely()  # as the commands do
    blueprint = read_blueprint(EXAMPLE / "exam.toml")
    roster = [Student(student=f"s{i:03}", name=f"Student {i}") for i in range(STUDENTS)]
    shelf = installed()
    start = time.perf_counter()
    exam = assemble(blueprint, roster, shelf, program="bench")
    drawn = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        write_folder(exam, Path(folder) / "exam")
        written = time.perf_counter()
        items = len(exam.papers[0].items)
        print(f"{STUDENTS} papers of {items} items: {written - start:.2f} s (target 3 s)")
        print(f"  drawing {drawn - start:.2f} s, writing {written - drawn:.2f} s")
        for form, target in (("html", 2), ("pdf", 12)):
            wall, cpu = time.perf_counter(), time.process_time()
            export(exam, form, Path(folder) / form, Options())
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(f"  as {form}: {wall:.2f} s, {cpu:.2f} s of processor (target {target} s)")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (target 500 MB)")
    print(f"quizgen --help: {1000 * best_help():.0f} ms (target 150 ms)")


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
