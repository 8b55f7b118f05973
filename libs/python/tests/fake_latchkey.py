"""Server on a socket, which tests of the connections and threads of a verifier use."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zlib import crc32

from bench import COMMON

TOKEN: str = COMMON["tokens"]["anna"]
HEADERS = {"authorization": f"Bearer {TOKEN}"}


class FakeLatchkey:
    """Server that accepts a token, sends heartbeats and counts reports."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer: dict[str, Any] = COMMON["answers"]["anna"]
        self.introspections: list[dict[str, str]] = []
        self.reports: list[dict[str, Any]] = []
        self.connections: set[object] = set()
        """Sockets from which requests came."""
        self.before_answer: Callable[[Any], object] = lambda handler: None
        """Called with the handler of an introspection before it responds."""
        self.has_feed = True
        self.revocations: list[str] = []
        """Ids of the users that were revoked."""
        self.is_over = threading.Event()

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Waits until something has happened."""
        while not condition():
            assert not self.is_over.is_set()
            time.sleep(0.005)


@contextmanager
def fake_latchkey(certificate: Path | None = None) -> Iterator[FakeLatchkey]:
    """Starts a server and stops it at the end. `certificate` has the certificate for TLS, and its key."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def respond(self, body: object, status: int = 200) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            latchkey.connections.add(self.client_address)
            if self.path == "/base/auth/introspect":
                latchkey.introspections.append({name: one for name, (one,) in parse_qs(body).items()})
                latchkey.before_answer(self)
                self.respond(latchkey.answer)
            else:
                latchkey.reports.append(json.loads(body))
                self.respond({"process": "p", "time": time.monotonic() * 1_000})

        def do_GET(self) -> None:
            if not latchkey.has_feed:
                self.respond({}, 404)
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            sent = len(latchkey.revocations)
            intervals = {"heartbeatEvery": 20, "reportEvery": 60_000}
            self.send_event("hello", {"time": time.monotonic() * 1_000, **intervals}, sent)
            while not latchkey.is_over.wait(0.02):
                for user in latchkey.revocations[sent:]:
                    sent += 1
                    self.send_event("user", {"id": user}, sent)
                self.send_event("heartbeat", {"time": time.monotonic() * 1_000}, sent)

        def send_event(self, kind: str, data: object, number: int) -> None:
            text = json.dumps(data)
            check = crc32(f"p.{number}\n{kind}\n{text}".encode())
            self.wfile.write(f"id: p.{number}.{check:08x}\nevent: {kind}\ndata: {text}\n\n".encode())

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                pass  # The verifier has closed the connection.

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        scheme = "https"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    latchkey = FakeLatchkey(f"{scheme}://127.0.0.1:{server.server_port}/base/")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield latchkey
    finally:
        latchkey.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
