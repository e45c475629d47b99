"""Whatever is sent, nothing breaks: every address, odd methods, cookies, queries, forms and bytes."""

import asyncio
import re
from urllib.parse import quote_from_bytes, unquote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from autograder.web.access import COOKIE, INSTRUCTOR
from autograder.web.form import boxes
from autograder.web.rate import RateLimiter
from autograder.web.site import Limits

METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "get", "X"]
ODD = st.text(max_size=30) | st.sampled_from(
    ["", "\0", "\ud800", "９", "1e999", "9" * 400, "../..", "{{7*7}}", "-1", "٣"]
)
BYTES = st.binary(max_size=40)
PARTS = ODD | st.sampled_from(["s01", "s02", "10", "1", "gone", "pooling", "max-map", "exam.json", "gradebook.csv"])
OWN = [
    "csrf",
    "item",
    "source",
    "student",
    "code",
    "run",
    "hand_in",
    "save",
    "seed",
    "reason",
    "kind",
    "question",
    "key",
]
FUNCTION = "def mse_gradient(X, y, theta):\n    return theta\n"


def as_bytes(text):
    return text.encode("utf-8", "surrogatepass")


def nothing_wrong(answer, path):
    status, body = answer
    assert status < 500, (status, path)
    assert b"Traceback (most recent" not in body, path
    assert b"/autograder/" not in body, path  # a place in our own files


class Server:
    """Speaks to the application without a client that would tidy up what is sent."""

    def __init__(self, app):
        self._app, self._loop = app, asyncio.new_event_loop()

    def ask(self, method, path, query=b"", headers=(), body=b""):
        return self._loop.run_until_complete(self._ask(method, path, query, headers, body))

    async def _ask(self, method, path, query, headers, body):
        raw = quote_from_bytes(as_bytes(path), safe="/%").encode()
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw.decode()),
            "raw_path": raw,
            "root_path": "",
            "query_string": query,
            "headers": list(headers),
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        sent = []
        messages = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await self._app(scope, receive, send)
        return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])

    def close(self):
        self._loop.close()


@st.composite
def paths(draw, app):
    route = draw(st.sampled_from([r for r in app.routes if isinstance(r, Route)]))
    filled = re.sub(r"\{[^}]*\}", lambda _: draw(PARTS), route.path)
    return draw(st.just(filled) | st.just(filled + "/") | ODD.map("/{}".format))


@st.composite
def forms(draw, names):
    name = st.sampled_from([*OWN, *names]) | ODD
    value = ODD | BYTES | st.sampled_from([FUNCTION, "10", "11", "s01", "1", "on"])
    pairs = draw(
        st.lists(st.tuples(name.map(as_bytes), value.map(lambda v: v if isinstance(v, bytes) else as_bytes(v))))
    )
    return urlencode(pairs).encode()


def test_whatever_is_sent_is_answered(open_hall):
    wide = RateLimiter(10**9, 10**9)
    limits = Limits(saves=wide, runs=wide, hand_ins=wide, sign_ins=wide, hosts=wide)
    hall = open_hall(limits=limits, practice=True)
    who = {None: (b"", b"")}
    for student in ("s01", "s09", INSTRUCTOR):
        identity = hall.site.identify(hall.passes[student].secret)
        who[student] = (f"{COOKIE}={identity.secret}".encode(), identity.csrf.encode())
    for student in ("s01", "s09"):
        hall.seated(student)
    server = Server(hall.app)
    names = [*list(boxes(hall.site.papers["s01"]))[::7], "item10:source"]

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def sent(data):
        method, path = data.draw(st.sampled_from(METHODS)), data.draw(paths(hall.app))
        cookie, token = who[data.draw(st.sampled_from(list(who)))]
        headers = [(b"cookie", data.draw(st.just(cookie) | st.just(cookie) | BYTES))]
        headers += [(b"content-type", data.draw(st.sampled_from([b"application/x-www-form-urlencoded"] * 3) | BYTES))]
        names_of = st.sampled_from(
            [b"host", b"accept-language", b"range", b"origin", b"x-forwarded-for", b"hx-request"]
        )
        headers += data.draw(st.lists(st.tuples(names_of, BYTES | st.sampled_from([b"[", b"a:b", b"zh"])), max_size=3))
        body = data.draw(forms(names)) + data.draw(st.just(b"&csrf=" + token) | BYTES)
        nothing_wrong(server.ask(method, path, data.draw(BYTES), headers, body), path)

    sent()
    server.close()


def test_every_form_is_answered_whatever_stands_in_it(open_hall):
    """With the right sender and token: what remains is what the handlers themselves have to stand."""
    wide = RateLimiter(10**9, 10**9)
    hall = open_hall(limits=Limits(saves=wide, runs=wide, hand_ins=wide, sign_ins=wide, hosts=wide), practice=True)
    hall.seated("s01")
    server = Server(hall.app)
    posts = [r for r in hall.app.routes if "POST" in r.methods and r.path != "/leave"]
    names = list(boxes(hall.site.papers["s01"]))

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(posts), st.data())
    def sent(route, data):
        identity = hall.site.identify(hall.passes[INSTRUCTOR if route.path.startswith("/teach") else "s01"].secret)
        path = re.sub(r"\{[^}]*\}", lambda _: data.draw(PARTS), route.path).replace("/s01/revoke", "/s03/revoke")
        headers = [
            (b"cookie", f"{COOKIE}={identity.secret}".encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ]
        body = data.draw(forms(names)) + b"&csrf=" + identity.csrf.encode()
        nothing_wrong(server.ask("POST", path, b"", headers, body), path)

    sent()
    server.close()
