import math

import pytest

from autograder.intake import read_answers
from autograder.intake.answers import MAX_PROBLEMS

PLAIN = """\
student = "s01"
paper = "ABCD-EFGH"

[item1]
dx = [[1.0, 2], ["1/3", ""]]

[item2]
choice = "b"  # a comment

[item10]
y = true
"""
ITEMS = {1: {"dx": [[1.0, 2], ["1/3", ""]]}, 2: {"choice": "b"}, 10: {"y": True}}


def phrases(answers):
    return [r.phrase for r in answers.problems], {n: r.phrase for n, r in answers.unreadable.items()}


def test_a_plain_file():
    answers = read_answers(PLAIN.encode())
    assert (answers.student, answers.paper) == ("s01", "ABCD-EFGH")
    assert answers.items == ITEMS
    assert phrases(answers) == ([], {})
    assert answers.why_unreadable(1) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_whatever_editor_wrote_it(encoding, newline):
    text = PLAIN.replace("s01", "张三").replace("a comment", "注释：第二题")
    data = text.replace("\n", newline).encode(encoding)
    if encoding == "utf-16":
        assert data.startswith(b"\xff\xfe")
    answers = read_answers(data)
    assert (answers.student, answers.items) == ("张三", ITEMS)


def test_a_stray_control_character_costs_one_item():
    for stray in "\0\x07\x1b":
        answers = read_answers(PLAIN.replace('"b"', f'"b"{stray}').encode())
        assert answers.items == {n: v for n, v in ITEMS.items() if n != 2}
        assert answers.unreadable[2].values["text"].startswith('choice = "b"\ufffd')


def test_one_accent_from_a_western_windows():
    assert read_answers(PLAIN.replace("a comment", "café").encode("cp1252")).items == ITEMS


@pytest.mark.parametrize(
    "data", [b"\0", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"PK\x03\x04\0\0\0", b"\xff\xfe\x00\xd8"]
)
def test_no_text_at_all(data):
    answers = read_answers(data)
    assert phrases(answers) == (["not-text"], {})
    assert answers.why_unreadable(7).phrase == "not-text"


def test_an_empty_file_is_all_blank():
    assert read_answers(b"") == read_answers(b"\xef\xbb\xbf\r\n")
    assert read_answers(b"").why_unreadable(1) is None


def test_a_stray_comma_costs_one_item():
    answers = read_answers(PLAIN.replace('"b"', '"b",').encode())
    assert answers.items == {n: v for n, v in ITEMS.items() if n != 2}
    assert answers.unreadable[2].phrase == "broken-toml"
    assert answers.unreadable[2].values == {"line": "8", "column": "13", "text": 'choice = "b",  # a comment'}
    assert (answers.student, answers.paper, answers.problems) == ("s01", "ABCD-EFGH", ())


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ('choice = "b', "8"),
        ("choice = b", "8"),
        ("choice = [1, 2", "8"),
        ('choice = """b', "8"),
        ("choice = {a = 1", "8"),
        ("choice = 007", "8"),
        ("choice", "8"),
        ("choice = “b”", "8"),
        ("choice = 2024-13-45", "8"),
        ("a = 1\na = 2", "9"),
        ("a = 1" + "0" * 5000, "7"),
        ("a = " + "[" * 5000, "7"),
        ("a." * 5000 + "b = 1", "8"),
        ('"\\"" . ' * 5000 + "b = 1", "8"),
    ],
)
def test_other_slips_cost_one_item(broken, line):
    answers = read_answers(PLAIN.replace('choice = "b"', broken).encode())
    assert answers.items == {n: v for n, v in ITEMS.items() if n != 2}
    assert answers.unreadable[2].phrase == "broken-toml"
    assert int(answers.unreadable[2].values["line"]) in range(int(line), 11)
    assert len(answers.unreadable[2].values["text"]) <= 80


@pytest.mark.parametrize(
    "header",
    [
        "[item2",
        "item2]",
        "[[item2]",
        "[ITEM2]]",
        "[item 2]",
        "  [item-2",
        "[item2] x",
        "[:item2]",
        "[=item2]",
        '["item2]',
    ],
)
def test_a_slip_in_the_header_costs_one_item(header):
    answers = read_answers(PLAIN.replace("[item2]", header).encode())
    assert answers.items == {n: v for n, v in ITEMS.items() if n != 2}
    assert phrases(answers) == ([], {2: "broken-toml"})
    assert answers.unreadable[2].values["line"] == "7"


def test_a_header_broken_beyond_reading_costs_no_other_item():
    answers = read_answers(PLAIN.replace("[item2]", "[it?m2]").encode())
    assert answers.items == {n: v for n, v in ITEMS.items() if n != 2}
    assert [r.values["line"] for r in answers.problems] == ["7"]


def test_a_header_that_slipped_into_another_items_costs_no_other_item():
    answers = read_answers(PLAIN.replace("[item10]", "[item1]0]").encode())
    assert answers.items == {n: v for n, v in ITEMS.items() if n != 10}
    assert [r.values["text"] for r in answers.problems] == ["[item1]0]"]


def test_rows_of_a_matrix_do_not_start_an_item():
    matrix = "x = [\n[1, 2],\n[nan, -inf],\n[true, false],\n['a', \"b\"],\n[\n[true]\n]\n]\n"
    answers = read_answers(f"[item1]\n{matrix}[item2]\ny = 1,\n".encode())
    assert len(answers.items[1]["x"]) == 5
    assert phrases(answers) == ([], {2: "broken-toml"})


def test_a_slip_before_the_first_item_costs_no_item():
    answers = read_answers(PLAIN.replace('"s01"', "s01").encode())
    assert answers.items == ITEMS
    assert answers.student == ""
    assert [r.values["line"] for r in answers.problems] == ["1"]


def test_a_broken_file_without_items_is_unreadable_whole():
    answers = read_answers(b'dx: 1.0\nchoice: "b"\n')
    assert answers.why_unreadable(1) == answers.problems[0]
    assert answers.problems[0].values == {"line": "1", "column": "3", "text": "dx: 1.0"}


def test_an_item_written_twice_counts_as_neither():
    assert phrases(read_answers((PLAIN + "[item1]\ndx = 3").encode())) == ([], {1: "item-twice"})
    assert phrases(read_answers(b"[item1]\n[Item01]\n[item001]\n")) == ([], {1: "item-twice"})


def test_an_item_that_is_no_table():
    answers = read_answers(b"item1 = 3\n[[item2]]\nx = 1\n[item3]\nx = 1\n")
    assert phrases(answers) == ([], {1: "item-not-a-table", 2: "item-not-a-table"})
    assert answers.items == {3: {"x": 1}}


def test_unknown_entries_are_told_but_not_endlessly():
    answers = read_answers(b"[itme1]\nx = 1\n[item2]\ny = 1\n")
    assert answers.items == {2: {"y": 1}}
    assert [r.values for r in answers.problems] == [{"name": "itme1"}]
    many = "".join(f"[x{i}]\n" for i in range(1000))
    assert len(read_answers(many.encode()).problems) == MAX_PROBLEMS


def test_what_json_lacks_becomes_text():
    values = """
day = 2024-01-02
time = 07:30:00
both = 2024-01-02T07:30:00Z
inline = {a = 1, b = [1, 2]}
long = 123456789012345678901234567890
sub.a = "x"
list = [2024-01-02, {c = 1}]
"""
    assert read_answers(f"[item1]{values}[item1.more]\nz = 1\n".encode()).items[1] == {
        "day": "2024-01-02",
        "time": "07:30:00",
        "both": "2024-01-02 07:30:00+00:00",
        "inline": "{a = 1, b = [1, 2]}",
        "long": "123456789012345678901234567890",
        "sub": "{a = x}",
        "list": ["2024-01-02", "{c = 1}"],
        "more": "{z = 1}",
    }


def test_the_longest_numbers_become_text():
    value = read_answers(b"[item1]\nx = 0x1" + b"0" * 100_000).items[1]["x"]
    assert value.startswith("0x10")


def test_nan_and_infinity_stay():
    values = read_answers(b"[item1]\na = nan\nb = -inf\n").items[1]
    assert math.isnan(values["a"])
    assert values["b"] == -math.inf


def test_lists_nested_too_deep_cost_one_item():
    answers = read_answers(b"[item1]\nx = " + b"[" * 20 + b"]" * 20 + b"\n[item2]\ny = 1\n")
    assert phrases(answers) == ([], {1: "nested-too-deep"})
    assert answers.items == {2: {"y": 1}}


@pytest.mark.parametrize("value", ["[[1]]", "{a = 1}", "[" * 20 + "]" * 20])
def test_a_student_that_is_no_text(value):
    assert read_answers(f"student = {value}\npaper = 7\n[item1]\n".encode()).student == ""


def test_a_sub_table_survives_a_slip_elsewhere():
    answers = read_answers(b"[item1]\na = 1\n[item1.more]\nz = 1\n[item2]\nx = 1,\n")
    assert answers.items == {1: {"a": 1, "more": "{z = 1}"}}


@pytest.mark.parametrize(
    "text",
    [
        "a." * 500_000 + "a = 1",
        "[" + ".".join(["'a'"] * 200_000) + "]\n" + "b = 1\n" * 10_000,
        "[" * 1_000_000,
        '"\\' * 500_000,
        '"' * 1_000_000,
        "." * 1_000_000,
        "[item1]\n" * 130_000,
        "[item1]\na = 1,\n" * 70_000,
        "a = '''" + "'' " * 300_000 + ".a.b",
        "item1 = [" + "0.1," * 250_000,
    ],
)
def test_nothing_hangs(text, time_limit):
    with time_limit(seconds=10):
        read_answers(text.encode())
