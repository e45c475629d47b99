"""The signs of formulas as text: what kind each is, the room around it, and its small and plain forms."""

import unicodedata
from enum import Enum, auto
from xml.etree.ElementTree import Element

SCRIPTED = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
APPLY = "\u2061"
INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u200b")
OPENING, CLOSING, BARS = frozenset("([{⌊⌈⟨"), frozenset(")]}⌋⌉⟩"), frozenset("|‖")
LARGE = frozenset("∑∏∫∮⋃⋂⨁⨂")
UNARY = frozenset("+−±∓-")
TIGHT = frozenset("¬∀∃∇!′″‴.⋯⋮⋱…%∂")
ACCENTS = {
    "ˆ": ("\u032d", "\u0302"),
    "\u0302": ("\u032d", "\u0302"),
    "^": ("\u032d", "\u0302"),
    "¯": ("\u0331", "\u0304"),
    "˜": ("\u0330", "\u0303"),
    "\u0303": ("\u0330", "\u0303"),
    "~": ("\u0330", "\u0303"),
    "˙": ("\u0323", "\u0307"),
    "¨": ("\u0324", "\u0308"),
    "→": ("\u20ef", "\u20d7"),
    "\u0332": ("\u0332", "\u0305"),
}
"""Accents as combining characters: under, and over."""
RAISED = str.maketrans(
    "0123456789+−-=()abcdefghijklmnoprstuvwxyzT⊤′″∗",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ′″*",
)
LOWERED = str.maketrans("0123456789+−-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


class Kind(Enum):
    """What a sign or formula is to its neighbors."""

    NOTHING = auto()
    OPERAND = auto()
    FRACTION = auto()
    FUNCTION = auto()
    APPLY = auto()
    BINARY = auto()
    SIGN = auto()
    PREFIX = auto()
    COMMA = auto()
    LARGE = auto()
    OPEN = auto()
    CLOSE = auto()
    SPACE = auto()


TERMS = frozenset({Kind.OPERAND, Kind.FRACTION, Kind.FUNCTION, Kind.CLOSE})
"""What a term of a sum can end with."""


def kind_of(element: Element, *, first: bool) -> Kind:
    """Say what an element is; `first` in its row, a bar opens."""
    if element.tag in SCRIPTED and element.get("accent") != "true":
        core = kind_of(element[0], first=first) if element[0].tag == "mo" else Kind.OPERAND
        return Kind.BINARY if core is Kind.SIGN else core
    if element.tag == "mo":
        return _operator(element, first=first)
    if element.tag == "mrow" and any(e.tag == "mo" and e.text == APPLY for e in element):
        return Kind.FUNCTION
    return {"mspace": Kind.SPACE, "mfrac": Kind.FRACTION}.get(element.tag, Kind.OPERAND)


def _operator(element: Element, *, first: bool) -> Kind:
    sign = element.text or ""
    bar = element.get("form") or ("prefix" if first else "postfix")
    tight = (element.get("lspace"), element.get("rspace")) == ("0", "0")
    named = (
        (sign == APPLY, Kind.COMMA if element.get("lspace") else Kind.APPLY),
        (sign in INVISIBLE, Kind.CLOSE),
        (sign in OPENING or (sign in BARS and bar == "prefix"), Kind.OPEN),
        (sign in CLOSING or sign in BARS, Kind.CLOSE),
        (sign in LARGE, Kind.LARGE),
        (sign in {",", ";", ":"}, Kind.OPERAND if element.get("rspace") == "0" else Kind.COMMA),
        (sign in TIGHT or (tight and sign not in UNARY), Kind.OPERAND),
        (sign in UNARY, Kind.PREFIX if tight else Kind.SIGN),
    )
    return next((kind for holds, kind in named if holds), Kind.BINARY)


def settled(kind: Kind, before: Kind) -> Kind:
    """Say whether a plus or minus joins two terms or stands before one."""
    if kind is not Kind.SIGN:
        return kind
    return Kind.BINARY if before in TERMS else Kind.PREFIX


def gap(before: Kind, kind: Kind) -> int:
    """Return the columns to leave between a sign and the one before it."""
    if Kind.NOTHING in {before, kind} or Kind.SPACE in {before, kind} or Kind.PREFIX is before:
        return 0
    spaced = {Kind.BINARY, Kind.LARGE} & {before, kind} - ({kind} if before is Kind.OPEN else set())
    factors = before in TERMS - {Kind.CLOSE} and kind in (TERMS | {Kind.OPEN}) - {Kind.CLOSE}
    named = Kind.FUNCTION in {before, kind} and kind is not Kind.OPEN and before in TERMS and kind in TERMS
    barred = factors and Kind.FRACTION in {before, kind}
    return int(bool(spaced) or before is Kind.COMMA or named or barred)


def visible(element: Element) -> bool:
    """Say whether an element shows anything."""
    return bool((element.text or "").strip("".join(INVISIBLE) + " "))


def plain_letters(text: str) -> str:
    """Write letters of mathematical alphabets, which few fonts of terminals have, as plain ones; ℝ and 𝟙 stay."""
    found = "".join(_plain(c) for c in text if c not in INVISIBLE and unicodedata.category(c) != "Cf")
    return found.replace("\N{NO-BREAK SPACE}", " ")


def _plain(sign: str) -> str:
    if "\ufe00" <= sign <= "\ufe0f":
        return ""
    folds = 0x1D400 <= ord(sign) <= 0x1D7FF and "DOUBLE-STRUCK" not in unicodedata.name(sign, "")
    return unicodedata.normalize("NFKC", sign) if folds else sign


def raised(text: str) -> str:
    """Write a text in small raised signs, or return nothing where one of them does not exist."""
    return _mapped(text, RAISED)


def lowered(text: str) -> str:
    """Write a text in small lowered signs, or return nothing where one of them does not exist."""
    return _mapped(text, LOWERED)


def _mapped(text: str, signs: dict[int, int]) -> str:
    return text.translate(signs) if all(ord(c) in signs for c in text) else ""
