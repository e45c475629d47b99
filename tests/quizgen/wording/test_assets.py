import base64
import re

import pytest

from quizgen.wording.assets import math_font, math_font_css, sheet_css

CLASSES = (
    "sheet", "sheet-header", "item", "item-head", "points", "answer-box", "answer-grid", "options", "solution",
    "verdict-correct", "verdict-partial", "verdict-incorrect", "verdict-blank", "verdict-unreadable", "verdict-error",
    "cell-right", "cell-wrong", "bar",
)  # fmt: skip


def test_the_font_travels_inside_its_rules():
    data = re.search(r"base64,([A-Za-z0-9+/=]+)\"", math_font_css())
    assert base64.b64decode(data[1]) == math_font()
    assert math_font()[:4] == b"wOF2"


def test_nothing_is_fetched():
    urls = re.findall(r"url\(.{6}", math_font_css() + sheet_css())
    assert urls == ['url("data:']
    assert "@import" not in sheet_css()


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_has_rules_and_is_explained(name):
    head, _, rules = sheet_css().partition("*/")
    assert f".{name}" in head
    assert f".{name}" in rules


@pytest.mark.parametrize("status", ["correct", "partial", "incorrect", "blank", "unreadable", "error"])
def test_verdicts_have_a_sign_besides_their_color(status):
    assert re.search(rf"\.verdict-{status}::before {{ content: \"[^\"]+\"", sheet_css())


def test_braces_are_balanced():
    rules = re.sub(r"/\*.*?\*/", "", sheet_css(), flags=re.DOTALL)
    assert rules.count("{") == rules.count("}")
