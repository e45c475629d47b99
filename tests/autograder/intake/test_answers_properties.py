import json
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake import read_answers

relaxed = settings(deadline=None)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
NUMBERS = st.floats(allow_nan=False) | st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)
CELLS = NUMBERS | st.booleans() | TEXTS
VALUES = CELLS | st.lists(CELLS, max_size=4) | st.lists(st.lists(NUMBERS, min_size=1, max_size=3), max_size=3)
FILES = st.dictionaries(st.integers(1, 99), st.dictionaries(NAMES, VALUES, max_size=4), min_size=2, max_size=6)
SLIPS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\f"), max_size=5)


def written(value):
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if isinstance(value, list):
        return "[\n  " + ",\n  ".join(written(v) for v in value) + "\n]" if value else "[]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def item(number, values):
    return [f"[item{number}]", *(line for n, v in values.items() for line in f"{n} = {written(v)}".split("\n"))]


def assemble(items):
    return "\n".join(["student = 's'", "", *(line for lines in items.values() for line in lines)]).encode()


@relaxed
@given(st.binary())
def test_random_bytes_never_raise(data):
    read_answers(data)


@relaxed
@given(
    st.lists(st.sampled_from([*"[]{}=,.\"'\\#\n1a", "item", "[item1]", "student", '"""', "\ufeff", "é"]), max_size=60)
)
def test_random_toml_never_raises(pieces):
    read_answers("".join(pieces).encode())


@relaxed
@given(FILES)
def test_a_valid_file_is_read_whole(file):
    answers = read_answers(assemble({n: item(n, v) for n, v in file.items()}))
    assert answers.items == file
    assert answers.unreadable == {}


def lines_of(file, data, *, header):
    """Return a file's lines by item, and a line of one item: its header, or else one below."""
    items = {n: item(n, v) for n, v in file.items()}
    number = data.draw(st.sampled_from([n for n in items if header or file[n]]))
    return items, number, 0 if header else data.draw(st.integers(1, len(items[number]) - 1))


def check_others(items, number, file):
    answers = read_answers(assemble(items))
    if answers.nothing_readable is None:
        assert {n: answers.items.get(n) for n in file if n != number} == {n: v for n, v in file.items() if n != number}
    else:
        assert answers.nothing_readable.phrase == "not-text"


@relaxed
@given(FILES.filter(lambda f: any(f.values())), SLIPS, st.data())
def test_a_slip_in_one_item_keeps_all_others(file, slip, data):
    items, number, line = lines_of(file, data, header=False)
    old = items[number][line]
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, min(len(old), start + 2)))
    items[number][line] = old[:start] + slip + old[end:]
    check_others(items, number, file)


@relaxed
@given(FILES, st.characters(exclude_categories=["Cs", "Nd", "L"], exclude_characters=".\n\r\f"), st.data())
def test_a_slip_in_a_header_keeps_all_others(file, slip, data):
    items, number, line = lines_of(file, data, header=True)
    at = data.draw(st.integers(0, len(items[number][line])))
    items[number][line] = items[number][line][:at] + slip + items[number][line][at:]
    check_others(items, number, file)


@relaxed
@given(FILES, st.integers(0, 4), st.data())
def test_a_lost_character_in_a_header_keeps_all_others(file, at, data):
    items, number, line = lines_of(file, data, header=True)
    items[number][line] = items[number][line][:at] + items[number][line][at + 1 :]
    check_others(items, number, file)
