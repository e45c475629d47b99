import pytest

from quizgen.wording import WordsError, inline_html, parse, to_html


def text(source: str) -> str:
    return inline_html(parse(source))


def test_formulas_in_order_with_their_kind():
    source = "a $x$ and $$y$$ in a line\n\n$$\nz\n$$\n\n| a |\n|---|\n| $t$ |\n"
    assert list(parse(source).formulas()) == [("x", False), ("y", True), ("z", True), ("t", False)]


def test_the_tree_has_formulas_as_nodes():
    kinds = {node.type for node in parse("- $x$\n\n$$\ny\n$$").tree.walk()}
    assert {"bullet_list", "math_inline", "math_block"} <= kinds


def test_documents_are_equal_by_source_and_kept():
    assert parse("a $x$") is parse("a $x$")


def test_dollars_that_are_money_stay():
    found = text("cost $5, and $x$")
    assert found.startswith("cost $5, and <math")
    assert text(r"from \$5 to \$7") == "from $5 to $7"
    assert text("from $5 to $7") == "from $5 to $7"


def test_formulas_touch_digits_and_chinese():
    assert [f for f, _ in parse("共3$z$个，中$z$文").formulas()] == ["z", "z"]


def test_dollars_in_code_are_code():
    assert text("`$x$`") == "<code>$x$</code>"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("训练阶段\n使用均值", "训练阶段使用均值"),
        ("训练阶段，\n“使用”", "训练阶段，“使用”"),
        ("**训练阶段**\n使用", "<strong>训练阶段</strong>使用"),
        ("训练阶段\n**使用**", "训练阶段<strong>使用</strong>"),
        ("训练阶段\nReLU", "训练阶段\nReLU"),
        ("one\ntwo", "one\ntwo"),
        ("训练\n`使用`", "训练<code>使用</code>"),
    ],
)
def test_line_ends_between_chinese_characters_join(source, wanted):
    assert text(source) == wanted


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("**注意：**结果", "line 1: ** is left in '**注意：**结果'"),
        ("first\nline\n\n2**3", "line 4: ** is left"),
        ("one\ntwo **", "line 2: ** is left"),
        ("one\ntwo $ x $", r"line 2: $ x $ is no formula"),
        ("the loss $L $", r"line 1: $L $ is no formula"),
        (r"the rate \eta", r"line 1: \e... stands outside a formula"),
        ("![a](b.png)", "line 1: pictures"),
        ("| a | b |\n|---|---|\n| $|x|$ | 1 |", "line 3: | inside $|x|$"),
        ("| a | b |\n|---|---|\n| $\\|x\\|$ | 1 |", r"line 3: | inside $\|x\|$"),
        ("| $P(a|b)$ | b |\n|---|---|\n| c | d |", "line 2: the row above has another number of cells"),
    ],
)
def test_what_would_print_as_something_else_is_refused(source, message):
    with pytest.raises(WordsError) as caught:
        parse(source)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("source", [r"2\*\*3", "`2**3`", "```\n2**3 \\eta $ x $\n```", r"\$ x \$", "**注意**：结果"])
def test_what_is_escaped_or_code_is_kept(source):
    assert to_html(parse(source))


def test_bars_outside_the_formulas_of_a_table_are_cells():
    found = to_html(parse("| $x$ | $y$ | $5 | $6 |\n|---|---|---|---|\n| $\\lvert x\\rvert$ | 2 | 3 | 4 |"))
    assert found.count("<th ") == 4
    assert found.count("<td>") == 4


def test_indented_text_is_not_code_and_a_rule_below_text_no_heading():
    assert to_html(parse("text\n\n    indented")) == "<p>text</p>\n<p>indented</p>"
    assert "<h" not in to_html(parse("text\n\n---")).replace("<hr>", "")


def test_no_line_is_taken_for_a_link_reference():
    assert text("[a]: b\n[a]") == "[a]: b\n[a]"
