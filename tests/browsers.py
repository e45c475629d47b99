"""Chromium, started once for all tests of a process; and servers that it can visit."""

import asyncio
import shutil
import socket
import threading
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt install chromium)")


class Chromium:
    """A browser whose event loop is hidden while nobody uses it, so that other tests may run loops of their own."""

    def __init__(self):
        self._playwright = sync_playwright().start()
        self._loop = asyncio.get_running_loop()
        self._browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        asyncio._set_running_loop(None)

    @contextmanager
    def shown(self):
        """Show the loop, as Playwright needs it, and lend the browser."""
        asyncio._set_running_loop(self._loop)
        try:
            yield self._browser
        finally:
            asyncio._set_running_loop(None)

    def close(self):
        with self.shown() as browser:
            browser.close()
            self._playwright.stop()


@contextmanager
def listening(app):
    """Serve an application in a thread, and give its address, without a slash at the end."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()  # a browser that comes before the thread has begun waits
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
