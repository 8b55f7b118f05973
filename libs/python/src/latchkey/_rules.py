"""Rules of a verifier: when its memory may answer, and when and how it asks the server.

Without threads, connections and clocks of its own. `Verifier` runs these rules; so do the tests.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, cast
from urllib.parse import urlencode

from ._addresses import canonical_address
from ._clock import Clock
from ._credentials import Presented, RequestHeaders, digest_of_token, introspectable, presented_in
from ._feed import Feed, Identity
from ._introspection import read_introspection
from ._lease import Lease
from ._memory import Memory
from ._messages import Request, json_of
from ._reportable import reportable
from ._reports import LocalRejection, Reports, TokenUse
from ._steps import Send, Signal, Steps, Wait
from ._turnstile import Turnstile
from .errors import (
    VerificationError,
    inactive_token,
    insufficient_scope,
    step_up_required,
    unavailable,
)
from .principal import Principal

_LOOK_UPS_MAX = 3
_WAITING_PER_SLOT = 16
LEASE = 2_000
"""Maximum age in milliseconds of the data from which a verifier answers. A revocation is in effect everywhere
this long after its commit."""
_TRACE_ID = re.compile(r"[A-Za-z0-9._:+=/-]{1,64}")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LATEST = datetime.max.replace(tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Origin:
    """Client of a request."""

    address: str | None = None
    """Canonical IP address."""
    agent: str | None = None
    method: str | None = None
    route: str | None = None
    trace_id: str | None = None


_METHODS = ("pwd", "otp", "recovery_code", "passkey")
_FRESH_MAX = 31_622_400
"""366 days, as on the server."""


@dataclass(frozen=True)
class Demands:
    """Permissions, roles and proof that a request requires."""

    permissions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    fresh: int | None = None
    """Maximum age of the last login or step-up of the session, in whole seconds."""
    methods: tuple[str, ...] = ()
    """Methods of which the session must have one."""


@dataclass(frozen=True)
class Options:
    """Options of the rules. Times are in milliseconds."""

    identity: Identity
    timeout: int = 2_000
    concurrency: int = 64
    entries: int = 10_000
    accept_basic: bool = False


class _Flight:
    """Request to the server that others wait for."""

    def __init__(self) -> None:
        self.landed = Signal()
        self.principal: Principal | None = None
        """Answer if it also holds for requests that arrived before it was requested."""
        self.error: VerificationError | None = None
        """Failure of the server. A rejection is not kept: it may be older than the waiting request, and the
        server explains it only by the id of the other one."""


class Rules:
    """State of a verifier. The caller must not run two steps of it at the same time."""

    def __init__(
        self,
        options: Options,
        clock: Clock,
        *,
        new_id: Callable[[], str],
        random: Callable[[], float],
        on_due: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_due` is called when the time of the next report changes."""
        identity, timeout = options.identity, options.timeout
        self._identity = identity
        self._accept_basic = options.accept_basic
        self._clock = clock
        self._new_id = new_id
        self.warnings: deque[Exception] = deque(maxlen=100)
        """Warnings for the operator, which the caller removes."""
        self.is_closed = False
        self.lease = Lease(identity.fresh_for, clock)
        self.memory: Memory[Principal] = Memory(options.entries, timeout + 1_000, clock)
        self._turnstile = Turnstile(options.concurrency, options.concurrency * _WAITING_PER_SLOT, timeout)
        self.reports = Reports(
            clock, random, self._report_heading, self._calibrate, on_due, self.warnings.append
        )
        self.feed = Feed(
            identity, self.memory, self.lease, clock, random, self.reports.start, self.warnings.append
        )
        self._flights: dict[tuple[bytes, str], _Flight] = {}

    def verify(
        self, credentials: str | RequestHeaders, demands: Demands, origin: Origin
    ) -> Principal | Steps[Principal]:
        """Verifies the credentials of a request.

        Returns the principal if the memory answers, and otherwise the steps to ask the server. Both can raise
        `VerificationError`.
        """
        try:
            presented = presented_in(credentials, self._accept_basic)
        except VerificationError as error:
            raise self.rejection(error, credentials, origin) from None
        principal = self._recall(presented.digest, demands, origin)
        if principal is None:
            return self._look_up_and_check(presented, credentials, demands, origin)
        return self._check(principal, credentials, demands, origin)

    def authorize(
        self, principal: Principal, credentials: RequestHeaders, demands: Demands, origin: Origin
    ) -> None:
        """Checks further requirements of a principal of the same request."""
        self._check(principal, credentials, demands, origin)

    def is_final(self, principal: Principal, demands: Demands) -> bool:
        """Whether an answer that is older than a request decides it.

        A session without the proof may have been stepped up since. API tokens never become sessions.
        """
        return principal.auth_time is None or self._has_proof(principal, demands)

    def rejection(
        self,
        error: VerificationError,
        credentials: str | RequestHeaders,
        origin: Origin,
        principal: Principal | None = None,
    ) -> VerificationError:
        """Returns the rejection of a request for the client and reports it unless the server knows of it."""
        rejection = self._reported(error, origin, principal)
        if self._accept_basic and rejection.status == 401 and not _is_from_script(credentials):
            return rejection.offering_basic()
        return rejection

    def _check(
        self, principal: Principal, credentials: str | RequestHeaders, demands: Demands, origin: Origin
    ) -> Principal:
        try:
            _check_scope(principal, demands)
            if not self._has_proof(principal, demands):
                methods = None if principal.auth_time is None else principal.auth_methods
                raise step_up_required(methods, demands.fresh, demands.methods)
        except VerificationError as error:
            raise self.rejection(error, credentials, origin, principal) from None
        if demands.permissions and principal.token_use is not None:
            self.reports.demand(principal.token_use, demands.permissions)
        return principal

    def _has_proof(self, principal: Principal, demands: Demands) -> bool:
        """Whether a session has the demanded proof.

        The age is in whole seconds, because the server sends the time of the proof in seconds.
        """
        fresh, methods = demands.fresh, demands.methods
        if fresh is None and not methods:
            return True
        if principal.auth_time is None or (methods and not set(methods).intersection(principal.auth_methods)):
            return False
        age = self._clock.wall() // 1_000 - (principal.auth_time - _EPOCH).total_seconds()
        return fresh is None or age <= fresh

    def _look_up_and_check(
        self, presented: Presented, credentials: str | RequestHeaders, demands: Demands, origin: Origin
    ) -> Steps[Principal]:
        try:
            principal = yield from self._look_up(presented, demands, origin)
        except VerificationError as error:
            raise self.rejection(error, credentials, origin) from error.__cause__
        return self._check(principal, credentials, demands, origin)

    def _recall(self, digest: bytes, demands: Demands, origin: Origin) -> Principal | None:
        """Returns a cached principal and counts the use.

        Returns `None` if there is none, the memory may be out of date, or a session lacks the proof.
        """
        now = self._clock.monotonic()
        if self.is_closed or not self.lease.is_fresh(now) or not self.reports.has_room:
            return None
        principal = self.memory.find(digest, now)
        if principal is None:
            principal = self.memory.find((digest, origin.address or ""), now)
        if principal is None or not self.is_final(principal, demands):
            return None
        if principal.token_use is not None:
            self.reports.count(principal.token_use, origin.address, origin.agent, now)
        return principal

    def _look_up(self, presented: Presented, demands: Demands, origin: Origin) -> Steps[Principal]:
        """Asks the server. Simultaneous requests with the same credentials share what holds for all."""
        # Since the caller read the memory, another thread may have stored the answer.
        cached = self._recall(presented.digest, demands, origin)
        if cached is not None:
            return cached
        key = (presented.digest, origin.address or "")
        # The first flight began before this request arrived, so only memory proves that its answer still
        # holds.
        has_waited = False
        while (other := self._flights.get(key)) is not None:
            yield Wait(other.landed)
            if other.error is not None:
                raise other.error
            cached = self._recall(presented.digest, demands, origin)
            if cached is not None:
                return cached
            shared = other.principal
            if shared is not None and not self.is_final(shared, demands):
                shared = None
            if shared is None or shared.token_use is None or not self.reports.has_room or self.is_closed:
                principal, _ = yield from self._ask(presented, origin)
                return principal
            if has_waited:
                self.reports.count(shared.token_use, origin.address, origin.agent, self._clock.monotonic())
                return shared
            has_waited = True
        flight = self._flights[key] = _Flight()
        try:
            principal, is_shareable = yield from self._ask(presented, origin)
            flight.principal = principal if is_shareable else None
            return principal
        except VerificationError as error:
            flight.error = error if error.status >= 500 else None
            raise
        finally:
            del self._flights[key]
            flight.landed.set()

    def _ask(self, presented: Presented, origin: Origin) -> Steps[tuple[Principal, bool]]:
        trace_id = self._request_id(origin.trace_id)
        token = introspectable(presented)
        if self.is_closed:
            raise unavailable(RuntimeError("The verifier is closed."))
        yield from self._turnstile.enter()
        try:
            return (yield from self._ask_until_certain(presented, token, origin, trace_id))
        except VerificationError:
            raise
        except Exception as error:
            raise unavailable(error) from error
        finally:
            self._turnstile.leave()

    def _ask_until_certain(
        self, presented: Presented, token: str, origin: Origin, trace_id: str
    ) -> Steps[tuple[Principal, bool]]:
        """Returns an answer, and whether it also holds for requests that arrived before it was requested."""
        for _ in range(_LOOK_UPS_MAX):
            started_at = self._clock.monotonic()
            self.reports.count_asked()
            response = yield Send(self._introspection_of(token, origin, trace_id))
            introspection = read_introspection(json_of(response))
            if introspection["active"] is not True:
                rejection = inactive_token(introspection.get("reason"), introspection.get("retry_after"))
                raise rejection.with_trace_id(trace_id)
            use = TokenUse(introspection["jti"], digest_of_token(presented))
            principal = _principal_from(introspection, use)
            seconds = introspection.get("remember_for", 0)
            user = principal.id
            trust = self.memory.trust(user, started_at)
            now = self._clock.monotonic()
            # This process may have been paused, or the response took long. Memory proves that an old answer
            # still holds.
            is_old = now - started_at >= LEASE and not (trust == "store" and self.lease.is_fresh(now))
            # The request for a limited token has taken a use, so another one could find none left.
            if (trust == "repeat" or is_old) and seconds > 0:
                self.reports.add_surplus(use, origin.address)
                continue
            if is_old:
                raise unavailable(RuntimeError("The response of the server is too old."))
            if trust == "store" and seconds > 0:
                expires_at = started_at + seconds * 1_000
                if not introspection.get("bound_to_address"):
                    self.memory.store(presented.digest, user, principal, expires_at)
                elif origin.address is not None:
                    self.memory.store((presented.digest, origin.address), user, principal, expires_at)
            return principal, seconds > 0
        raise unavailable(RuntimeError("The token was changed during each of several requests."))

    def _introspection_of(self, token: str, origin: Origin, trace_id: str) -> Request:
        form = {"token": token, "verifier": self._identity.id, "explain": "true"}
        if origin.address is not None:
            form["address"] = origin.address
        form.update(reportable(agent=origin.agent, method=origin.method, route=origin.route))
        headers = {"content-type": "application/x-www-form-urlencoded", "x-request-id": trace_id}
        return Request("POST", "auth/introspect", headers, urlencode(form).encode())

    def _reported(
        self, error: VerificationError, origin: Origin, principal: Principal | None
    ) -> VerificationError:
        """Returns a rejection with the id of the request and reports it unless the server knows of it."""
        if error.trace_id is not None or error.status >= 500:
            return error
        trace_id = self._request_id(origin.trace_id)
        cause = _cause_of(error)
        use = principal.token_use if principal else None
        self.reports.reject(
            LocalRejection(
                trace_id=trace_id,
                cause=cause,
                token=use.token if use else None,
                digest=use.digest if use else None,
                address=origin.address,
                agent=origin.agent,
                method=origin.method,
                route=origin.route,
                detail=error.detail if cause == "step_up_required" else None,
                missing_permissions=error.missing_permissions,
                missing_roles=error.missing_roles,
            )
        )
        return error.with_trace_id(trace_id)

    def _request_id(self, given: str | None) -> str:
        """Returns the id of a request if the server accepts it, otherwise a new one.

        The server rejects a whole report for another id.
        """
        return given if given is not None and _TRACE_ID.fullmatch(given) else self._new_id()

    def _report_heading(self) -> dict[str, Any]:
        identity = self._identity
        heading: dict[str, Any] = {"verifier": identity.id, "name": identity.name}
        if identity.version is not None:
            heading["version"] = identity.version
        if self.lease.lag is not None:
            heading["lag"] = int(self.lease.lag + 0.5)
        return heading

    def _calibrate(self, process: str, sent_at: float, server_time: float) -> None:
        self.feed.calibrate(process, sent_at, server_time)


def origin_of(
    address: str | None,
    agent: str | None = None,
    method: str | None = None,
    route: str | None = None,
    trace_id: str | None = None,
) -> Origin:
    """Returns the client of a request, with the canonical form of its address."""
    return Origin(canonical_address(address), agent, method, route, trace_id)


def demands_of(
    permissions: Iterable[str],
    roles: Iterable[str],
    fresh: int | None = None,
    methods: Iterable[str] | None = None,
) -> Demands:
    """Returns requirements. Raises `TypeError` unless they are lists: a text would require each letter."""
    for name, values in (("permissions", permissions), ("roles", roles)):
        if not isinstance(values, list | tuple | set | frozenset):
            raise TypeError(f'"{name}" is not a list. Omit it if nothing is required.')
    return Demands(tuple(permissions), tuple(roles), _seconds_of(fresh), _methods_of(methods))


def _seconds_of(fresh: object) -> int | None:
    if fresh is None:
        return None
    if isinstance(fresh, bool) or not isinstance(fresh, int) or not 1 <= fresh <= _FRESH_MAX:
        raise TypeError(f'"fresh" must be a whole number of seconds from 1 to {_FRESH_MAX}.')
    return fresh


def _methods_of(methods: object) -> tuple[str, ...]:
    if methods is None:
        return ()
    is_list = isinstance(methods, list | tuple | set | frozenset) and len(methods) > 0
    if not is_list or not all(method in _METHODS for method in cast(Iterable[object], methods)):
        raise TypeError(f'"methods" must be a list with one or several of {", ".join(_METHODS)}.')
    return tuple(cast(Iterable[str], methods))


def _check_scope(principal: Principal, demands: Demands) -> None:
    if principal.granted.issuperset(demands.permissions) and not demands.roles:
        return
    missing_permissions = [one for one in demands.permissions if one not in principal.granted]
    missing_roles = [one for one in demands.roles if one not in principal.roles]
    if missing_permissions or missing_roles:
        raise insufficient_scope(demands.permissions, missing_permissions, missing_roles)


def _principal_from(introspection: Mapping[str, Any], use: TokenUse) -> Principal:
    scope: str = introspection.get("scope", "")
    metadata = introspection.get("metadata")
    return Principal(
        id=introspection["sub"],
        name=introspection["username"],
        token_id=introspection["jti"],
        roles=tuple(introspection.get("roles", ())),
        permissions=tuple(scope.split(" ")) if scope else (),
        expiration_time=_time_of(introspection["exp"]) if "exp" in introspection else None,
        auth_time=_time_of(introspection["auth_time"]) if "auth_time" in introspection else None,
        auth_methods=tuple(introspection.get("amr", ())),
        metadata_json=None if metadata is None else json.dumps(metadata),
        token_use=use,
    )


def _time_of(seconds: float) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _LATEST


def _cause_of(error: VerificationError) -> str:
    """Returns the cause of a rejection by the verifier itself."""
    if error.code == "insufficient_scope":
        return "missing_permission"
    if error.code in ("ambiguous_credentials", "step_up_required"):
        return error.code
    return "malformed_credentials" if "error=" in (error.challenge or "") else "no_credentials"


def _is_from_script(credentials: str | RequestHeaders) -> bool:
    """Whether a script in a browser sent the request.

    If Basic were offered, the browser would ask the user for a password.
    """
    if isinstance(credentials, str):
        return False
    return str(credentials.get("x-requested-with")).lower() == "xmlhttprequest"
