"""State of the connection to the revocation feed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any
from urllib.parse import urlencode

from ._clock import Clock
from ._events import DamagedFeed, EventStreamParser, FeedEvent, StreamEvent, read_feed_event
from ._lease import Lease
from ._memory import Memory
from ._messages import Request, Response, has_media_type, rejection, unexpected_response
from ._outage import OnWarning, Outage, warning
from .errors import LatchkeyError

_CONNECTION_MAX = 15 * 60_000
"""Maximum duration of a connection, shortened at random. A new one compares the clocks again, which bounds
their drift."""
_BACK_OFF_MIN = 250
_BACK_OFF_MAX = 10_000
_SILENT_HEARTBEATS = 6
"""Number of heartbeats that may be missing. If the server can prove nothing, it sends comments instead."""
_HEARTBEAT_DEFAULT = 500
_STALE_MAX = 30_000
"""Longest time without a proof. Meanwhile the server may be unable to prove anything, for example without its
database."""
_UNNUMBERED = frozenset({"hello", "heartbeat"})
"""Events that have the number of the last revocation instead of one of their own."""
_DAMAGE_PAUSE = 60_000
"""Milliseconds between two warnings about damaged events."""


class BrokenFeed(Exception):
    """Reason to replace a connection whose events cannot be trusted."""


@dataclass(frozen=True)
class Identity:
    """Identity of a verifier."""

    id: str
    """UUID of this verifier."""
    name: str
    version: str | None
    fresh_for: int
    """Milliseconds after the last proof in which the memory is fresh."""


@dataclass(frozen=True)
class _Hello:
    """First event of a stream."""

    time: float
    process: str
    heartbeat_every: float
    report_every: float


@dataclass(frozen=True)
class _Position:
    """Last revocation that was applied, after which a new connection continues."""

    process: str
    sequence: int


class Feed:
    """Connection to the revocation feed, as a state machine.

    For each connection, the caller takes `begin()`, then `open()` and `receive()` as the response arrives,
    and calls `end()` when the connection is over, with the error that ended it.
    """

    def __init__(
        self,
        identity: Identity,
        memory: Memory[Any],
        lease: Lease,
        clock: Clock,
        random: Callable[[], float],
        on_hello: Callable[[float], None],
        on_warning: OnWarning,
    ) -> None:
        """`on_hello` gets the milliseconds between two reports."""
        self._identity = identity
        self._memory = memory
        self._lease = lease
        self._clock = clock
        self._random = random
        self._on_hello = on_hello
        self._on_warning = on_warning
        self._position: _Position | None = None
        self._hello: _Hello | None = None
        self._back_off: float = 0
        self._has_proven = False
        """Whether the current connection has proven that the memory is fresh."""
        self._damage_reported_at = -inf
        self._outage = Outage(
            "The revocation feed is not available",
            "The revocation feed is available again",
            clock,
            on_warning,
        )
        self._sent_at = 0.0
        self._end_at = 0.0
        self._received_at = 0.0
        self._fresh_at = 0.0
        self._parser = EventStreamParser(self._receive_event)

    @property
    def is_connected(self) -> bool:
        """Whether the current connection has begun with `hello`."""
        return self._hello is not None

    def calibrate(self, process: str, sent_at: float, server_time: float) -> None:
        """Compares the clocks once more, with a response of the process that sends the events."""
        if self._hello is not None and self._hello.process == process and math.isfinite(server_time):
            self._lease.calibrate(sent_at, server_time)

    def begin(self) -> Request:
        """Begins a connection and returns its request, which must be sent at once."""
        identity, position = self._identity, self._position
        query = {"verifier": identity.id, "name": identity.name}
        if identity.version is not None:
            query["version"] = identity.version
        query["freshFor"] = str(identity.fresh_for)
        headers = {"accept": "text/event-stream"}
        if position is not None:
            headers["last-event-id"] = f"{position.process}.{position.sequence}"
        self._has_proven = False
        self._parser = EventStreamParser(self._receive_event)
        now = self._clock.monotonic()
        self._sent_at = now
        self._end_at = now + _CONNECTION_MAX * (1 - self._random() / 3)
        return Request("GET", f"auth/revocations?{urlencode(query)}", headers)

    def open(self, response: Response) -> None:
        """Checks the beginning of the response, whose body is empty if it is an event stream."""
        if not 200 <= response.status < 300:
            raise rejection(response)
        if not has_media_type(response, "text/event-stream"):
            raise unexpected_response(response)
        now = self._clock.monotonic()
        self._received_at = now
        self._fresh_at = now

    def receive(self, chunk: bytes) -> bool:
        """Applies a part of the stream. Returns whether the connection is old and must be replaced."""
        self._received_at = self._clock.monotonic()
        self._parser.push(chunk)
        return self._received_at >= self._end_at

    def check(self) -> None:
        """Raises `BrokenFeed` if the connection is dead, or no longer keeps the memory fresh.

        A proxy that delays everything can cause this. Must be called about every half second.
        """
        now = self._clock.monotonic()
        if self._lease.is_fresh(now):
            self._fresh_at = now
        heartbeat = self._hello.heartbeat_every if self._hello else _HEARTBEAT_DEFAULT
        if now - self._received_at > _SILENT_HEARTBEATS * heartbeat or now - self._fresh_at > _STALE_MAX:
            raise BrokenFeed("The revocation feed is silent or late.")

    def end(self, error: Exception | None) -> float:
        """Ends a connection. Returns the milliseconds until the next one.

        Without an error, the connection was old.
        """
        pause = 0.0
        if error is not None:
            if isinstance(error, DamagedFeed):
                # An event was lost or altered. The server sends it again after it is resumed.
                self._memory.revoke_all()
            self._report_break(error)
            pause = self._pause_after(error)
        self._hello = None
        return pause * (0.5 + self._random() / 2)

    def _report_break(self, error: Exception) -> None:
        """Reports a lost connection.

        A connection that had proven fresh is usually replaced at once, so only damage is reported.
        """
        if not self._has_proven:
            self._outage.fail(_named(error))
            return
        self._outage.begin()
        now = self._clock.monotonic()
        if isinstance(error, DamagedFeed) and now - self._damage_reported_at >= _DAMAGE_PAUSE:
            self._damage_reported_at = now
            self._on_warning(warning("The memory was cleared", error))

    def _pause_after(self, error: Exception) -> float:
        self._back_off = min(_BACK_OFF_MAX, max(_BACK_OFF_MIN, 2 * self._back_off))
        if not isinstance(error, LatchkeyError):
            return self._back_off
        # Such as 404 from an older release.
        is_rejected = error.status is not None and 400 <= error.status < 500
        return max(_BACK_OFF_MAX if is_rejected else self._back_off, (error.retry_after or 0) * 1_000)

    def _receive_event(self, stream_event: StreamEvent) -> None:
        event = read_feed_event(stream_event)
        if self._hello is None or self._position is None:
            if event.type != "hello":
                raise DamagedFeed("The revocation feed does not begin with hello.")
            self._start(_hello_from(event), event.sequence)
            return
        # Repeated and late events have a number that was already applied.
        last = self._position.sequence
        is_next = event.sequence == last + 1 and event.type not in _UNNUMBERED
        is_missing = event.sequence > last and not is_next and event.type != "all"
        if event.process != self._hello.process or is_missing:
            raise DamagedFeed("An event is missing. Check the proxies between this service and Latchkey.")
        if event.type == "heartbeat":
            self._prove(_number_in(event.content, "time"))
        elif event.type == "user" and isinstance(user := event.content.get("id"), str):
            self._memory.revoke_user(user)
        elif event.type == "all" or is_next:
            # A revocation of an unknown kind may affect everyone.
            self._memory.revoke_all()
        self._position = _Position(event.process, max(event.sequence, last))

    def _start(self, hello: _Hello, sequence: int) -> None:
        position = _Position(hello.process, sequence)
        is_resumed = position == self._position
        is_steady = self._lease.start(self._sent_at, hello.time)
        if not is_resumed or not is_steady:
            self._memory.restart()
        self._position = position
        self._hello = hello
        self._on_hello(hello.report_every)

    def _prove(self, time: float) -> None:
        if not self._lease.prove(time):
            # The cached answers are older than they seem.
            self._memory.revoke_all()
            raise BrokenFeed("A clock jumped, or this machine slept.")
        self._back_off = 0
        self._has_proven = True
        self._outage.end()


def _hello_from(event: FeedEvent) -> _Hello:
    content = event.content
    return _Hello(
        _number_in(content, "time"),
        event.process,
        min(60_000, max(10, _number_in(content, "heartbeatEvery"))),
        min(600_000, max(10, _number_in(content, "reportEvery"))),
    )


def _number_in(content: dict[str, object], name: str) -> float:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DamagedFeed(f'An event of the revocation feed has no number "{name}".')
    return value


def _named(error: Exception) -> Exception:
    """Names the own token in its rejection for the log, because the message of the server does not."""
    if not isinstance(error, LatchkeyError) or error.status not in (401, 403):
        return error
    named = RuntimeError(f"The token of this service was rejected. {error}")
    named.__cause__ = error
    return named
