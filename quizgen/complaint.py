"""What is wrong with a TOML file, in the words of the file instead of a validator's."""

import re
import typing
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum

from msgspec import Struct

WANTED = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotation marks",
    "array": "a list in brackets",
    "object": "a table",
    "bool": "true or false",
    "datetime": "a time without quotation marks, such as 2026-11-30T23:59:00+01:00",
}
SECTIONS = "each section begins with a line [[sections]]"
Tables = Mapping[str, type[Struct]]
"""A file's tables by their names; the top one has none."""


def complaint(message: str, tables: Tables) -> str:
    """Say msgspec's message for exam.toml: which key of which table, what stands there, what is wanted."""
    message, _, path = message.partition(" - at ")
    path = path.strip("`").removeprefix("$").lstrip(".").removesuffix("[...]")
    place = re.sub(r"\[(\d+)\]", lambda m: f" {int(m[1]) + 1}", path)
    where = f"{place.replace('sections ', 'section ')}: " if place else ""
    return SECTIONS if path == "sections" else where + _wanted(message, place, tables)


def _wanted(message: str, place: str, tables: Tables) -> str:
    if unknown := re.search(r"unknown field `(.*)`", message):
        return f"there is no key {unknown[1]!r}; {_meant(unknown[1], _table(place), tables)}"
    if missing := re.search(r"missing required field `(.*)`", message):
        return f"{missing[1]!r} is missing"
    if types := re.match(r"Expected `(\w+).*`, got `(\w+)", message):
        return f"wanted {WANTED.get(types[1], types[1])}, got {WANTED.get(types[2], types[2])}"
    if "datetime" in message:
        return f"wanted {WANTED['datetime']}"
    if choice := re.match(r"Invalid enum value (.*)", message):
        return f"there is no {choice[1]}; wanted one of {', '.join(_choices(place, tables))}"
    return message


def _table(place: str) -> str:
    """Return the name of the table that a place stands in: `sections` for `sections 2.kind`."""
    return re.split(r"[ .]", place)[0]


def _choices(place: str, tables: Tables) -> tuple[str, ...]:
    """Return the words that the key at a place can be."""
    hint = typing.get_type_hints(tables[_table(place)])[place.rpartition(".")[2]]
    kinds = [t for t in (hint, *typing.get_args(hint)) if isinstance(t, type) and issubclass(t, StrEnum)]
    return tuple(kinds[0])


def _meant(key: str, table: str, tables: Tables) -> str:
    """Say which key was perhaps meant: in this table, in another, or with another spelling."""
    if key in {"section", "sections"}:
        return SECTIONS
    for other, shape in tables.items():
        if other not in {table, "sections"} and key in shape.__struct_fields__:
            return f"it belongs {f'under [{other}]' if other else 'above the first table'}"
    here = tables[table].__struct_fields__ if table in tables else ()
    close = get_close_matches(key, here, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(here)}"
