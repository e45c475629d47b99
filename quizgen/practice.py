"""Practising in the terminal: an item, an answer, at once what was right or what went wrong, and the next variant."""

from collections.abc import Callable
from dataclasses import dataclass

from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank import Question
from quizgen.formats.plaintext import block_text, hung_text
from quizgen.formats.terminal import practice_item
from quizgen.formats.variant_text import item_text, key_text, mistakes_text, solution_text
from quizgen.marking.concept import mark_concept
from quizgen.marking.numeric import mark_numeric
from quizgen.model import (
    CodeBody,
    ConceptKey,
    Item,
    Key,
    Language,
    NumericBody,
    NumericDetail,
    NumericKey,
    Status,
    Value,
    Verdict,
)
from quizgen.solution import solution_values
from quizgen.wording import parse, render
from quizgen.wording.phrases import in_words, phrase

ANSWER = "answer"
SIGNS = {Status.CORRECT: "✓", Status.PARTIAL: "±", Status.INCORRECT: "✗", Status.UNREADABLE: "?"}
WRONG = {Status.INCORRECT, Status.PARTIAL}


@dataclass(frozen=True, kw_only=True)
class Practice:
    """One question, practised with `ask`, which returns a line or raises EOFError, and `say`, which prints."""

    question: Question
    language: Language
    width: int
    ask: Callable[[str], str]
    say: Callable[[str], None]

    def run(self, seed: int) -> None:
        """Go through variants from `seed` on, until the learner leaves."""
        if isinstance(practice_item(self.question, seed)[0].variant.body, CodeBody):
            self._show_code(seed)
            return
        verdicts: list[Verdict] = []
        try:
            while self._goes_on(verdicts):
                verdicts.append(self._variant(seed + len(verdicts)))
        except (EOFError, KeyboardInterrupt):
            self.say("")
        right = sum(v.status is Status.CORRECT for v in verdicts)
        self.say(phrase("practice-end", self.language, right=right, count=len(verdicts)))

    def _goes_on(self, verdicts: list[Verdict]) -> bool:
        """Ask whether another variant is wanted; the first one always is."""
        return not verdicts or self.ask(phrase("practice-next", self.language)).strip().casefold() not in {"q", "ｑ"}

    def _show_code(self, seed: int) -> None:
        """Show what to write: running it is for the autograder, which can confine it."""
        item, _ = practice_item(self.question, seed)
        self.say(self._heading(seed) + "\n\n" + item_text(self.question, item, self.language, self.width))
        self.say("\n" + phrase("practice-code", self.language))

    def _heading(self, seed: int) -> str:
        return f"{self.question.title(self.language)}  ({self.question.id}, seed {seed})"

    def _variant(self, seed: int) -> Verdict:
        item, key = practice_item(self.question, seed)
        self.say(f"{self._heading(seed)}\n\n{item_text(self.question, item, self.language, self.width)}\n")
        verdict = _marked(self.question, item, key, self._response(item))
        self.say("\n" + feedback(self.question, item, key, verdict, self.language, self.width) + "\n")
        return verdict

    def _response(self, item: Item) -> dict[str, Value]:
        body = item.variant.body
        names = [f.name for f in body.asked(item.ask)] if isinstance(body, NumericBody) else [ANSWER]
        shown = {ANSWER: phrase("answer", self.language)}
        return {name: self.ask(f"  {shown.get(name, name)} = ") for name in names}


def _marked(question: Question, item: Item, key: Key, response: dict[str, Value]) -> Verdict:
    match key, question.template:
        case NumericKey(), NumericQuestion() as solver:
            return mark_numeric(item, key, response, solver)
        case ConceptKey(), _:
            return mark_concept(item, key, response)
        case _:
            raise TypeError(f"{question.id} is not answered in one line")


def feedback(question: Question, item: Item, key: Key, verdict: Verdict, language: Language, width: int) -> str:
    """Say how a response stands, what went wrong first and why, and how it is done."""
    parts = [_stand(verdict, language)]
    if isinstance(verdict.detail, NumericDetail):
        parts += [
            _steps(verdict.detail, language),
            *_what_happened(question, item, key, verdict.detail, language, width),
        ]
    parts.append(f"{phrase('right-answer', language)}\n{key_text(question, item, key, language, width)}")
    if isinstance(key, ConceptKey):
        why = mistakes_text(question, item, key, language, width)
        parts.append(f"{phrase('reason-for-option', language)}\n{why}")
    parts.append(f"{phrase('solution', language)}\n{solution_text(question, item, key, language, width)}")
    return "\n\n".join(parts)


def _stand(verdict: Verdict, language: Language) -> str:
    reason = f": {in_words(verdict.reason, language)}" if verdict.reason else ""
    credit = f" ({verdict.credit:.0%})" if verdict.status is Status.PARTIAL else ""
    return f"{SIGNS.get(verdict.status, '-')} {phrase(verdict.status, language)}{credit}{reason}"


def _steps(detail: NumericDetail, language: Language) -> str:
    """Write each step's verdict on a line."""
    lines = []
    for step in detail.steps:
        note = phrase("carried", language) if step.carried else in_words(step.reason, language) if step.reason else ""
        said = f"{phrase(step.status, language)}, {note}" if note else phrase(step.status, language)
        lines.append(f"  {SIGNS.get(step.status, '-')} {step.name}: {said}")
    return "\n".join(lines)


def _what_happened(
    question: Question, item: Item, key: Key, detail: NumericDetail, language: Language, width: int
) -> list[str]:
    """Name the step that went wrong first and the mistakes that lead to these numbers."""
    words, values = question.words[language].sections, solution_values(item.variant, key)
    parts = []
    first = next((s for s in detail.steps if s.name == detail.first_wrong), None)
    if first is not None and first.status in WRONG and len(detail.steps) > 1:
        label = parse(render(words[first.name], values))
        parts.append(hung_text(label, f"{phrase('first-wrong-head', language)} ", width))
    said = [block_text(parse(render(words[name], values)), width) for name in detail.mistakes if name in words]
    said += [in_words(look, language) for look in detail.looks]
    if len(said) > 1 and detail.either:
        said.insert(0, phrase("mistake-or", language))
    if not detail.certain:
        said.append(phrase("perhaps-note", language))
    if detail.other_convention:
        said.append(phrase("other-convention-note", language))
    heading = phrase("mistake-named" if detail.certain else "mistake-perhaps", language)
    return [*parts, "\n".join([heading, *said])] if said else parts
