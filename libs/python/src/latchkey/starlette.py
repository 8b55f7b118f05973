"""Guards for Starlette. For FastAPI, use `latchkey.fastapi`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from starlette.requests import Request

from ._asgi import guarded_request, response_to, verified
from ._guard import Guard, checked_demands
from .errors import VerificationError
from .verifier import Verifier

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Requires(Protocol):
    """Returns a decorator for endpoints that require a valid token with permissions, roles and a proof."""

    def __call__(
        self,
        *permissions: str,
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
    ) -> Callable[[Endpoint], Endpoint]: ...


def create_guard(verifier: Verifier) -> Requires:
    """Creates a function that returns decorators for endpoints. They set `request.state.principal`.

    ```python
    requires = create_guard(verifier)

    @requires("orders:read")
    async def orders(request):
        return JSONResponse([])
    ```

    Without arguments, the decorator requires a valid token.
    """
    guard = Guard(verifier)

    def requires(
        *permissions: str,
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
    ) -> Callable[[Endpoint], Endpoint]:
        demands = checked_demands(permissions, roles, fresh, methods)

        def decorate(endpoint: Endpoint) -> Endpoint:
            @wraps(endpoint)
            async def guarded_async(*args: Any, **kwargs: Any) -> Any:
                request = _request_in(args)
                earlier = verified(request).get(verifier)
                try:
                    principal = await guard.authenticate_async(guarded_request(request), demands, earlier)
                except VerificationError as error:
                    return response_to(error, guard)
                verified(request)[verifier] = request.state.principal = principal
                return await endpoint(*args, **kwargs)

            @wraps(endpoint)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                request = _request_in(args)
                earlier = verified(request).get(verifier)
                try:
                    principal = guard.authenticate(guarded_request(request), demands, earlier)
                except VerificationError as error:
                    return response_to(error, guard)
                verified(request)[verifier] = request.state.principal = principal
                return endpoint(*args, **kwargs)

            return cast(Endpoint, guarded_async if inspect.iscoroutinefunction(endpoint) else guarded)

        return decorate

    return requires


def _request_in(args: tuple[Any, ...]) -> Request:
    """Returns the request, which follows `self` in a method."""
    return next(one for one in args if isinstance(one, Request))
