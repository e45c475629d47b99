"""Secrets: who gets in, who no more, and where secrets never stand."""

import csv
import logging
import re
import stat

import pytest
from msgspec.structs import replace

from autograder.web.access import COOKIE, INSTRUCTOR, code_secret, give_out, write_links
from autograder.web.rate import RateLimiter
from autograder.web.site import Limits

GENEROUS = {"saves": RateLimiter(1000, 1000), "runs": RateLimiter(1000, 1000), "hosts": RateLimiter(1000, 1000)}


def written(hall, *, by_code=False):
    """Give out passes as a server does when it starts, and read the file back."""
    file = hall.folder / "links.csv"
    passes = give_out(hall.store, hall.site.exam, file, by_code=by_code)
    write_links(file, hall.site.exam, passes, "https://quiz.example.edu")
    with file.open(encoding="utf-8", newline="") as opened:
        return {row["student"]: row for row in csv.DictReader(opened)}


def may_enter(hall, row):
    return hall.browser().get(row["link"].removeprefix("https://quiz.example.edu")).status_code == 303


def test_everyone_gets_a_link_of_their_own_and_keeps_it(hall):
    first = written(hall)
    assert list(first) == [INSTRUCTOR, *hall.site.papers]
    assert len({row["secret"] for row in first.values()}) == 13
    assert all(len(row["secret"]) >= 32 for row in first.values())
    assert all(may_enter(hall, row) for row in first.values())
    assert written(hall) == first


def test_the_file_is_for_its_owner_alone(hall):
    file = hall.folder / "links.csv"
    file.touch(mode=0o644)
    written(hall)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in hall.folder.iterdir() if "links" in p.name] == ["links.csv"]


def test_the_file_survives_a_spreadsheet(hall):
    first = written(hall)
    file = hall.folder / "links.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    assert written(hall) == first


def test_a_file_that_is_lost_takes_all_its_links_along(hall):
    first = written(hall)
    (hall.folder / "links.csv").unlink()
    second = written(hall)
    assert not any(may_enter(hall, row) for row in first.values())
    assert all(may_enter(hall, row) for row in second.values())


def test_of_an_older_file_only_what_is_still_valid_counts_and_nothing_else_opens(hall):
    file = hall.folder / "links.csv"
    written(hall)
    old = file.read_bytes()
    hall.store.page.revoke(["s01"])
    newer = written(hall)
    file.write_bytes(old)
    newest = written(hall)
    assert newest["s02"] == newer["s02"]
    assert newest["s01"]["secret"] not in {newer["s01"]["secret"], old.decode()}
    assert not may_enter(hall, newer["s01"])


def test_one_revoked_student_gets_a_new_link_and_the_others_keep_theirs(hall):
    first = written(hall)
    hall.store.page.revoke(["s02"])
    second = written(hall)
    assert {s for s in first if first[s] != second[s]} == {"s02"}


def test_another_kind_of_sign_in_ends_the_first(hall):
    first = written(hall)
    codes = written(hall, by_code=True)
    assert not any(may_enter(hall, row) for s, row in first.items() if s)
    assert codes[INSTRUCTOR] == first[INSTRUCTOR]
    assert all(row["link"] == "https://quiz.example.edu/" for s, row in codes.items() if s)


def test_an_access_taken_back_opens_nothing_from_that_moment(hall):
    browser, other = hall.seated("s01"), hall.seated("s02")
    token = browser.token()
    hall.store.page.revoke(["s01"])
    for path in ("/paper", "/paper/state", "/paper/hand-in", "/feedback"):
        assert browser.get(path).status_code == 403
    assert browser.post("/paper/save", data={"csrf": token, "item1:a[0]": "1"}).status_code == 403
    assert browser.get("/").status_code == 200  # the door
    assert other.get("/paper").status_code == 200
    hall.store.page.revoke()
    assert other.get("/paper").status_code == 403
    assert hall.teacher().get("/").headers.get("location") is None


def test_who_is_no_longer_on_the_roster_has_no_paper_and_no_access(open_hall, frozen):
    before = open_hall()
    secret = before.passes["s12"].secret
    after = open_hall(exam=replace(frozen, papers=frozen.papers[:-1]))
    after.passes["gone"] = before.passes["s12"]
    browser = after.browser("gone")
    assert secret == browser.cookies[COOKIE]
    assert browser.get("/paper").status_code == 403
    assert browser.get("/").status_code == 200


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(hall):
    cookie = hall.browser().get(f"/enter/{hall.passes['s01'].shown}").headers["set-cookie"]
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()
    assert "secure" not in cookie.lower()  # or a browser would not send it to http://


def test_the_cookie_goes_over_https_only_where_students_come_by_https(open_hall):
    """Behind a proxy the server itself is asked by HTTP."""
    hall = open_hall(secure=True)
    assert "; secure" in hall.browser().get(f"/enter/{hall.passes['s01'].shown}").headers["set-cookie"].lower()


def sign_in(hall, student, code):
    return hall.browser().post("/sign-in", data={"student": student, "code": code})


def test_a_code_may_be_typed_as_people_do(open_hall):
    hall = open_hall(by_code=True)
    code = hall.passes["s01"].shown
    spaced = f" {code[:5]} - {code[5:]} "
    for student, typed in [("s01", code), ("S01", code.upper()), (" s01 ", spaced)]:
        answer = sign_in(hall, student, typed)
        assert (answer.status_code, answer.headers["location"]) == (303, "/paper")
    browser = hall.browser()
    browser.post("/sign-in", data={"student": "s01", "code": code})
    assert browser.get("/paper").status_code == 200


@pytest.mark.parametrize(
    "typed", [{"student": "s02"}, {"code": ""}, {"code": "wrong"}, {"student": ""}, {"student": "s01\0"}]
)
def test_a_wrong_code_is_told_and_gives_nothing(open_hall, typed):
    hall = open_hall(by_code=True)
    known = {"student": "s01", "code": hall.passes["s01"].shown}
    answer = hall.browser().post("/sign-in", data=known | typed)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "do not go together" in answer.text


def test_tries_are_rationed_for_each_student(open_hall):
    hall = open_hall(by_code=True, limits=Limits(**GENEROUS, hand_ins=RateLimiter(9, 9), sign_ins=RateLimiter(3, 6)))
    tries = [sign_in(hall, f"{' ' * n}S01", "wrong").status_code for n in range(5)]
    assert tries == [403, 403, 403, 429, 429]
    assert int(sign_in(hall, "s01", hall.passes["s01"].shown).headers["retry-after"]) >= 1
    assert sign_in(hall, "s02", hall.passes["s02"].shown).status_code == 303


def test_links_are_rationed_for_each_host(open_hall):
    rationed = GENEROUS | {"hosts": RateLimiter(3, 6)}
    hall = open_hall(limits=Limits(**rationed, hand_ins=RateLimiter(9, 9), sign_ins=RateLimiter(3, 6)))
    assert [hall.browser().get("/enter/guess").status_code for _ in range(4)] == [403, 403, 403, 429]


@pytest.mark.parametrize("secret", ["", "x", "%00", "é", "a" * 5000, "%ff%fe", "'; drop table access; --"])
def test_what_is_no_secret_opens_nothing(hall, secret):
    assert hall.browser().get(f"/enter/{secret}").status_code in {403, 404}
    browser = hall.browser()
    assert browser.get("/paper", headers={"cookie": f"{COOKIE}={secret}".encode()}).status_code == 403


def test_digests_are_kept_and_no_secrets(hall):
    written(hall)
    data = b"".join(p.read_bytes() for p in hall.folder.glob("grades.db*"))
    assert not [p for p in hall.passes.values() if p.secret.encode() in data]


def test_a_code_and_an_id_cannot_be_read_in_two_ways():
    assert code_secret("ab", "c") != code_secret("a", "bc")


def test_no_secret_stands_in_a_log_or_a_page(hall, caplog):
    caplog.set_level(logging.DEBUG)
    secret = hall.passes["s01"].secret
    browser = hall.browser()
    answers = [browser.get(f"/enter/{secret}"), browser.get("/"), browser.get("/paper"), browser.start().get("/paper")]
    answers += [
        browser.get("/paper/hand-in"),
        browser.get("/paper/state"),
        browser.fill_in("/paper/run", item="10", source=f"print({secret!r}"),
        browser.get(f"/nothing/{secret}"),
        browser.get(f"/assets/{secret}/page.js"),
        browser.get("/enter/" + secret[:-1]),
        browser.get("/feedback"),
        browser.hand_in(),
    ]
    texts = [re.sub(r"print\(.*", "", a.text) for a in answers]
    assert not [a.url for a, text in zip(answers, texts, strict=True) if secret in text]
    assert not [a for a in answers if secret in a.headers.get("location", "")]
    assert [a.status_code for a in answers if secret in str(a.headers)] == [303]  # where the cookie is given
    said = [r.getMessage() for r in caplog.records if r.name.partition(".")[0] not in {"httpx2", "httpcore2"}]
    assert said
    assert not [line for line in said if secret in line]
