"""One variant to practice: drawn by its seed, shown as a form, marked as a grading would, and kept nowhere."""

import re
import secrets
from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from autograder.intake import read_answers
from autograder.reports.feedback import ItemFeedback, item_feedback
from autograder.reports.pages import template
from autograder.sandbox import Sandbox
from autograder.web.fields import FormItem, form_item
from autograder.web.form import Texts, answers_toml, solution_py
from autograder.web.visible import run_practice
from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank import Question
from quizgen.marking.concept import mark_concept
from quizgen.marking.numeric import mark_numeric
from quizgen.model import (
    Ask,
    CodeBody,
    CodeDetail,
    CodeKey,
    ConceptKey,
    Item,
    Key,
    Language,
    NumericKey,
    Paper,
    QuestionRecord,
    Status,
    Verdict,
)

NUMBER = 1
"""Of the only item."""
SEEDS = 10**9
"""Practice draws with seeds below this; those of papers have 63 bits, so that none is met here."""
_SEED = re.compile(r"0|[1-9][0-9]{0,8}")


def new_seed() -> int:
    """Return the seed of a further variant."""
    return secrets.randbelow(SEEDS)


def read_seed(text: str) -> int | None:
    """Return a seed of practice, or None for what is none: seeds of papers are not drawn here."""
    return int(text) if _SEED.fullmatch(text) else None


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """A variant of a question in one language; the key stays here until an answer or the solution is asked for."""

    question: Question
    seed: int
    language: Language

    @cached_property
    def _drawn(self) -> tuple[Item, Key]:
        variant, key = self.question.draw(self.seed)
        return Item(number=NUMBER, points=1.0, ask=Ask.STEPS, variant=variant), key

    @cached_property
    def _record(self) -> QuestionRecord:
        return self.question.record()

    @property
    def item(self) -> Item:
        """The variant as an item of a paper of its own, every step asked."""
        return self._drawn[0]

    @property
    def is_code(self) -> bool:
        """Say whether a function is to be written."""
        return isinstance(self.item.variant.body, CodeBody)

    @property
    def paper(self) -> Paper:
        """The paper that has nothing but this item, and is nobody's."""
        return Paper(student="", name="", code="", language=self.language, items=(self.item,))

    def form(self, texts: Texts) -> FormItem:
        """Return its boxes with what was typed; points are not practiced for."""
        shown = form_item(self.item, self._record, self.language, texts)
        return replace(shown, sheet=replace(shown.sheet, points=""))

    def mark(self, texts: Texts) -> Verdict:
        """Mark numbers and choices as those of a hand-in; a function is not run here, and counts as not written."""
        answers = read_answers(answers_toml(self.paper, {NUMBER: texts}))
        reason = answers.why_unreadable(NUMBER)
        if reason is not None:
            return Verdict(item=NUMBER, status=Status.UNREADABLE, credit=0.0, points=0.0, reason=reason)
        response, solver = answers.items.get(NUMBER, {}), self.question.template
        match self._drawn[1]:
            case NumericKey() as key:
                return mark_numeric(self.item, key, response, solver if isinstance(solver, NumericQuestion) else None)
            case ConceptKey() as key:
                return mark_concept(self.item, key, response)
            case CodeKey():
                return Verdict(item=NUMBER, status=Status.BLANK, credit=0.0, points=0.0)

    def run(self, sandbox: Sandbox, texts: Texts, seed: int) -> Verdict:
        """Run a function on all its cases, drawn with `seed`."""
        source = solution_py(self.paper, {NUMBER: texts}) or b""
        return run_practice(sandbox, self.question, self.item, source, seed)

    def feedback(self, verdict: Verdict) -> "Feedback":
        """Put a verdict into words."""
        detail = verdict.detail
        return Feedback(
            words=item_feedback(self.item, self._drawn[1], verdict, self._record, self.language),
            language=self.language,
            share=f"{verdict.credit:.0%}" if verdict.status is Status.PARTIAL else "",
            printed=detail.output if isinstance(detail, CodeDetail) else "",
        )


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What is said of an answer: its verdict in `words`, what is right of a partly right one, what its code printed."""

    words: ItemFeedback
    language: Language
    share: str
    printed: str

    @property
    def detail(self) -> Markup:
        """The marked cells, the named mistake and the worked solution, as they stand on a feedback sheet."""
        text = template("feedback_item.html.j2").render(item=self.words, language=self.language)
        return Markup(text)  # noqa: S704 - the template escapes what was typed
