"""The door and the files: everyone is sent where they belong, and nothing but our own files is served."""

import pytest

from autograder.web.access import COOKIE
from autograder.web.assets import assets, stamp


def test_a_link_takes_its_secret_out_of_the_address(hall):
    browser = hall.browser()
    answer = browser.get(f"/enter/{hall.passes['s01'].shown}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/paper")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert browser.get("/paper").status_code == 200
    assert browser.get("/").headers["location"] == "/paper"


def test_the_instructors_link_leads_to_the_class(hall):
    browser = hall.browser()
    assert browser.get(f"/enter/{hall.passes[''].shown}").headers["location"] == "/teach"
    assert browser.get("/").headers["location"] == "/teach"


def test_another_link_in_the_same_browser_is_another_student(hall):
    browser = hall.seated("s01")
    browser.get(f"/enter/{hall.passes['s02'].shown}")
    assert "s02" in browser.start().get("/paper").text


@pytest.mark.parametrize(("language", "words"), [("zh-CN,zh;q=0.9", "链接"), ("en", "link"), ("fr", "link")])
def test_strangers_are_answered_in_their_language(hall, language, words):
    answer = hall.browser().get("/paper", headers={"accept-language": language})
    assert answer.status_code == 403
    assert words in answer.text


def test_leaving_forgets_the_secret(hall):
    browser = hall.browser()
    browser.get(f"/enter/{hall.passes['s01'].shown}")
    assert browser.fill_in("/leave").status_code == 303
    assert COOKIE not in browser.cookies
    assert browser.get("/paper").status_code == 403


def test_nobody_can_be_signed_out_from_elsewhere(hall):
    browser = hall.seated()
    assert browser.post("/leave", data={"csrf": "x"}).status_code == 403
    assert browser.get("/leave").status_code == 405
    assert browser.get("/paper").status_code == 200


def test_files_may_be_kept_for_ever_for_their_address_changes_with_them(hall):
    browser = hall.browser()
    for name, asset in assets().items():
        answer = browser.get(f"/assets/{stamp()}/{name}")
        assert answer.content == asset.data
        assert answer.headers["content-type"] == asset.media
        assert "immutable" in answer.headers["cache-control"]
        assert browser.get(f"/assets/0/{name}").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["../app.py", "..%2fapp.py", "%2e%2e/%2e%2e/app.py", "/etc/passwd", "vendor", "", "page.css/", "PAGE.CSS"],
)
def test_nothing_else_is_served(hall, name):
    assert hall.browser().get(f"/assets/{stamp()}/{name}").status_code == 404
