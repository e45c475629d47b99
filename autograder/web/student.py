"""The student's pages: the paper, saving, running the visible cases, handing in, feedback."""

import secrets
from collections.abc import Mapping
from functools import cache

from markupsafe import Markup
from msgspec.structs import replace
from starlette.responses import Response
from starlette.routing import Route

from autograder.reports.feedback import feedback_html
from autograder.reports.gradebook import scored_gradebook
from autograder.sitting import (
    COURTESY,
    Save,
    Saved,
    Sitting,
    Stage,
    ends_at,
    hand_ins_left,
    is_released,
    released_at,
    stage,
)
from autograder.web.assets import stamp
from autograder.web.call import Call, Handler, RefusedError, Who, endpoint, ration, see_other
from autograder.web.fields import form_items
from autograder.web.form import SOURCE, Texts, box_name, posted, solution_py
from autograder.web.handing import hand_in, has_changes
from autograder.web.inset import inset
from autograder.web.lengths import check_lengths
from autograder.web.moment import day_and_time
from autograder.web.pages import HandInPage, PaperPage, Paths, hand_in_html, paper_html
from autograder.web.practice_shelf import practice_path
from autograder.web.results import note_html, outcome_html, result_html
from autograder.web.ticket import Ticket
from autograder.web.visible import run_visible
from quizgen.formats.sheet import points
from quizgen.model import CodeBody, Item, Verdict
from quizgen.policy import Release
from quizgen.wording import parse, to_html
from quizgen.wording.phrases import phrase


def paper(call: Call) -> Response:
    """Show the paper, or why it cannot be seen yet."""
    sitting = call.site.store.page.sitting(call.paper)
    match stage(call.site.exam, sitting, call.now):
        case Stage.NOT_YET:
            return call.page("waiting.html.j2", opens=day_and_time(call.site.exam.policy.opens))
        case Stage.READY:
            return call.page("start.html.j2", paper=call.paper, minutes=_minutes(call))
        case _:
            return _paper_page(call, sitting)


def start(call: Call) -> Response:
    """Start the clock."""
    if stage(call.site.exam, call.site.store.page.sitting(call.paper), call.now) is Stage.NOT_YET:
        raise RefusedError(409, "page-not-open")
    call.site.store.page.start(call.me.student)
    return see_other("/paper")


def submit(call: Call) -> Response:
    """Take the whole form, as browsers without scripts send it, and do what its button says."""
    sitting = _open(call)
    texts = _save_changes(call, posted(call.paper, call.form, whole=True))
    if "hand_in" in call.form:
        return see_other("/paper/hand-in")
    number = call.form.get("run", "")
    if not number:
        return see_other("/paper")
    item = _code_item(call, number)
    ticket = _run(call, item, texts)
    return _paper_page(call, sitting, {item.number: _outcome(call, item, ticket, "")})


def save(call: Call) -> Response:
    """Save changed boxes; the answer says up to which save, and how time stands."""
    sitting = _open(call)
    texts = posted(call.paper, call.form)
    if not texts:
        raise RefusedError(400, "page-nothing-to-save")
    serial = _save(call, texts)
    return call.json({"saved": serial, **_times(call, sitting)})


def state(call: Call) -> Response:
    """Tell what was saved elsewhere since, and how time stands."""
    sitting = call.site.store.page.sitting(call.paper)
    if stage(call.site.exam, sitting, call.now) in {Stage.NOT_YET, Stage.READY}:
        raise RefusedError(409, "page-not-open")
    saved = call.site.store.page.saved(call.me.student)
    news = str(saved.serial) != call.request.query_params.get("since")
    fields = {box_name(number, f): t for number, texts in saved.texts.items() for f, t in texts.items()} if news else {}
    return call.json(
        {"serial": saved.serial, "fields": fields, "handed_in": len(sitting.hand_ins), **_times(call, sitting)}
    )


def run(call: Call) -> Response:
    """Run a function's visible cases; what was written is saved as well."""
    _open(call)
    item, source = _code_item(call, call.form.get("item", "")), call.form.get("source", "").replace("\r\n", "\n")
    texts = _save_changes(call, {item.number: {SOURCE: source}})
    ticket = _run(call, item, texts)
    return call.html(_outcome(call, item, ticket, _address(item, ticket)))


def run_again(call: Call) -> Response:
    """Answer a page that asks whether its run is done."""
    item = _code_item(call, call.request.path_params["item"])
    ticket: Ticket[Verdict] | None = call.site.runner.ticket(call.request.path_params["ticket"], call.me.student)
    if ticket is None:
        return call.html(note_html("page-run-forgotten", call.language))
    return call.html(_outcome(call, item, ticket, _address(item, ticket)))


def ask_hand_in(call: Call) -> Response:
    """Ask whether to hand in, with what is still blank."""
    sitting = _open(call)
    saved = call.site.store.page.saved(call.me.student)
    page = HandInPage(
        language=call.language,
        title=call.site.exam.title,
        name=call.paper.name,
        student=call.paper.student,
        code=call.paper.code,
        paths=paths(),
        csrf=call.me.csrf,
        items=form_items(call.paper, call.site.exam, saved.texts),
        attempts_left=hand_ins_left(call.site.exam.policy, len(sitting.hand_ins)),
        notices=_late_notice(call, sitting),
    )
    return call.html(hand_in_html(page))


def take_hand_in(call: Call) -> Response:
    """Hand in what is saved."""
    ration(call.site.limits.hand_ins, call.me.student, "page-too-fast")
    sitting = call.site.store.page.sitting(call.paper)
    match stage(call.site.exam, sitting, call.now):
        case Stage.OPEN if "automatic" in call.form and not _is_ending(call, sitting):
            # A connection came back too late: the clock has handed in; to hand in late is the student's choice.
            # Or the end was put off since, and the paper shows the new one.
            pass
        case Stage.OPEN:
            hand_in(call.site, sitting, call.now)
        case Stage.DONE:
            pass  # handed in from another window, or by the clock: the paper says so
        case _:
            raise RefusedError(409, "page-not-open")
    return see_other("/paper")


def feedback(call: Call) -> Response:
    """Show the feedback once it is released and the hand-in is graded."""
    if not _is_released(call):
        raise RefusedError(403, "page-feedback-later", when=_release_words(call))
    only = replace(call.site.exam, papers=(call.paper,))
    attempts = call.site.store.attempts(call.me.student)
    if not attempts:
        raise RefusedError(404, "page-nothing-handed-in")
    (row,) = scored_gradebook(only, attempts, call.site.store.entries()).rows
    if row.grading is None:
        return call.page("marking.html.j2")
    if stage(call.site.exam, call.site.store.page.sitting(call.paper), call.now) is not Stage.DONE:
        return call.page("closing.html.j2")
    return call.html(
        inset(
            feedback_html(call.site.exam, row, practice=_practice(call)),
            call.nonce,
            "/paper",
            phrase("page-back", call.language),
        )
    )


def _practice(call: Call) -> dict[str, str]:
    """Return where to practice the questions of one's paper that are still in the bank."""
    asked = dict.fromkeys(item.variant.question for item in call.paper.items) if call.site.practice else {}
    return {question: practice_path(question) for question in asked if question in call.site.shelf.ids}


def open_feedback(call: Call) -> Response:
    """End answering, for the feedback tells the right answers; then show it."""
    if not _is_released(call):
        raise RefusedError(403, "page-feedback-later", when=_release_words(call))
    if not call.site.store.page.sitting(call.paper).hand_ins:
        raise RefusedError(404, "page-nothing-handed-in")
    call.site.store.page.close(call.me.student)
    return see_other("/feedback")


def _paper_page(call: Call, sitting: Sitting, results: Mapping[int, str] | None = None) -> Response:
    exam, saved = call.site.exam, call.site.store.page.saved(call.me.student)
    end, released = ends_at(exam, sitting), bool(sitting.hand_ins) and _is_released(call)
    page = PaperPage(
        language=call.language,
        title=exam.title,
        name=call.paper.name,
        student=call.paper.student,
        code=call.paper.code,
        total=points(sum(i.points for i in call.paper.items), call.language),
        paths=paths(),
        csrf=call.me.csrf,
        nonce=call.nonce,
        now=call.now.isoformat(),
        items=form_items(call.paper, exam, saved.texts, results),
        serial=saved.serial,
        deadline=end.isoformat() if end is not None else "",
        attempts_left=hand_ins_left(exam.policy, len(sitting.hand_ins)),
        handed_in=len(sitting.hand_ins),
        notices=(*_hand_in_notice(call, sitting, saved, released=released), *_late_notice(call, sitting)),
        note=to_html(parse(exam.notes[call.language])) if exam.notes.get(call.language) else "",
        closed=stage(exam, sitting, call.now) is Stage.DONE,
        feedback="/feedback" if released else "",
        practice="/practice" if call.site.practice else "",
    )
    return call.html(paper_html(page))


def _hand_in_notice(call: Call, sitting: Sitting, saved: Saved, *, released: bool) -> tuple[str, ...]:
    if not sitting.hand_ins:
        return ()
    handed = phrase("page-handed-in", call.language, when=day_and_time(sitting.hand_ins[-1]))
    if not released:
        handed += " " + phrase("page-feedback-later", call.language, when=_release_words(call))
    return (handed, phrase("page-changed-since", call.language)) if has_changes(sitting, saved) else (handed,)


def _late_notice(call: Call, sitting: Sitting) -> tuple[str, ...]:
    open_still = stage(call.site.exam, sitting, call.now) is Stage.OPEN
    return (phrase("page-over", call.language),) if open_still and _is_over(call, sitting) else ()


def _is_over(call: Call, sitting: Sitting) -> bool:
    """Say whether a hand-in of now would be late, whatever delayed it."""
    end = ends_at(call.site.exam, sitting)
    return end is not None and call.now > end + COURTESY


def _is_ending(call: Call, sitting: Sitting) -> bool:
    """Say whether the time is over just now."""
    end = ends_at(call.site.exam, sitting)
    return end is not None and abs(call.now - end) <= COURTESY


def _is_released(call: Call) -> bool:
    return is_released(call.site.exam, call.now, by_hand=call.site.store.page.released())


def _release_words(call: Call) -> str:
    """Say when feedback will be there, as far as is known."""
    after = released_at(call.site.exam)
    if call.site.exam.policy.release is Release.AFTER_DEADLINE and after is not None:
        return phrase("page-release-at", call.language, when=day_and_time(after))
    return phrase("page-release-by-hand", call.language)


def _open(call: Call) -> Sitting:
    """Return the sitting, if it takes answers now."""
    sitting = call.site.store.page.sitting(call.paper)
    match stage(call.site.exam, sitting, call.now):
        case Stage.OPEN:
            return sitting
        case Stage.DONE:
            raise RefusedError(409, "page-all-handed-in")
        case _:
            raise RefusedError(409, "page-not-open")


def _save_changes(call: Call, texts: Mapping[int, Texts]) -> Mapping[int, Texts]:
    """Save what is not in the boxes already; return what stands in them now."""
    known = call.site.store.page.saved(call.me.student).texts
    new = {
        number: {f: t for f, t in found.items() if t != known.get(number, {}).get(f, "")}
        for number, found in texts.items()
    }
    if any(new.values()):
        _save(call, new)
    return {number: {**known.get(number, {}), **new.get(number, {})} for number in {**known, **new}}


def _save(call: Call, texts: Mapping[int, Texts]) -> int:
    ration(call.site.limits.saves, call.me.student, "page-too-fast")
    check_lengths(texts)
    return call.site.saver.save(
        [
            Save(student=call.me.student, item=number, field=field, text=text, at=call.now)
            for number, found in texts.items()
            for field, text in found.items()
        ]
    )


def _code_item(call: Call, number: str) -> Item:
    """Find a code item of one's own paper."""
    for item in call.paper.items:
        if str(item.number) == number and isinstance(item.variant.body, CodeBody):
            return item
    raise RefusedError(404, "page-no-such-item")


def _run(call: Call, item: Item, texts: Mapping[int, Texts]) -> Ticket[Verdict]:
    ration(call.site.limits.runs, call.me.student, "page-run-busy")
    site, own = call.site, call.paper
    # The whole solution.py, so that what runs here is what will be graded: one function may use another.
    code = solution_py(own, texts) or b""
    seed = secrets.randbits(62)
    return site.runner.submit(
        own.student, lambda sandbox: run_visible(sandbox, site.exam, item, code, shelf=site.shelf, seed=seed)
    )


def _outcome(call: Call, item: Item, ticket: Ticket[Verdict], address: str) -> Markup:
    def shown(verdict: Verdict) -> Markup | None:
        of_item = isinstance(verdict, Verdict) and verdict.item == item.number  # the address may name another run
        return result_html(call.site.exam, item, verdict, call.language) if of_item else None

    return outcome_html(ticket, shown, address, call.language)


def _address(item: Item, ticket: Ticket[Verdict]) -> str:
    """Return where the page asks whether a run is done."""
    return f"/paper/run/{item.number}/{ticket.id}"


def _times(call: Call, sitting: Sitting) -> dict[str, str | None]:
    end = ends_at(call.site.exam, sitting)
    return {"now": call.now.isoformat(), "deadline": end.isoformat() if end is not None else None}


def _minutes(call: Call) -> str:
    return f"{call.site.exam.minutes + call.paper.extra_time:g}"


@cache
def paths() -> Paths:
    """Return where the page sends what."""
    return Paths(
        paper="/paper",
        save="/paper/save",
        run="/paper/run",
        state="/paper/state",
        hand_in="/paper/hand-in",
        assets=f"/assets/{stamp()}/",
    )


def _route(path: str, handler: Handler, *methods: str) -> Route:
    return Route(path, endpoint(handler, Who.STUDENT), methods=list(methods))


def routes() -> list[Route]:
    """Return the addresses of a student's pages."""
    return [
        _route("/paper", paper, "GET"),
        _route("/paper", submit, "POST"),
        _route("/paper/start", start, "POST"),
        _route("/paper/save", save, "POST"),
        _route("/paper/state", state, "GET"),
        _route("/paper/run", run, "POST"),
        _route("/paper/run/{item}/{ticket}", run_again, "GET"),
        _route("/paper/hand-in", ask_hand_in, "GET"),
        _route("/paper/hand-in", take_hand_in, "POST"),
        _route("/feedback", feedback, "GET"),
        _route("/feedback", open_feedback, "POST"),
    ]
