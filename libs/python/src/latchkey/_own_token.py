"""Token of the service itself, which is renewed before it expires."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from math import inf
from typing import Any

from ._clock import Clock
from ._credentials import decoded_pair
from ._outage import OnWarning, warning
from ._token_file import TokenFile

_SECOND = 1_000
_DAY = 86_400 * _SECOND
_WARNING_PERIOD = 14 * _DAY
"""Time before the expiry from which a token that was not renewed is reported, once a day."""
_RENEWAL_SHARE = 1 / 3
"""Part of the lifetime that is left when a token is renewed."""
_GRACE_PERIOD_SECONDS = 7 * 86_400
"""Time for which the old secret works, so that processes with a copy of it can be given the new one."""
_RETRY_MAX = 3_600 * _SECOND
_BUSY_PAUSE = 5 * _SECOND
"""Pause while another process renews the token."""

SendWith = Callable[[str, str, str, object], Any]
"""Sends a request (method, path, token and body), and returns the JSON of the response."""


class NotRenewed(Exception):
    """Reason why a token was not renewed."""


@dataclass(frozen=True)
class TokenSource:
    """Source of the token of a service. Raises `ValueError` unless it can be used."""

    token: str | Callable[[], str] | None = field(default=None, repr=False)
    """The token itself, or the value of `X-Auth-Token`, or a function that returns either."""
    token_file: str | os.PathLike[str] | None = None
    """File with such a token instead, in which a renewed token is stored."""
    store_token: Callable[[str], object] | None = None
    """Stores a renewed token where the function in `token` reads it. Without it, the token is not renewed."""

    def __post_init__(self) -> None:
        if (self.token is None) == (self.token_file is None):
            raise ValueError('Use either "token" or "token_file".')
        if self.token == "" or self.token_file == "":
            raise ValueError(
                'The "token" or "token_file" is empty. Use a token with the permission tokens:introspect.'
            )
        if self.store_token is not None and not callable(self.token):
            raise ValueError('"store_token" needs a function in "token", which reads what it stores.')


class OwnToken:
    """Token of the service. Threads may read it and observe responses; only one may call `check`."""

    def __init__(
        self,
        source: TokenSource,
        send: SendWith,
        clock: Clock,
        on_observed: Callable[[], None],
        on_warning: OnWarning,
    ) -> None:
        """`on_observed` is called when `check` is due because of a response."""
        self._source = source
        self._send = send
        self._clock = clock
        self._on_observed = on_observed
        self._on_warning = on_warning
        self._file = None if source.token_file is None else TokenFile(source.token_file)
        self._unstored: tuple[str, str] | None = None
        """The current secret, and the new one that could not be stored yet."""
        self._expiry: float | None = None
        self._seen_at: float | None = None
        """Time from which the lifetime is counted if that is in no file, or in the future there."""
        self._is_superseded = False
        self._warned_at = -inf

    @property
    def expiration_time(self) -> datetime | None:
        """Expiry; `None` before the first response, and if it has none."""
        expiry = self._expiry
        return None if expiry is None else datetime.fromtimestamp(expiry / 1_000, timezone.utc)

    def read(self) -> str:
        """Returns the token, or the value of `X-Auth-Token`."""
        stored, unstored = self._stored(), self._unstored
        return unstored[1] if unstored is not None and unstored[0] == stored else stored

    def observe(self, headers: Mapping[str, str]) -> None:
        """Records the expiry in a response of the server."""
        expiry = _milliseconds_of(headers.get("x-auth-token-expires"))
        is_superseded = headers.get("x-auth-token-superseded") == "true"
        if expiry is not None and (expiry != self._expiry or is_superseded != self._is_superseded):
            self._expiry = expiry
            self._is_superseded = is_superseded
            if self._seen_at is None:
                self._seen_at = self._clock.wall()
            self._on_observed()

    def check(self) -> float:
        """Renews the token if it is time. Returns the milliseconds until the next check. Never raises."""
        try:
            left = self._due_at() - self._clock.wall()
            if left > 0:
                return min(left, _DAY)
            return _SECOND if self._renew() else _BUSY_PAUSE
        except Exception as error:
            self._warn(error)
            return min(_RETRY_MAX, max(_SECOND, self._time_left() / 10))

    def _stored(self) -> str:
        if self._file is not None:
            return self._file.read()
        token = self._source.token
        return (token() if callable(token) else token or "").strip()

    def _time_left(self) -> float:
        return (inf if self._expiry is None else self._expiry) - self._clock.wall()

    def _due_at(self) -> float:
        """Returns the time of the renewal, or of the first warning for a token that cannot be stored."""
        expiry = inf if self._expiry is None else self._expiry
        if self._is_superseded or self._unstored is not None:
            return -inf
        if expiry == inf:
            return inf
        if self._file is None and self._source.store_token is None:
            return expiry - _WARNING_PERIOD
        stored_at = inf if self._file is None else self._file.stored_at()
        if stored_at > self._clock.wall():
            # A file from a machine whose clock is ahead would otherwise never be due.
            assert self._seen_at is not None
            stored_at = self._seen_at
        return expiry - (expiry - stored_at) * _RENEWAL_SHARE

    def _renew(self) -> bool:
        """Renews the token. Returns false while another process does. Raises an error with the reason."""
        if self._file is not None:
            is_mine = self._file.replace(self._renewed)
            if is_mine:
                self._unstored = None
                self._seen_at = self._clock.wall()
            return is_mine
        if self._source.store_token is None:
            raise NotRenewed('It is in the option "token". Replace it, or use the option "token_file".')
        token = self._renewed(self._stored())
        if token is not None:
            self._source.store_token(token)
            self._unstored = None
            self._seen_at = self._clock.wall()
        return True

    def _renewed(self, current: str) -> str | None:
        """Returns the token that replaces the current one; `None` if it was renewed meanwhile."""
        if self._unstored is not None and self._unstored[0] == current:
            return self._unstored[1]
        me = self._send("GET", "me", current, None)
        own = me.get("token") or {}
        self._is_superseded = own.get("isSuperseded") is True
        self._expiry = _milliseconds_of(own.get("expirationTime"))
        if self._is_superseded:
            raise NotRenewed(
                "It was rotated, and the new one is not stored here. Store that one, or another token."
            )
        if self._due_at() > self._clock.wall():
            return None
        if me["permissions"] != ["tokens:introspect"]:
            raise NotRenewed("It has other permissions than tokens:introspect. Use a token without them.")
        version = self._send("GET", "tokens/self", current, None)["version"]
        rotation = {"gracePeriodSeconds": _GRACE_PERIOD_SECONDS, "version": version}
        rotated = self._send("POST", "tokens/self/rotate", current, rotation)
        token = _in_form_of(current, rotated["token"])
        self._unstored = (current, token)
        self._expiry = _milliseconds_of(rotated["expirationTime"])
        return token

    def _warn(self, reason: Exception) -> None:
        """Reports that the token was not renewed, if it expires soon, or if its secret may be lost."""
        now = self._clock.wall()
        is_urgent = self._time_left() <= _WARNING_PERIOD or self._is_superseded or self._unstored is not None
        if is_urgent and now - self._warned_at >= _DAY:
            self._warned_at = now
            expiry = self.expiration_time
            when = "within a week" if self._is_superseded or expiry is None else f"on {_rfc_3339(expiry)}"
            what = f"The token of this verifier stops working {when}, and was not renewed"
            self._on_warning(warning(what, reason))


def _milliseconds_of(time: str | None) -> float | None:
    try:
        return None if time is None else datetime.fromisoformat(time).timestamp() * 1_000
    except ValueError:
        return None


def _rfc_3339(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _in_form_of(other: str, token: str) -> str:
    """Returns a token, with the name of the user if the other one has it."""
    pair = decoded_pair(other)
    if pair is None:
        return token
    return base64.b64encode(f"{pair.partition(':')[0]}:{token}".encode()).decode()
