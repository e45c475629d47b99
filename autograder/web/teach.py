"""The instructor's pages: the class as it answers, the report, and feedback released or taken back."""

from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from autograder.reports.gradebook import Gradebook, scored_gradebook
from autograder.reports.page import report_html
from autograder.reports.time_spent import Save
from autograder.sitting import is_released, released_at
from autograder.web import teach_files, teach_regrade, teach_student
from autograder.web.call import Call, Handler, RefusedError, Who, endpoint, see_other
from autograder.web.inset import inset
from autograder.web.moment import clock
from autograder.web.teach_live import lines, spoken, sums
from autograder.web.teach_watch import Watch
from quizgen.policy import Release
from quizgen.wording.phrases import phrase

BY_PAGE = "page"
"""Who released feedback, where it was done here: the instructor's link says no more."""


def live(call: Call, watch: Watch) -> Response:
    """Show who is where."""
    seats = watch.look(call.site, call.now)
    return call.page(
        "teach_class.html.j2",
        tab="teach-class",
        lines=lines(seats, call.now, call.language),
        sums=sums(seats, call.now),
        released=is_released(call.site.exam, call.now, by_hand=call.site.store.page.released()),
        release=_release_words(call),
    )


def seats(call: Call, watch: Watch) -> Response:
    """Answer a page that asks how things stand now."""
    found = watch.look(call.site, call.now)
    return call.page("teach_seats.html.j2", lines=lines(found, call.now, call.language), sums=sums(found, call.now))


def release(call: Call) -> Response:
    """Let students see their feedback, or take it back."""
    visible = {"1": True, "0": False}.get(call.form.get("visible", ""))
    if visible is None:
        raise RefusedError(400, "page-not-a-form")
    call.site.store.page.release(visible=visible, by=BY_PAGE)
    return see_other("/teach")


def report(call: Call) -> Response:
    """Show the class's report, with the item analysis."""
    page = report_html(book_of(call, times=True), spoken(call.site.exam, call.language))
    return call.html(inset(page, call.nonce, "/teach", phrase("teach-back", call.language)))


def book_of(call: Call, *, times: bool = False) -> Gradebook:
    """Put everyone's scores together; with `times`, and when they saved what."""
    store = call.site.store
    saves = [Save(student=s, item=n, at=at) for s, n, at in store.page.save_times()] if times else []
    return scored_gradebook(call.site.exam, store.attempts(), store.entries(), saves)


def _release_words(call: Call) -> str:
    """Say what the exam itself has planned."""
    policy = call.site.exam.policy
    when = clock(released_at(call.site.exam), call.now)
    if policy.release is Release.AFTER_DEADLINE and when:
        return phrase("teach-release-after", call.language, when=when)
    return phrase(f"teach-release-{policy.release.value.replace('_', '-')}", call.language)


def routes() -> list[Route]:
    """Return the addresses of an instructor's pages."""
    watch = Watch()
    return [
        _route("/teach", partial(live, watch=watch), "GET"),
        _route("/teach/seats", partial(seats, watch=watch), "GET"),
        _route("/teach/release", release, "POST"),
        _route("/teach/report", report, "GET"),
        _route("/teach/student/{student}", teach_student.student, "GET"),
        _route("/teach/student/{student}/sheet", teach_student.sheet, "GET"),
        _route("/teach/student/{student}/{attempt:int}/sheet", teach_student.sheet, "GET"),
        _route("/teach/student/{student}/{attempt:int}/{name}", teach_student.file, "GET"),
        _route("/teach/student/{student}/revoke", teach_student.revoke, "POST"),
        _route("/teach/files", teach_files.overview, "GET"),
        _route("/teach/files/{name}", partial(teach_files.download, book=book_of), "GET"),
        _route("/teach/regrade", teach_regrade.overview, "GET"),
        _route("/teach/regrade/plan", teach_regrade.show, "POST"),
        _route("/teach/regrade/apply", teach_regrade.apply, "POST"),
    ]


def _route(path: str, handler: Handler, method: str) -> Route:
    return Route(path, endpoint(handler, Who.INSTRUCTOR), methods=[method])
