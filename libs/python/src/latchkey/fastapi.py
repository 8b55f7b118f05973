"""Guards for FastAPI."""

from collections.abc import Iterable
from typing import Protocol, cast

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from ._asgi import guarded_request, response_to, verified
from ._guard import Guard, checked_demands
from ._rules import Demands
from .errors import VerificationError
from .principal import Principal
from .verifier import Verifier


class Rejected(HTTPException):
    """Rejected request. After `install`, the response has problem details."""

    def __init__(self, error: VerificationError, guard: Guard) -> None:
        response = guard.response_to(error)
        super().__init__(response.status, error.detail, response.headers)
        self.error = error
        """Reason of the rejection."""
        self.guard = guard


class RequiredToken(SecurityBase):
    """Dependency that requires a valid token with permissions, roles and a proof, and returns the principal.

    The OpenAPI document of the application shows that a token is required.
    """

    def __init__(self, guard: Guard, demands: Demands) -> None:
        self.model = HTTPBearer(description="Token of Latchkey.")
        self.scheme_name = "Latchkey"
        self._guard = guard
        self._demands = demands

    async def __call__(self, request: Request) -> Principal:
        """Verifies a request."""
        principals = verified(request)
        earlier = principals.get(self._guard.verifier)
        try:
            principal = await self._guard.authenticate_async(guarded_request(request), self._demands, earlier)
        except VerificationError as error:
            raise Rejected(error, self._guard) from error
        principals[self._guard.verifier] = request.state.principal = principal
        return principal


class Requires(Protocol):
    """Returns a dependency for routes that require a valid token with permissions, roles and a proof."""

    def __call__(
        self,
        *permissions: str,
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
    ) -> RequiredToken: ...


def create_guard(verifier: Verifier) -> Requires:
    """Creates a function that returns dependencies. They set `request.state.principal` and return it.

    ```python
    requires = create_guard(verifier)
    install(app)

    @app.get("/orders")
    async def orders(principal: Annotated[Principal, Depends(requires("orders:read"))]):
        return [principal.name]
    ```

    Without arguments, the dependency requires a valid token.
    """
    guard = Guard(verifier)

    def requires(
        *permissions: str,
        roles: Iterable[str] = (),
        fresh: int | None = None,
        methods: Iterable[str] | None = None,
    ) -> RequiredToken:
        return RequiredToken(guard, checked_demands(permissions, roles, fresh, methods))

    return requires


def install(app: FastAPI) -> None:
    """Lets an application respond to rejected requests with problem details."""
    app.add_exception_handler(Rejected, _respond)


async def _respond(request: Request, error: Exception) -> Response:
    rejected = cast(Rejected, error)
    return response_to(rejected.error, rejected.guard)
