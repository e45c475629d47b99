"""Canvas packages beside those of text2qti, which Canvas is known to take: the same questions, the same structure."""

import zipfile

import msgspec
import pytest
from lxml import etree
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from quizgen.exam_file import read_exam
from quizgen.formats.export import Options
from quizgen.formats.lms import canvas
from tests.quizgen.formats.goldens import FOLDER
from tests.quizgen.formats.lms.canvas_rules import field, questions

KINDS = {
    "numerical_question",
    "multiple_choice_question",
    "multiple_answers_question",
    "essay_question",
    "text_only_question",
}
"""What text2qti can write; it has no matching."""
THEIRS = {"original_answer_ids", "assessment_question_identifierref", "points_possible"}
"""What Canvas makes up itself where it is missing; and points, which text2qti takes by halves only."""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Return, ours first, the files of both packages; text2qti's is written from what ours asks."""
    folder = tmp_path_factory.mktemp("canvas")
    exam = read_exam(FOLDER)
    canvas.write(msgspec.structs.replace(exam, papers=exam.papers[:1]), folder / "ours.zip", Options())
    ours = members(folder / "ours.zip")
    source = "\n\n".join(["Quiz title: Q", *(written(item) for item in shared(ours))])
    quiz = Quiz(source, config=Config())
    QTI(quiz).save(folder / "theirs.zip")
    return ours, members(folder / "theirs.zip")


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def items(files):
    (quiz,) = [c for n, c in files.items() if n.endswith(".xml") and "meta" not in n and "manifest" not in n]
    return questions(quiz)


def shared(files):
    return [item for item in items(files) if field(item, "question_type") in KINDS]


def right(item):
    """Return the idents of options that must be chosen."""
    refused = {e.text for e in item.iterfind(".//{*}not/{*}varequal")}
    return [e.text for e in item.iterfind(".//{*}varequal") if e.text not in refused]


def written(item):
    """Write one question as text2qti's users do."""
    kind, words = field(item, "question_type"), item.get("ident")
    if kind == "text_only_question":
        return f"Text title: T\nText: {words}"
    head = f"Title: T\n1. {words}"
    labels = [label.get("ident") for label in item.iterfind(".//{*}render_choice/{*}response_label")]
    match kind:
        case "numerical_question":
            value, low, high = (float(item.findtext(f".//{{*}}{n}")) for n in ("varequal", "vargte", "varlte"))
            return f"{head}\n=   {value:.9f} +- {(high - low) / 2:.9f}"
        case "multiple_choice_question":
            options = [
                f"{'*' if one in right(item) else ''}{letter}) {one}"
                for letter, one in zip("abcdefgh", labels, strict=False)
            ]
            return "\n".join([head, *options])
        case "multiple_answers_question":
            return "\n".join([head, *(f"[{'*' if one in right(item) else ' '}] {one}" for one in labels)])
    return f"{head}\n____"


def shape(element, names):
    """Return an element as nested tuples: its name, its attributes and what it holds; idents by what they stand for."""
    values = {k: names.get(v, v) for k, v in element.attrib.items() if k != "title"}
    if etree.QName(element).localname in {"item", "resource", "manifest", "assessment"}:
        values.pop("ident", None)
    return etree.QName(element).localname, tuple(sorted(values.items())), tuple(shape(e, names) for e in element)


def normal(item):
    """Return a question's shape without what only text2qti states, options named by their place."""
    labels = item.findall(".//{*}render_choice/{*}response_label")
    names = {label.get("ident"): f"option {at}" for at, label in enumerate(labels)}
    item = etree.fromstring(etree.tostring(item))
    for entry in item.findall(".//{*}qtimetadatafield"):
        if entry.findtext("{*}fieldlabel") in THEIRS:
            entry.getparent().remove(entry)
    return shape(item, names)


def test_every_question_has_the_shape_that_text2qti_gives_it(packages):
    ours, theirs = (shared(files) for files in packages)
    assert {field(i, "question_type") for i in ours} == KINDS
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert field(mine, "question_type") == field(other, "question_type")
        assert normal(mine) == normal(other)


def test_the_same_answers_are_right(packages):
    for mine, other in zip(*(shared(files) for files in packages), strict=True):
        match field(mine, "question_type"):
            case "numerical_question":
                ends = [[float(i.findtext(f".//{{*}}{n}")) for n in ("vargte", "varlte")] for i in (mine, other)]
                assert ends[0] == pytest.approx(ends[1], abs=1e-4)
            case "multiple_choice_question" | "multiple_answers_question":
                places = []
                for item in (mine, other):
                    labels = [x.get("ident") for x in item.iterfind(".//{*}render_choice/{*}response_label")]
                    places.append([labels.index(ident) for ident in right(item)])
                assert places[0] == places[1]
                assert places[0]


def test_manifests_name_the_same_kinds_of_files(packages):
    kinds = []
    for files in packages:
        manifest = etree.fromstring(files["imsmanifest.xml"])
        assert etree.QName(manifest).namespace == canvas.MANIFEST
        found = [r for r in manifest.iterfind(".//{*}resource") if r.get("type") != "webcontent"]
        kinds.append([(r.get("type"), r.get("href") is None, [etree.QName(e).localname for e in r]) for r in found])
    assert kinds[0] == kinds[1]
