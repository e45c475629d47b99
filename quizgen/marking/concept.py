"""Marking choices: one, several, matches and orders, each with its rule of credit."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction

from quizgen.marking.reading import UnreadableError, is_blank, normalize
from quizgen.model import ConceptBody, ConceptDetail, ConceptKey, Item, Select, Status, Value, Verdict

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def mark_concept(item: Item, key: ConceptKey, response: Mapping[str, Value]) -> Verdict:
    """Mark the letters of one concept item."""
    body = item.variant.body
    assert isinstance(body, ConceptBody)  # noqa: S101 - the item's kind was checked by the caller
    raw = response.get("answer")
    if is_blank(raw):
        return Verdict(item=item.number, status=Status.BLANK, credit=0.0, points=0.0)
    try:
        chosen = read_letters(raw, body)
    except UnreadableError as error:
        return Verdict(item=item.number, status=Status.UNREADABLE, credit=0.0, points=0.0, reason=error.reason)
    credit = credit_of(body, key, chosen)
    status = Status.CORRECT if credit >= 1 else Status.PARTIAL if credit > 0 else Status.INCORRECT
    return Verdict(
        item=item.number,
        status=status,
        credit=credit,
        points=round(item.points * credit, 10),
        detail=ConceptDetail(chosen=chosen),
    )


def credit_of(body: ConceptBody, key: ConceptKey, chosen: tuple[int, ...]) -> float:
    """Return the share earned; of an all-or-nothing item, less than all is nothing.

    *one*: all or nothing; a corrected key may allow more than one. *several*: each right tick earns its share of the
    right options, each wrong one costs as much, or its share of the wrong options where these are fewer: ticking
    everything earns nothing. *match*: the share of right pairs.
    *order*: the longest run that is in the right order, beyond the one element that always is.
    """
    share = share_of(body, key, chosen)
    return 0.0 if body.all_or_nothing and share < 1 else share


def share_of(body: ConceptBody, key: ConceptKey, chosen: tuple[int, ...]) -> float:
    """Return the share that would be earned were nothing marked as a whole only."""
    match body.select:
        case Select.ONE:
            return 1.0 if chosen[0] in key.right else 0.0
        case Select.SEVERAL:
            ticked, right = set(chosen), set(key.right)
            cost = wrong_cost(len(right), len(body.options) - len(right))
            return max(0.0, float((len(ticked & right) - cost * len(ticked - right)) / len(right)))
        case Select.MATCH:
            return sum(c == r for c, r in zip(chosen, key.right, strict=True)) / len(key.right)
        case Select.ORDER:
            places = [key.right.index(c) for c in chosen]
            return (_longest_rise(places) - 1) / (len(key.right) - 1)


def wrong_cost(right: int, wrong: int) -> Fraction:
    """Return how many right ticks a wrong one undoes, of so many right and wrong options."""
    return max(Fraction(1), Fraction(right, max(wrong, 1)))


def read_letters(raw: Value, body: ConceptBody) -> tuple[int, ...]:
    """Read `B`, `A, C`, `["A", "C"]` or `1-B 2-A` into positions, as the kind of question wants them."""
    letters = _letters(raw)
    shown = len(body.targets) if body.select is Select.MATCH else len(body.options)
    beyond = [a for a in letters if a != "-" and LETTERS.index(a) >= shown]
    if beyond and isinstance(raw, str) and re.search(r"[A-Za-z]{2}", raw):
        raise UnreadableError("not-a-letter", text=raw[:40])
    if beyond:
        raise UnreadableError("no-such-option", text=beyond[0], last=LETTERS[shown - 1])
    positions = tuple(-1 if a == "-" else LETTERS.index(a) for a in letters)
    match body.select:
        case Select.ONE:
            return _exactly(positions, 1, "one-letter")
        case Select.SEVERAL:
            # A dash before a letter is a bullet; alone it says that nothing is chosen.
            return tuple(sorted({p for p in positions if p >= 0})) or positions[:1]
        case Select.MATCH:
            return _exactly(positions, len(body.options), "one-letter-each")
        case Select.ORDER:
            return _every_once(positions, shown)


def _letters(raw: Value) -> list[str]:
    texts = raw if isinstance(raw, list) else [raw]
    found: list[str] = []
    for text in texts:
        if not isinstance(text, str):
            raise UnreadableError("not-a-letter", text=str(text))
        plain = re.sub(r"\d+\s*[-:=.)]\s*", " ", normalize(text)).upper()
        rest = re.sub(r"[A-Z\-\s,;/、()\[\]>]", "", plain.replace("→", ">"))
        if rest or (re.search(r"[A-Z]{2}", plain) and not re.fullmatch(r"[A-Z]+", plain.strip())):
            raise UnreadableError("not-a-letter", text=text[:40])
        found += re.findall(r"[A-Z-]", plain.replace("->", ">")) or ["-"]
    return found


def _exactly(positions: tuple[int, ...], count: int, phrase: str) -> tuple[int, ...]:
    if len(positions) != count:
        raise UnreadableError(phrase, wanted=str(count), got=str(len(positions)))
    return positions


def _every_once(positions: tuple[int, ...], shown: int) -> tuple[int, ...]:
    if sorted(positions) != list(range(shown)):
        raise UnreadableError("every-letter-once", letters=" ".join(LETTERS[:shown]))
    return positions


def _longest_rise(places: list[int]) -> int:
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)
