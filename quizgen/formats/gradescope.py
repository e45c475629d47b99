"""Gradescope: the zip that installs our grader in Gradescope's container and grades one upload there."""

import base64
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distribution, entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from quizgen.bank import ENTRY_POINTS
from quizgen.errors import InstructorError
from quizgen.exam_file import NAME, write_exam
from quizgen.formats.export import Options
from quizgen.formats.lms.package import EPOCH
from quizgen.model import Exam
from quizgen.policy import Policy

PROGRAM = "quizgen-deep-learning"
SCRIPTS = ("setup.sh", "run_autograder")
WHEEL = "Wheel-Version: 1.0\nGenerator: quizgen\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
KEPT = ("METADATA", "entry_points.txt")
"""What a wheel keeps of an installed distribution's own records, beside its licenses."""
TOTAL = "one assignment for the whole exam: set its points to {points:g}"
SUMS = "papers are worth different points ({points}): Gradescope knows one total"
POLICY = "attempts, deadlines, penalties, dropped and bonus items: set Gradescope's own; every upload is marked in full"
WORKED = "worked solutions and right answers are not shown: students may upload again"


def export(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:  # noqa: ARG001 - the shape of every writer
    """Write the zip, the same bytes each time, and return what Gradescope has to be told by hand."""
    scripts = files("quizgen.formats") / "templates" / "gradescope"
    content = {name: (scripts / name).read_bytes() for name in SCRIPTS}
    content[f"exam/{NAME}"] = _exam_json(exam)
    for one in _distributions(exam):
        name, wheel = _wheel(one)
        content[f"packages/{name}"] = wheel
    out.write_bytes(_zip(content))
    totals = sorted({sum(item.points for item in paper.items) for paper in exam.papers})
    points = SUMS if len(totals) > 1 else TOTAL
    lost = (points.format(points=", ".join(f"{t:g}" for t in totals) if len(totals) > 1 else totals[0]), WORKED)
    return lost if exam.policy == Policy() else (*lost, POLICY)


def _exam_json(exam: Exam) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_exam(exam, Path(folder))
        return (Path(folder) / NAME).read_bytes()


def _distributions(exam: Exam) -> tuple[Distribution, ...]:
    """Return what has to be installed: the program and every bank of the exam."""
    points = {p.name: p for p in entry_points(group=ENTRY_POINTS)}
    missing = sorted(set(exam.banks) - set(points))
    if missing:
        raise InstructorError(f"the bank {missing[0]!r} of this exam is not installed: the grader would lack it")
    found = [distribution(PROGRAM), *(points[name].dist for name in sorted(exam.banks))]
    return tuple({one.name: one for one in found if one is not None}.values())


def _wheel(one: Distribution) -> tuple[str, bytes]:
    """Pack an installed distribution as a wheel, also where it is installed from a checkout.

    Its packages are those that its entry points name.
    """
    stem = f"{one.name.replace('-', '_')}-{one.version}"
    packages = sorted({point.value.partition(":")[0].partition(".")[0] for point in one.entry_points})
    content = {name: data for package in packages for name, data in _modules(package)}
    records = {f"{stem}.dist-info/{name}": data for name, data in _records(one)}
    content |= records | {f"{stem}.dist-info/WHEEL": WHEEL.encode()}
    content[f"{stem}.dist-info/RECORD"] = _record(content, stem).encode()
    return f"{stem}-py3-none-any.whl", _zip(content)


def _modules(package: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a package, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise InstructorError(f"the package {package!r} cannot be found: is it installed whole?")
    folder = Path(spec.origin).parent
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{package}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _records(one: Distribution) -> Iterator[tuple[str, bytes]]:
    for path in sorted(one.files or ()):
        folder, name = path.parts[0], "/".join(path.parts[1:])
        if folder.endswith(".dist-info") and (name in KEPT or name.startswith("licenses/")):
            yield name, path.read_binary()


def _record(content: Mapping[str, bytes], stem: str) -> str:
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in content.items()]
    return "\n".join([*lines, f"{stem}.dist-info/RECORD,,", ""])


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _zip(content: Mapping[str, bytes]) -> bytes:
    """Return a zip with fixed dates; scripts can be executed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in content.items():
            member = zipfile.ZipInfo(name, date_time=EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (0o100755 if name in SCRIPTS else 0o100644) << 16
            archive.writestr(member, data)
    return buffer.getvalue()
