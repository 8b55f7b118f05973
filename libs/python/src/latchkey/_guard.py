"""Guards of routes, for any framework."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ._addresses import canonical_address
from ._rules import Demands, Origin, demands_of
from .errors import ErrorResponse, VerificationError, ambiguous_credentials
from .principal import Principal
from .verifier import Verifier

FORWARDING_HEADERS = (
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "via",
)
"""Header fields in which proxies name their client or themselves."""

_PERMISSION = re.compile(r"[a-z][a-z0-9-]{0,63}:[a-z][a-z0-9-]{0,63}")
_CREDENTIALS = re.compile(r"(?:bearer|basic)\b", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class GuardedRequest:
    """Request of a framework."""

    headers: Mapping[str, str]
    """Header fields, whatever the case of their names."""
    address: str | None
    """Address of the client, as the framework sees it."""
    is_direct: bool
    """Whether that is the address of the connection, which may be a proxy's."""
    method: str
    route: str
    """Pattern of the route, such as `/orders/<id>`, or the path if no route is known."""
    is_repeated: bool = False
    """Whether a credential header was sent twice."""

    def origin(self) -> Origin:
        """Returns the client of the request."""
        headers = self.headers
        return Origin(
            address=canonical_address(self._certain_address()),
            agent=headers.get("user-agent"),
            method=self.method,
            route=self.route,
            trace_id=headers.get("x-request-id"),
        )

    def _certain_address(self) -> str | None:
        """Returns the address of the client; `None` if a proxy forwards the request, and it is not trusted.

        Tokens that are limited to addresses could otherwise be used by all clients of a proxy that is at one
        of them.
        """
        if self.is_direct and any(name in self.headers for name in FORWARDING_HEADERS):
            return None
        return self.address


def is_repeated(headers: Mapping[str, str]) -> bool:
    """Whether a credential header was sent twice, if the server joins its values with a comma.

    Neither a token nor base64 contains a comma.
    """
    if "," in headers.get("x-auth-token", ""):
        return True
    authorization = headers.get("authorization", "")
    return "," in authorization and _CREDENTIALS.match(authorization) is not None


def checked_demands(
    permissions: Iterable[object],
    roles: Iterable[object],
    fresh: int | None = None,
    methods: Iterable[str] | None = None,
) -> Demands:
    """Returns the requirements of a route, checked where it is defined.

    Otherwise a misspelt one would reject every token, or accept every valid one. Raises `TypeError`.
    """
    if isinstance(roles, str) or not isinstance(roles, list | tuple | set | frozenset):
        raise TypeError('"roles" is not a list. Omit it if no role is required.')
    for permission in permissions:
        if not isinstance(permission, str) or not _PERMISSION.fullmatch(permission):
            raise TypeError(
                f"{permission!r} is not a permission. Use the form api:action, such as reports:read."
            )
    for role in roles:
        if not isinstance(role, str) or role == "":
            raise TypeError(f"{role!r} is not a role.")
    return demands_of(tuple(map(str, permissions)), tuple(map(str, roles)), fresh, methods)


class Guard:
    """Verifies the requests of a framework.

    A request that passes several guards is verified once, unless its session lacks a proof for one of them.
    """

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier

    def authenticate(self, request: GuardedRequest, demands: Demands, earlier: Principal | None) -> Principal:
        """Returns the principal of a request, which an earlier guard may have verified.

        Raises `VerificationError` unless its token is valid and sufficient.
        """
        origin = request.origin()
        self._require_one(request, origin)
        if earlier is None or not self.verifier.is_final(earlier, demands):
            return self.verifier.check(request.headers, demands, origin)
        self.verifier.authorize(earlier, request.headers, demands, origin)
        return earlier

    async def authenticate_async(
        self, request: GuardedRequest, demands: Demands, earlier: Principal | None
    ) -> Principal:
        """The same for asyncio."""
        origin = request.origin()
        self._require_one(request, origin)
        if earlier is None or not self.verifier.is_final(earlier, demands):
            return await self.verifier.check_async(request.headers, demands, origin)
        self.verifier.authorize(earlier, request.headers, demands, origin)
        return earlier

    def response_to(self, error: VerificationError) -> ErrorResponse:
        """Returns the response to a rejected request."""
        return error.to_response(self.verifier.public_url)

    def _require_one(self, request: GuardedRequest, origin: Origin) -> None:
        if request.is_repeated:
            raise self.verifier.reject(ambiguous_credentials(), request.headers, origin)
