import pytest

from quizgen.wording import OptionText, PairText, PlaceText, WordsError, options, pairs, sequence

POOL = """- [x] The norm $\\lVert w \\rVert$ shrinks
  by << factor | num >>.
  > Each step multiplies.
  >
  > By $1 - \\eta\\alpha$.

- [ ] See
  ```python
  > not a reason
  - [x] not an option
  ```
  > Wrong.
- [?is_larger] It grows.
  > It depends.
"""


def test_options_with_marks_texts_and_reasons():
    assert options(POOL) == (
        OptionText(
            text="The norm $\\lVert w \\rVert$ shrinks\nby << factor | num >>.",
            mark=True,
            reason="Each step multiplies.\n\nBy $1 - \\eta\\alpha$.",
        ),
        OptionText(text="See\n```python\n> not a reason\n- [x] not an option\n```", mark=False, reason="Wrong."),
        OptionText(text="It grows.", mark="is_larger", reason="It depends."),
    )


def test_pairs():
    assert pairs("- ReLU :: $\\max(0, x)$\n  > cut\n- a::b :: `x[::2]`\n  > sliced") == (
        PairText(left="ReLU", right="$\\max(0, x)$", reason="cut"),
        PairText(left="a::b", right="`x[::2]`", reason="sliced"),
    )


def test_sequence():
    assert sequence("1. forward\n   > first\n\n2. backward\n   > then") == (
        PlaceText(text="forward", reason="first"),
        PlaceText(text="backward", reason="then"),
    )


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (options, "- [x] a\n- [ ] b\n  > r", "q.en.md:40: an item has no reason"),
        (options, "- [x] a\n  >\n", "q.en.md:40: an item has no reason"),
        (options, "- [x] a\n  > r\n- b\n  > r", "q.en.md:42: an option begins with"),
        (options, "- [?2x] a\n  > r", "q.en.md:40: an option begins with"),
        (options, "- [x] a\n  > r\n  more", "q.en.md:42: a reason is over here"),
        (options, "text\n- [x] a\n  > r", "q.en.md:40: neither an item"),
        (options, "- [x] a\n> r", "q.en.md:41: neither an item"),
        (options, "* [x] a\n  > r", "q.en.md:40: neither an item"),
        (options, "", "q.en.md:40: no item"),
        (options, "- [x] a\n  ```\n  > r", "q.en.md:41: code fence"),
        (pairs, "- a : b\n  > r", "q.en.md:40: a pair is written"),
        (pairs, "- a :: b :: c\n  > r", "q.en.md:40: a pair is written"),
        (pairs, "- a :: b", "q.en.md:40: an item has no reason"),
        (sequence, "1. a\n   > r\n1. b\n   > r", "q.en.md:42: place 1 stands where 2 belongs"),
        (sequence, "- a\n  > r", "q.en.md:40: neither an item"),
    ],
)
def test_errors_name_file_and_line(read, text, message):
    with pytest.raises(WordsError) as caught:
        read(text, file="q.en.md", first=40)
    assert str(caught.value).startswith(message)


def test_without_a_file_errors_name_the_line():
    with pytest.raises(WordsError, match=r"^line 2: neither"):
        pairs("- a :: b\nc")


@pytest.mark.parametrize("read", [options, pairs, sequence])
def test_lines_count_from_one_unless_said_otherwise(read):
    for first in ({}, {"first": 1}, {"first": 12}):
        with pytest.raises(WordsError) as error:
            read("neither", **first)
        assert error.value.line == first.get("first", 1)
