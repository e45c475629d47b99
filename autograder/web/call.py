"""One request, read and checked once: who asks, what was sent; handlers are plain functions of it."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import TypeAlias
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from autograder.web.access import COOKIE, Identity
from autograder.web.edition import Editions
from autograder.web.pages import POLICY, environment
from autograder.web.rate import RateLimiter
from autograder.web.site import Site
from quizgen.errors import OperatorError, QuizgenError
from quizgen.model import Language, Paper
from quizgen.wording.phrases import phrase

MOST_BYTES = 2_000_000
"""Of one request; a whole paper with all its functions is far below."""
MOST_FIELDS = 20_000
NO_STORE = {"Cache-Control": "no-store"}


class Who(Enum):
    """For whom a page is."""

    ANYONE = "anyone"
    MEMBER = "member"
    STUDENT = "student"
    INSTRUCTOR = "instructor"


class RefusedError(Exception):
    """What was asked for is not done; `name` is the phrase that says why."""

    def __init__(self, status: int, name: str, *, retry_after: float = 0.0, **values: str) -> None:
        self.status, self.name, self.values, self.retry_after = status, name, values, retry_after
        super().__init__(f"{status} {name}")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A checked request; `form` is what was sent, of equal names the last; `nonce` lets our own styles in."""

    site: Site
    request: Request
    identity: Identity | None
    form: Mapping[str, str]
    nonce: str
    now: datetime

    @property
    def me(self) -> Identity:
        """Return who asks, on pages that are not for anyone."""
        assert self.identity is not None  # noqa: S101 - `endpoint` has seen to it
        return self.identity

    @property
    def paper(self) -> Paper:
        """Return the paper of the student who asks."""
        return self.site.paper(self.me.student)

    @property
    def language(self) -> Language:
        """Return the language to answer in: of the paper, else what the browser asks for, else of the exam."""
        if self.identity is not None and not self.identity.is_instructor:
            return self.paper.language
        return language_of(self.request, self.site.exam.language)

    def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Answer with a page."""
        text = environment().get_template(template).render(call=self, language=self.language, **values)
        return self.html(text, status=status)

    def html(self, text: str, *, status: int = 200) -> Response:
        """Answer with HTML."""
        return HTMLResponse(text, status_code=status, headers={**NO_STORE, **_policy(self.nonce)})

    def json(self, value: object) -> Response:
        """Answer a script."""
        return JSONResponse(value, headers=NO_STORE)


Handler: TypeAlias = Callable[[Call], Response]


def endpoint(handler: Handler, who: Who) -> Callable[[Request], Awaitable[Response]]:
    """Make a handler answer requests: in a thread, of those it is for, with a form that its own page sent."""

    async def answer(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        return await run_in_threadpool(_answer, handler, who, request, body)

    return answer


def ration(limiter: RateLimiter, key: str, name: str) -> None:
    """Refuse who asks too often; `name` is the phrase that says so."""
    wait = limiter.admit(key)
    if wait:
        raise RefusedError(429, name, retry_after=wait)


def see_other(address: str) -> Response:
    """Send the browser on, after what it sent was dealt with."""
    return RedirectResponse(address, status_code=303, headers=NO_STORE)


def language_of(request: Request, otherwise: Language) -> Language:
    """Return the language that a browser asks for, of those that we speak."""
    for part in request.headers.get("accept-language", "").split(","):
        name = part.strip()[:2].lower()
        if name in {"en", "zh"}:
            return name
    return otherwise


async def _body(request: Request) -> bytes | None:
    """Read what was sent; None where it is more than anyone needs to send."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return body


def _answer(handler: Handler, who: Who, request: Request, body: bytes | None) -> Response:
    editions: Editions = request.app.state.editions
    site = editions.newest
    call = Call(site=site, request=request, identity=None, form={}, nonce=secrets.token_urlsafe(12), now=site.clock())
    try:
        call = _checked(call, who, body)
        return handler(call)
    except RefusedError as refusal:
        return _refused(call, refusal)
    except OperatorError:
        return _refused(call, RefusedError(503, "page-unavailable", retry_after=5))
    except QuizgenError as error:
        return call.page(
            "message.html.j2", status=400, title=phrase("page-not-possible", call.language), text=str(error)
        )


def _checked(call: Call, who: Who, body: bytes | None) -> Call:
    """Find out who asks and whether they may; read the form."""
    secret = call.request.cookies.get(COOKIE, "")
    identity = call.site.identify(secret)
    found = replace(call, identity=identity)
    if identity is None and who is not Who.ANYONE:
        raise RefusedError(403, "page-no-access")
    if who in {Who.STUDENT, Who.INSTRUCTOR} and found.me.is_instructor != (who is Who.INSTRUCTOR):
        raise RefusedError(403, "page-not-yours")
    if body is None:
        raise RefusedError(413, "page-too-much")
    if call.request.method != "POST":
        return found
    form = _form(call.request, body)
    if identity is not None and not identity.sent(form.get("csrf", "")):
        raise RefusedError(403, "page-other-form")
    return replace(found, form=form)


def _form(request: Request, body: bytes) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise RefusedError(415, "page-not-a-form")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="utf-8", errors="replace"
        )
    except ValueError:
        raise RefusedError(400, "page-not-a-form") from None
    # One character that databases do not keep alike becomes the one for what is unknown.
    return {name: text.replace("\0", "\ufffd") for name, text in pairs}


def _refused(call: Call, refusal: RefusedError) -> Response:
    title = phrase("page-not-possible", call.language)
    text = phrase(refusal.name, call.language, **refusal.values)
    response = call.page("message.html.j2", status=refusal.status, title=title, text=text)
    if refusal.retry_after:
        response.headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    return response


def _policy(nonce: str) -> dict[str, str]:
    return {"Content-Security-Policy": POLICY.format(nonce=nonce)}
