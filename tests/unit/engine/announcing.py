"""A place on this machine where releases are announced, for the tests that ask it."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

OWN = {"version": "9.1", "page": "https://elephant.example/9.1", "notes": "Faster.\nQuieter."}
FORGE = {
    "tag_name": "v9.1",
    "html_url": "https://forge.example/elephant/releases/9.1",
    "body": "Faster.\r\nQuieter.",
    "prerelease": False,
    "draft": False,
    "assets": [{"name": "elephant.deb", "size": 5}],
    "author": {"login": "ada"},
}


class Place(http.server.ThreadingHTTPServer):
    """Answers every GET with `data`. drops: the answer comes a byte at a time and never ends. asked: the path and headers of each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data = json.dumps(OWN).encode()
        self.status = 200
        self.redirects: dict[str, str] = {}
        self.drops = False
        self.is_silent = False
        self.says_length = True
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.arrived = threading.Event()
        self.go_on = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away midway is what is tried here."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/latest"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Place

    def do_GET(self) -> None:
        place = self.server
        place.asked.append((self.path, dict(self.headers)))
        place.arrived.set()
        if place.is_silent:
            place.go_on.wait(30)
            return
        target = place.redirects.get(self.path)
        self.send_response(302 if target else place.status)
        if target:
            self.send_header("Location", target)
        self.send_header("Set-Cookie", "who=you")
        if place.says_length:
            self.send_header("Content-Length", str(len(place.data)))
        self.end_headers()
        if place.drops:
            while not place.go_on.wait(0.05):
                self.wfile.write(b" ")
        self.wfile.write(place.data)
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def announcing_place() -> Iterator[Place]:
    made = Place()
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield made
    finally:
        made.go_on.set()
        made.shutdown()
        made.server_close()
        thread.join()
