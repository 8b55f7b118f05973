"""Counts the uses of tokens that were verified from memory, and reports them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import floor, inf
from typing import Any, Literal

from ._clock import Clock
from ._messages import Request, json_of
from ._outage import OnWarning, Outage, warning
from ._reportable import reportable
from ._steps import Pause, Send, Steps
from .errors import LatchkeyError

USES_PER_REPORT = 500
"""Maximum number of uses in a report. A report is sent early when this number waits."""
_WAITING_MAX = 10_000
"""Maximum number of uses that wait for a report. Beyond it, the verifier asks the server, which counts the
uses itself."""
_SURPLUS_MAX = 1_000
"""Maximum number of surpluses. Those of revoked tokens are never used up, so the oldest are removed."""
_PERMISSIONS_PER_USE = 20
"""Maximum number of permissions in a use. The next report contains the others."""
_USES_MAX_BYTES = 90_000
"""Size of the uses in bytes at which a report is full. The server accepts bodies of up to 100 KiB."""
_REJECTIONS_MAX_KNOWN = 80
_REJECTIONS_MAX_OTHERS = 20
"""Maximum number of rejections that wait for a report, with and without a known token. The server cannot
explain any beyond that."""
_REJECTIONS_MAX_BYTES = 40_000
_MISSING_MAX = 20
_PERMISSION = re.compile(r"[a-z][a-z0-9-]{0,63}:[a-z][a-z0-9-]{0,63}")
_ROLE = re.compile(r"[a-z][a-z0-9-]{0,63}")
_REJECTION_PAUSE = 1_000
"""Milliseconds until a rejection is reported, so that it can be explained soon."""
_FIRST_REPORT = 2_000
"""Milliseconds until the first report, after which administrators see the verifier."""
_FAULTY_MAX = 10
"""Number of uses and rejections after which a report is dropped if the server has rejected each of them."""
_RETRY_MIN = 500
_RETRY_MAX = 10_000
_RETRY_AFTER_MAX = 60_000
"""Longest delay in milliseconds that the server can demand."""
_REJECTED_PAUSE = 60_000
"""Milliseconds between two warnings of rejected items."""
_NOT_REPORTED = "The uses of tokens were not reported"

_TEMPORARY = frozenset({401, 403, 408, 429})
"""Client errors after which another attempt can succeed, for example with a new token or permission of the
service."""
_REJECTED = frozenset({413, 422})
"""Statuses for a report that is too large for the server or a proxy, or has something that the server does
not accept."""

Outcome = Literal["counted", "rejected", "dropped"]
"""Result of sending a report. A rejected one is too large, or the server does not accept something in it."""


@dataclass
class Use:
    """Uses of one secret of a token from one address since the last report."""

    token: str
    digest: str
    address: str | None
    used_at: float
    agent: str | None = None
    count: int = 0
    """Number of answers from memory. The server counts all other uses itself."""
    permissions: list[str] = field(default_factory=list)
    """Permissions that requests required."""
    is_reported: bool = False
    """Whether a report contains it."""


@dataclass
class TokenUse:
    """Secret of a token, with state that avoids a search for each request."""

    token: str
    """Id of the token."""
    digest: str
    """SHA-256 of the secret. Without it, the server would ignore what is reported of the token."""
    use: Use | None = None
    """Latest use: most clients stay at one address."""
    demanded: set[str] = field(default_factory=set)
    """Permissions that were added to a report."""


@dataclass(frozen=True)
class LocalRejection:
    """Rejection that the server does not know."""

    trace_id: str
    cause: str
    token: str | None
    digest: str | None
    address: str | None
    agent: str | None
    method: str | None
    route: str | None
    detail: str | None
    """The missing proof; `None` for other causes."""
    missing_permissions: Sequence[str]
    missing_roles: Sequence[str]


@dataclass
class _Items:
    """Uses and rejections of a report."""

    uses: list[dict[str, Any]]
    rejections: list[dict[str, Any]]

    def __len__(self) -> int:
        return len(self.uses) + len(self.rejections)

    def halves(self) -> list[_Items]:
        """Returns the items in two parts; an empty list if there is only one."""
        if len(self) < 2:
            return []
        use = -(-len(self.uses) // 2)
        # Together with the uses, so that neither half is empty.
        rejection = len(self.rejections) // 2
        return [
            _Items(self.uses[:use], self.rejections[:rejection]),
            _Items(self.uses[use:], self.rejections[rejection:]),
        ]


class Reports:
    """Uses and rejections that wait for a report.

    The server counts each number once, so a report is sent again, unchanged, until the server has responded
    to it. If the server rejects it, its halves are sent as reports of their own.
    """

    def __init__(
        self,
        clock: Clock,
        random: Callable[[], float],
        heading: Callable[[], dict[str, Any]],
        on_counted: Callable[[str, float, float], None],
        on_due: Callable[[], None],
        on_warning: OnWarning,
    ) -> None:
        """`heading` returns the members of each report, `on_counted` gets the process of the server, the time
        of the request and that of the server, and `on_due` is called when `due_at` changes."""
        self._clock = clock
        self._random = random
        self._heading = heading
        self._on_counted = on_counted
        self._on_due = on_due
        self._on_warning = on_warning
        self.due_at = inf
        """Time at which `run` is due."""
        self.local_total = 0
        self.asked_total = 0
        self._uses: dict[tuple[str, str], Use] = {}
        self._surplus: dict[tuple[str, str], int] = {}
        """Uses that the server counted twice, because a request was repeated. Subtracted from later uses."""
        self._rejections: list[tuple[LocalRejection, float]] = []
        self._is_urgent = False
        """Whether the next report was moved forward for a rejection."""
        self._local = 0
        self._asked = 0
        self._number = 0
        self._is_sending = False
        self._interval: float = 10_000
        self._is_started = False
        self._closing_until: float | None = None
        self._outage = Outage(_NOT_REPORTED, "The uses of tokens are reported again", clock, on_warning)
        self._rejected_items = 0
        """Number of uses and rejections in reports that the server has rejected since the last warning."""
        self._rejected_warned_at = -inf
        self._rejected_error: BaseException | None = None
        """Error of the last report that the server rejected."""

    @property
    def has_room(self) -> bool:
        """Whether more uses can be counted."""
        return len(self._uses) < _WAITING_MAX

    def start(self, interval: float) -> None:
        """Begins to report, or changes the interval."""
        self._interval = interval
        if not self._is_started and self._closing_until is None:
            self._is_started = True
            self._schedule(min(interval, _FIRST_REPORT))

    def count_asked(self) -> None:
        """Counts a request to the server."""
        self._asked += 1
        self.asked_total += 1

    def add_surplus(self, token: TokenUse, address: str | None) -> None:
        """Notes that the server will count one request twice."""
        key = (token.digest, address or "")
        self._surplus[key] = self._surplus.get(key, 0) + 1
        if len(self._surplus) > _SURPLUS_MAX:
            del self._surplus[next(iter(self._surplus))]

    def count(self, token: TokenUse, address: str | None, agent: str | None, now: float) -> None:
        """Counts a use of a token."""
        self._local += 1
        self.local_total += 1
        use = token.use
        if use is None or use.is_reported or use.address != address:
            use = token.use = self._use_of(token, address)
        use.count += 1
        use.used_at = now
        use.agent = agent

    def demand(self, token: TokenUse, permissions: Sequence[str]) -> None:
        """Records the permissions of a token that a request required, even if the server was asked.

        After the first time for an answer, this costs one read in memory per permission.
        """
        for permission in permissions:
            if permission not in token.demanded:
                self._add_demand(token, permission)

    def reject(self, rejection: LocalRejection) -> None:
        """Records a rejection, up to a maximum. Those of a known token are reported soon."""
        is_known = rejection.token is not None
        waiting = sum((one.token is not None) == is_known for one, _ in self._rejections)
        maximum = _REJECTIONS_MAX_KNOWN if is_known else _REJECTIONS_MAX_OTHERS
        if not self._is_started or waiting >= maximum:
            return
        self._rejections.append((rejection, self._clock.monotonic()))
        if is_known and not self._is_urgent and not self._is_sending:
            self._is_urgent = True
            self._schedule(_REJECTION_PAUSE)

    def run(self) -> Steps[None]:
        """Sends the next report. Only one may run at a time."""
        self.due_at = inf
        self._is_sending = True
        try:
            yield from self._deliver()
        finally:
            self._is_sending = False
            if self._is_started:
                self._is_urgent = any(one.token is not None for one, _ in self._rejections)
                pause = _REJECTION_PAUSE if self._is_urgent else self._interval
                self._schedule(0 if len(self._uses) >= USES_PER_REPORT else pause)

    def begin_close(self, milliseconds: float) -> None:
        """Lets reports be sent without long pauses, and only until this much time has passed."""
        self._closing_until = self._clock.monotonic() + milliseconds

    def finish(self) -> Steps[None]:
        """Reports everything, in the time that `begin_close` has left."""
        while self._is_started and not self._is_too_late() and not self._is_empty():
            yield from self.run()
        self._is_started = False
        self.due_at = inf
        self._warn_of_rejected()

    def _is_too_late(self) -> bool:
        return self._closing_until is not None and self._clock.monotonic() >= self._closing_until

    def _is_empty(self) -> bool:
        return not (self._uses or self._rejections or self._local or self._asked)

    def _use_of(self, token: TokenUse, address: str | None) -> Use:
        key = (token.digest, address or "")
        use = self._uses.get(key)
        if use is None:
            use = self._uses[key] = Use(token.token, token.digest, address, self._clock.monotonic())
            if len(self._uses) == USES_PER_REPORT and self._is_started and not self._is_sending:
                self._schedule(0)
        return use

    def _add_demand(self, token: TokenUse, permission: str) -> None:
        use = token.use
        if use is None or use.is_reported:
            if not self._is_started or not self.has_room:
                return
            # Without the address, because an answer that is never cached would add a use for each address.
            use = token.use = self._use_of(token, None)
        if len(use.permissions) < _PERMISSIONS_PER_USE:
            token.demanded.add(permission)
            if permission not in use.permissions:
                use.permissions.append(permission)

    def _schedule(self, milliseconds: float) -> None:
        self.due_at = self._clock.monotonic() + milliseconds
        self._on_due()

    def _take(self) -> tuple[dict[str, Any], _Items]:
        """Returns the counts and the items of the next report."""
        now = self._clock.monotonic()
        rejections = self._take_rejections(now)
        uses: list[dict[str, Any]] = []
        size = _size_of(rejections)
        for key in list(self._uses):
            if len(uses) == USES_PER_REPORT or size > _USES_MAX_BYTES:
                break
            use = self._uses.pop(key)
            use.is_reported = True
            surplus = min(use.count, self._surplus.get(key, 0))
            self._reduce_surplus(key, surplus)
            if use.count == surplus and not use.permissions:
                continue
            reported: dict[str, Any] = {
                "token": use.token,
                "digest": use.digest,
                "count": use.count - surplus,
                "ago": _milliseconds(now - use.used_at),
            }
            if use.address is not None:
                reported["address"] = use.address
            reported.update(reportable(agent=use.agent))
            if use.permissions:
                reported["permissions"] = use.permissions
            uses.append(reported)
            size += _size_of(reported)
        counts = {"number": self._next_number(), "local": self._local, "asked": self._asked}
        self._local = 0
        self._asked = 0
        return counts, _Items(uses, rejections)

    def _take_rejections(self, now: float) -> list[dict[str, Any]]:
        taken: list[dict[str, Any]] = []
        size = 0
        while self._rejections and size < _REJECTIONS_MAX_BYTES:
            one, rejected_at = self._rejections.pop(0)
            rejection: dict[str, Any] = {
                "traceId": one.trace_id,
                "cause": one.cause,
                "ago": _milliseconds(now - rejected_at),
            }
            if one.token is not None:
                rejection.update(token=one.token, digest=one.digest)
            if one.address is not None:
                rejection["address"] = one.address
            rejection.update(reportable(agent=one.agent, method=one.method, route=one.route, detail=one.detail))
            rejection.update(_well_formed("missingPermissions", one.missing_permissions, _PERMISSION))
            rejection.update(_well_formed("missingRoles", one.missing_roles, _ROLE))
            taken.append(rejection)
            size += _size_of(rejection)
        return taken

    def _reduce_surplus(self, key: tuple[str, str], count: int) -> None:
        rest = self._surplus.pop(key, 0) - count
        if rest > 0:
            self._surplus[key] = rest

    def _deliver(self) -> Steps[None]:
        counts, items = self._take()
        outcome = yield from self._attempt(counts, items)
        if outcome != "rejected":
            return
        if items:
            outcome = yield from self._attempt({**counts, "number": self._next_number()}, _Items([], []))
        if outcome == "rejected":
            # The server rejects even the counts, so it would reject every part.
            self._rejected_items += max(1, len(items))
        elif outcome == "counted":
            if len(items) == 1:
                self._rejected_items += 1
            yield from self._deliver_parts(items.halves())
        if self._clock.monotonic() - self._rejected_warned_at >= _REJECTED_PAUSE:
            self._warn_of_rejected()

    def _deliver_parts(self, waiting: list[_Items]) -> Steps[None]:
        """Sends parts of a rejected report, in halves down to single uses and rejections."""
        faulty = 0
        is_any_counted = False
        while waiting:
            part = waiting.pop(0)
            if not is_any_counted and faulty >= _FAULTY_MAX:
                self._rejected_items += len(part)
                continue
            counts = {"number": self._next_number(), "local": 0, "asked": 0}
            outcome = yield from self._attempt(counts, part)
            if outcome == "dropped":
                return
            is_any_counted = is_any_counted or outcome == "counted"
            if outcome == "rejected" and len(part) == 1:
                faulty += 1
                self._rejected_items += 1
            elif outcome == "rejected":
                waiting[:0] = part.halves()

    def _warn_of_rejected(self) -> None:
        """Logs how many uses and rejections are lost, because the server has rejected them."""
        if self._rejected_items > 0 and self._rejected_error is not None:
            what = f"{_NOT_REPORTED} (items rejected by the server: {self._rejected_items})"
            self._rejected_items = 0
            self._rejected_warned_at = self._clock.monotonic()
            self._on_warning(warning(what, self._rejected_error))

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _attempt(self, counts: dict[str, Any], items: _Items) -> Steps[Outcome]:
        """Sends a report until the server has responded to it, or until it is too late."""
        report: dict[str, Any] = {**counts, "uses": items.uses}
        if items.rejections:
            report["rejections"] = items.rejections
        pause: float = _RETRY_MIN
        while True:
            try:
                yield from self._send(report)
                self._outage.end()
                return "counted"
            except Exception as error:
                status, retry_after = _status_of(error)
                if status in _REJECTED:
                    self._rejected_error = error
                    return "rejected"
                self._outage.fail(error)
                is_final = status is not None and 400 <= status < 500 and status not in _TEMPORARY
                if is_final or self._is_too_late():
                    return "dropped"
                demanded = min(_RETRY_AFTER_MAX, retry_after * 1_000)
            # The random part spreads the verifiers that received the same delay.
            delay = demanded + pause * (0.5 + self._random() / 2)
            yield Pause(delay if self._closing_until is None else _RETRY_MIN)
            pause = min(_RETRY_MAX, 2 * pause)

    def _send(self, report: dict[str, Any]) -> Steps[None]:
        sent_at = self._clock.monotonic()
        body = json.dumps({**self._heading(), **report}, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"content-type": "application/json"}
        answer = json_of((yield Send(Request("POST", "auth/revocations/reports", headers, body))))
        members: dict[str, Any] = answer if isinstance(answer, dict) else {}
        process, time = members.get("process"), members.get("time")
        if not isinstance(process, str) or isinstance(time, bool) or not isinstance(time, int | float):
            raise LatchkeyError(
                "unexpected_response", "Unexpected response", "The response to a report is not from Latchkey."
            )
        self._on_counted(process, sent_at, time)


def _status_of(error: Exception) -> tuple[int | None, float]:
    """Returns the status of a failed request, and the seconds that the server demands before the next."""
    return (error.status, error.retry_after or 0) if isinstance(error, LatchkeyError) else (None, 0)


def _milliseconds(value: float) -> int:
    return max(0, floor(value + 0.5))


def _size_of(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _well_formed(member: str, names: Sequence[str], form: re.Pattern[str]) -> dict[str, list[str]]:
    """Returns the names that the server accepts. It rejects others, and with them the whole report."""
    accepted = [name for name in names if form.fullmatch(name)][:_MISSING_MAX]
    return {member: accepted} if accepted else {}
