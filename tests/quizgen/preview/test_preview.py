"""The author's page: what a real HTTP client gets, before and after a file is saved."""

import http.client
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import lxml.html
import pytest

from quizgen.bank import installed
from quizgen.errors import InstructorError, OperatorError
from quizgen.preview.desk import Desk
from quizgen.preview.server import HOST, open_preview


@pytest.fixture
def serve():
    """Return a function that serves a question and returns how to get a page from it."""
    servers = []

    def start(question_id, *, watch=True):
        server = open_preview(Desk.of(installed(), question_id), port=0, watch=watch)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

        def get(path="/", **headers):
            connection = http.client.HTTPConnection(HOST, server.server_port, timeout=20)
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8")
            connection.close()
            return answer.status, text

        return get

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def page(get, path="/"):
    status, text = get(path)
    assert status == 200
    return lxml.html.fromstring(text)


def texts(found, path):
    return [" ".join(e.text_content().split()) for e in found.xpath(path)]


def test_both_languages_stand_side_by_side_with_key_and_mistakes(serve):
    found = page(serve("regularization/weight-decay-step"), "/?seed=4")
    assert [e.get("lang") for e in found.xpath("//div[@class='language']")] == ["en", "zh"]
    assert len(found.xpath("//div[@class='language']//section[@class='item']")) == 2
    assert len(found.xpath("//@id")) == len(set(found.xpath("//@id")))
    assert found.xpath("//a[@rel='prev']/@href") == ["/?seed=3"]
    assert found.xpath("//a[@rel='next']/@href") == ["/?seed=5"]
    _, key = installed().question("regularization/weight-decay-step").draw(4)
    rows = [[td.text_content() for td in row.xpath("./*")] for row in found.xpath("//section[@class='keys']//tbody/tr")]
    right = [(step.name, v, r) for step in key.steps for v, r in zip(step.value, step.radius, strict=True)]
    assert len(rows) == len(right)
    for (label, _, value, low, high), (name, v, r) in zip(rows, right, strict=True):
        assert label == name
        assert (float(value), float(low), float(high)) == pytest.approx((v, v - r, v + r), abs=1e-5)
    template = installed().question("regularization/weight-decay-step").template
    assert texts(found, "//section[@class='wrong']//tbody//th") == list(template.program.mistakes)
    assert not found.xpath("//*[@class='fault']")


def test_the_answers_of_mistakes_are_those_of_another_solver(workshop, serve):
    workshop.numeric()
    found = page(serve("shapes/rectangle"))
    givens = workshop.question("shapes/rectangle").draw(0)[0].givens
    a, b, c = (givens[n] for n in "abc")
    answers = dict(
        zip(
            texts(found, "//section[@class='wrong']//th[@scope='row']"),
            texts(found, "//section[@class='wrong']//td[2]"),
            strict=True,
        )
    )
    assert answers["added"].split() == ["area", "=", f"{a + b:.3f}total", "=", f"{a + b + c:.3f}"]
    assert answers["subtracted"].split() == ["total", "=", f"{a * b - c:.3f}"]


@pytest.mark.parametrize(
    "question_id", ["backprop/order-the-steps", "normalization/which-axes", "pooling/implement-max-pool-forward"]
)
def test_other_kinds_have_pages_too(serve, question_id):
    found = page(serve(question_id))
    assert len(found.xpath("//dl[@class='mistakes']")) == 2
    assert not found.xpath("//*[@class='fault']")
    if question_id.startswith("pooling"):
        assert texts(found, "//section[@class='wrong']//td[2]")


def test_a_save_is_seen(workshop, serve):
    workshop.numeric()
    get = serve("shapes/rectangle")
    assert "Area" in texts(page(get), "//div[@class='answer-label']")[0]
    _, before = get("/stamp")
    words = workshop.folder / "shapes" / "rectangle.en.md"
    words.write_text(words.read_text(encoding="utf-8").replace("\nArea\n", "\nSurface\n"), encoding="utf-8")
    _, after = get("/stamp")
    assert after != before
    assert "Surface" in texts(page(get), "//div[@class='answer-label']")[0]
    code = workshop.folder / "shapes" / "rectangle.py"
    for factor in ("2", "3", "4"):  # saved faster than file times in seconds can tell
        code.write_text(
            re.sub(r"return .*\* b", f"return {factor} * a * b", code.read_text(encoding="utf-8")), encoding="utf-8"
        )
        found = page(get)
        a, b = (workshop_given(found, i) for i in (0, 1))
        key = float(texts(found, "//section[@class='keys']//tbody/tr[1]/td[2]")[0])
        assert key == pytest.approx(int(factor) * a * b, rel=1e-4)


def test_a_further_language_is_seen(workshop, serve):
    workshop.numeric()
    get = serve("shapes/rectangle")
    (workshop.folder / "shapes" / "rectangle.zh.md").rename(workshop.folder / "away")
    assert [e.get("lang") for e in page(get).xpath("//div[@class='language']")] == ["en"]
    (workshop.folder / "away").rename(workshop.folder / "shapes" / "rectangle.zh.md")
    assert [e.get("lang") for e in page(get).xpath("//div[@class='language']")] == ["en", "zh"]


def workshop_given(found, index):
    numbers = re.findall(r"\d+\.?\d*", texts(found, "//div[@lang='en']//section[@class='item']/p")[0])
    return float(numbers[index])


def test_errors_stand_on_the_page_with_file_and_line_and_go_when_mended(workshop, serve):
    workshop.numeric()
    get = serve("shapes/rectangle")
    words, code = (workshop.folder / "shapes" / f"rectangle.{end}" for end in ("en.md", "py"))
    good = words.read_text(encoding="utf-8")
    words.write_text(good.replace("<< a | num >>", "<< ab | num >>", 1), encoding="utf-8")
    line = (
        words.read_text(encoding="utf-8")
        .split("\n")
        .index("Sides $<< ab | num >>$ and $<< b | num >>$, rest $<< c | num >>$.")
        + 1
    )
    (fault,) = texts(page(get), "//p[@class='fault']")
    assert fault.startswith(f"rectangle.en.md:{line}: section 'stem': 'ab' is undefined")
    assert len(page(get).xpath("//section[@class='item']")) == 1
    words.write_text(good.replace("The sides were added.", "\nWrong: $\\frac{a}$"), encoding="utf-8")
    (fault,) = texts(page(get), "//p[@class='fault']")
    assert fault.startswith(
        f"rectangle.en.md:{good.split(chr(10)).index('The sides were added.') + 2}: section 'added': "
    )
    words.write_text(good, encoding="utf-8")
    source = code.read_text(encoding="utf-8")
    broken = source.split("\n").index("    return a * b") + 1
    code.write_text(source.replace("return a * b", "return a *"), encoding="utf-8")
    (fault,) = texts(page(get), "//p[@class='fault']")
    assert f"rectangle.py:{broken}: SyntaxError" in fault
    code.write_text(source.replace("return a * b", "return a * missing"), encoding="utf-8")
    (fault,) = texts(page(get), "//p[@class='fault']")
    assert f"rectangle.py:{broken}: NameError" in fault
    code.write_text(source, encoding="utf-8")
    assert not page(get).xpath("//p[@class='fault']")


def test_a_text_of_the_author_is_no_markup(workshop, serve):
    workshop.numeric(en={"stem": "<script>alert(1)</script> $<< a | num >>$"})
    _, text = serve("shapes/rectangle", watch=False)()
    assert "<script" not in text


def test_only_a_watched_page_asks_for_news(serve):
    for watch in (True, False):
        _, text = serve("pooling/maximum", watch=watch)()
        assert ("fetch(" in text) is watch


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/other", {}, 404),
        ("/?seed=x", {}, 400),
        ("/?seed=-1", {}, 400),
        ("/?seed=²", {}, 400),
        ("/?seed=99999999999", {}, 400),
        ("/", {"Host": "evil.example"}, 403),
        ("/stamp", {"Host": "evil.example:8765"}, 403),
        ("/", {"Host": "localhost:1"}, 200),
    ],
)
def test_what_else_is_asked_for(serve, path, headers, status):
    get = serve("pooling/maximum")
    assert get(path.replace("²", "%C2%B2"), **headers)[0] == status


def test_it_listens_on_this_machine_only_and_a_taken_port_is_told():
    desk = Desk.of(installed(), "pooling/maximum")
    with open_preview(desk, port=0, watch=False) as server:
        assert server.socket.getsockname()[0] == "127.0.0.1"
        with pytest.raises(OperatorError, match=f"port {server.server_port} of 127.0.0.1 cannot be used"):
            open_preview(desk, port=server.server_port, watch=False)


def test_an_unknown_question_is_answered_with_the_nearest():
    with pytest.raises(InstructorError, match="did you mean pooling/maximum"):
        Desk.of(installed(), "pooling/maximun")


def test_the_command_says_where_it_is_and_stops_at_ctrl_c():
    command = [Path(sys.executable).with_name("quizgen"), "preview", "pooling/maximum", "--port", "0", "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())[1])
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out.strip(), err) == (0, "stopped", "")
