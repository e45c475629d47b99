"""Canvas packages (QTI 1.2): one quiz per paper, one numerical question for every number asked for."""

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path

from quizgen.bank import installed
from quizgen.formats.export import Options
from quizgen.formats.lms.canvas_items import items
from quizgen.formats.lms.entries import Entry, chosen_entries, distinct, sheets
from quizgen.formats.lms.expected import expecting
from quizgen.formats.lms.limits import Limits, Order
from quizgen.formats.lms.package import document, write_zip
from quizgen.formats.lms.pictures import image
from quizgen.formats.lms.processing import element
from quizgen.model import Exam

LIMITS = Limits(order=Order.PLACES, wrong_costs_one=True)
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
MANIFEST = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
META = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
SPLIT = "items of several numbers become one question for each number, their points divided among them"


def write(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:
    """Write a quiz for each paper, or one with so many fresh variants, and beside it what responses must earn."""
    shelf = installed()
    if options.variants:
        found = chosen_entries(exam, shelf, options.variants)
        quizzes = {exam.title: found}
    else:
        papers = sheets(exam, shelf)
        found = distinct(papers)
        quizzes = {f"{exam.title} ({sheet.paper.code})": sheet.entries for sheet in papers}
    with expecting(found, LIMITS, "canvas", out) as write_expected:
        write_zip(package(quizzes), out)
        return (*write_expected(), SPLIT)


def package(quizzes: dict[str, tuple[Entry, ...]]) -> dict[str, bytes]:
    """Return the files: the manifest, for each quiz its questions and its settings, and the pictures."""
    files: dict[str, bytes] = {}
    resources: list[ET.Element] = []
    for title, entries in quizzes.items():
        ident = f"quiz-{hashlib.sha256(title.encode()).hexdigest()[:16]}"
        questions, settings = f"{ident}/{ident}.xml", f"{ident}/assessment_meta.xml"
        files[questions] = document(_questions(ident, title, entries))
        files[settings] = document(_settings(ident, title, sum(e.item.points for e in entries)))
        resources += _resources(ident, questions, settings)
    drawn = {e.ident: image(e) for entries in quizzes.values() for e in entries}
    pictures = {f"web_resources/pictures/{one.name}": one.content for one in drawn.values() if one is not None}
    resources += [_webcontent(number, path) for number, path in enumerate(pictures, start=1)]
    return {"imsmanifest.xml": document(_manifest(resources)), **files, **pictures}


def _questions(ident: str, title: str, entries: Sequence[Entry]) -> ET.Element:
    section = element("section", *_numbered(entries), ident="root_section")
    root = element("questestinterop", element("assessment", section, ident=ident, title=title))
    root.set("xmlns", QTI)
    return root


def _numbered(entries: Sequence[Entry]) -> Iterator[ET.Element]:
    for number, entry in enumerate(entries, start=1):
        yield from items(entry, number)


def _settings(ident: str, title: str, points: float) -> ET.Element:
    texts = {"title": title, "description": "", "shuffle_answers": "false", "scoring_policy": "keep_highest"}
    texts |= {"quiz_type": "assignment", "points_possible": f"{points:g}", "allowed_attempts": "1"}
    root = element("quiz", *(element(name, text=text) for name, text in texts.items()), identifier=ident)
    root.set("xmlns", CANVAS)
    return root


def _resources(ident: str, questions: str, settings: str) -> list[ET.Element]:
    needs = f"{ident}-settings"
    dependency = element("dependency", identifierref=needs)
    return [
        element("resource", element("file", href=questions), dependency, identifier=ident, type="imsqti_xmlv1p2"),
        element("resource", element("file", href=settings), identifier=needs, type=META, href=settings),
    ]


def _webcontent(number: int, path: str) -> ET.Element:
    return element("resource", element("file", href=path), identifier=f"picture-{number}", type="webcontent", href=path)


def _manifest(resources: list[ET.Element]) -> ET.Element:
    metadata = element("metadata", element("schema", text="IMS Content"), element("schemaversion", text="1.1.3"))
    root = element(
        "manifest", metadata, element("organizations"), element("resources", *resources), identifier="package"
    )
    root.set("xmlns", MANIFEST)
    return root
