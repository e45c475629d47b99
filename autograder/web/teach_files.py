"""What an instructor can take along: gradebooks, the item analysis, feedback sheets, the hand-ins themselves."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from starlette.responses import Response

from autograder.reports.analysis_table import analysis_csv
from autograder.reports.feedback_zip import EPOCH, READABLE, write_zip
from autograder.reports.gradebook import Gradebook
from autograder.reports.lms_gradebook import lms_csv
from autograder.reports.table import as_csv
from autograder.web.call import NO_STORE, Call, RefusedError
from quizgen.model import Submission
from quizgen.wording.phrases import phrase

CSV = "text/csv; charset=utf-8"
ZIP = "application/zip"


@dataclass(frozen=True, kw_only=True)
class File:
    """One download: its media type, and what writes it from the gradebook."""

    media: str
    write: Callable[[Gradebook], str | bytes]
    times: bool = False


def sheets_zip(book: Gradebook) -> bytes:
    """Pack everybody's feedback sheet."""
    out = io.BytesIO()
    write_zip(book, out)
    return out.getvalue()


def hand_ins_zip(submissions: Iterable[Submission]) -> bytes:
    """Pack the files byte for byte as they were handed in, a folder for each student: `autograder grade` reads it."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for submission in submissions:
            for name, data in files_of(submission).items():
                member = ZipInfo(f"{submission.student}/{name}", date_time=EPOCH)
                member.external_attr = READABLE
                member.compress_type = ZIP_DEFLATED
                archive.writestr(member, data)
    return out.getvalue()


def files_of(submission: Submission) -> dict[str, bytes]:
    """Return the files of one hand-in by name."""
    found = {"answers.toml": submission.answers, "solution.py": submission.solution}
    return {name: data for name, data in found.items() if data is not None}


FILES = {
    "gradebook.csv": File(media=CSV, write=as_csv),
    "items.csv": File(media=CSV, write=analysis_csv, times=True),
    "canvas.csv": File(media=CSV, write=lambda book: lms_csv(book, "canvas")),
    "moodle.csv": File(media=CSV, write=lambda book: lms_csv(book, "moodle")),
    "blackboard.csv": File(media=CSV, write=lambda book: lms_csv(book, "blackboard")),
    "feedback.zip": File(media=ZIP, write=sheets_zip),
}
HAND_INS = "hand-ins.zip"


def overview(call: Call) -> Response:
    """List the downloads."""
    files = [(n, phrase(f"teach-file-{n.partition('.')[0]}", call.language)) for n in (*FILES, HAND_INS)]
    return call.page("teach_files.html.j2", tab="teach-files", files=files)


def download(call: Call, book: Callable[..., Gradebook]) -> Response:
    """Send one of them, as it is at this moment."""
    name = call.request.path_params["name"]
    if name == HAND_INS:
        return attachment(hand_ins_zip(call.site.store.latest_submissions()), name, ZIP)
    file = FILES.get(name)
    if file is None:
        raise RefusedError(404, "page-not-found")
    return attachment(file.write(book(call, times=file.times)), name, file.media)


def attachment(data: str | bytes, name: str, media: str) -> Response:
    """Answer with a file to keep: whatever it holds, no browser shows it as a page."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media, headers={**NO_STORE, "Content-Disposition": disposition})
