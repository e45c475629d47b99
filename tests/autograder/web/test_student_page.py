"""The student's page in Chromium, against a server that keeps everything in memory."""

import html
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from autograder.web.assets import assets
from autograder.web.fields import form_items
from autograder.web.form import answers_toml, posted, solution_py
from autograder.web.pages import POLICY, HandInPage, PaperPage, Paths, hand_in_html, paper_html
from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.wording.phrases import phrase
from tests.browsers import listening, needs_chromium

SERIOUS = {"serious", "critical"}
PHONE = {"width": 360, "height": 740}
PATHS = Paths(paper="/", save="/save", run="/run", state="/state", hand_in="/hand-in", assets="/assets/")
QUESTIONS = (
    "gradients/chain-four-neurons",  # 1: single numbers and a vector
    "pooling-backward/max-map",  # 2: matrices
    "pooling-backward/global-average-map",  # 3: feature maps
    "activations/relu-sparsity",  # 4: a long vector
    "activations/read-the-plot",  # 5: one of several options, and a picture
    "regularization/which-method",  # 6: several
    "normalization/which-axes",  # 7: a match
    "backprop/order-the-steps",  # 8: an order
    "descent/implement-mse-gradient",  # 9: a function
)
NONCE = "bm9uY2U"

pytestmark = needs_chromium


@dataclass
class Desk:
    """One student's paper on a server: what was saved, in the order of the saves, and what was handed in."""

    exam: object
    student: str
    deadline: str = ""
    limit: int = 50_000
    status: int = 200
    saves: list = field(default_factory=list)
    handed_in: list = field(default_factory=list)
    runs: list = field(default_factory=list)
    polls: int = 0

    @property
    def paper(self):
        return self.exam.paper_of(self.student)

    @property
    def texts(self):
        return {name: text for save in self.saves for name, text in save.items()}

    @property
    def saved(self):
        return posted(self.paper, self.texts)

    def time(self):
        return {"now": datetime.now(UTC).isoformat(), "deadline": self.deadline or None}

    async def form(self, request):
        form = {k: v for k, v in (await request.form()).items() if isinstance(v, str)}
        assert form.pop("csrf") == "token"
        return form

    async def show(self, request):
        results = {}
        if request.method == "POST":
            form = await self.form(request)
            texts = posted(self.paper, form, whole=True)
            self.saves.append({f"item{n}:{f}": t for n, found in texts.items() for f, t in found.items()})
            if "hand_in" in form:
                return RedirectResponse("/hand-in", 303)
            if "run" in form:
                number = int(form["run"])
                results[number] = self.result(self.texts[f"item{number}:source"])
        page = PaperPage(
            language=self.paper.language,
            title=self.exam.title,
            name=self.paper.name,
            student=self.student,
            code=self.paper.code,
            total=phrase("points", self.paper.language),
            paths=PATHS,
            csrf="token",
            nonce=NONCE,
            now=self.time()["now"],
            deadline=self.deadline,
            items=form_items(self.paper, self.exam, self.saved, results),
            serial=len(self.saves),
            attempts_left=2,
            notices=("Be calm.",),
        )
        return HTMLResponse(paper_html(page))

    async def save(self, request):
        form = await self.form(request)
        if self.status != 200:
            return Response(status_code=self.status)
        if any(len(text) > self.limit for text in form.values()):
            return Response(status_code=413)
        assert form.pop("tab")
        self.saves.append(form)
        return JSONResponse({"saved": len(self.saves), **self.time()})

    async def state(self, request):
        since = int(request.query_params["since"])
        fields = {name: text for save in self.saves[since:] for name, text in save.items()}
        body = {"serial": len(self.saves), "fields": fields, "handed_in": len(self.handed_in), **self.time()}
        return JSONResponse(body)

    def result(self, source):
        self.runs.append(source)
        return f'<p class="verdict-correct">{html.escape(source)}</p>'

    async def run(self, request):
        form = await self.form(request)
        self.result(form["source"])
        return HTMLResponse('<p hx-get="/place" hx-trigger="load delay:50ms" hx-swap="outerHTML">2 before you</p>')

    async def place(self, _):
        self.polls += 1
        return HTMLResponse('<p class="verdict-correct">1 of 1 cases passed</p>')

    async def hand_in(self, request):
        if request.method == "POST":
            form = await self.form(request)
            self.handed_in.append((form, answers_toml(self.paper, self.saved), solution_py(self.paper, self.saved)))
            return RedirectResponse("/done", 303)
        items = form_items(self.paper, self.exam, self.saved)
        return HTMLResponse(
            hand_in_html(
                HandInPage(
                    language=self.paper.language,
                    title=self.exam.title,
                    name=self.paper.name,
                    student=self.student,
                    code=self.paper.code,
                    paths=PATHS,
                    csrf="token",
                    items=items,
                )
            )
        )

    async def done(self, _):
        return HTMLResponse("<title>done</title><h1>Handed in</h1>")

    async def asset(self, request):
        found = assets()[request.path_params["name"]]
        return Response(found.data, media_type=found.media)

    def app(self):
        routes = [
            Route("/", self.show, methods=["GET", "POST"]),
            Route("/save", self.save, methods=["POST"]),
            Route("/run", self.run, methods=["POST"]),
            Route("/state", self.state),
            Route("/place", self.place),
            Route("/hand-in", self.hand_in, methods=["GET", "POST"]),
            Route("/done", self.done),
            Route("/assets/{name:path}", self.asset),
        ]
        return with_policy(Starlette(routes=routes))


def with_policy(app):
    """Send the policy that the real pages have: what it forbids fails here too."""
    policy = POLICY.format(nonce=NONCE).encode()

    async def guarded(scope, receive, send):
        async def sent(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", policy)]
            await send(message)

        await app(scope, receive, sent)

    return guarded


@pytest.fixture(scope="module")
def exam():
    plan = Blueprint(title="Every kind", seed=3, sections=(Section(questions=QUESTIONS),))
    students = tuple(Student(student=s, name=s, language=s) for s in ("en", "zh"))
    return assemble(plan, students, installed(), program="test")


@dataclass
class Seat:
    """A student at a browser: the server's desk, the address, and what the browser complained of."""

    desk: Desk
    url: str
    browser: object
    contexts: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    def open(self, context=None, **options):
        if context is None:
            context = self.browser.new_context(**options)
            context.set_default_timeout(5000)
            self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if "Content Security" in m.text else None)
        page.goto(self.url)
        if options.get("java_script_enabled", True):
            expect(page.locator(".cm-content")).to_be_visible()
        return page


@pytest.fixture
def seat(exam, browser, request):
    desk = Desk(exam, **{"student": "en", **getattr(request, "param", {})})
    with listening(desk.app()) as url:
        found = Seat(desk, f"{url}/", browser)
        yield found
        for context in found.contexts:
            context.close()
    assert found.complaints == []


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def box(page, name):
    return page.locator(f'[name="{name}"]')


def paste(page, name, text):
    """Paste as a browser does, with what the clipboard holds."""
    box(page, name).focus()
    page.evaluate(
        """([name, text]) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.getElementsByName(name)[0].dispatchEvent(event);
        }""",
        [name, text],
    )


def cells(page, step, item):
    return [b.input_value() for b in page.locator(f'[name^="item{item}:{step}["]').all()]


def has_saved(page):
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def test_what_is_typed_before_the_scripts_are_there_is_saved(seat):
    context = seat.browser.new_context()
    seat.contexts.append(context)
    context.set_default_timeout(5000)
    page, held = context.new_page(), []
    page.route("**/page.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright counts parameters
    page.goto(seat.url, wait_until="commit")
    box(page, "item1:z1").fill("-0.25")
    box(page, "item5:answer").nth(1).check()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    has_saved(page)
    until(lambda: len(seat.desk.texts) > 1)
    assert seat.desk.texts == {"item1:z1": "-0.25", "item5:answer": "B"}


def test_everything_is_saved_as_it_is_done(seat):
    page = seat.open()
    box(page, "item1:z1").press_sequentially("-0.25")
    until(lambda: seat.desk.texts.get("item1:z1") == "-0.25")  # while the box still has the focus
    box(page, "item5:answer").nth(1).check()
    box(page, "item6:answer[C]").check()
    box(page, "item6:answer[A]").check()
    box(page, "item6:answer[C]").uncheck()
    box(page, "item7:answer[2]").select_option("D")
    box(page, "item8:answer[1]").select_option("F")
    has_saved(page)
    assert seat.desk.texts == {
        "item1:z1": "-0.25",
        "item5:answer": "B",
        "item6:answer[A]": "A",
        "item6:answer[C]": "",
        "item7:answer[2]": "D",
        "item8:answer[1]": "F",
    }
    page.reload()
    assert box(page, "item1:z1").input_value() == "-0.25"
    assert box(page, "item5:answer").nth(1).is_checked()
    assert [box(page, f"item6:answer[{a}]").is_checked() for a in "ABC"] == [True, False, False]
    assert box(page, "item7:answer[2]").input_value() == "D"


def test_the_editor_writes_into_the_text_area(seat):
    page = seat.open()
    editor = page.get_by_role("textbox", name="Your function")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("def f(x):\nif x:\nreturn '夏'")  # the editor indents, and closes what is opened
    has_saved(page)
    assert seat.desk.texts["item9:source"] == "def f(x):\n    if x:\n        return '夏'"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run the visible cases")).to_be_focused()
    page.reload()
    expect(editor).to_contain_text("return '夏'")


def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(seat):
    page = seat.open()
    page.context.set_offline(True)
    box(page, "item1:z1").fill("12")
    box(page, "item6:answer[B]").check()
    expect(page.locator("#save-state")).to_contain_text("No connection")
    assert seat.desk.texts == {}
    page.context.set_offline(False)
    has_saved(page)
    assert seat.desk.texts == {"item1:z1": "12", "item6:answer[B]": "B"}


def test_what_was_never_saved_is_there_after_a_reload(seat):
    page = seat.open()
    box(page, "item1:z1").fill("1")
    has_saved(page)
    seat.desk.status = 503
    box(page, "item1:z1").fill("12")
    box(page, "item1:z2").fill("3")
    expect(page.locator("#save-state")).to_contain_text("Not saved yet")
    page.reload()
    assert [box(page, f"item1:z{n}").input_value() for n in (1, 2)] == ["12", "3"]
    assert seat.desk.texts == {"item1:z1": "1"}
    seat.desk.status = 200
    has_saved(page)
    assert seat.desk.texts == {"item1:z1": "12", "item1:z2": "3"}
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(("status", "words"), [(403, "no longer valid"), (409, "Load the page again")])
def test_a_refusal_is_said_in_words_and_nothing_is_lost(seat, status, words):
    page = seat.open()
    seat.desk.status = status
    box(page, "item1:z1").fill("7")
    expect(page.locator("#save-state")).to_contain_text(words)
    seat.desk.status = 200
    page.reload()
    has_saved(page)
    assert seat.desk.texts == {"item1:z1": "7"}


def test_an_answer_that_is_too_long_does_not_hold_up_the_others(seat):
    seat.desk.limit = 100
    page = seat.open()
    page.route("**/save", lambda route: route.abort())
    box(page, "item1:z1").fill("9" * 101)
    box(page, "item1:z2").fill("5")
    expect(page.locator("#save-state")).to_contain_text("No connection")
    page.unroute("**/save")
    expect(page.locator("#save-state")).to_contain_text("too long")
    expect(box(page, "item1:z1")).to_have_attribute("aria-invalid", "true")
    assert seat.desk.texts == {"item1:z2": "5"}
    box(page, "item1:z1").fill("9")
    has_saved(page)
    assert seat.desk.texts == {"item1:z1": "9", "item1:z2": "5"}


def test_what_is_left_behind_in_the_middle_of_a_word_is_sent(seat):
    page = seat.open()
    box(page, "item1:z1").press_sequentially("42")
    page.close(run_before_unload=False)
    until(lambda: seat.desk.texts.get("item1:z1") == "42")


def test_two_windows_keep_each_other_up_to_date(seat):
    first = seat.open()
    second = seat.open(first.context)
    box(second, "item1:z1").fill("2")
    has_saved(second)
    box(first, "item1:z2").focus()
    box(second, "item1:z2").fill("from the other")
    box(second, "item9:source").evaluate("e => e.form.querySelector('.cm-content').focus()")
    second.keyboard.press("Control+a")
    second.keyboard.type("x = 1")
    has_saved(second)
    first.wait_for_timeout(1100)  # a window asks at most once a second
    first.evaluate("dispatchEvent(new Event('focus'))")
    expect(box(first, "item1:z1")).to_have_value("2")
    expect(first.locator(".cm-content")).to_have_text("x = 1")
    assert box(first, "item1:z2").input_value() == ""  # somebody may be about to type there
    box(first, "item1:z3").focus()
    expect(box(first, "item1:z2")).to_have_value("from the other")
    box(first, "item1:z4").fill("4")
    has_saved(first)
    assert seat.desk.texts == {"item1:z1": "2", "item1:z2": "from the other", "item1:z4": "4", "item9:source": "x = 1"}


PASTES = {
    "lists": ("[[1, 2], [-3, 1/4]]", ["1", "2", "-3", "1/4"]),
    "numpy": ("array([[ 1. , -2.5],\n       [ 3. ,  4. ]], dtype=float32)", ["1.", "-2.5", "3.", "4."]),
    "print": ("[[ 1.  -2.5]\n [ 3.   4. ]]", ["1.", "-2.5", "3.", "4."]),
    "spreadsheet": ("0,5\t1\r\n-1,25\t0\r\n", ["0,5", "1", "-1,25", "0"]),
    "commas": ("1, 2\n3, 4", ["1", "2", "3", "4"]),
    "rows": ("0,1;1,0", ["0", "1", "1", "0"]),
    "products": ("0.5 * 2   - 1\n3 / 4   2", ["0.5*2", "-1", "3/4", "2"]),
    "flat": ("1 2 3 4", ["1", "2", "3", "4"]),
}


def test_a_pasted_matrix_fills_the_boxes(seat):
    page = seat.open()
    for form, (text, wanted) in PASTES.items():
        paste(page, "item2:winners[0,0]", text)
        assert cells(page, "winners", 2) == wanted, form
        has_saved(page)
        assert [seat.desk.saved[2][f"winners[{r},{c}]"] for r in (0, 1) for c in (0, 1)] == wanted


def test_a_paste_starts_where_the_caret_is_and_says_what_did_not_fit(seat):
    page = seat.open()
    paste(page, "item2:winners[0,1]", "1 2\n3 4")
    assert cells(page, "winners", 2) == ["", "1", "", "3"]
    expect(page.locator("#said")).to_contain_text("2 numbers did not fit")
    paste(page, "item4:z[0]", "1\n2\n3\n4\n5\n6\n7\n8")  # a column into a row
    assert cells(page, "z", 4) == list("12345678")
    paste(page, "item3:dx[0,0,0]", str([[[1, 2]] * 3, [[3, 4]] * 3]))
    assert cells(page, "dx", 3)[:2] + cells(page, "dx", 3)[-2:] == ["1", "2", "3", "4"]


def test_arrows_and_enter_move_between_the_boxes_of_a_grid(seat):
    page = seat.open()
    box(page, "item2:dx[0,0]").focus()
    page.keyboard.type("12")
    moves = [
        ("ArrowLeft", "dx[0,0]"),  # within the text first
        ("ArrowRight", "dx[0,0]"),
        ("ArrowRight", "dx[0,1]"),
        ("ArrowDown", "dx[1,1]"),
        ("Enter", "dx[2,1]"),
        ("ArrowLeft", "dx[2,0]"),
        ("ArrowUp", "dx[1,0]"),
        ("Tab", "dx[1,1]"),
    ]
    for key, wanted in moves:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.name") == f"item2:{wanted}", key
    assert page.url == seat.url  # Enter sends nothing


def test_visible_cases_run_from_the_button_and_from_the_keyboard(seat):
    page = seat.open()
    page.get_by_role("button", name="Run the visible cases").click()
    result = page.get_by_role("region", name="Result of item 9")
    expect(result).to_have_text("1 of 1 cases passed")  # after the place in the queue
    assert seat.desk.polls == 1
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("x = 2")
    page.keyboard.press("Control+Enter")
    until(lambda: seat.desk.runs[1:] == ["x = 2"])


def test_handing_in_asks_first_and_holds_all_that_was_typed(seat):
    page = seat.open()
    box(page, "item1:z1").press_sequentially("-2.14")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/hand-in")
    assert seat.desk.handed_in == []
    assert (
        page.get_by_role("row", name=re.compile("A chain of four neurons")).get_by_role("cell").inner_text() == "1 of 9"
    )
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/done")
    ((_, answers, _),) = seat.desk.handed_in
    assert b'"z1" = "-2.14"' in answers


def in_seconds(seconds):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def test_the_clock_hands_in_once_when_it_reaches_zero(seat):
    seat.desk.deadline = in_seconds(3600)
    page = seat.open()
    seat.desk.deadline = in_seconds(3)
    box(page, "item1:z1").fill("1")
    has_saved(page)
    seat.desk.status = 503
    box(page, "item1:z1").fill("3")
    expect(page.locator("#clock")).to_have_text("0:00")
    assert seat.desk.handed_in == []  # not before all is saved
    seat.desk.status = 200
    page.wait_for_url("**/done")
    ((form, answers, _),) = seat.desk.handed_in
    assert form["automatic"] == "1"
    assert b'"z1" = "3"' in answers
    page.goto(seat.url)
    page.wait_for_timeout(1000)
    assert page.url == seat.url  # once
    assert len(seat.desk.handed_in) == 1


def test_the_clock_is_the_servers_and_a_longer_time_is_heard_of(seat):
    seat.desk.deadline = in_seconds(600 + 3)
    page = seat.open(timezone_id="Asia/Shanghai")
    expect(page.locator("#said")).to_contain_text("10 minutes left")
    assert re.fullmatch(r"9:5\d|10:00", page.locator("#clock").inner_text())
    seat.desk.deadline = in_seconds(3600 + 1800)
    box(page, "item1:z1").fill("1")
    expect(page.locator("#clock")).to_have_text(re.compile(r"^1:(29|30):\d\d$"))


def test_without_scripts_the_whole_form_is_sent(seat):
    page = seat.open(java_script_enabled=False)
    box(page, "item1:z1").fill("1")
    box(page, "item2:winners[0,0]").fill("[[0, 1], [2, 3]]")
    box(page, "item5:answer").nth(2).check()
    box(page, "item6:answer[A]").check()
    box(page, "item8:answer[1]").select_option("B")
    box(page, "item9:source").fill("def f():\n    return 1")
    page.get_by_role("button", name="Save").click()
    assert box(page, "item9:source").input_value() == "def f():\n    return 1"
    assert box(page, "item5:answer").nth(2).is_checked()
    box(page, "item6:answer[A]").uncheck()
    page.get_by_role("button", name="Run the visible cases").click()
    assert page.get_by_role("region", name="Result of item 9").inner_text() == "def f(): return 1"
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Hand in").click()
    ((_, answers, solution),) = seat.desk.handed_in
    assert b'"winners" = "[[0, 1], [2, 3]]"' in answers
    assert b'[item5]\n"answer" = "C"\n\n[item6]\n\n' in answers
    assert b"def f():\n    return 1\n" in solution


def test_enter_in_a_box_saves_without_scripts(seat):
    page = seat.open(java_script_enabled=False)
    box(page, "item1:z1").fill("1")
    box(page, "item1:z1").press("Enter")
    page.wait_for_load_state()
    assert seat.desk.texts["item1:z1"] == "1"
    assert seat.desk.runs == seat.desk.handed_in == []


LANGUAGES = pytest.mark.parametrize("seat", [{"student": "en"}, {"student": "zh"}], indirect=True, ids=["en", "zh"])


@LANGUAGES
def test_axe_finds_nothing_serious(seat):
    seat.desk.deadline = in_seconds(200)
    page = seat.open(color_scheme="light" if seat.desk.student == "en" else "dark")
    box(page, "item1:z1").fill("1")
    box(page, "item6:answer[A]").check()
    page.locator("button[name=run]").click()
    expect(page.locator(".result")).to_contain_text("1 of 1")
    assert serious(page) == []
    page.goto(f"{seat.url}hand-in")
    assert serious(page) == []


def serious(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["help"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS]


@LANGUAGES
def test_nothing_is_wider_than_a_telephone(seat):
    page = seat.open(viewport=PHONE, has_touch=True, is_mobile=True)
    for path in ("", "hand-in"):
        page.goto(seat.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_every_box_is_reached_by_the_tab_key(seat):
    page = seat.open()
    names = page.evaluate("[...new Set([...document.forms.paper.elements].map(e => e.name))].filter(n => /:/.test(n))")
    page.locator("h1").click()
    reached = []
    for _ in range(200):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name ?? document.activeElement.className"))
        if "cm-content" in reached[-1]:
            page.keyboard.press("Escape")
        if reached[-1] == "hand_in":
            break
    assert [n for n in names if n not in reached] == ["item9:source"]
    assert any("cm-content" in name for name in reached)
