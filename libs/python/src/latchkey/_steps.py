"""What the rules of a verifier need from outside: requests, waits and pauses.

The rules are generators that yield these steps. They start no threads, open no connections and read no clock
but the injected one. So the same rules serve threads, asyncio and tests.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from ._messages import Request

T = TypeVar("T")


class Signal:
    """Event that happens once."""

    def __init__(self) -> None:
        self.is_set = False
        self._callbacks: list[Callable[[], object]] = []

    def then(self, callback: Callable[[], object]) -> None:
        """Calls back when the event happens; at once if it has happened."""
        if self.is_set:
            callback()
        else:
            self._callbacks.append(callback)

    def set(self) -> None:
        """Lets the event happen."""
        self.is_set = True
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()


@dataclass(frozen=True)
class Send:
    """Sends a request. The result is the `Response`; a failure is raised as `LatchkeyError`."""

    request: Request


@dataclass(frozen=True)
class Wait:
    """Waits for a signal, for some milliseconds at most."""

    signal: Signal
    timeout: float | None = None


@dataclass(frozen=True)
class Pause:
    """Waits for some milliseconds."""

    milliseconds: float


Steps = Generator[Send | Wait | Pause, Any, T]
"""Rules that yield steps and return a result."""
