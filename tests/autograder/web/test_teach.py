"""The instructor's pages over HTTP, with hand-ins of the example that were really graded."""

import csv
import html
import io
import json
import re
import shutil
import zipfile
from datetime import UTC, datetime

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from starlette.routing import Route

from autograder.cli import cli
from autograder.grading import Grader
from autograder.intake import collect
from autograder.reports.gradebook import scored_gradebook
from autograder.reports.table import as_csv
from autograder.store import open_store
from autograder.web.teach_watch import Watch

CHOSEN = ("s01", "s03", "s05", "s12")
PAGES = (
    "/teach",
    "/teach/seats",
    "/teach/report",
    "/teach/student/s05",
    "/teach/student/s02",
    "/teach/student/s05/sheet",
    "/teach/student/s05/1/sheet",
    "/teach/regrade",
    "/teach/files",
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="session")
def hand_ins(example, frozen):
    everybody = [p.student for p in frozen.papers]
    return [s for s in collect(example / "submissions", everybody).submissions if s.student in CHOSEN]


@pytest.fixture(scope="session")
def graded_database(frozen, hand_ins, empty_database, runner, shelf, tmp_path_factory):
    path = tmp_path_factory.mktemp("graded") / "grades.db"
    shutil.copy(empty_database, path)

    def work(sandbox):
        grader = Grader(frozen, shelf, sandbox, "test")
        return [grader.grade(found, 5, NOON.isoformat()) for found in hand_ins]

    with open_store(path, create=False, clock=lambda: NOON) as store:
        store.add_exam(frozen)
        store.save_submissions(hand_ins)
        store.save_gradings(runner.submit("all", work, urgent=True).result(60))
    return path


@pytest.fixture
def graded_hall(graded_database, tmp_path, open_hall):
    """Return a function that opens a hall whose database holds the graded hand-ins."""
    shutil.copy(graded_database, tmp_path / "grades.db")
    return open_hall


class Desk:
    """The instructor's browser."""

    def __init__(self, hall, language="en"):
        self.hall = hall
        self.browser = hall.teacher()
        self.browser.headers["accept-language"] = language

    def get(self, path, status=200):
        answer = self.browser.get(path)
        assert answer.status_code == status, answer.text
        return answer

    def text(self, path):
        return words(self.get(path).text)

    def post(self, path, **fields):
        token = re.search(r'name="csrf" value="(\w+)"', self.browser.get("/teach").text)[1]
        return self.browser.post(path, data={"csrf": token, **fields})

    def plan(self, **wish):
        answer = self.post("/teach/regrade/plan", **wish)
        assert answer.status_code == 200, words(answer.text)
        return answer.text

    def apply(self, page, **fields):
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        return self.browser.post("/teach/regrade/apply", data={**hidden, **fields})


def words(page):
    """Return what a page shows, without its tags."""
    shown = re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(shown).split())


def table(page):
    """Return the cells of a page's first table, row by row."""
    rows = re.findall(r"<tr.*?</tr>", page, flags=re.DOTALL)
    return [[words(c) for c in re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.DOTALL)] for row in rows]


@pytest.fixture
def desk(graded_hall):
    return Desk(graded_hall())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_opens_in_the_browsers_language(graded_hall, language):
    desk = Desk(graded_hall(), language)
    for path in PAGES:
        page = desk.get(path).text
        if path != "/teach/seats" and not path.endswith("sheet"):
            assert f'<html lang="{language}">' in page
        assert "<script>" not in page
        assert "onclick" not in page
        assert "data:font" not in page
    assert ("全班" if language == "zh" else "Class") in desk.text("/teach")


def teach_addresses(app):
    """Return every method and address of an instructor's page, as the application knows them."""
    fill = {"student": "s01", "attempt:int": "1", "attempt": "1", "name": "answers.toml"}
    for route in app.routes:
        if isinstance(route, Route) and route.path.startswith("/teach"):
            path = re.sub(r"\{([\w:]+)\}", lambda m: fill[m[1]], route.path)
            for method in route.methods - {"HEAD"}:
                yield method, path


def test_nobody_else_gets_in_anywhere(graded_hall):
    hall = graded_hall()
    addresses = list(teach_addresses(hall.app))
    assert {path for _, path in addresses} >= {"/teach", "/teach/regrade/apply", "/teach/release", "/teach/files"}
    student, stranger = hall.browser("s01"), hall.browser()
    token = student.token()
    for method, path in addresses:
        for browser in (student, stranger):
            answer = browser.request(method, path, data={"csrf": token} if method == "POST" else None)
            assert answer.status_code == 403, (method, path)
    assert hall.store.entries() == ()
    assert hall.store.page.released() is None


def test_forms_without_the_token_do_nothing(desk):
    for method, path in teach_addresses(desk.hall.app):
        if method == "POST":
            answer = desk.browser.post(path, data={"visible": "1", "kind": "drop-item", "item": "1"})
            assert answer.status_code == 403, path
    assert desk.hall.store.page.released() is None
    assert desk.hall.store.page.accesses_of("s01")[-1].revoked_at is None


def seat(desk, name):
    (row,) = [r for r in table(desk.get("/teach/seats").text) if r[0].startswith(name)]
    return row


def sums(desk):
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", desk.get("/teach/seats").text)
    return {name: words(value) for name, value in found}


def test_the_class_is_followed_from_the_first_box_to_the_score(hall):
    desk = Desk(hall)
    assert sums(desk)["Not begun"] == "12"
    assert seat(desk, "Ada Okafor")[1:4] == ["Not begun", "", "0 / 74"]
    student = hall.seated("s01")
    student.save(item1_a="0.5")
    hall.clock.move(seconds=8)
    row = seat(desk, "Ada Okafor")
    first = next(p for p in hall.site.exam.paper_of("s01").items if p.number == 1).variant.body.fields[0]
    assert row[1:4] == ["Answering", "", "0 / 74"]  # no such box: nothing was saved
    student.save(**{f"item1_{first.name}[0]": "0.5", f"item1_{first.name}[1]": ""})
    hall.clock.move(seconds=8)
    row = seat(desk, "Ada Okafor")
    assert row[1:5] == ["Answering", "1", "1 / 74", "8 s ago"]
    assert row[6] == "90 min"
    assert (sums(desk)["Not begun"], sums(desk)["Answering"]) == ("11", "1")
    hall.clock.move(minutes=5)
    student.hand_in()
    hall.graded("s01")
    row = seat(desk, "Ada Okafor")
    (attempt,) = hall.store.attempts("s01")
    assert row[1] == "Graded"
    assert row[-1] == f"{attempt.newest.grading.points:.4g} / 71"
    hall.clock.move(seconds=1)
    student.save(**{f"item1_{first.name}[1]": "0.1"})
    assert seat(desk, "Ada Okafor")[1] == "Answering"  # again, for this exam takes several hand-ins


def test_a_following_look_knows_what_a_first_look_knows(desk):
    site, clock = desk.hall.site, desk.hall.clock
    watch = Watch()
    watch.look(site, clock())
    student = desk.hall.seated("s02")
    for box, text in (("means[0,0]", "1"), ("means[0,1]", "2"), ("means[0,0]", "")):
        assert student.save(**{f"item7_{box}": text}).status_code == 200
        clock.move(seconds=1)
        watch.look(site, clock())
    desk.hall.seated("s01").hand_in()
    desk.hall.graded("s01")
    watch.look(site, clock())
    desk.apply(desk.plan(kind="drop-item", item="5"), reason="broken")
    followed = watch.look(site, clock())
    assert followed == Watch().look(site, clock())
    seats = {s.sitting.paper.student: s for s in followed}
    assert (seats["s02"].progress.filled, seats["s02"].progress.item) == (1, 7)
    assert (seats["s01"].score.points, seats["s03"].score.possible) == (0, 65)


def test_a_student_is_explained(desk):
    text = desk.text("/teach/student/s05")
    assert "Elif Yılmaz" in text
    assert "61.5 / 71" in text
    assert "This divides the sum of squares by" in text
    assert "Handed in, no. 1" in text
    assert "Worked solution" in desk.text("/teach/student/s05/sheet")
    assert "Nothing has been handed in." in desk.text("/teach/student/s02")
    assert "not graded" in words(desk.get("/teach/student/s02/sheet", 404).text)
    desk.get("/teach/student/nobody", 404)
    desk.get("/teach/student/s05/7/sheet", 404)


def test_each_hand_in_is_explained_by_itself(desk, hand_ins):
    hall = desk.hall
    hall.seated("s05").hand_in()  # a blank one
    hall.graded("s05")
    assert "0 / 71" in desk.text("/teach/student/s05/sheet")
    assert "61.5 / 71" in desk.text("/teach/student/s05/1/sheet")
    assert "0 / 71" in desk.text("/teach/student/s05/2/sheet")
    rows = table(desk.get("/teach/student/s05").text)
    assert any(row[0] == "2 counts" and row[2] == "0 / 71" for row in rows)


def test_files_are_those_that_were_handed_in(desk, hand_ins):
    for submission in hand_ins:
        for name, data in (("answers.toml", submission.answers), ("solution.py", submission.solution)):
            answer = desk.get(f"/teach/student/{submission.student}/1/{name}")
            assert answer.content == data
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["x-content-type-options"] == "nosniff"
    desk.get("/teach/student/s05/1/exam.json", 404)
    desk.get("/teach/student/s05/9/answers.toml", 404)


def test_what_stands_in_the_boxes_is_shown_as_the_files_it_would_be(hall):
    hall.seated("s01").save(item10_source="def f():\n    return '</pre><b>'\n")
    text = Desk(hall).get("/teach/student/s01").text
    assert "</pre><b>" not in text
    assert "return '</pre><b>'" in html.unescape(text)


def test_a_link_taken_back_opens_nothing(desk):
    student = desk.hall.browser("s03")
    assert student.get("/paper").status_code == 200
    assert desk.post("/teach/student/s03/revoke").status_code == 303
    assert student.get("/paper").status_code == 403
    assert "Take the access back" not in desk.text("/teach/student/s03")
    assert "was valid from" in desk.text("/teach/student/s03")
    assert desk.hall.browser("s05").get("/paper").status_code == 200


def test_feedback_is_released_and_taken_back(desk):
    student = desk.hall.browser("s05")
    assert student.get("/feedback").status_code == 403
    desk.post("/teach/release", visible="1")
    assert student.get("/feedback").status_code == 200
    assert "Students can see their feedback." in desk.text("/teach")
    desk.post("/teach/release", visible="0")
    assert student.get("/feedback").status_code == 403
    assert desk.post("/teach/release", visible="maybe").status_code == 400


def dry_run(desk, *options):
    """Return what the command line says about the same database."""
    folder = desk.hall.folder
    if not (folder / "exam.json").exists():
        (folder / "exam.json").write_bytes(msgspec.json.encode(desk.hall.site.exam))
    done = CliRunner().invoke(cli, ["regrade", str(folder), *options, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


WISHES = [
    ({"kind": "drop-item", "item": "5"}, ("--drop-item", "5")),
    ({"kind": "full-marks", "item": "11"}, ("--item", "11", "--full-marks")),
    ({"kind": "full-marks", "item": "5", "never_lower": "1"}, ("--item", "5", "--full-marks", "--never-lower")),
    ({"kind": "accept-mistake", "mistake": "5:unbiased"}, ("--item", "5", "--accept-mistake", "unbiased")),
    (
        {"kind": "new-key", "item": "7", "student": "s05", "key": "[[1, 2], [3, 4]]"},
        ("--item", "7", "--student", "s05", "--key", "[[1, 2], [3, 4]]"),
    ),
]


@pytest.mark.parametrize(("wish", "options"), WISHES, ids=[f"{w['kind']}-{n}" for n, (w, _) in enumerate(WISHES)])
def test_a_dry_run_says_what_the_command_line_says(desk, wish, options):
    said = dry_run(desk, *options)
    page = desk.plan(**wish)
    shown = {row[0].split()[-1]: row[1:3] for row in table(page)[1:]}
    assert shown == {
        move["student"]: [
            f"{move['points_before']:.4g} / {move['possible_before']:.4g}",
            f"{move['points_after']:.4g} / {move['possible_after']:.4g}",
        ]
        for move in said["moves"]
    }
    assert f"{said['raised']} up, {said['lowered']} down" in words(page)
    assert f"of {said['scored']} scored" in words(page)
    assert said["moves"] or said["scored"] == len(CHOSEN)
    assert desk.hall.store.entries() == ()


def test_what_was_shown_is_entered_with_its_reason_and_undone(desk):
    page = desk.plan(kind="accept-mistake", mistake="5:unbiased")
    assert desk.apply(page, reason=" as the book has it ", by="Mei").status_code == 303
    (entry,) = desk.hall.store.entries()
    assert (entry.reason, entry.by, entry.change.mistake) == ("as the book has it", "Mei", "unbiased")
    assert "63 / 71" in desk.text("/teach/student/s05")
    assert "as the book has it" in desk.text("/teach/student/s05")
    assert desk.apply(desk.plan(kind="undo", entry="1"), reason="no").status_code == 303
    assert "61.5 / 71" in desk.text("/teach/student/s05")
    rows = table(desk.get("/teach/regrade").text)
    assert [(row[0], row[-1]) for row in rows[1:]] == [("1", "undone"), ("2", "Undo")]
    assert words(desk.post("/teach/regrade/plan", kind="undo", entry="1").text).count("undone already") == 1


def test_what_has_moved_is_shown_anew_instead_of_entered(desk):
    hall = desk.hall
    page = desk.plan(kind="drop-item", item="5")
    hall.seated("s05").hand_in()
    hall.graded("s05")
    answer = desk.apply(page, reason="broken")
    assert answer.status_code == 409
    assert "have changed since" in words(answer.text)
    assert 'value="broken"' in answer.text
    assert hall.store.entries() == ()
    desk.apply(desk.plan(kind="full-marks", item="3"), reason="other")
    late = desk.apply(answer.text, reason="broken")
    assert (late.status_code, len(hall.store.entries())) == (409, 1)
    assert desk.apply(late.text, reason="broken").status_code == 303
    assert [e.reason for e in hall.store.entries()] == ["other", "broken"]


def test_nothing_is_entered_without_a_reason_or_by_a_forged_form(desk):
    page = desk.plan(kind="drop-item", item="5")
    assert desk.apply(page, reason="  ").status_code == 409
    assert desk.apply(page.replace('name="item" value="5"', 'name="item" value="6"'), reason="x").status_code == 409
    assert desk.apply(page, reason="x", stamp="").status_code == 409
    assert desk.hall.store.entries() == ()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"kind": "drop-item", "item": "99"}, "items are 1 to 12"),
        ({"kind": "accept-mistake", "mistake": "5:made_up"}, "no mistake 'made_up'"),
        ({"kind": "new-key", "item": "1", "key": "0.5"}, "the papers differ"),
        ({"kind": "new-key", "item": "10", "student": "s05", "key": "0.5"}, "code has no key"),
        ({"kind": "new-key", "item": "7", "student": "nobody", "key": "1"}, "nobody"),
        ({"kind": "undo", "entry": "4"}, "no entry 4"),
        ({"kind": "drop-item", "item": "-1"}, "not a form of this page"),
        ({"kind": "nonsense"}, "not a form of this page"),
        ({}, "not a form of this page"),
    ],
)
def test_what_cannot_be_counted_is_said(desk, wish, said):
    answer = desk.post("/teach/regrade/plan", **wish)
    assert answer.status_code == 400
    assert said in words(answer.text)


def test_downloads_are_what_the_commands_write(desk, hand_ins, tmp_path):
    hall = desk.hall
    book = scored_gradebook(hall.site.exam, hall.store.attempts(), hall.store.entries())
    assert desk.get("/teach/files/gradebook.csv").text == as_csv(book)
    for name in ("items.csv", "canvas.csv", "moodle.csv", "blackboard.csv"):
        rows = list(csv.reader(io.StringIO(desk.get(f"/teach/files/{name}").text)))
        assert len(rows) > 12 - 1
    sheets = zipfile.ZipFile(io.BytesIO(desk.get("/teach/files/feedback.zip").content))
    assert sorted(sheets.namelist()) == [f"{s}.html" for s in CHOSEN]
    (tmp_path / "all.zip").write_bytes(desk.get("/teach/files/hand-ins.zip").content)
    again = collect(tmp_path / "all.zip", [p.student for p in hall.site.exam.papers]).submissions
    assert {(s.student, s.digest) for s in again} == {(s.student, s.digest) for s in hand_ins}
    listed = re.findall(r'href="(/teach/files/[\w.-]+)"', desk.get("/teach/files").text)
    assert len(listed) == 7
    for path in listed:
        assert "attachment" in desk.get(path).headers["content-disposition"]
    desk.get("/teach/files/grades.db", 404)


def test_hostile_names_and_reasons_stay_text(graded_hall, frozen):
    papers = tuple(replace(p, name=HOSTILE, email=HOSTILE) for p in frozen.papers)
    desk = Desk(graded_hall(exam=replace(frozen, papers=papers, title=HOSTILE)))
    student = desk.hall.seated("s01")
    student.save(item10_source=HOSTILE)
    student.hand_in()
    desk.hall.graded("s01")
    plan = desk.plan(kind="drop-item", item="5")
    desk.apply(plan, reason=HOSTILE, by=HOSTILE)
    desk.post("/teach/regrade/plan", kind="accept-mistake", mistake=f"5:{HOSTILE}")
    for page in (*(desk.browser.get(path).text for path in PAGES), plan, desk.get("/teach/student/s01").text):
        assert "<script>" not in page
        assert "<img" not in page
    assert html.unescape(desk.get("/teach/regrade").text).count(HOSTILE) >= 2  # by whom, and why
    assert "attachment" in desk.get("/teach/student/s01/1/solution.py").headers["content-disposition"]


def test_pages_carry_a_policy_without_inline_script(desk):
    for path in ("/teach", "/teach/student/s05/sheet", "/teach/report"):
        answer = desk.get(path)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        nonces = set(re.findall(r"'nonce-([^']+)'", policy))
        assert set(re.findall(r'<style nonce="([^"]+)"', answer.text)) <= nonces
        assert "<style>" not in answer.text
