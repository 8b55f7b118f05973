"""Guards for Django."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from django.http import HttpRequest, HttpResponse

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


def create_guard(
    verifier: Verifier, *, client_address: Callable[[HttpRequest], str | None] | None = None
) -> Requires:
    """Creates a function that returns decorators for views. They set `request.principal`.

    ```python
    requires = create_guard(verifier)

    @requires("orders:read")
    def orders(request):
        return JsonResponse([], safe=False)
    ```

    Without arguments, the decorator requires a valid token. For a class, decorate `dispatch` with
    `method_decorator`; if it is asynchronous, its methods.

    `client_address` returns the address of the client, behind a proxy that you trust. Without it, the address
    of a request with a field such as `X-Forwarded-For` is unknown.
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
            async def guarded_async(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                guarded_request = _guarded_request(request, client_address)
                try:
                    principal = await guard.authenticate_async(
                        guarded_request, demands, _earlier(request, verifier)
                    )
                except VerificationError as error:
                    return _response_to(error, guard)
                _keep(request, verifier, principal)
                return await view(request, *args, **kwargs)

            @wraps(view)
            def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                guarded_request = _guarded_request(request, client_address)
                try:
                    principal = guard.authenticate(guarded_request, demands, _earlier(request, verifier))
                except VerificationError as error:
                    return _response_to(error, guard)
                _keep(request, verifier, principal)
                return view(request, *args, **kwargs)

            return cast(View, guarded_async if inspect.iscoroutinefunction(view) else guarded)

        return decorate

    return requires


def _earlier(request: HttpRequest, verifier: Verifier) -> Principal | None:
    """Returns the principal, if an earlier guard has verified the request."""
    principals: dict[Verifier, Principal] = getattr(request, "latchkey_verified", {})
    return principals.get(verifier)


def _keep(request: HttpRequest, verifier: Verifier, principal: Principal) -> None:
    verified: dict[Verifier, Principal] = getattr(request, "latchkey_verified", {})
    request.latchkey_verified = {**verified, verifier: principal}
    request.principal = principal


def _guarded_request(
    request: HttpRequest, client_address: Callable[[HttpRequest], str | None] | None
) -> GuardedRequest:
    match = request.resolver_match
    return GuardedRequest(
        headers=request.headers,
        address=request.META.get("REMOTE_ADDR") if client_address is None else client_address(request),
        is_direct=client_address is None,
        method=request.method or "",
        route=request.path if match is None else f"/{match.route}",
        is_repeated=is_repeated(request.headers),
    )


def _response_to(error: VerificationError, guard: Guard) -> HttpResponse:
    response = guard.response_to(error)
    return HttpResponse(json.dumps(response.body), status=response.status, headers=response.headers)
