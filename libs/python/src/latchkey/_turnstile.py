"""Limits how many requests to the server run at once, and how many wait."""

from __future__ import annotations

from ._steps import Signal, Steps, Wait
from .errors import overloaded


class Turnstile:
    """Turnstile in front of the requests to the server."""

    def __init__(self, running_max: int, waiting_max: int, timeout: float) -> None:
        self._running_max = running_max
        self._waiting_max = waiting_max
        self._timeout = timeout
        self._running = 0
        self._waiting: dict[Signal, None] = {}

    def enter(self) -> Steps[None]:
        """Enters. Raises `VerificationError` `overloaded` if too many wait, or it had to wait too long."""
        if self._running < self._running_max:
            self._running += 1
            return
        if len(self._waiting) >= self._waiting_max:
            raise overloaded()
        signal = Signal()
        self._waiting[signal] = None
        try:
            yield Wait(signal, self._timeout)
        except BaseException:
            if signal.is_set:
                self.leave()
            raise
        finally:
            self._waiting.pop(signal, None)
        if not signal.is_set:
            raise overloaded()

    def leave(self) -> None:
        """Leaves, and lets the next one enter."""
        if self._waiting:
            signal = next(iter(self._waiting))
            del self._waiting[signal]
            # Takes the place of the one that leaves.
            signal.set()
        else:
            self._running -= 1
