"""Exports against schemas: W3C's own for what is W3C's, and for the rest our reading of each specification.

The schemas of IMS (QTI, content packaging) come with no package that can be installed, and Moodle has none. What
`schemas/*.rnc` says was therefore written from the specifications, for the elements that are exported only.
"""

import html
import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from quizgen.bank import installed
from quizgen.formats.svg import svg
from quizgen.model import Ask, Kind
from tests.quizgen.formats.goldens import golden_text

SCHEMAS = Path(__file__).parents[1] / "schemas"
W3C = Path("/usr/share/xml/w3c-sgml-lib/schema/dtd")
MATHML = {"qti21": "XX-MathML2-20031104/mathml2.dtd", "qti30": "REC-MathML3-20101021/mathml3.dtd"}
ASK = {"qti21": Ask.STEPS, "qti30": Ask.FINAL, "canvas": Ask.STEPS}
MATH = "{http://www.w3.org/1998/Math/MathML}math"

needs_w3c = pytest.mark.skipif(not W3C.exists(), reason="W3C's DTDs are not installed (apt install w3c-sgml-lib)")


@cache
def ours(name):
    return etree.RelaxNG.from_rnc_string((SCHEMAS / f"{name}.rnc").read_text(encoding="utf-8"))


@cache
def theirs(path):
    return etree.DTD(str(W3C / path))


def faults(schema, tree):
    return [] if schema.validate(tree) else [(e.line, e.message) for e in schema.error_log][:3]


def documents(exported, form):
    files = exported(form, ASK[form]).files()
    return {name: etree.fromstring(content) for name, content in files.items() if name.endswith(".xml")}


@pytest.mark.parametrize(("form", "schema"), [("qti21", "qti21"), ("qti30", "qti30"), ("canvas", "qti12")])
def test_packages_follow_the_specification(form, schema, exported):
    read = documents(exported, form)
    found = {n: faults(ours("manifest" if n == "imsmanifest.xml" else schema), tree) for n, tree in read.items()}
    assert {n: told for n, told in found.items() if told} == {}
    assert len(read) > 2


@pytest.mark.parametrize("ask", list(Ask))
def test_moodle_follows_its_documentation(ask, exported):
    assert faults(ours("moodle"), etree.parse(exported("moodle", ask).path)) == []


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("qti21", 'cardinality="single"', ""),
        ("qti21", "<itemBody>", "<itemBody>loose"),
        ("qti30", "qti-simple-choice", "simpleChoice"),
        ("qti30", 'identifier="', 'identifier="1 '),
        ("canvas", "<mattext", "<p/><mattext"),
        ("moodle", 'fraction="100"', 'fraction="101"'),
    ],
)
def test_the_schemas_refuse_what_is_wrong(form, old, new):
    schema = ours({"canvas": "qti12"}.get(form, form))
    texts = [t.partition("\n")[2] for t in re.split("(?m)^==== ", golden_text(f"{form}.txt")) if old in t]
    broken = [etree.fromstring(t.replace(old, new).encode()) for t in texts if "<manifest" not in t and "<svg" not in t]
    assert broken
    assert not any(schema.validate(tree) for tree in broken)


@needs_w3c
@pytest.mark.parametrize("form", sorted(MATHML))
def test_formulas_are_valid_mathml(form, exported):
    found = {etree.tostring(m, with_tail=False): m for d in documents(exported, form).values() for m in d.iter(MATH)}
    assert len(found) > 300
    for math in found.values():
        assert faults(theirs(MATHML[form]), plain(math)) == [], math.get("alttext")


def plain(element):
    """Return a copy whose names have no namespace, as DTDs know none."""
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    for one in copy.iter():
        one.tag = etree.QName(one).localname
    etree.cleanup_namespaces(copy)
    return copy


@needs_w3c
@pytest.mark.parametrize("form", ["moodle", "canvas"])
def test_texts_are_valid_xhtml(form, exported):
    texts = moodle_texts(exported) if form == "moodle" else canvas_texts(exported)
    assert len(texts) > 200
    # Canvas's own attribute of a formula's picture is HTML5's, which came after XHTML.
    body = re.sub(r' data-equation-content="[^"]*"', "", "\n".join(f"<div>{text}</div>" for text in sorted(texts)))
    page = f"<html><head><title>t</title></head><body>{body}</body></html>"
    assert faults(theirs("REC-xhtml1-20020801/xhtml1-strict.dtd"), etree.fromstring(page)) == []


def moodle_texts(exported):
    tree = etree.parse(exported("moodle").path)
    return {t.text for t in tree.iterfind(".//*[@format='html']/text") if t.text}


def canvas_texts(exported):
    quizzes = [tree for name, tree in documents(exported, "canvas").items() if name.startswith("quiz-")]
    return {t.text for tree in quizzes for t in tree.iterfind(".//{*}mattext[@texttype='text/html']")}


@needs_w3c
def test_pictures_are_valid_svg():
    for question in installed():
        if question.kind is not Kind.CODE and question.template.has_picture:
            drawing = svg(question.draw(0)[0].picture, html.escape("words"))
            # What tells screen readers and how labels get their halo came after SVG 1.1.
            old = re.sub(r' (role|aria-label|paint-order)="[^"]*"', "", drawing)
            assert faults(theirs("REC-SVG11-20110816/svg11.dtd"), plain(etree.fromstring(old))) == [], question.id
