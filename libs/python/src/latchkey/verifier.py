"""Verifies tokens from memory, or by asking Latchkey."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid4
from weakref import WeakSet

from ._clock import Clock, SystemClock
from ._credentials import RequestHeaders
from ._engine import Engine
from ._feed import Identity
from ._http import HttpServer
from ._own_token import TokenSource
from ._rules import LEASE, Demands, Options, Origin, demands_of, origin_of
from .errors import VerificationError
from .principal import Principal

_log = logging.getLogger("latchkey")
_NAME_MAX_LENGTH = 64
_NAME = re.compile(r"(?=.*\S)[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,64}")
_VERSION = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{0,32}")


@dataclass(frozen=True)
class VerifierStatus:
    """State of a verifier, for health pages."""

    connected: bool
    """Whether the revocation feed is connected."""
    fresh: bool
    """Whether the memory may answer."""
    entries: int
    """Number of cached answers."""
    local: int
    """Requests answered from memory."""
    asked: int
    """Requests to the server."""
    lag: float | None
    """Seconds that the last heartbeat took at most; `None` before the first."""
    token_expiration_time: datetime | None
    """Expiry of the own token; `None` if it has none, or the server has not responded yet."""


class Verifier:
    """Verifies tokens.

    From memory while the revocation feed proves that it is up to date, and otherwise by asking the server.
    Connects in the background, also again in each child process after a fork. When the process exits, it
    reports the last uses; `close` does so earlier.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str] | None = None,
        *,
        token_file: str | os.PathLike[str] | None = None,
        store_token: Callable[[str], object] | None = None,
        public_url: str | None = None,
        name: str | None = None,
        version: str | None = None,
        fresh_for: float = LEASE / 1_000,
        entries: int = 10_000,
        timeout: float = 2.0,
        concurrency: int = 64,
        accept_basic: bool = False,
        on_warning: Callable[[Exception], object] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Creates a verifier. Times are in seconds.

        `url`: URL of the server, such as `https://auth.example.org`.
        `token_file`: file with a token that has the permission `tokens:introspect`, or with the value of
        `X-Auth-Token`. The verifier renews the token well before it expires, and stores it in the file.
        `token`: the same instead of the file, or a function that returns it.
        `store_token`: stores a renewed token where the function in `token` reads it.
        `public_url`: URL at which the clients of the service reach Latchkey. Errors link to its explanations.
        `name`, `version`: of the service, which administrators see. By default the name of the machine.
        `fresh_for`: time for which the verifier may answer from memory after the last proof, from 0.5 to 2.
        `entries`: maximum number of cached answers.
        `timeout`: time within which the server must respond.
        `concurrency`: maximum number of simultaneous requests to the server.
        `accept_basic`: whether to accept `Authorization: Basic` with a token as the password.
        `on_warning`: called when something needs an operator's attention. By default, writes to the log.
        `clock`: for tests.
        """
        name = socket.gethostname()[:_NAME_MAX_LENGTH] if name is None else name
        milliseconds = round(fresh_for * 1_000)
        _require_range("fresh_for", milliseconds, 500, LEASE, "0.5 to 2 seconds")
        _require_range("entries", entries, 0, 10_000_000, "0 to 10000000")
        _require_range("concurrency", concurrency, 1, 10_000, "1 to 10000")
        _require_range("timeout", round(timeout * 1_000), 1, 60_000, "0.001 to 60 seconds")
        if not _NAME.fullmatch(name) or (version is not None and not _VERSION.fullmatch(version)):
            raise ValueError(
                "name must have 1 to 64 characters, and version at most 32, without control characters."
            )
        if public_url is not None and not urlsplit(public_url).netloc:
            raise ValueError('"public_url" is not a URL. Use a URL such as https://auth.example.org.')
        HttpServer(url)
        self.public_url = public_url
        """URL at which the clients of the service reach Latchkey."""
        self._url = url
        self._source = TokenSource(token, token_file, store_token)
        self._clock = SystemClock() if clock is None else clock
        self._on_warning = _log_warning if on_warning is None else on_warning
        self._is_closed = False
        self._identity = (name, version, milliseconds)
        self._limits = (round(timeout * 1_000), concurrency, entries, accept_basic)
        self._start = threading.Lock()
        self._engine: Engine | None = None
        self._running()
        _verifiers.add(self)

    def verify(
        self,
        credentials: str | RequestHeaders,
        *,
        permissions: Iterable[str] = (),
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
        address: str | None = None,
        agent: str | None = None,
        method: str | None = None,
        route: str | None = None,
        trace_id: str | None = None,
    ) -> Principal:
        """Verifies the credentials of a request.

        `credentials`: header fields of the request with lower-case names, or a token, or the value of
        `X-Auth-Token`.
        `permissions`, `roles`: that the token must have.
        `fresh`: maximum age of the last login or step-up of the session, in whole seconds.
        `methods`: of which the session must have one, such as `otp`. API tokens have none.
        `address`: IP address of the client. Tokens that are limited to addresses are rejected without it.
        `agent`: `User-Agent` of the client, which the usage of the token shows.
        `method`, `route`: of the request, such as `/orders/<id>`, which the explanation of a rejection shows.
        `trace_id`: id of the request, of 1 to 64 letters, digits and `._:+=/-`. The server explains a
        rejection by it. By default a new id.

        Raises `VerificationError` with the status for the client: 400, 401, 403 or 429 if the credentials are
        rejected, and 503 if they cannot be verified.
        """
        demands = demands_of(permissions, roles, fresh, methods)
        return self.check(credentials, demands, origin_of(address, agent, method, route, trace_id))

    async def verify_async(
        self,
        credentials: str | RequestHeaders,
        *,
        permissions: Iterable[str] = (),
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
        address: str | None = None,
        agent: str | None = None,
        method: str | None = None,
        route: str | None = None,
        trace_id: str | None = None,
    ) -> Principal:
        """The same as `verify` for asyncio. Does not block the event loop while the server is asked."""
        demands = demands_of(permissions, roles, fresh, methods)
        return await self.check_async(
            credentials, demands, origin_of(address, agent, method, route, trace_id)
        )

    def check(self, credentials: str | RequestHeaders, demands: Demands, origin: Origin) -> Principal:
        """The same as `verify`, for guards."""
        engine = self._engine or self._running()
        with engine.lock:
            answer = engine.rules.verify(credentials, demands, origin)
        return answer if isinstance(answer, Principal) else engine.run(answer)

    async def check_async(
        self, credentials: str | RequestHeaders, demands: Demands, origin: Origin
    ) -> Principal:
        """The same as `verify_async`, for guards."""
        engine = self._engine or self._running()
        with engine.lock:
            answer = engine.rules.verify(credentials, demands, origin)
        return answer if isinstance(answer, Principal) else await engine.run_async(answer)

    def authorize(
        self, principal: Principal, credentials: RequestHeaders, demands: Demands, origin: Origin
    ) -> None:
        """Checks further requirements of a principal of the same request."""
        engine = self._engine or self._running()
        with engine.lock:
            engine.rules.authorize(principal, credentials, demands, origin)

    def is_final(self, principal: Principal, demands: Demands) -> bool:
        """Whether a principal of the same request decides. A session without the proof is verified again."""
        engine = self._engine or self._running()
        with engine.lock:
            return engine.rules.is_final(principal, demands)

    def reject(
        self, error: VerificationError, credentials: RequestHeaders, origin: Origin
    ) -> VerificationError:
        """Returns the rejection of a request by a guard, and reports it."""
        engine = self._engine or self._running()
        with engine.lock:
            return engine.rules.rejection(error, credentials, origin)

    def status(self) -> VerifierStatus:
        """Returns the state of the verifier, for health pages."""
        engine = self._engine or self._running()
        with engine.lock:
            rules = engine.rules
            return VerifierStatus(
                connected=rules.feed.is_connected,
                fresh=rules.lease.is_fresh(self._clock.monotonic()),
                entries=len(rules.memory),
                local=rules.reports.local_total,
                asked=rules.reports.asked_total,
                lag=None if rules.lease.lag is None else rules.lease.lag / 1_000,
                token_expiration_time=engine.own_token.expiration_time,
            )

    def close(self) -> None:
        """Reports the last uses, for at most five seconds, and closes the connection.

        Then every verification fails with 503.
        """
        self._is_closed = True
        engine = self._engine or self._running()
        engine.close()

    async def close_async(self) -> None:
        """The same as `close` for asyncio."""
        await asyncio.to_thread(self.close)

    def _running(self) -> Engine:
        """Returns the engine of this process. A forked process needs one of its own: it has no threads."""
        with self._start:
            if self._engine is None:
                self._engine = self._new_engine()
            return self._engine

    def _new_engine(self) -> Engine:
        name, version, fresh_for = self._identity
        timeout, concurrency, entries, accept_basic = self._limits
        identity = Identity(str(uuid4()), name, version, fresh_for)
        options = Options(identity, timeout, concurrency, entries, accept_basic)
        server = HttpServer(self._url)
        return Engine(options, self._source, server, self._clock, _safely(self._on_warning))

    def _forget_parent(self) -> None:
        # Another thread of the parent may have held it.
        self._start = threading.Lock()
        if not self._is_closed:
            self._engine = None


_verifiers: WeakSet[Verifier] = WeakSet()


def _close_all() -> None:
    for verifier in list(_verifiers):
        if not verifier._is_closed and verifier._engine is not None:
            verifier.close()


def _forget_parents() -> None:
    for verifier in list(_verifiers):
        verifier._forget_parent()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents)


def _require_range(name: str, value: int, minimum: int, maximum: int, words: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
        raise ValueError(f"{name} must be {words}.")


def _safely(on_warning: Callable[[Exception], object]) -> Callable[[Exception], None]:
    """Returns a function that never raises: an exception would end the feed."""

    def warn(warning: Exception) -> None:
        try:
            on_warning(warning)
        except Exception as error:
            _log_warning(error)

    return warn


def _log_warning(warning: Exception) -> None:
    _log.warning("Latchkey verifier: %s", warning)
