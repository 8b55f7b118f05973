"""HTTP connections to Latchkey, with the standard library."""

from __future__ import annotations

import io
import os
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from ._messages import Request, Response, has_media_type
from .errors import LatchkeyError

_IDLE_MAX = 4
"""Seconds after which an idle connection is not used again, because the server may be closing it."""
_IDLE_CONNECTIONS_MAX = 64
_CHUNK = 65_536
MEBIBYTE = 1_048_576
_FIELD_VALUE = re.compile(r"[ -~]*")


class _TimedSocket:
    """Socket whose next operation may take as long as `wait` returns, in seconds.

    The timeout of a socket alone would apply to each operation, and not to the whole exchange. Unlike a
    socket, this one stays open when `HTTPConnection` closes it, because the response may still have to be
    read.
    """

    def __init__(self, connected: socket.socket) -> None:
        self.connected = connected
        self.wait: Callable[[], float] = lambda: 0.0
        self.is_released = False

    def sendall(self, data: bytes) -> None:
        self.connected.settimeout(self.wait())
        self.connected.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self), _CHUNK)

    def close(self) -> None:
        self.is_released = True

    def is_usable(self) -> bool:
        """Whether another request can be sent. Otherwise the server has closed the connection."""
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(self.connected, select.POLLIN)
            return not poll.poll(0)
        return not select.select([self.connected], [], [], 0)[0]


class _Reader(io.RawIOBase):
    def __init__(self, timed: _TimedSocket) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            self._timed.connected.settimeout(self._timed.wait())
            try:
                return self._timed.connected.recv_into(buffer)
            except TimeoutError:
                # `wait` decides whether the time is up.
                continue


class Stream:
    """Response whose body arrives over time."""

    def __init__(self, timed: _TimedSocket, response: HTTPResponse, head: Response) -> None:
        self._timed = timed
        self._response = response
        self.head = head
        """The response; without its body if it is an event stream."""

    def chunks(self, check: Callable[[], None], interval: float) -> Iterator[bytes]:
        """Returns the parts of the body as they arrive. Calls `check` after this many seconds of silence."""

        def wait() -> float:
            check()
            return interval

        self._timed.wait = wait
        while chunk := self._response.read1(_CHUNK):
            yield chunk

    def abort(self) -> None:
        """Ends the stream; also from another thread."""
        try:
            self._timed.connected.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        """Closes the connection. A forked process may hold a copy, which would keep it open."""
        self.abort()
        self._timed.connected.close()


class HttpServer:
    """Server at a URL. Follows no redirects: they would send credentials to another server."""

    def __init__(self, url: str, bytes_max: int = MEBIBYTE) -> None:
        """`bytes_max`: longest body of a response, which would otherwise fill the memory."""
        self._bytes_max = bytes_max
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
            raise ValueError(f'"url" is not a URL: "{url}". Use a URL such as https://auth.example.org.')
        self.url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}/"
        self._host = parts.hostname
        self._port = port or (443 if parts.scheme == "https" else 80)
        self._authority = parts.netloc.rpartition("@")[2]
        self._path = parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._idle: list[tuple[_TimedSocket, float]] = []
        self._lock = threading.Lock()
        self._process = os.getpid()

    def send(self, request: Request, timeout: float) -> Response:
        """Sends a request. Raises `LatchkeyError` if it fails, or takes more than `timeout` seconds."""
        wait = _deadline(timeout)
        timed: _TimedSocket | None = None
        try:
            timed = self._take_idle() or self._connect(wait)
            timed.wait = wait
            response = self._exchange(timed, request)
            answer = _head_of(response, self._body_of(response))
        except (OSError, HTTPException) as error:
            if timed is not None:
                timed.connected.close()
            raise self._failure(error, timeout) from error
        except BaseException:
            if timed is not None:
                timed.connected.close()
            raise
        self._put_back(timed)
        return answer

    def stream(self, request: Request, timeout: float) -> Stream:
        """Opens a stream. The timeout applies only until the response begins."""
        timed: _TimedSocket | None = None
        try:
            wait = _deadline(timeout)
            timed = self._connect(wait)
            timed.wait = wait
            response = self._exchange(timed, request)
            head = _head_of(response, b"")
            is_stream = response.status == 200 and has_media_type(head, "text/event-stream")
            return Stream(timed, response, head if is_stream else _head_of(response, self._body_of(response)))
        except BaseException as error:
            if timed is not None:
                timed.connected.close()
            if isinstance(error, OSError | HTTPException):
                raise self._failure(error, timeout) from error
            raise

    def close(self) -> None:
        """Closes the idle connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for timed, _ in idle:
            timed.connected.close()

    def _exchange(self, timed: _TimedSocket, request: Request) -> HTTPResponse:
        connection = HTTPConnection(self._host, self._port)
        connection.sock = timed
        headers = {"Host": self._authority, "Accept": "application/json", "User-Agent": "latchkey-python"}
        names = {name.lower() for name in request.headers}
        headers = {name: value for name, value in headers.items() if name.lower() not in names}
        for name, value in request.headers.items():
            # The error of the standard library contains the value, which can be a token.
            if not _FIELD_VALUE.fullmatch(value):
                raise ValueError(f'The header field "{name}" must be one line of ASCII characters.')
        path = f"{self._path}/{request.path.lstrip('/')}"
        connection.request(request.method, path, request.body, {**headers, **request.headers})
        return connection.getresponse()

    def _body_of(self, response: HTTPResponse) -> bytes:
        # Only without an argument, `read` reports a body that is shorter than its `Content-Length`.
        length, bytes_max = response.length, self._bytes_max
        if length is not None and length <= bytes_max:
            return response.read()
        body = b"" if length is not None else response.read(bytes_max + 1)
        if length is not None or len(body) > bytes_max:
            raise LatchkeyError(
                "unexpected_response",
                "Unexpected response",
                f"The response is longer than {bytes_max // MEBIBYTE} MiB."
                " Request less, or check the URL, and the gateways in front of Latchkey.",
                status=response.status,
            )
        return body

    def _connect(self, wait: Callable[[], float]) -> _TimedSocket:
        connected = self._connect_socket(wait)
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                connected.settimeout(wait())
                connected = self._tls.wrap_socket(connected, server_hostname=self._host)
        except BaseException:
            connected.close()
            raise
        return _TimedSocket(connected)

    def _connect_socket(self, wait: Callable[[], float]) -> socket.socket:
        """Connects to the first address of the server that responds."""
        addresses = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        while True:
            family, kind, protocol, _, address = addresses.pop(0)
            connected = socket.socket(family, kind, protocol)
            try:
                # Leaves time for the other addresses.
                connected.settimeout(wait() / 2 if addresses else wait())
                connected.connect(address)
                return connected
            except OSError:
                connected.close()
                if not addresses:
                    raise

    def _take_idle(self) -> _TimedSocket | None:
        if self._process != os.getpid():
            # Two processes on one connection would receive each other's responses after a fork.
            self._process, self._lock = os.getpid(), threading.Lock()
            self.close()
        while True:
            with self._lock:
                if not self._idle:
                    return None
                timed, since = self._idle.pop()
            if time.monotonic() - since < _IDLE_MAX and timed.is_usable():
                return timed
            timed.connected.close()

    def _put_back(self, timed: _TimedSocket) -> None:
        with self._lock:
            if not timed.is_released and len(self._idle) < _IDLE_CONNECTIONS_MAX:
                self._idle.append((timed, time.monotonic()))
                return
        timed.connected.close()

    def _failure(self, error: BaseException, timeout: float) -> LatchkeyError:
        return (
            timed_out(self.url, timeout) if isinstance(error, TimeoutError) else unreachable(self.url, error)
        )


def timed_out(url: str, timeout: float) -> LatchkeyError:
    """Returns the error for a response that took too long."""
    return LatchkeyError("timeout", "Timeout", f"{url} did not respond within {round(timeout * 1_000)} ms.")


def unreachable(url: str, cause: BaseException) -> LatchkeyError:
    """Returns the error for a connection that failed."""
    return LatchkeyError("unreachable", "Unreachable", f"{url} cannot be reached ({cause}).")


def _deadline(timeout: float) -> Callable[[], float]:
    """Returns a function that returns the rest of the time, or raises `TimeoutError`."""
    end = time.monotonic() + timeout

    def wait() -> float:
        rest = end - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        return rest

    return wait


def _head_of(response: HTTPResponse, body: bytes) -> Response:
    return Response(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
