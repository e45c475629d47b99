"""What `autograder try` prints."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from autograder.reports.table import SIGNS
from autograder.trial import Tried
from quizgen.model import CodeDetail, Language, Status, Verdict
from quizgen.wording.phrases import in_words, phrase


def print_trial(tried: Sequence[Tried], language: Language, out: Console) -> None:
    """Print, function by function, which visible cases pass and why others do not."""
    for one in tried:
        sign, style = SIGNS[one.verdict.status]
        known = language if language in one.question.languages else one.question.languages[0]
        out.print(Text(f"{sign} {one.question.title(known)} ({one.question.id})", style=style))
        for line in _lines(one, known):
            out.print(Text(f"    {line}"))
    output = next((d.output for t in tried if isinstance(d := t.verdict.detail, CodeDetail)), "")
    if output:
        out.print(Text(f"\n{phrase('printed', language)}\n{output}"))
    out.print(Text(f"\n{phrase('only-visible', language)}", style="dim"))


def _lines(tried: Tried, language: Language) -> list[str]:
    verdict = tried.verdict
    detail = verdict.detail
    lines = [in_words(verdict.reason, language)] if verdict.reason else []
    if not isinstance(detail, CodeDetail):
        return lines
    lines += detail.traceback
    for group in detail.groups if verdict.reason is None else ():
        label = tried.question.words[language].sections[group.name]
        passed = phrase("cases-passed", language, passed=group.passed, total=group.total)
        lines.append(f"{label}: {passed}" + (f"; {in_words(group.reason, language)}" if group.reason else ""))
        lines += [f"  {line}" for line in group.traceback]
    return lines


def all_right(verdicts: Sequence[Verdict]) -> bool:
    """Say whether every function passes all its visible cases."""
    return all(v.status is Status.CORRECT for v in verdicts)
