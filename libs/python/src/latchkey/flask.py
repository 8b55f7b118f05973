"""Guards for Flask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from flask import Response, current_app, g, request

from ._guard import Guard, GuardedRequest, checked_demands, is_repeated
from .errors import VerificationError
from .principal import Principal
from .verifier import Verifier

View = TypeVar("View", bound=Callable[..., Any])


class Requires(Protocol):
    """Returns a decorator for views that require a valid token with permissions, roles and a proof."""

    def __call__(
        self,
        *permissions: str,
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
    ) -> Callable[[View], View]: ...


def create_guard(verifier: Verifier) -> Requires:
    """Creates a function that returns decorators for views. They set `g.principal`.

    ```python
    requires = create_guard(verifier)

    @app.get("/orders")
    @requires("orders:read")
    def orders():
        return [g.principal.name]
    ```

    Without arguments, the decorator requires a valid token.
    """
    guard = Guard(verifier)

    def requires(
        *permissions: str,
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
    ) -> Callable[[View], View]:
        demands = checked_demands(permissions, roles, fresh, methods)

        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                try:
                    principal = guard.authenticate(_guarded_request(), demands, _verified().get(verifier))
                except VerificationError as error:
                    response = guard.response_to(error)
                    return Response(json.dumps(response.body), response.status, response.headers)
                _verified()[verifier] = principal
                g.principal = principal
                return current_app.ensure_sync(view)(*args, **kwargs)

            return cast(View, guarded)

        return decorate

    return requires


def _verified() -> dict[Verifier, Principal]:
    """Returns the principals of this request, by the verifier that has verified them."""
    verified: dict[Verifier, Principal] = request.environ.setdefault("latchkey.verified", {})
    return verified


def _guarded_request() -> GuardedRequest:
    environ = request.environ
    # ProxyFix keeps the address of the connection here.
    peer = environ.get("werkzeug.proxy_fix.orig", environ).get("REMOTE_ADDR")
    headers = cast(Any, request.headers)
    return GuardedRequest(
        headers=headers,
        address=request.remote_addr,
        is_direct=request.remote_addr == peer,
        method=request.method,
        route=request.path if request.url_rule is None else request.url_rule.rule,
        is_repeated=is_repeated(headers),
    )
