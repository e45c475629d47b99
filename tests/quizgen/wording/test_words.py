from pathlib import Path

import msgspec
import pytest

from quizgen.wording import Words, WordsError, language_of, parse_words, read_words

TEXT = """+++
title = "Weight decay"
level = 2
minutes = 2.5
conventions = ["penalty_half_alpha"]
+++

# stem

One step with $\\eta = << eta | num >>$.

```python
# not a heading
```

# decayed #
The weights, shrunk

## And a heading inside
text
"""


def words(text: str) -> Words:
    return parse_words(text, language="en", file="q.en.md")


def test_front_matter_sections_and_their_lines():
    found = words(TEXT)
    assert found.meta == {
        "title": "Weight decay",
        "level": 2,
        "minutes": 2.5,
        "conventions": ["penalty_half_alpha"],
    }
    assert list(found.sections) == ["stem", "decayed"]
    assert found.sections["stem"].endswith("# not a heading\n```")
    assert found.sections["decayed"] == "The weights, shrunk\n\n## And a heading inside\ntext"
    assert found.lines == {"stem": 10, "decayed": 17}


def test_a_section_keeps_the_indentation_of_its_first_line():
    assert words("# a\n\n  indented\n").sections["a"] == "  indented"


def test_front_matter_may_be_missing():
    assert words("# a\ntext").meta == {}


def test_words_are_json_safe():
    found = words(TEXT)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Words) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# stem\na\n# stem\nb", "q.en.md:3: section 'stem' appears twice"),
        ("hello\n# stem\na", "q.en.md:1: text before the first heading"),
        ('+++\ntitle = "x"\n+++\nhello', "q.en.md:4: text before the first heading"),
        ("# two words\na", "q.en.md:1: heading 'two words' is not a name"),
        ("# a\n# b\ntext", "q.en.md:1: section 'a' is empty"),
        ("# a\ntext\n```python\nx = 1", "q.en.md:3: code fence ``` is never closed"),
        ("+++\ntitle = 1", "q.en.md:1: front matter that begins with +++ must end"),
        ("+++\na = 1\ntitle = x\n+++\n# a\nb", "q.en.md:3: front matter: Invalid value"),
        ("+++\nday = 2024-01-01\n+++\n# a\nb", "q.en.md: front matter: 'day' is a date"),
        ("+++\nlist = [1]\n+++\n# a\nb", "q.en.md: front matter: 'list' is a list"),
    ],
)
def test_errors_name_file_and_line(text, message):
    with pytest.raises(WordsError) as caught:
        words(text)
    assert str(caught.value).startswith(message)


def test_read_words_takes_the_language_from_the_name(tmp_path):
    path = tmp_path / "max_map.zh.md"
    path.write_bytes("\ufeff# stem\r\n求最大值\r\n".encode())
    found = read_words(path)
    assert (found.language, found.file, found.sections) == ("zh", "max_map.zh.md", {"stem": "求最大值"})


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    path = tmp_path / "max_map.zh.md"
    path.write_bytes("# stem\n求".encode("gb2312"))
    with pytest.raises(WordsError, match=r"max_map\.zh\.md: is not UTF-8"):
        read_words(path)


@pytest.mark.parametrize(("name", "language"), [("max_map.en.md", "en"), ("q.zh.md", "zh"), ("q.pt-BR.md", "pt-BR")])
def test_language_of(name, language):
    assert language_of(Path(name)) == language


@pytest.mark.parametrize("name", ["max_map.md", "max.map.en.md", "max_map.en.txt", "max_map.EN.md"])
def test_language_of_refuses_other_names(name):
    with pytest.raises(WordsError, match="a words file is called"):
        language_of(Path(name))
