"""`expected.json`: what responses must earn on a platform, and what our own marking gives them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from quizgen.crew import Crew, helpers
from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.limits import Limits, credit, lost, our_credit
from quizgen.formats.lms.responses import responses

NAME = "expected.json"
NUMBERS = "numbers are read as decimals only: not 1/3, not a decimal comma, not the minus sign U+2212"
DIGITS = 6
WORTH_A_HELPER = 200
"""Entries that are marked in the time that a helper takes to start."""
PIECE = 16
"""Entries that a helper is handed at a time."""


def beside(out: Path) -> Path:
    """Return where the file for an export is written: in its folder, its whole name before ours."""
    return out.with_name(f"{out.name}.{NAME}")


@contextmanager
def expecting(
    entries: Sequence[Entry], limits: Limits, form: str, out: Path
) -> Iterator[Callable[[], tuple[str, ...]]]:
    """Begin to mark what responses must earn, while the export itself is written.

    What is yielded writes the file beside the export, and returns in sentences what is lost, question by question.
    """
    with Crew(helpers(len(entries), worth=WORTH_A_HELPER)) as crew:
        marked = crew.begin(partial(_item, limits=limits), _without_cases(entries), piece=PIECE)
        yield lambda: _write(marked(), form, out)


def _write(items: Sequence[dict[str, Any]], form: str, out: Path) -> tuple[str, ...]:
    data = msgspec.json.format(msgspec.json.encode({"format": form, "items": items}), indent=1)
    beside(out).write_bytes(data + b"\n")
    return (NUMBERS, *_losses(items))


def _without_cases(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries without what no platform runs; those of one question share a record, and travel with one."""
    records = {id(e.record): msgspec.structs.replace(e.record, cases=()) for e in entries if e.record.cases}
    # The others stay the same objects: what their mistakes come to may have been worked out for them already.
    return [replace(e, record=records[id(e.record)]) if e.record.cases else e for e in entries]


def _losses(items: Iterable[dict[str, Any]]) -> list[str]:
    """Say per question what its variants lose."""
    found: dict[str, dict[str, None]] = {}
    for item in items:
        found.setdefault(item["question"], {}).update(dict.fromkeys(item["lost"]))
    return [f"{name}: {'; '.join(said)}" for name, said in found.items() if said]


def _item(entry: Entry, limits: Limits) -> dict[str, Any]:
    return {
        "id": entry.ident,
        "question": entry.record.id,
        "language": entry.language,
        "points": entry.item.points,
        "lost": list(lost(entry, limits)),
        "responses": [
            {
                "kind": response.kind,
                "entered": list(response.entered),
                "fraction": round(credit(entry, response, limits), DIGITS),
                "ours": round(our_credit(entry, response), DIGITS),
            }
            for response in responses(entry)
        ],
    }
