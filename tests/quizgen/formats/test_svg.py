"""Pictures as SVG: well-formed, the same every time, saying in words what they show."""

import re

import msgspec
import pytest
from lxml import etree

from quizgen.bank import installed
from quizgen.formats.svg import svg
from quizgen.model import Kind, Variant
from quizgen.pictures import Box, Boxes, Curve, Curves, Edge, Graph, Map, Maps, Node
from quizgen.solution import picture_text

SPACE = "{http://www.w3.org/2000/svg}"
CURVES = Curves(curves=(Curve(name="A<", strokes=(((-2, -1), (0, 0)), ((0, 1), (2, 3)))), Curve(name="B", strokes=())))
MAPS = Maps(maps=(Map(name="x", cells=((0, 5), (-10, 2.5))), Map(name="y", cells=((5,),))))
BOXES = Boxes(boxes=(Box(name="1", shaded=((True, False, False),)),), down="n = ", across="c = ", focus=(0, 2))
GRAPH = Graph(
    nodes=(Node(label="x", column=0, row=0), Node(label="Σ", column=1, row=0, round=True)),
    edges=(Edge(start=0, end=1, label="w = −2"),),
)
PICTURED = [q.id for q in installed() if q.kind is not Kind.CODE and q.template.has_picture]


def drawn(picture, alt="words"):
    return etree.fromstring(svg(picture, alt))


def texts(root):
    return ["".join(t.itertext()) for t in root.iter(f"{SPACE}text")]


@pytest.mark.parametrize("picture", [CURVES, MAPS, BOXES, GRAPH], ids=lambda p: type(p).__name__)
def test_pictures_are_static_and_say_what_they_show(picture):
    root = drawn(picture, alt='a "quoted" <word>')
    assert (root.get("role"), root.get("aria-label")) == ("img", 'a "quoted" <word>')
    assert {e.tag.removeprefix(SPACE) for e in root.iter()} <= {
        "svg", "text", "line", "polyline", "polygon", "rect", "circle",
    }  # fmt: skip
    assert not root.xpath("//@id | //@href | //@style")
    assert svg(picture, "words") == svg(picture, "words")


def test_curves_differ_by_their_dashes_and_rise_to_the_right():
    root = drawn(CURVES)
    lines = root.findall(f"{SPACE}polyline")
    first, second = [[tuple(map(float, p.split(","))) for p in s.get("points").split()] for s in lines[:2]]
    assert first[0][0] < first[1][0] < second[1][0]
    assert first[0][1] > first[1][1] > second[0][1] > second[1][1]
    legend = lines[2:]
    assert len({s.get("stroke-dasharray") for s in legend}) == 2
    assert {"A<", "B", "−2", "3"} <= set(texts(root))


def test_maps_are_shaded_on_one_scale_with_their_numbers():
    root = drawn(MAPS)
    assert texts(root) == ["x", "0", "5", "−10", "2.5", "y", "5"]
    grays = [int(r.get("fill")[1:3], 16) for r in root.findall(f"{SPACE}rect")]
    zero, five, least, between, alone = grays
    assert least == 255 > zero > between > five == alone > 100


def test_boxes_name_their_axes_and_outline_one_cell():
    root = drawn(BOXES)
    assert texts(root) == ["1", "c = 0", "c = 1", "c = 2", "n = 0"]
    cells = root.findall(f"{SPACE}rect")
    assert [c.get("fill") for c in cells] == ["#a9a9a9", "#fff", "#fff", "none"]
    assert (cells[3].get("x"), cells[3].get("y")) == (cells[2].get("x"), cells[2].get("y"))


def test_a_graph_has_an_arrow_between_its_nodes():
    root = drawn(GRAPH)
    line, circle = root.find(f"{SPACE}line"), root.find(f"{SPACE}circle")
    gap = float(circle.get("cx")) - float(line.get("x2"))
    assert gap == pytest.approx(float(circle.get("r")), abs=0.1)
    assert "w = −2" in texts(root)


def test_the_bank_has_pictures_of_every_sort():
    kinds = {type(installed().question(i).draw(0)[0].picture) for i in PICTURED}
    assert kinds == {Curves, Maps, Boxes, Graph}


@pytest.mark.parametrize("question_id", PICTURED)
@pytest.mark.parametrize("seed", range(8))
def test_every_picture_of_the_bank_fits_its_frame_and_is_frozen_whole(question_id, seed):
    question = installed().question(question_id)
    variant, _ = question.draw(seed)
    assert msgspec.json.decode(msgspec.json.encode(variant), type=Variant) == variant
    for language in question.languages:
        words = picture_text(variant, question.words[language].sections)
        root = drawn(variant.picture, alt=words)
        assert root.get("aria-label") == words
        width, height = float(root.get("width")), float(root.get("height"))
        for e in root.iter():
            assert all(0 <= float(e.get(k, 0)) <= width for k in ("x", "x1", "x2", "cx"))
            assert all(0 <= float(e.get(k, 0)) <= height for k in ("y", "y1", "y2", "cy"))


SAID = (
    r"channel (?P<c>\d) of every sample",
    r"every channel of sample (?P<n>\d)",
    r"only channel (?P<c>\d) of sample (?P<n>\d)",
    r"the channels (?P<first>\d) to (?P<last>\d) of sample (?P<n>\d)",
    r"every cell",
)


def is_said(sentence, row, column):
    """Say whether a sentence names the map of this sample and channel."""
    (found,) = [m for pattern in SAID if (m := re.fullmatch(pattern, sentence))]
    named = {name: int(value) for name, value in found.groupdict().items()}
    first, last = named.get("first", named.get("c", 0)), named.get("last", named.get("c", column))
    return row == named.get("n", row) and first <= column <= last


def test_what_is_drawn_and_what_is_said_agree():
    question = installed().question("normalization/which-axes")
    for seed in range(10):
        variant, _ = question.draw(seed)
        sentences = re.findall(r"Box \d shades (.*?)\.", picture_text(variant, question.words["en"].sections))
        for box, sentence in zip(variant.picture.boxes, sentences, strict=True):
            rows, columns = len(box.shaded), len(box.shaded[0])
            said = tuple(tuple(is_said(sentence, r, c) for c in range(columns)) for r in range(rows))
            assert said == box.shaded
