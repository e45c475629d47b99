"""The conformance battery: every promise of every question, checked over many draws."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from quizgen.authoring.code import Case, CodeQuestion
from quizgen.authoring.concept import ConceptQuestion
from quizgen.authoring.numeric import Draw, NumericQuestion, thaw
from quizgen.authoring.source import freeze, unfreeze
from quizgen.authoring.tolerance import radii, round_as_asked
from quizgen.bank import POOL_SECTIONS, Question
from quizgen.errors import AuthorError
from quizgen.marking.arrays import difference
from quizgen.marking.concept import LETTERS, mark_concept
from quizgen.marking.numeric import mark_numeric
from quizgen.model import (
    LANGUAGES,
    Ask,
    ConceptBody,
    ConceptKey,
    Item,
    NumericBody,
    NumericKey,
    Select,
    Status,
    Value,
    Variant,
)
from quizgen.solution import solution_values, stem_values
from quizgen.wording import options, pairs, parse, render, sequence

CASE_SEEDS = 50
LEAST_KEPT = 0.02
"""A question that keeps fewer of its raw draws than this makes papers slowly."""


@dataclass(kw_only=True)
class Report:
    """What the battery found out about one question."""

    question: str
    draws: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    kills: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def kept(self) -> float:
        """Return the share of raw draws that were fair."""
        total = self.draws + self.refused.total()
        return self.draws / total if total else 1.0

    @property
    def passed(self) -> bool:
        """Say whether every promise held."""
        return not self.failures

    def fail(self, promise: str) -> None:
        """Record a broken promise; the same one on many seeds counts up."""
        self.failures[promise] += 1

    def to_json(self) -> dict[str, Value]:
        """Return what `quizgen check --json` prints of it."""
        return {
            "id": self.question,
            "passed": self.passed,
            "draws": self.draws,
            "fair": round(self.kept, 4),
            "refused": dict(self.refused.most_common()),
            "failures": dict(self.failures.most_common()),
            "kills": self.kills,
        }


def check(question: Question, *, draws: int = 200) -> Report:
    """Run the whole battery over one question."""
    report = Report(question=question.id)
    try:
        _check_words(question, report)
        match question.template:
            case NumericQuestion():
                _check_drawn(question, report, draws, _check_numeric)
                _check_reachable(question.template, report)
            case ConceptQuestion():
                _check_drawn(question, report, draws, _check_concept)
            case CodeQuestion():
                _check_code(question, question.template, report)
    except AuthorError as error:
        report.fail(str(error))
    return report


def _check_drawn(
    question: Question, report: Report, draws: int, check_one: Callable[[Question, Variant, Any], Iterator[str]]
) -> None:
    seen = set()
    for seed in range(draws):
        drawn = question.draw_whole(seed)
        again = question.draw_whole(seed) if seed % 20 == 0 else drawn
        if _bytes(drawn) != _bytes(again):
            report.fail("the same seed gives another variant")
        report.draws += 1
        report.refused.update(drawn.refused)
        seen.add(msgspec.json.encode((drawn.givens, drawn.body), order="deterministic"))
        variant = Variant(
            question=question.id, version=question.version, seed=seed, givens=drawn.givens, body=drawn.body
        )
        report.failures.update(check_one(question, variant, drawn.key))
    if draws >= 20 and len(seen) < 5:
        report.fail(f"only {len(seen)} different variants in {draws} draws")
    if report.kept < LEAST_KEPT:
        why = ", ".join(f"{w} ({n})" for w, n in report.refused.most_common(2))
        report.fail(f"only {report.kept:.1%} of the draws are fair: {why}")


def _check_words(question: Question, report: Report) -> None:
    wanted = set(_wanted_sections(question))
    for language in LANGUAGES:
        if language not in question.languages:
            report.fail(f"it has no words in {language!r}")
            continue
        words = question.words[language]
        if not str(words.meta.get("title", "")).strip():
            report.fail(f"{language}: the front matter has no title")
        for section in sorted(wanted - set(words.sections)):
            report.fail(f"{language}: no section {section!r}")
        for section in sorted(set(words.sections) - wanted):
            report.fail(f"{language}: section {section!r} belongs to nothing in the question")


def _wanted_sections(question: Question) -> Iterator[str]:
    yield from ("stem", "solution")
    template = question.template
    match template:
        case NumericQuestion():
            yield from template.program.steps
            yield from template.program.mistakes
        case ConceptQuestion():
            yield POOL_SECTIONS[template.select]
        case CodeQuestion():
            yield "docstring"
            yield from template.groups
            yield from template.mistakes


def _check_numeric(question: Question, variant: Variant, key: NumericKey) -> Iterator[str]:
    template = question.template
    assert isinstance(template, NumericQuestion)  # noqa: S101 - check() has looked
    body = variant.body
    assert isinstance(body, NumericBody)  # noqa: S101 - a numeric question draws numeric bodies
    for ask in Ask:
        item = Item(number=1, points=1.0, ask=ask, variant=variant)
        printed = {s.name: _print(s.value, body, s.name) for s in key.steps}
        verdict = mark_numeric(item, key, printed, template)
        if verdict.status is not Status.CORRECT:
            yield f"the key does not mark itself correct ({ask}): {verdict.detail}"
    yield from _check_honest(template, variant, key)
    yield from _check_mistakes(template, variant, key)
    yield from _render_all(question, variant, solution_values(variant, key))


def _print(value: Value, body: NumericBody, name: str) -> Value:
    """Print a right value as a student hands it in: rounded, as text."""
    rounding = next(f.rounding for f in body.fields if f.name == name)
    return _texts(round_as_asked(value, rounding).tolist())


def _texts(value: Value) -> Value:
    return [_texts(v) for v in value] if isinstance(value, list) else repr(value)


def _check_honest(template: NumericQuestion, variant: Variant, key: NumericKey) -> Iterator[str]:
    """Mark a student who rounds at every step and goes on with the rounded numbers: all must be right."""
    values: dict[str, Any] = thaw(variant.givens)
    for name, step in template.program.steps.items():
        exact = template.program.run(values, known={n: values[n] for n in template.program.steps if n in values})
        array = round_as_asked(exact[name], step.rounding)
        values[name] = float(array) if array.ndim == 0 else array
        stored = next(k for k in key.steps if k.name == name)
        if np.any(np.abs(array - np.asarray(stored.value)) > np.asarray(stored.radius)):
            yield f"honest rounding at every step is marked wrong at {name!r}"


def _check_mistakes(template: NumericQuestion, variant: Variant, key: NumericKey) -> Iterator[str]:
    right = {k.name: (np.asarray(k.value), np.asarray(k.radius)) for k in key.steps}
    givens = thaw(variant.givens)
    for mistake in template.program.mistakes.values():
        values = template.program.run(givens, swaps=[mistake])
        reach = radii(template.program, values, swaps=[mistake])
        for step in template.fairness.checkpoints[mistake.name]:
            if (mistake.name, step) in template.fairness.silent:
                continue
            wrong, (value, radius) = np.asarray(values[step]), right[step]
            if wrong.shape == value.shape and np.all(np.abs(wrong - value) <= radius + reach[step]):
                yield f"mistake {mistake.name!r} lies inside the accepted interval of {step!r}"


def _check_reachable(template: NumericQuestion, report: Report) -> None:
    """Every mistake must show at its own step, at least somewhere."""
    for mistake in template.program.mistakes.values():
        if (mistake.name, mistake.step) in template.fairness.silent:
            report.fail(f"mistake {mistake.name!r} never shows at its own step")


def _check_concept(question: Question, variant: Variant, key: ConceptKey) -> Iterator[str]:
    body = variant.body
    assert isinstance(body, ConceptBody)  # noqa: S101 - a concept question draws concept bodies
    item = Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant)
    letters = [LETTERS[i] for i in key.right]
    if mark_concept(item, key, {"answer": ", ".join(letters)}).status is not Status.CORRECT:
        yield "the key does not mark itself correct"
    everything = [LETTERS[i] for i in range(len(body.options))]
    if body.select is Select.SEVERAL and len(letters) < len(everything):
        ticked = mark_concept(item, key, {"answer": everything})
        if ticked.status is Status.CORRECT:
            yield "ticking everything is marked correct"
    yield from _render_all(question, variant, stem_values(variant))
    for language in question.languages:
        texts = shown_texts(question, variant, language)
        if len(set(texts)) < len(texts):
            yield f"{language}: two options read the same: {min(t for t in texts if texts.count(t) > 1)!r}"


def shown_texts(question: Question, variant: Variant, language: str) -> list[str]:
    """Return the texts of the options as a paper shows them."""
    body = variant.body
    assert isinstance(body, ConceptBody)  # noqa: S101 - only concept questions have options
    text = question.words[language].sections[POOL_SECTIONS[body.select]]
    values = stem_values(variant)
    match body.select:
        case Select.MATCH:
            found = pairs(text)
            return [render(found[i].left, values) for i in body.options] + [
                render(found[i].right, values) for i in body.targets
            ]
        case Select.ORDER:
            return [render(sequence(text)[i].text, values) for i in body.options]
        case Select.ONE | Select.SEVERAL:
            return [render(options(text)[i].text, values) for i in body.options]


def _render_all(question: Question, variant: Variant, values: dict[str, Any] | Any) -> Iterator[str]:
    """Every section must render in every language; the stem and labels from the givens alone."""
    steps = question.template.program.steps if isinstance(question.template, NumericQuestion) else {}
    for language in question.languages:
        for name, text in question.words[language].sections.items():
            seen_by_students = name == "stem" or name in steps
            try:
                parse(render(text, stem_values(variant) if seen_by_students else values))
            except AuthorError as error:
                yield f"{language}: section {name!r}: {error}"


def _check_code(question: Question, template: CodeQuestion, report: Report) -> None:
    variant, key = question.draw(0)
    report.failures.update(_render_all(question, variant, solution_values(variant, key)))
    if not template.solutions:
        report.fail("it lists no differently written right solution")
    if not template.mistakes:
        report.fail("it lists no wrong implementation")
    for name, expected in question.record().words.items():
        if template.function in expected["solution"] and f"def {template.function}" in expected["stem"]:
            report.fail(f"{name}: the stem holds the solution")
    for seed in range(CASE_SEEDS):
        cases = template.draw_cases(seed)
        report.draws += 1
        _check_frozen(template, cases, report) if seed == 0 else None
        for name, function in template.solutions.items():
            why = next((w for case in cases if (w := failure(template, function, case))), None)
            if why:
                report.fail(f"right solution {name!r} fails: {why}")
        for name, function in template.mistakes.items():
            killers = {case.group.name for case in cases if failure(template, function, case)}
            row = report.kills.setdefault(name, dict.fromkeys(template.groups, 0))
            for group in killers:
                row[group] += 1
            if not killers:
                report.fail(f"mistake {name!r} passes all cases")


def _check_frozen(template: CodeQuestion, cases: list[Case], report: Report) -> None:
    """Check that the reference passes its own cases and that cases survive being stored."""
    for case in cases:
        if failure(template, template.reference, case):
            report.fail(f"the reference fails its own case in {case.group.name!r}")
        for argument in case.arguments:
            if isinstance(argument, np.ndarray | float | int | tuple):
                back = unfreeze(freeze(argument))
                if np.asarray(back).shape != np.asarray(argument).shape:
                    report.fail(f"an argument in {case.group.name!r} changes when stored")


def failure(template: CodeQuestion, function: Callable[..., Any], case: Case) -> str:
    """Say why a function fails one case, or return an empty text; run only on functions of the bank."""
    arguments = tuple(np.copy(a) if isinstance(a, np.ndarray) else a for a in case.arguments)
    wanted = template.reference(*(np.copy(a) if isinstance(a, np.ndarray) else a for a in case.arguments))
    try:
        with np.errstate(all="ignore"):
            got = function(*arguments)
    except Exception as error:  # noqa: BLE001 - a wrong implementation may raise anything
        return f"raises {type(error).__name__}: {error}"
    why = difference(_plain(got), _plain(wanted), case.group)
    if why is not None:
        return f"{case.group.name}: {why.phrase} {why.values}"
    if case.group.keeps_input and any(
        isinstance(a, np.ndarray) and not np.array_equal(a, b, equal_nan=True)
        for a, b in zip(arguments, case.arguments, strict=True)
    ):
        return f"{case.group.name}: input changed"
    return ""


def _plain(value: Any) -> Any:
    return tuple(_plain(v) for v in value) if isinstance(value, tuple | list) else value


def _bytes(drawn: Draw) -> bytes:
    return msgspec.json.encode((drawn.givens, drawn.body, drawn.key), order="deterministic")
