"""Warnings for operators."""

from __future__ import annotations

from collections.abc import Callable

from ._clock import Clock

OnWarning = Callable[[Exception], None]


class VerifierWarning(Exception):
    """Something that needs an operator's attention."""


def warning(what: str, cause: BaseException) -> VerifierWarning:
    """Returns an error for the log of an operator."""
    error = VerifierWarning(f"{what}: {cause}")
    error.__cause__ = cause
    return error


class Outage:
    """State of something that can fail many times in a row.

    Reports the first failure, and the end with the duration.
    """

    def __init__(self, began: str, ended: str, clock: Clock, on_warning: OnWarning) -> None:
        self._began = began
        self._ended = ended
        self._clock = clock
        self._on_warning = on_warning
        self._since: float | None = None
        self._is_reported = False

    def begin(self) -> None:
        """Begins without a report, because the next attempt may succeed."""
        if self._since is None:
            self._since = self._clock.monotonic()

    def fail(self, cause: BaseException) -> None:
        """Records a failure."""
        self.begin()
        if not self._is_reported:
            self._is_reported = True
            self._on_warning(warning(self._began, cause))

    def end(self) -> None:
        """Records a success."""
        if self._is_reported and self._since is not None:
            seconds = (self._clock.monotonic() - self._since) / 1_000
            self._on_warning(VerifierWarning(f"{self._ended} after {seconds:.1f} s."))
        self._since = None
        self._is_reported = False
