"""The page as one application: its addresses, what stands on every answer, what happens to what goes wrong."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from anyio import to_thread
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from autograder.web import front, practice, student, teach
from autograder.web.call import NO_STORE, RefusedError, Who, endpoint
from autograder.web.edition import Editions
from autograder.web.keeper import Keeper
from autograder.web.site import Site

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
POLICY = "default-src 'none'; frame-ancestors 'none'"
"""Of answers that are no pages."""
THREADS = 100
"""Requests that are dealt with at once: those who wait for a sandbox must not keep others from saving."""
log = logging.getLogger("autograder.web")


class SafeHeaders:
    """Puts what protects browsers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with these headers added."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", POLICY)
            await send(message)

        await self._app(scope, receive, send_safely if scope["type"] == "http" else send)


def make_app(site: Site, editions: Editions | None = None) -> Starlette:
    """Make the application of one exam, of which there may be other editions; the runner is the caller's to close."""
    editions = editions or Editions(site)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        keeper = Keeper(editions)
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        keeper.start()
        yield
        keeper.close()

    app = Starlette(
        routes=[*front.routes(), *student.routes(), *practice.routes(), *teach.routes()],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={404: _says("page-not-found", 404), 405: _says("page-not-found", 405), 500: _failed},
        lifespan=lifespan,
    )
    app.state.editions = editions
    app.router.redirect_slashes = False  # it would send browsers to whatever host their request names
    return app


def _says(name: str, status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    def refuse(_: object) -> Response:
        raise RefusedError(status, name)

    answer = endpoint(refuse, Who.ANYONE)

    async def handle(request: Request, error: Exception) -> Response:
        del error
        return await answer(request)

    return handle


async def _failed(request: Request, error: Exception) -> Response:
    """Say sorry without a traceback; the operator's terminal has it."""
    log.error("%s: %r", request.method, error)  # not the address: it may hold a secret
    headers = {**HEADERS, "Content-Security-Policy": POLICY, **NO_STORE}  # what answers here stands before SafeHeaders
    return Response("Something went wrong on the server. What was saved is kept.", 500, headers, "text/plain")
