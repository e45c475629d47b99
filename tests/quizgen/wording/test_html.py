import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from quizgen.wording import WordsError, inline_html, parse, to_html

OURS = {
    "p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "a", "br", "hr",
    "div", "table", "thead", "tbody", "tr", "th", "td", "math",
}  # fmt: skip


def test_paragraphs_and_one_paragraph_in_a_line():
    assert to_html(parse("a\n\nb")) == "<p>a</p>\n<p>b</p>"
    assert inline_html(parse("a **b** *c*")) == "a <strong>b</strong> <em>c</em>"
    assert inline_html(parse("a\n\nb")) == "<p>a</p>\n<p>b</p>"


def test_formulas_stand_in_place():
    found = to_html(parse("so $x<y$.\n\n$$\nz\n$$"))
    assert found.startswith('<p>so <math alttext="x&lt;y"><mi>x</mi><mo>&lt;</mo><mi>y</mi></math>.</p>')
    assert '<div class="formula"><math alttext="z" display="block">' in found


@pytest.mark.parametrize(("source", "level"), [("# a", 3), ("## a", 4), ("#### a", 6), ("###### a", 6)])
def test_headings_rank_below_the_paper(source, level):
    assert to_html(parse(source)) == f"<h{level}>a</h{level}>"


def test_headings_shift_as_asked():
    assert to_html(parse("# a"), shift=0) == "<h1>a</h1>"


def test_tables_have_column_headings_and_alignment():
    found = html.fromstring(to_html(parse("| a | b |\n|:--|--:|\n| 1 | 2 |")))
    assert [th.get("scope") for th in found.iter("th")] == ["col", "col"]
    assert [td.get("style") for td in found.iter("td")] == ["text-align:left", "text-align:right"]


def test_lists_code_and_breaks():
    assert to_html(parse("- a\n- b")) == "<ul>\n<li>a\n</li>\n<li>b\n</li>\n</ul>"
    assert to_html(parse("3. a\n4. b")).startswith('<ol start="3">')
    assert to_html(parse("> a")) == "<blockquote>\n<p>a</p>\n</blockquote>"
    assert to_html(parse("```python\nx < 1\n```")) == '<pre><code class="language-python">x &lt; 1\n</code></pre>'
    assert to_html(parse("a  \nb")) == "<p>a<br>\nb</p>"
    assert to_html(parse("[a](https://example.org/?x=1&y=2)")) == (
        '<p><a href="https://example.org/?x=1&amp;y=2">a</a></p>'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "`<b>`",
        "```<b>\n<b>\n```",
        r"$\text{<script>alert(1)</script>}$",
        "[x](javascript:alert(1))",
        '[x](https://a.example/"><script>)',
        "| <b> |\n|---|\n| <i> |",
        "<!-- a -->",
    ],
)
def test_nothing_of_the_text_is_markup(source):
    found = html.fromstring(f"<div>{to_html(parse(source))}</div>")
    outside = {e.tag for e in found.iter() if not any(a.tag == "math" for a in e.iterancestors())}
    assert outside <= OURS
    assert not any("javascript" in (a.get("href") or "") for a in found.iter("a"))


@given(st.text(alphabet=st.sampled_from("<>&\"'ab /=!-;#x1中\n`*_[]()|\\$~^{}"), max_size=60))
def test_no_text_survives_as_a_tag(source):
    try:
        found = to_html(parse(source))
    except WordsError:
        return
    assert set(re.findall(r"</?([^\s>]*)", re.sub(r"<math.*?</math>", "", found, flags=re.DOTALL))) <= OURS


@given(st.text(alphabet=st.sampled_from("<>&\"'ab 中"), max_size=40))
def test_text_reads_back_as_it_was(source):
    fragment = etree.fromstring(f"<p>{inline_html(parse(f'x{source}x'))}</p>", parser=None)
    assert "".join(fragment.itertext()) == f"x{source}x"
