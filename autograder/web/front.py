"""The door: entering by a link, signing in with a code, leaving; the files that pages load."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autograder.web.access import COOKIE, Identity, code_secret
from autograder.web.assets import assets, stamp
from autograder.web.call import NO_STORE, Call, RefusedError, Who, endpoint, see_other

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
MOST_SECONDS = 60 * 60 * 24 * 60
"""How long a browser keeps the secret: as long as any exam is open."""


def home(call: Call) -> Response:
    """Send everyone where they belong, or ask who they are."""
    if call.identity is not None:
        return see_other("/teach" if call.identity.is_instructor else "/paper")
    return call.page("door.html.j2", by_code=call.site.by_code, failed=False)


def enter(call: Call) -> Response:
    """Take the secret out of a link's address, where others could read it, into a cookie."""
    secret = call.request.path_params["secret"]
    _ration(call, "")
    identity = call.site.identify(secret)
    if identity is None:
        raise RefusedError(403, "page-no-access")
    return _let_in(call, identity)


def sign_in(call: Call) -> Response:
    """Let in who knows a student id and its code."""
    student = call.form.get("student", "")[:100]
    _ration(call, student.strip().casefold())
    identity = call.site.identify(code_secret(student, call.form.get("code", "")[:100]))
    if identity is None:
        return call.page("door.html.j2", by_code=True, failed=True, status=403)
    return _let_in(call, identity)


def leave(_: Call) -> Response:
    """Forget the secret."""
    response = see_other("/")
    response.delete_cookie(COOKIE)
    return response


def asset(request: Request) -> Response:
    """Send a script, a style or the font; the address changes with what is in them."""
    found = assets().get(request.path_params["name"])
    if found is None or request.path_params["stamp"] != stamp():
        return Response(status_code=404)
    return Response(found.data, media_type=found.media, headers=FOR_EVER)


def _ration(call: Call, student: str) -> None:
    """Keep anyone from trying many secrets; a code is short, so each student id has a ration of its own."""
    host = call.request.client.host if call.request.client else ""
    limits = call.site.limits
    wait = max(limits.hosts.admit(host), limits.sign_ins.admit(student) if student else 0.0)
    if wait:
        raise RefusedError(429, "page-too-fast", retry_after=wait)


def _let_in(call: Call, identity: Identity) -> Response:
    response = RedirectResponse("/teach" if identity.is_instructor else "/paper", status_code=303, headers=NO_STORE)
    response.set_cookie(
        COOKIE,
        identity.secret,
        max_age=MOST_SECONDS,
        httponly=True,
        samesite="lax",  # strict would leave the secret behind on the way here from a mail
        secure=call.site.secure,
    )
    return response


def routes() -> list[Route]:
    """Return the addresses of the door."""
    return [
        Route("/", endpoint(home, Who.ANYONE), methods=["GET"]),
        Route("/enter/{secret}", endpoint(enter, Who.ANYONE), methods=["GET"]),
        Route("/sign-in", endpoint(sign_in, Who.ANYONE), methods=["POST"]),
        Route("/leave", endpoint(leave, Who.MEMBER), methods=["POST"]),
        Route("/assets/{stamp}/{name:path}", asset, methods=["GET"]),
    ]
