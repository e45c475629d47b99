"""The page served on this machine alone."""

import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from quizgen.errors import OperatorError
from quizgen.preview.desk import Desk
from quizgen.preview.page import page_html

HOST = "127.0.0.1"
LARGEST_SEED = 10**9


@dataclass(frozen=True)
class Preview:
    """One question, drawn for one request at a time: drawing anew changes what is loaded."""

    desk: Desk
    watch: bool
    lock: threading.Lock

    def page(self, seed: int) -> str:
        """Return the page of a variant."""
        with self.lock:
            return page_html(self.desk, seed, watch=self.watch)

    def stamp(self) -> str:
        """Return what the page compares to know whether it is out of date."""
        with self.lock:
            return self.desk.stamp()


class PreviewServer(ThreadingHTTPServer):
    """Listens on the loopback interface and answers browsers that mean it."""

    daemon_threads = True

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise OperatorError(
                f"port {port} of {HOST} cannot be used: {error.strerror}; choose another --port"
            ) from None

    @property
    def address(self) -> str:
        """Return where the page is."""
        return f"http://{HOST}:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    server_version = "quizgen"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with the page, or with its stamp."""
        url = urlsplit(self.path)
        # Another site's page can name this address, but not say that it is this host: keys stay here.
        if self.headers.get("Host", "").partition(":")[0] not in {HOST, "localhost"}:
            self._send(HTTPStatus.FORBIDDEN, "This page is for this machine only.\n", "text/plain")
        elif url.path == "/":
            self._page(parse_qs(url.query).get("seed", ["0"])[0])
        elif url.path == "/stamp":
            self._send(HTTPStatus.OK, self.server.preview.stamp(), "text/plain")
        else:
            self._send(HTTPStatus.NOT_FOUND, "There is only one page: /\n", "text/plain")

    def _page(self, seed: str) -> None:
        if not (seed.isascii() and seed.isdigit() and int(seed) <= LARGEST_SEED):
            self._send(HTTPStatus.BAD_REQUEST, f"seed: wanted 0 to {LARGEST_SEED}\n", "text/plain")
            return
        self._send(HTTPStatus.OK, self.server.preview.page(int(seed)), "text/html")

    def _send(self, status: HTTPStatus, text: str, kind: str) -> None:
        data = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep the terminal quiet."""


def open_preview(desk: Desk, *, port: int, watch: bool) -> PreviewServer:
    """Start listening; `serve_forever` answers."""
    return PreviewServer(Preview(desk, watch, threading.Lock()), port)
