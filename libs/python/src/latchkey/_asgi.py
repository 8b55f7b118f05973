"""Requests of Starlette and FastAPI."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from ._guard import Guard, GuardedRequest
from .errors import VerificationError
from .principal import Principal
from .verifier import Verifier


def guarded_request(request: Request) -> GuardedRequest:
    """Returns a request for a guard."""
    names = [name for name, _ in request.headers.raw]
    client = request.client
    return GuardedRequest(
        headers=request.headers,
        address=None if client is None else client.host,
        # Servers that trust a proxy replace the address and the port by those that it names; the port is 0.
        is_direct=client is None or client.port != 0,
        method=request.method,
        route=getattr(request.scope.get("route"), "path", request.url.path),
        is_repeated=names.count(b"x-auth-token") > 1 or names.count(b"authorization") > 1,
    )


def verified(request: Request) -> dict[Verifier, Principal]:
    """Returns the principals of this request, by the verifier that has verified them."""
    principals: dict[Verifier, Principal] = request.scope.setdefault("latchkey.verified", {})
    return principals


def response_to(error: VerificationError, guard: Guard) -> Response:
    """Returns the response to a rejected request."""
    response = guard.response_to(error)
    return Response(json.dumps(response.body), response.status, response.headers)
