"""A receiver of webhooks on loopback, as somebody else would write it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

PATIENCE = 20


@dataclass
class Receiver:
    """What it was sent, and what it answers: the next of `answers`, then 204.

    `waited` says of each message whether what it waits for came true before it answered.
    """

    url: str
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    waited: list[bool] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The bodies of all it was sent."""
        return [json.loads(body) for _, body in self.got]

    @property
    def seqs(self) -> list[int]:
        """The numbers of the changes it was sent."""
        return [event["data"]["seq"] for event in self.events]


@contextmanager
def receiver(*answers: int, retry_after: str = "", once: Callable[[], bool] = lambda: True) -> Iterator[Receiver]:
    """A receiver at a port of its own; it answers once something is true, or after `PATIENCE` seconds."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            until = time.monotonic() + PATIENCE
            while not once() and time.monotonic() < until:
                time.sleep(0.01)
            found.waited.append(once())
            self.send_response(found.answers.pop(0) if found.answers else 204)
            self.send_header("Location", "/elsewhere")
            if retry_after:
                self.send_header("Retry-After", retry_after)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Receiver(f"http://127.0.0.1:{server.server_port}/in?from=na", list(answers))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
