"""QTI 2.1 and 3.0 packages: one tree, two tables of names."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from quizgen.bank import installed
from quizgen.formats.export import Options
from quizgen.formats.lms.entries import Entry, Sheet, chosen_entries, sheets
from quizgen.formats.lms.expected import expecting
from quizgen.formats.lms.items import item_tree
from quizgen.formats.lms.limits import Limits, Order
from quizgen.formats.lms.markup import MATHML
from quizgen.formats.lms.package import document, write_zip
from quizgen.formats.lms.pictures import image
from quizgen.formats.lms.processing import element
from quizgen.model import Exam

LIMITS = Limits(order=Order.WHOLE, beyond_guess=True)
CAPITAL = re.compile("(?=[A-Z])")
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "pre", "blockquote", "hr"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
BODY = frozenset(BLOCKS | TABLES | {"em", "strong", "code", "br", "a", "img"})
"""XHTML keeps its names in both versions; so does MathML."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """The names of one version of QTI."""

    form: str
    namespace: str
    schema: str
    manifest: str
    schema_name: str
    schema_version: str
    item_type: str
    test_type: str
    kebab: bool


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A file of the package as the manifest names it, with the pictures beside it and the files it needs."""

    path: str
    kind: str
    pictures: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


V21 = Version(
    form="qti21",
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1p2.xsd",
    manifest="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema_name="QTIv2.1 Package",
    schema_version="1.0.0",
    item_type="imsqti_item_xmlv2p1",
    test_type="imsqti_test_xmlv2p1",
    kebab=False,
)
V30 = Version(
    form="qti30",
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    manifest="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema_name="QTI Package",
    schema_version="3.0.0",
    item_type="imsqti_item_xmlv3p0",
    test_type="imsqti_test_xmlv3p0",
    kebab=True,
)


def write_21(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:
    """Write a QTI 2.1 package, and beside it what responses must earn."""
    return _write(exam, out, options, V21)


def write_30(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:
    """Write a QTI 3.0 package, and beside it what responses must earn."""
    return _write(exam, out, options, V30)


def _write(exam: Exam, out: Path, options: Options, version: Version) -> tuple[str, ...]:
    shelf = installed()
    entries = chosen_entries(exam, shelf, options.variants)
    tests = () if options.variants else sheets(exam, shelf)
    with expecting(entries, LIMITS, version.form, out) as write_expected:
        write_zip(package(exam, entries, tests, version), out)
        return write_expected()


def package(exam: Exam, entries: tuple[Entry, ...], tests: tuple[Sheet, ...], version: Version) -> dict[str, bytes]:
    """Return the files: the manifest, one item per variant with its picture, one test per paper."""
    files: dict[str, bytes] = {}
    listed: list[Resource] = []
    for entry in entries:
        path, drawn = _path(entry), image(entry)
        pictures = {f"items/{drawn.name}": drawn.content} if drawn is not None else {}
        files |= {path: named(item_tree(entry), version)} | pictures
        listed.append(Resource(path=path, kind=version.item_type, pictures=tuple(pictures)))
    for sheet in tests:
        path, needs = f"tests/{_ident(sheet)}.xml", tuple(dict.fromkeys(_path(e) for e in sheet.entries))
        files[path] = named(_test(exam, sheet), version)
        listed.append(Resource(path=path, kind=version.test_type, needs=needs))
    return {"imsmanifest.xml": document(_manifest(listed, version)), **files}


def _path(entry: Entry) -> str:
    return f"items/{entry.ident}.xml"


def _ident(sheet: Sheet) -> str:
    return f"paper-{sheet.paper.code}"


def _test(exam: Exam, sheet: Sheet) -> ET.Element:
    """Return one paper as a test; an item's weight is its points."""
    section = element(
        "assessmentSection",
        *(_reference(number, entry) for number, entry in enumerate(sheet.entries, start=1)),
        identifier="section-1",
        title=exam.title,
        visible="true",
    )
    part = element("testPart", section, identifier="part-1", navigationMode="nonlinear", submissionMode="simultaneous")
    return element("assessmentTest", part, identifier=_ident(sheet), title=f"{exam.title} ({sheet.paper.code})")


def _reference(number: int, entry: Entry) -> ET.Element:
    weight = element("weight", identifier="POINTS", value=repr(float(entry.item.points)))
    return element("assessmentItemRef", weight, identifier=f"item-{number}", href=f"../items/{entry.ident}.xml")


def _manifest(listed: list[Resource], version: Version) -> ET.Element:
    identifiers = {one.path: f"resource-{number}" for number, one in enumerate(listed, start=1)}
    resources = [
        element(
            "resource",
            *(element("file", href=path) for path in (one.path, *one.pictures)),
            *(element("dependency", identifierref=identifiers[path]) for path in one.needs),
            identifier=identifiers[one.path],
            type=one.kind,
            href=one.path,
        )
        for one in listed
    ]
    metadata = element(
        "metadata", element("schema", text=version.schema_name), element("schemaversion", text=version.schema_version)
    )
    manifest = element(
        "manifest", metadata, element("organizations"), element("resources", *resources), identifier="package"
    )
    manifest.set("xmlns", version.manifest)
    return manifest


def named(tree: ET.Element, version: Version) -> bytes:
    """Write a tree in the names of one version of QTI."""
    if version.kebab:
        _rename(tree)
    tree.set("xmlns", version.namespace)
    tree.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    tree.set("xsi:schemaLocation", f"{version.namespace} {version.schema}")
    return document(tree)


def _rename(tree: ET.Element) -> None:
    """Bring every element of QTI's own, and its attributes, into the names of 3.0."""
    if tree.tag == f"{{{MATHML}}}math":
        return
    if tree.tag not in BODY:
        tree.tag = f"qti-{_kebab(tree.tag)}"
        tree.attrib = {name if ":" in name else _kebab(name): text for name, text in tree.attrib.items()}
    for child in tree:
        _rename(child)


def _kebab(name: str) -> str:
    return CAPITAL.sub("-", name).lower()
