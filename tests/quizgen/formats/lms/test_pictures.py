"""Pictures arrive: exports carry the file, show it once, say it in the paper's language, and Chromium draws it."""

import html
import json
import re
from base64 import b64decode, b64encode

import pytest
from lxml import etree

from quizgen.formats import prairielearn
from quizgen.formats.export import Options
from quizgen.model import Ask
from quizgen.solution import picture_text
from tests.browsers import needs_chromium

FORMS = ("moodle", "qti21", "qti30", "canvas", "prairielearn")
PICTURED = (
    "activations/read-the-plot",
    "backprop/neuron-forward",
    "normalization/which-axes",
    "pooling/background-or-texture",
)
FILES = "$IMS-CC-FILEBASE$/"


@pytest.fixture(scope="module")
def shown(exported, exams, tmp_path_factory):
    """Return, by form, question and language: what is shown as XHTML, and pictures by the name asked for."""
    out = tmp_path_factory.mktemp("pictures") / "course"
    prairielearn.export(exams[Ask.STEPS], out, Options())
    found = {
        "moodle": of_moodle(exported),
        "canvas": of_canvas(exported),
        "prairielearn": of_prairielearn(exported, out),
    }
    return found | {form: of_qti(exported, form) for form in ("qti21", "qti30")}


def by_question(exported, form, get):
    items = exported(form).items
    return {(i["question"], i["language"]): get(i["id"]) for i in items if i["question"] in PICTURED}


def of_moodle(exported):
    questions = etree.parse(exported("moodle").path).getroot()

    def get(ident):
        (text,) = questions.xpath(f"question[idnumber='{ident}']/questiontext")
        files = {f"@@PLUGINFILE@@{f.get('path')}{f.get('name')}": b64decode(f.text) for f in text.findall("file")}
        return text.findtext("text"), files

    return by_question(exported, "moodle", get)


def of_qti(exported, form):
    files = exported(form).files()

    def get(ident):
        item = etree.fromstring(files[f"items/{ident}.xml"])
        (body,) = item.xpath("//*[local-name()='itemBody' or local-name()='qti-item-body']")
        listed = {n.removeprefix("items/"): c for n, c in files.items() if n.endswith(".svg")}
        return etree.tostring(body, encoding="unicode", with_tail=False), listed

    return by_question(exported, form, get)


def of_canvas(exported):
    files = exported("canvas").files()
    quizzes = [etree.fromstring(c) for n, c in files.items() if n.startswith("quiz-") and not n.endswith("meta.xml")]
    listed = {n.replace("web_resources/", FILES): c for n, c in files.items() if n.startswith("web_resources/")}

    def get(ident):
        (item,) = [i for q in quizzes for i in q.iterfind(".//{*}item") if i.get("ident") in {ident, f"{ident}-text"}]
        return item.findtext("{*}presentation/{*}material/{*}mattext"), listed

    return by_question(exported, "canvas", get)


def of_prairielearn(exported, out):
    def get(ident):
        (path,) = [p for p in out.rglob("variants.json") if f'"{ident}"' in p.read_text(encoding="utf-8")]
        (variant,) = [v for v in json.loads(path.read_text(encoding="utf-8")) if v["id"] == ident]
        # What PrairieLearn's own element makes of itself: an image from the question's folder of files.
        stem = re.sub(
            r'<pl-figure file-name="(.*?)" (alt=".*?")></pl-figure>', r'<img src="\1" \2/>', variant["params"]["stem"]
        )
        return stem, {p.name: p.read_bytes() for p in (path.parent / "clientFilesQuestion").iterdir()}

    return by_question(exported, "moodle", get)


def images(stem):
    found = etree.fromstring(f"<div>{stem}</div>").iterfind(".//{*}img")
    return [i for i in found if i.get("class") != "equation_image"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("question", PICTURED)
@pytest.mark.parametrize("form", FORMS)
def test_a_picture_is_carried_once_and_said_in_the_papers_language(form, question, language, shown, entry, exams):
    stem, files = shown[form][question, language]
    (found,) = images(stem)
    item, _ = entry(question, language)
    said = picture_text(item.variant, exams[Ask.STEPS].questions[question].words[language])
    assert found.get("alt") == said
    drawing = etree.fromstring(files[found.get("src")])
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawing.get("aria-label") == said
    assert said not in etree.fromstring(f"<div>{stem}</div>").xpath("string()")


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_told_to_be_lost_of_a_picture(form, exported):
    if form != "prairielearn":
        assert not [s for s in exported(form).lost if "picture" in s]


def test_a_question_without_a_picture_has_none(exported):
    moodle = etree.parse(exported("moodle").path)
    assert len(moodle.findall(".//file")) == len(PICTURED) * 2
    for form in ("qti21", "qti30", "canvas"):
        assert len([n for n in exported(form).files() if n.endswith(".svg")]) == len(PICTURED) * 2


def test_the_manifest_lists_pictures_with_what_shows_them(exported):
    manifest = etree.fromstring(exported("qti30").files()["imsmanifest.xml"])
    drawn = [f for f in manifest.iterfind(".//{*}file") if f.get("href").endswith(".svg")]
    assert len(drawn) == len(PICTURED) * 2
    assert all(f.getparent().get("href") == f.get("href").replace(".svg", ".xml") for f in drawn)
    canvas = etree.fromstring(exported("canvas").files()["imsmanifest.xml"])
    listed = canvas.findall(".//{*}resource[@type='webcontent']")
    assert len(listed) == len(PICTURED) * 2
    assert all(r.get("href") == r[0].get("href") for r in listed)


@needs_chromium
def test_chromium_draws_every_picture(browser, shown):
    with browser.new_page() as page:
        for form, found in shown.items():
            page.set_content("<!DOCTYPE html>" + "".join(served(*one) for one in found.values()))
            loaded = """async () => {
                const found = [...document.querySelectorAll('img:not(.equation_image)')];
                await Promise.all(found.map((e) => e.decode()));
                return found.map((e) => Math.min(e.naturalWidth, e.getBoundingClientRect().width));
            }"""
            assert [width > 50 for width in page.evaluate(loaded)] == [True] * len(PICTURED) * 2, form


def served(stem, files):
    """Put a stem's pictures where its page would get them from a server."""
    for name, content in files.items():
        data = f"data:image/svg+xml;base64,{b64encode(content).decode('ascii')}"
        stem = stem.replace(f'src="{html.escape(name)}"', f'src="{data}"')
    return stem
