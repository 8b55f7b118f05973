"""Client of Latchkey: logs in, keeps a session alive, rotates a token, logs out."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf
from typing import Any, Protocol

from ._http import MEBIBYTE, HttpServer
from ._messages import Request, Response, json_of, rejection
from .errors import LatchkeyError

_FIRST_PAUSE = 0.2
"""Seconds before the first repetition if the server names none. Each further pause is twice as long."""
_BYTES_MAX = 16 * MEBIBYTE
"""Longest body of a response. The longest pages of Latchkey have a few mebibytes."""
_DEFAULT_GRACE_PERIOD = 3_600
_TEMPORARY = frozenset({429, 502, 503, 504})
_BUMP_PAUSE = 30
_BUMP_PAUSE_MAX = 300
"""Shortest and longest pause in seconds after a bump that failed while the session is still valid."""


@dataclass(frozen=True)
class TokenCredentials:
    """Token for requests. Keep it secret."""

    token: str = field(repr=False)
    """Secret of the token."""
    user: str | None = None
    """Canonical name of the user. Without it, the token is sent as `Authorization: Bearer`."""
    kind: str | None = None
    """Kind of the token. A `session` is bumped before it expires."""

    def headers(self) -> dict[str, str]:
        """Returns the header field with the token."""
        if self.user is None:
            return {"Authorization": f"Bearer {self.token}"}
        return {"X-Auth-Token": _base64(f"{self.user}:{self.token}")}


class Transport(Protocol):
    """Connection to the server."""

    def send(self, request: Request, timeout: float) -> Response:
        """Sends a request within `timeout` seconds. Raises `LatchkeyError` without a response."""


class _Held:
    """Token of the client, and its next bump."""

    def __init__(self, credentials: TokenCredentials, bump_at: float, expiry: str | None = None) -> None:
        self.credentials = credentials
        self.bump_at = bump_at
        """Time of the next bump; `inf` during a bump."""
        self.expiry = expiry
        """Expiry that the last bump returned."""


class LatchkeyClient:
    """Client of Latchkey. Threads can share it.

    The methods with `_async` do the same for asyncio.
    """

    def __init__(
        self,
        url: str,
        *,
        credentials: TokenCredentials | None = None,
        timeout: float = 10.0,
        retries: int = 2,
        transport: Transport | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Creates a client.

        `url`: URL of the server, such as `https://auth.example.org`.
        `credentials`: token to start with, such as a stored session or an API token.
        `timeout`: time limit of each call in seconds, with all its attempts.
        `retries`: maximum number of repetitions of a request that is safe to repeat.
        `transport`, `now`: for tests.
        """
        self._transport: Transport = HttpServer(url, _BYTES_MAX) if transport is None else transport
        self._timeout = timeout
        self._retries = retries
        self._now = now
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._unstored: tuple[_Held, TokenCredentials] | None = None
        """New secret that could not be stored yet."""
        self.credentials = credentials

    @property
    def credentials(self) -> TokenCredentials | None:
        """Current token, for example to store a session. `None` before the login and after the logout."""
        held = self._held
        return None if held is None else held.credentials

    @credentials.setter
    def credentials(self, credentials: TokenCredentials | None) -> None:
        if credentials is None:
            self._held = None
        else:
            # The age of a stored session is unknown, so it is bumped before its first use.
            self._held = _Held(credentials, 0 if credentials.kind == "session" else inf)

    def log_in(
        self,
        name: str,
        password: str,
        *,
        permissions: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
    ) -> dict[str, Any]:
        """Logs in and keeps the session for further requests. `permissions` and `roles` limit it.

        Returns the session, as `POST /auth/login` does.
        """
        limits = {"permissions": permissions, "roles": roles}
        login = {member: list(value) for member, value in limits.items() if value is not None}
        headers = {"Authorization": f"Basic {_base64(f'{name}:{password}')}"}
        session: dict[str, Any] = json_of(
            self._send("POST", "/auth/login", headers, login, is_repeatable=True)
        )
        held = _Held(TokenCredentials(session.get("token", ""), session["user"], session.get("kind")), inf)
        idle: str | None = session.get("idleExpirationTime")
        times: list[str] = [one for one in (session.get("expirationTime"), idle) if one is not None]
        held.expiry = min(times, key=_seconds) if times else None
        if idle is not None and idle == held.expiry:
            held.bump_at = self._halfway(session["creationTime"], idle)
        self._held = held
        return session

    def log_out(self) -> None:
        """Revokes the token and removes it from the client."""
        held = self._held
        if held is None:
            return
        try:
            # A repetition after a lost response returns 401.
            self._send("POST", "/auth/logout", held.credentials.headers(), is_repeatable=True)
        except LatchkeyError as error:
            if error.status != 401:
                raise
        self._forget(held)

    def rotate(
        self,
        store: Callable[[TokenCredentials], object],
        *,
        grace_period_seconds: int = _DEFAULT_GRACE_PERIOD,
    ) -> None:
        """Replaces the secret of the token. Calls `store` before it uses the new secret.

        If `store` fails, the client keeps using the old secret, which is valid during the grace period. The next
        rotation then stores the same new secret again.
        """
        if grace_period_seconds < 1:
            raise ValueError(
                "grace_period_seconds must be at least 1."
                " Otherwise the token is lost if its new secret cannot be stored."
            )
        held = self._current()
        if self._unstored is None or self._unstored[0] is not held:
            headers = held.credentials.headers()
            version = json_of(self._send("GET", "/tokens/self", headers))["version"]
            rotation = {"gracePeriodSeconds": grace_period_seconds, "version": version}
            token = json_of(self._send("POST", "/tokens/self/rotate", headers, rotation))["token"]
            self._unstored = (held, replace(held.credentials, token=token))
        credentials = self._unstored[1]
        store(credentials)
        held.credentials = credentials
        self._unstored = None

    def headers(self) -> dict[str, str]:
        """Returns the header field with the token, for requests that you send with any HTTP library.

        Bumps the session in the background if less than half of its idle lifetime is left. Raises
        `LatchkeyError` without a token.
        """
        return self._current().credentials.headers()

    def send(self, method: str, path: str, body: object = None, *, is_repeatable: bool | None = None) -> Any:
        """Sends a request to Latchkey with the token. Returns the JSON of the response; `None` without one.

        `path` is that of an operation in `/openapi.json`, such as `/me`. `body` is sent as JSON. A request is
        repeated after a temporary failure if it is a GET, or `is_repeatable`.
        """
        response = self._send(method, path, self.headers(), body, is_repeatable)
        return json_of(response) if response.body else None

    async def log_in_async(
        self,
        name: str,
        password: str,
        *,
        permissions: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
    ) -> dict[str, Any]:
        """The same as `log_in` for asyncio."""
        return await asyncio.to_thread(self.log_in, name, password, permissions=permissions, roles=roles)

    async def log_out_async(self) -> None:
        """The same as `log_out` for asyncio."""
        await asyncio.to_thread(self.log_out)

    async def rotate_async(
        self,
        store: Callable[[TokenCredentials], object],
        *,
        grace_period_seconds: int = _DEFAULT_GRACE_PERIOD,
    ) -> None:
        """The same as `rotate` for asyncio. Calls `store` in another thread."""
        await asyncio.to_thread(self.rotate, store, grace_period_seconds=grace_period_seconds)

    async def send_async(
        self, method: str, path: str, body: object = None, *, is_repeatable: bool | None = None
    ) -> Any:
        """The same as `send` for asyncio."""
        return await asyncio.to_thread(self.send, method, path, body, is_repeatable=is_repeatable)

    def _current(self) -> _Held:
        """Returns the token. Bumps the session in the background if it is time."""
        with self._lock:
            held = self._held
            if held is None:
                raise LatchkeyError(
                    "unauthenticated", "Not logged in", "The client has no token. Log in first."
                )
            is_due = self._now() >= held.bump_at
            if is_due:
                held.bump_at = inf
        if is_due:
            threading.Thread(target=self._bump, args=(held,), name="latchkey-bump", daemon=True).start()
        return held

    def _bump(self, held: _Held) -> None:
        """Bumps the session and sets the time of the next bump."""
        try:
            response = self._send("POST", "/auth/bump", held.credentials.headers(), is_repeatable=True)
            expiry = response.headers.get("x-auth-token-expires")
            # At the absolute expiry, further bumps extend nothing.
            if expiry is not None and expiry != held.expiry:
                held.bump_at = self._halfway(json_of(response)["lastLoginTime"], expiry)
            held.expiry = expiry
        except LatchkeyError as error:
            if error.status == 401:
                self._forget(held)
                return
            # The token may still be valid. If it is not, the requests themselves fail.
            held.bump_at = self._now() + min(max(_BUMP_PAUSE, error.retry_after or 0), _BUMP_PAUSE_MAX)

    def _forget(self, held: _Held) -> None:
        with self._lock:
            if self._held is held:
                self._held = None

    def _halfway(self, now: str, expiry: str) -> float:
        """Returns the middle of two times of the server, by the clock of the client, which may differ."""
        return self._now() + (_seconds(expiry) - _seconds(now)) / 2

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: object = None,
        is_repeatable: bool | None = None,
    ) -> Response:
        """Sends a request. Repeats it if it is safe to repeat and the failure is temporary.

        Raises `LatchkeyError` unless the response is successful.
        """
        content = None if body is None else json.dumps(body).encode()
        fields = {**headers, **({} if content is None else {"Content-Type": "application/json"})}
        may_repeat = method in ("GET", "HEAD") if is_repeatable is None else is_repeatable
        end = time.monotonic() + self._timeout
        attempt = 0
        while True:
            try:
                request = Request(method, path, fields, content)
                response = self._transport.send(request, max(0.001, end - time.monotonic()))
                if 200 <= response.status < 300:
                    return response
                raise rejection(response)
            except LatchkeyError as error:
                pause = _pause_before(error, attempt)
                is_last = not may_repeat or attempt >= self._retries or not _is_temporary(error)
                if is_last or time.monotonic() + pause >= end:
                    raise
            attempt += 1
            time.sleep(pause)


def _is_temporary(error: LatchkeyError) -> bool:
    """Whether the same request can succeed later."""
    return error.code in ("unreachable", "timeout") or error.status in _TEMPORARY


def _pause_before(error: LatchkeyError, attempt: int) -> float:
    """Returns the seconds to wait: those that the server requests, else more with each attempt."""
    if error.retry_after is not None:
        return error.retry_after
    # The random part spreads clients that failed together.
    return _FIRST_PAUSE * 2.0**attempt * (0.5 + random.random() / 2)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _seconds(time_of_server: str) -> float:
    return datetime.fromisoformat(time_of_server).timestamp()
