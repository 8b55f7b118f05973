"""Clocks of this process, in milliseconds."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Clocks, which tests replace."""

    def monotonic(self) -> float:
        """Never jumps, but may stand still while the machine sleeps."""

    def wall(self) -> float:
        """Time of day. Jumps when it is set, and after the machine slept."""


class SystemClock:
    """Clocks of the system."""

    def monotonic(self) -> float:
        return time.monotonic() * 1_000

    def wall(self) -> float:
        return time.time() * 1_000
