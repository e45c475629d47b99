"""Practice: any question, endless variants, feedback at once; nothing that is typed here is stored or counted."""

import secrets
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from autograder.web.call import Call, Handler, RefusedError, Who, endpoint, ration, see_other
from autograder.web.fields import FormItem
from autograder.web.form import Texts, posted
from autograder.web.lengths import check_lengths
from autograder.web.pages import environment
from autograder.web.practice_exercise import NUMBER, Exercise, new_seed, read_seed
from autograder.web.practice_shelf import kept_back, language_for, practice_path, topic_name, topics
from autograder.web.results import note_html, outcome_html
from autograder.web.ticket import Ticket
from quizgen.bank import Question
from quizgen.model import Language, Verdict

WORDS = ("page-pasted", "page-not-pasted", "page-running", "page-run-failed", "practice-failed")
"""Names of the phrases that the scripts say."""
LANGUAGES: tuple[Language, ...] = ("en", "zh")
Run: TypeAlias = Ticket[tuple[Exercise, Verdict]]
"""A function that waits or was run, with the exercise that it is for."""


@dataclass(frozen=True, kw_only=True)
class PracticePage:
    """What every practice page shows around its content; `here` is its address but for the language.

    `closed` and `can_run` are for the template of items: boxes are open, and there is no button for visible cases.
    """

    call: Call
    language: Language
    here: str
    closed: bool = False
    can_run: bool = False

    def at(self, path: str, **query: object) -> str:
        """Return an address that keeps the language."""
        return f"{path}?{urlencode({**query, 'language': self.language})}"

    @property
    def languages(self) -> tuple[tuple[Language, str], ...]:
        """The languages with the address of this page in each."""
        joint = "&" if "?" in self.here else "?"
        return tuple((language, f"{self.here}{joint}language={language}") for language in LANGUAGES)


def bank(call: Call) -> Response:
    """List what there is to practice."""
    _ration(call)
    page = PracticePage(call=call, language=_language(call), here="/practice")
    found = topics(call.site.shelf, kept_back(call), page.language)
    return _html(page, "practice_bank.html.j2", topics=found, count=sum(len(t.entries) for t in found))


def show(call: Call) -> Response:
    """Show a variant as a form; without a seed, go to one that is drawn now."""
    _ration(call)
    question = _question(call)
    if "seed" not in call.request.query_params:
        return see_other(_address(question, new_seed(), _language(call)))
    return _page(call, _exercise(call, question), {}, Markup())


def answer(call: Call) -> Response:
    """Mark what was typed and say at once how it stands, or show how it is done."""
    _ration(call)
    exercise = _exercise(call, _question(call))
    texts = _typed(call, exercise)
    if "solution" in call.form:
        said = _feedback(exercise, exercise.mark({}), solution_only=True)
    elif exercise.is_code:
        said = _ran(call, exercise, texts)
    else:
        said = _feedback(exercise, exercise.mark(texts))
    return call.html(said) if _has_scripts(call) else _page(call, exercise, texts, said)


def run_again(call: Call) -> Response:
    """Answer a page that asks whether its run is done."""
    exercise = _exercise(call, _question(call))
    ticket: Run | None = call.site.runner.ticket(call.request.path_params["ticket"], _owner(call))
    if ticket is None:
        return call.html(note_html("page-run-forgotten", exercise.language))
    return call.html(_outcome(exercise, ticket, _run_address(exercise, ticket)))


def _ration(call: Call) -> None:
    """Refuse who asks too often; what is saved of the exam has a ration of its own."""
    ration(call.site.limits.saves, _owner(call), "page-too-fast")


def _owner(call: Call) -> str:
    """Name whose turn it is: a run here must not take the place of one on the exam."""
    return f"practice\0{call.me.student}"


def _language(call: Call) -> Language:
    """Return the language that the address names, else the reader's own."""
    asked = call.request.query_params.get("language")
    return next((language for language in LANGUAGES if language == asked), call.language)


def _question(call: Call) -> Question:
    """Find the question that the address names, if it may be practiced now."""
    where = call.request.path_params
    question = call.site.shelf.find(f"{where['topic']}/{where['name']}")
    if question is None:
        raise RefusedError(404, "page-not-found")
    if question.id in kept_back(call):
        raise RefusedError(403, "practice-kept-back")
    return question


def _exercise(call: Call, question: Question) -> Exercise:
    seed = read_seed(call.request.query_params.get("seed", ""))
    if seed is None:
        raise RefusedError(404, "practice-no-such-variant")
    return Exercise(question=question, seed=seed, language=language_for(question, _language(call)))


def _typed(call: Call, exercise: Exercise) -> Texts:
    """Take what was typed out of the form."""
    texts = posted(exercise.paper, call.form, whole=True)
    check_lengths(texts)
    return texts.get(NUMBER, {})


def _ran(call: Call, exercise: Exercise, texts: Texts) -> Markup:
    """Let a sandbox run a function; say what came of it, or how many are before it."""
    ration(call.site.limits.runs, call.me.student, "page-run-busy")
    seed = secrets.randbits(62)
    ticket = call.site.runner.submit(_owner(call), lambda sandbox: (exercise, exercise.run(sandbox, texts, seed)))
    return _outcome(exercise, ticket, _run_address(exercise, ticket) if _has_scripts(call) else "")


def _outcome(exercise: Exercise, ticket: Run, address: str) -> Markup:
    def shown(result: tuple[Exercise, Verdict]) -> Markup | None:
        ran, verdict = result
        return _feedback(exercise, verdict) if ran == exercise else None  # the address may name another run

    return outcome_html(ticket, shown, address, exercise.language)


def _run_address(exercise: Exercise, ticket: Run) -> str:
    """Return where the page asks whether a run is done."""
    path = f"{practice_path(exercise.question.id)}/run/{ticket.id}"
    return f"{path}?{urlencode({'seed': exercise.seed, 'language': exercise.language})}"


def _feedback(exercise: Exercise, verdict: Verdict, *, solution_only: bool = False) -> Markup:
    """Say how an answer stands, and offer the next variant."""
    text = (
        environment()
        .get_template("practice_feedback.html.j2")
        .render(
            feedback=exercise.feedback(verdict),
            language=exercise.language,
            solution_only=solution_only,
            again=_address(exercise.question, exercise.seed, exercise.language),
            further=_address(exercise.question, new_seed(), exercise.language),
        )
    )
    return Markup(text)  # noqa: S704 - a template's


def _page(call: Call, exercise: Exercise, texts: Texts, said: Markup) -> Response:
    question = exercise.question
    here = f"{practice_path(question.id)}?seed={exercise.seed}"
    page = PracticePage(call=call, language=exercise.language, here=here)
    item: FormItem = exercise.form(texts)
    return _html(
        page,
        "practice_question.html.j2",
        item=item,
        question=question,
        topic=topic_name(question.topic, page.language),
        is_code=exercise.is_code,
        said=said,
        seed=exercise.seed,
        words=WORDS,
        action=_address(question, exercise.seed, page.language),
        further=_address(question, new_seed(), page.language),
        code_hint="practice-code-hint",
        case_groups="practice-case-groups",
        editor_keys="practice-editor-keys",
        numbered=False,
    )


def _html(page: PracticePage, template: str, **values: object) -> Response:
    text = environment().get_template(template).render(page=page, call=page.call, language=page.language, **values)
    return page.call.html(text)


def _address(question: Question, seed: int, language: Language) -> str:
    return f"{practice_path(question.id)}?{urlencode({'seed': seed, 'language': language})}"


def _has_scripts(call: Call) -> bool:
    return call.request.headers.get("hx-request") == "true"


def _told(handler: Handler) -> Handler:
    """Let nothing be found where there is no practice, and answer a script that is refused in a line."""

    def told(call: Call) -> Response:
        if not call.site.practice:
            raise RefusedError(404, "page-not-found")
        try:
            return handler(call)
        except RefusedError as refusal:
            if not _has_scripts(call):
                raise
            return call.html(note_html(refusal.name, _language(call), **refusal.values))

    return told


def _route(path: str, handler: Handler, method: str) -> Route:
    return Route(path, endpoint(_told(handler), Who.MEMBER), methods=[method])


def routes() -> list[Route]:
    """Return the addresses of practice."""
    return [
        _route("/practice", bank, "GET"),
        _route("/practice/{topic}/{name}", show, "GET"),
        _route("/practice/{topic}/{name}", answer, "POST"),
        _route("/practice/{topic}/{name}/run/{ticket}", run_again, "GET"),
    ]
