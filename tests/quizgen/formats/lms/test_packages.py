"""Packages as importers need them: manifests that name every file, the same bytes, bodies the schemas allow."""

import re
import zipfile

import pytest
from lxml import etree

from quizgen.formats.export import Options
from quizgen.formats.lms import canvas, qti
from quizgen.model import Ask

QTI = {"qti21": "http://www.imsglobal.org/xsd/imsqti_v2p1", "qti30": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"}
ASK = {"qti21": Ask.STEPS, "qti30": Ask.FINAL, "canvas": Ask.STEPS}
MATHML = "{http://www.w3.org/1998/Math/MathML}"
INLINE = {"strong", "em", "code", "br", "a", "img", "math", "textEntryInteraction", "qti-text-entry-interaction"}
BLOCKS = {"p", "div", "ul", "ol", "table", "pre", "blockquote", "h3", "h4", "h5", "h6", "hr"}
MATHML_2 = {
    "mtable": {"displaystyle", "frame", "rowlines", "columnlines", "columnalign"},
    "mtd": set(),
    "mfrac": set(),
    "mo": {"form", "lspace", "rspace", "stretchy", "minsize", "maxsize", "class", "fence", "separator"},
    "math": {"display", "alttext"},
    "mspace": {"width"},
}


@pytest.mark.parametrize("form", sorted(ASK))
def test_the_manifest_names_every_file_once(form, exported):
    files = exported(form, ASK[form]).files()
    manifest = etree.fromstring(files["imsmanifest.xml"])
    named = [e.get("href") for e in manifest.iterfind(".//{*}file")]
    assert sorted(named) == sorted(set(files) - {"imsmanifest.xml"})
    resources = [e.get("identifier") for e in manifest.iterfind(".//{*}resource")]
    assert len(set(resources)) == len(resources)
    needed = {e.get("identifierref") for e in manifest.iterfind(".//{*}dependency")}
    assert needed <= set(resources)
    assert needed


@pytest.mark.parametrize("form", sorted(ASK))
def test_packages_repeat_byte_for_byte(form, exams, exported, tmp_path):
    write = {"qti21": qti.write_21, "qti30": qti.write_30, "canvas": canvas.write}[form]
    write(exams[ASK[form]], tmp_path / "again.zip", Options())
    assert (tmp_path / "again.zip").read_bytes() == exported(form, ASK[form]).path.read_bytes()
    with zipfile.ZipFile(tmp_path / "again.zip") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def local(element):
    return etree.QName(element).localname


def items(exported, form):
    files = exported(form, ASK[form]).files()
    return {
        name: etree.fromstring(content)
        for name, content in files.items()
        if name.startswith("items/") and name.endswith(".xml")
    }


@pytest.mark.parametrize("form", sorted(QTI))
def test_items_hold_what_the_schema_wants_in_its_order(form, exported):
    order = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"]
    spelled = [f"qti-{re.sub('(?=[A-Z])', '-', n).lower()}" for n in order] if form == "qti30" else order
    for item in items(exported, form).values():
        assert etree.QName(item).namespace == QTI[form]
        places = [spelled.index(local(child)) for child in item]
        assert places == sorted(places)
        declared = [c.get("identifier") for c in item if "declaration" in local(c).lower()]
        assert len(set(declared)) == len(declared)
        shown = {
            e.get("responseIdentifier") or e.get("response-identifier")
            for e in item.iter()
            if "Interaction" in local(e) or "-interaction" in local(e)
        }
        responses = {c.get("identifier") for c in item if "esponse" in local(c) and "eclaration" in local(c)}
        assert shown == responses


@pytest.mark.parametrize("form", sorted(QTI))
def test_identifiers_are_names(form, exported):
    for item in items(exported, form).values():
        for element in item.iter():
            for attribute in ("identifier", "responseIdentifier", "response-identifier"):
                if element.get(attribute) is not None:
                    assert re.fullmatch(r"[A-Za-z_][\w.-]*", element.get(attribute))


@pytest.mark.parametrize("form", sorted(QTI))
def test_bodies_hold_blocks_and_lines_only_inside_them(form, exported):
    for name, item in items(exported, form).items():
        body = next(c for c in item if local(c) in {"itemBody", "qti-item-body"})
        assert not (body.text or "").strip()
        for child in body:
            assert local(child) in BLOCKS or "nteraction" in local(child), (name, local(child))
            assert not (child.tail or "").strip()
        for paragraph in body.iter("{*}p"):
            assert {local(c) for c in paragraph} <= INLINE, name
        assert not [e for e in body.iter() if e.get("style")]


@pytest.mark.parametrize("form", sorted(QTI))
def test_mathml_is_what_version_2_allows(form, exported):
    seen = 0
    for item in items(exported, form).values():
        for element in item.iter(f"{MATHML}*"):
            seen += 1
            assert "scriptlevel" not in element.attrib
            assert local(element) != "mtext" or not len(element)
            assert local(element) != "mspace" or element.attrib
            if local(element) in MATHML_2:
                assert set(element.attrib) <= MATHML_2[local(element)], local(element)
            if local(element) == "math":
                assert element.get("alttext")
    assert seen > 1000


def test_both_versions_are_one_tree(exams, tmp_path):
    """What differs between 2.1 and 3.0 are names, never contents."""
    texts = []
    for write, name in ((qti.write_21, "a.zip"), (qti.write_30, "b.zip")):
        write(exams[Ask.FINAL], tmp_path / name, Options())
        with zipfile.ZipFile(tmp_path / name) as archive:
            read = {
                n: etree.fromstring(archive.read(n))
                for n in archive.namelist()
                if n.startswith("items/") and n.endswith(".xml")
            }
            texts.append({n: "".join(item.itertext()) for n, item in read.items()})
    assert texts[0] == texts[1]


def test_tests_refer_to_the_items_of_a_paper_with_their_points(exams, exported):
    files = exported("qti21", Ask.STEPS).files()
    for paper in exams[Ask.STEPS].papers:
        test = etree.fromstring(files[f"tests/paper-{paper.code}.xml"])
        references = test.findall(".//{*}assessmentItemRef")
        assert len(references) == len(paper.items)
        assert all(r.get("href").removeprefix("../") in files for r in references)
        assert [float(r[0].get("value")) for r in references] == [i.points for i in paper.items]


def test_canvas_formulas_are_pictures_with_their_latex_as_text(exported):
    files = exported("canvas", Ask.STEPS).files()
    quizzes = [etree.fromstring(c) for n, c in files.items() if n.startswith("quiz-") and not n.endswith("meta.xml")]
    texts = [t.text for quiz in quizzes for t in quiz.iterfind(".//{*}mattext[@texttype='text/html']")]
    pictures = [p for text in texts for p in etree.fromstring(f"<div>{text}</div>").iter("img")]
    pictures = [p for p in pictures if p.get("class") == "equation_image"]
    assert len(pictures) > 500
    assert all(p.get("alt") == f"LaTeX: {p.get('data-equation-content')}" for p in pictures)
    assert all(p.get("src").startswith("/equation_images/") for p in pictures)


def test_canvas_identifiers_are_unique_within_a_quiz(exported):
    for name, content in exported("canvas", Ask.STEPS).files().items():
        if "/" in name and not name.endswith("meta.xml"):
            idents = [i.get("ident") for i in etree.fromstring(content).iterfind(".//{*}item")]
            assert len(set(idents)) == len(idents)
