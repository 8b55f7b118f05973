"""Cached answers of the server."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from math import inf
from typing import Generic, Literal, NamedTuple, TypeVar

from ._clock import Clock

T = TypeVar("T")

Trust = Literal["store", "use", "repeat"]
"""Use of an answer, given the revocations since its request began: store it, use it once, or ask again."""

_REVOCATIONS_MAX = 10_000
"""Maximum number of users whose last revocation is kept. Beyond it, the memory is cleared."""


class _Entry(NamedTuple, Generic[T]):
    value: T
    user: str
    expires_at: float


class Memory(Generic[T]):
    """Cached answers. A revocation, the expiry, or a newer one when there are too many removes an answer."""

    def __init__(self, capacity: int, request_max: float, clock: Clock) -> None:
        """`request_max` is the longest time in milliseconds that a request takes."""
        self._capacity = capacity
        self._request_max = request_max
        self._clock = clock
        # Unlike a dict, it finds its oldest member in constant time.
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._keys_by_user: dict[str, set[Hashable]] = {}
        self._revocations: OrderedDict[str, float] = OrderedDict()
        """Arrival of the last revocation of each user, the oldest first, while it affects requests."""
        self._all_revoked_at = -inf
        self._opened_at = inf
        """Time of the first connection, before which nothing is stored."""

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: Hashable, now: float) -> T | None:
        """Returns a stored answer that has not expired."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if now < entry.expires_at:
            return entry.value
        self._delete(key)
        return None

    def trust(self, user: str, started_at: float) -> Trust:
        """Returns how an answer about a user may be used, whose request was sent just after `started_at`."""
        if self._clock.monotonic() - started_at > self._request_max:
            # The revocations of that time may no longer be kept.
            return "repeat"
        if max(self._all_revoked_at, self._revocations.get(user, -inf)) >= started_at:
            return "repeat"
        return "use" if self._opened_at >= started_at else "store"

    def store(self, key: Hashable, user: str, value: T, expires_at: float) -> None:
        """Stores an answer. Only after `trust` allowed it, without a pause in between."""
        if key in self._entries:
            self._delete(key)
        self._entries[key] = _Entry(value, user, expires_at)
        self._keys_by_user.setdefault(user, set()).add(key)
        if len(self._entries) > self._capacity:
            self._delete(next(iter(self._entries)))

    def restart(self) -> None:
        """Continues after an interruption in which revocations may have been missed."""
        if self._opened_at == inf:
            self._opened_at = self._clock.monotonic()
        else:
            self.revoke_all()

    def revoke_user(self, user: str) -> None:
        """Removes the answers about a user."""
        now = self._clock.monotonic()
        for key in self._keys_by_user.pop(user, ()):
            del self._entries[key]
        self._revocations.pop(user, None)
        self._revocations[user] = now
        while (oldest := next(iter(self._revocations))) != user:
            if self._revocations[oldest] + self._request_max >= now:
                break
            del self._revocations[oldest]
        if len(self._revocations) > _REVOCATIONS_MAX:
            self.revoke_all()

    def revoke_all(self) -> None:
        """Removes all answers."""
        self._entries.clear()
        self._keys_by_user.clear()
        self._revocations.clear()
        self._all_revoked_at = self._clock.monotonic()

    def _delete(self, key: Hashable) -> None:
        user = self._entries.pop(key).user
        keys = self._keys_by_user[user]
        keys.discard(key)
        if not keys:
            del self._keys_by_user[user]
