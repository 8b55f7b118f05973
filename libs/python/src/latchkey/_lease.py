"""Decides until when the memory may answer."""

from __future__ import annotations

from math import inf

from ._clock import Clock

_TOLERANCE = 50
"""Milliseconds by which two clocks may disagree, for rounding and for scheduling between two reads."""

_DRIFT = 200e-6
"""Rate at which the clocks of two machines may drift apart. Quartz stays below a tenth of it."""


class Lease:
    """Time until which the memory is fresh.

    A heartbeat with the server time S proves that everything committed before S has arrived. The server read
    its clock for `hello` after this process sent the request. So S is at least as late on the clock of this
    process as the time of the request plus the server time passed since `hello`. A proxy that delays the
    stream makes proofs look older, never younger.
    """

    def __init__(self, fresh_for: float, clock: Clock) -> None:
        self._fresh_for = fresh_for
        self._clock = clock
        self._offset = -inf
        """Lower bound of this process's time minus the server's time."""
        self._calibrated_at = -inf
        self._started_at = -inf
        """Time of the request that began the connection."""
        self._skew: float | None = None
        """Wall clock minus monotonic clock when the connection began."""
        self._proven = -inf
        self.lag: float | None = None
        """Age of the last proof when it arrived."""

    def start(self, sent_at: float, server_time: float) -> bool:
        """Starts a connection whose request was sent at `sent_at`.

        Returns false if a clock has jumped since the last connection. Then nothing that is timed by these
        clocks is certain.
        """
        now = self._clock.monotonic()
        is_steady = self._skew is None or not self._has_jumped(now)
        if not is_steady:
            self._proven = -inf
        self._skew = self._clock.wall() - now
        self._offset = sent_at - server_time
        self._started_at = sent_at
        self._calibrated_at = now
        return is_steady

    def calibrate(self, sent_at: float, server_time: float) -> None:
        """Improves the comparison of the clocks with a later request to the same process."""
        if sent_at < self._started_at:
            # The machine may have slept since then, so the offset would be too high.
            return
        now = self._clock.monotonic()
        # A slow response is a worse bound than an earlier fast one.
        self._offset = max(self._offset - (now - self._calibrated_at) * _DRIFT, sent_at - server_time)
        self._calibrated_at = now

    def prove(self, server_time: float) -> bool:
        """Records a heartbeat.

        Returns false if the clocks contradict each other, so that the connection must be replaced.
        """
        now = self._clock.monotonic()
        at = server_time + self._offset
        # A heartbeat from the future: this machine slept, and its clock stood still.
        if self._has_jumped(now) or at > now + _TOLERANCE:
            self._proven = -inf
            return False
        self._proven = max(self._proven, min(now, at - (now - self._calibrated_at) * _DRIFT))
        self.lag = max(0.0, now - at)
        return True

    def is_fresh(self, now: float) -> bool:
        """Whether the memory may answer."""
        # A clock can be wrong by the tolerance without a jump.
        return now - self._proven < self._fresh_for - _TOLERANCE and not self._has_jumped(now)

    def _has_jumped(self, now: float) -> bool:
        # NTP slews both clocks alike, so their difference changes only by a jump, or by the time that the
        # machine slept.
        return self._skew is None or abs(self._clock.wall() - now - self._skew) > _TOLERANCE
