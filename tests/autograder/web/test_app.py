"""What holds for every address, whoever asks and however."""

import asyncio
import re

import pytest
from starlette.routing import Route

from autograder.web.access import INSTRUCTOR
from autograder.web.app import make_app

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
WHO = [None, "s01", "s09", INSTRUCTOR]
FILLED = {
    "secret": "guess",
    "stamp": "0",
    "name": "page.css",
    "item": "10",
    "ticket": "none",
    "topic": "pooling",
    "student": "s02",
    "attempt": "1",
}


def addresses(app):
    """Return every address with its methods, placeholders filled in."""
    found = []
    for route in app.routes:
        assert isinstance(route, Route)
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda m: FILLED[m[1]], route.path)
        found += [(method, path) for method in sorted(route.methods)]
    return found


def guarded(answer):
    """Hold that an answer protects the browser that gets it."""
    assert {k: answer.headers.get(k) for k in HEADERS} == HEADERS
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    script = re.search(r"script-src ([^;]*)", policy)
    assert script is None or script[1].strip() == "'self'"
    assert "server" not in answer.headers
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\ssrc=)", answer.text)
        assert not re.search(r"<[^>\"']*(\"[^\"]*\"[^>\"']*)*\son\w+=", answer.text)
        assert not re.findall(r"""(?:src|href|action)=["'](?!/|#|data:)[^"']*["']""", answer.text)


@pytest.mark.parametrize("student", WHO)
def test_every_answer_protects_its_browser(open_hall, student):
    hall = open_hall(practice=True)
    hall.seated("s01")
    browser = hall.browser(student)
    for method, path in [*addresses(hall.app), ("GET", "/nothing"), ("GET", "/paper/")]:
        for found in {method, "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "MADEUP"}:
            answer = browser.request(found, path)
            assert answer.status_code < 500, (found, path)
            guarded(answer)


def test_methods_that_an_address_does_not_know_change_nothing(hall):
    browser = hall.seated()
    browser.save(item4_z="1")
    for path in ("/paper", "/paper/save", "/paper/hand-in", "/feedback"):
        for method in ("PUT", "DELETE", "PATCH"):
            data = {"csrf": browser.token(), "item4:z": "2"}
            assert browser.request(method, path, data=data).status_code == 405
    for path in ("/paper", "/paper/hand-in", "/feedback", "/paper/state"):
        answer = browser.head(path)
        assert answer.content == b""
        assert answer.status_code == browser.get(path).status_code
    assert hall.store.page.saved("s01").texts == {4: {"z": "1"}}


def test_a_failure_of_ours_is_told_without_a_word_of_its_inside(hall, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("inner secret")

    monkeypatch.setattr(type(hall.store.page), "sitting", broken)
    browser = hall.browser("s01", raise_server_exceptions=False)
    answer = browser.get("/paper")
    assert answer.status_code == 500
    assert "inner secret" not in answer.text
    assert "Traceback" not in answer.text
    guarded(answer)
    assert "inner secret" in caplog.text  # the operator's


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"csrf": "x"}', 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b"csrf=x", 415),
        ("", b"csrf=x", 415),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(20_001)), 400),
        ("application/x-www-form-urlencoded", b"a=" + b"1" * 2_000_000, 413),
        ("application/x-www-form-urlencoded", "a=é".encode(), 400),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00", 400),
        ("application/x-www-form-urlencoded", b"%%%=%zz&&&;;==", 403),
        ("APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-16", b"a=1", 403),
    ],
)
@pytest.mark.parametrize("path", ["/paper/save", "/sign-in"])
def test_what_is_no_form_of_ours_is_refused(hall, kind, body, status, path):
    browser = hall.seated()
    answer = browser.post(path, content=body, headers={"content-type": kind})
    assert answer.status_code == status
    guarded(answer)
    assert hall.store.page.saved("s01").serial == 0


def test_fields_up_to_the_limit_are_read(hall):
    browser = hall.seated()
    fields = {f"a{n}": "1" for n in range(19_998)} | {"csrf": browser.token(), "item4:z": "1"}
    assert browser.post("/paper/save", data=fields).status_code == 200


def test_a_browser_that_hangs_up_in_the_middle_is_no_trouble(hall):
    sent = []

    async def half():
        messages = [{"type": "http.request", "body": b"csrf=", "more_body": True}, {"type": "http.disconnect"}]

        async def receive():
            return messages.pop(0)

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/paper/save", "raw_path": b"/paper/save", "headers": []}
        await make_app(hall.site)({**scope, "query_string": b"", "root_path": "", "app": hall.app}, receive, send)

    asyncio.run(half())
    assert sent[0]["status"] == 400


def test_an_address_with_a_slash_too_many_leads_nowhere_else(hall):
    answer = hall.seated().get("/paper/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 404
