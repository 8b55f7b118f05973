"""Guards of Flask, FastAPI, Starlette and Django."""

import asyncio
import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any, NamedTuple

import django
import pytest
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from fake_latchkey import HEADERS, TOKEN, FakeLatchkey, fake_latchkey
from fastapi import Depends, FastAPI
from flask import Flask, g
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from werkzeug.middleware.proxy_fix import ProxyFix

from latchkey import Principal, Verifier
from latchkey import django as django_guard
from latchkey import fastapi as fastapi_guard
from latchkey import flask as flask_guard
from latchkey import starlette as starlette_guard

PEER = "192.0.2.1"
CLIENT = "198.51.100.7"

settings.configure(ALLOWED_HOSTS=["testserver"], ROOT_URLCONF=__name__, SECRET_KEY="for tests")
django.setup()
urlpatterns: list[Any] = []


class Answer(NamedTuple):
    """Response of an application."""

    status: int
    headers: dict[str, str]
    body: Any


Call = Callable[..., Answer]
"""Sends `GET path` with header fields. The last argument is whether the application trusts a proxy."""


def flask_application(verifier: Verifier) -> Call:
    requires = flask_guard.create_guard(verifier)
    app = Flask(__name__)

    @app.get("/orders/<number>")
    @requires()
    @requires("orders:read")
    def order(number: str) -> dict[str, str]:
        return {"name": g.principal.name}

    @app.get("/secret")
    @requires("orders:delete", roles=["chief"])
    def secret() -> dict[str, str]:
        return {}

    @app.get("/pay")
    @requires()
    @requires("orders:read", fresh=300, methods=["otp", "passkey"])
    def pay() -> dict[str, str]:
        return {"name": g.principal.name}

    def call(path: str, headers: list[tuple[str, str]], is_trusted: bool) -> Answer:
        direct = app.wsgi_app
        if is_trusted:
            app.wsgi_app = ProxyFix(direct)  # type: ignore[method-assign]
        response = app.test_client().get(path, headers=headers, environ_base={"REMOTE_ADDR": PEER})
        app.wsgi_app = direct  # type: ignore[method-assign]
        return Answer(response.status_code, lower(response.headers.items()), json.loads(response.data))

    return call


def fastapi_application(verifier: Verifier) -> Call:
    requires = fastapi_guard.create_guard(verifier)
    app = FastAPI(dependencies=[Depends(requires())])
    fastapi_guard.install(app)

    @app.get("/orders/{number}")
    async def order(principal: Annotated[Principal, Depends(requires("orders:read"))]) -> dict[str, str]:
        return {"name": principal.name}

    @app.get("/secret", dependencies=[Depends(requires("orders:delete", roles=["chief"]))])
    def secret() -> dict[str, str]:
        return {}

    @app.get("/pay")
    async def pay(
        principal: Annotated[
            Principal, Depends(requires("orders:read", fresh=300, methods=["otp", "passkey"]))
        ],
    ) -> dict[str, str]:
        return {"name": principal.name}

    return asgi(app)


def starlette_application(verifier: Verifier) -> Call:
    requires = starlette_guard.create_guard(verifier)

    @requires()
    @requires("orders:read")
    async def order(request: Request) -> JSONResponse:
        return JSONResponse({"name": request.state.principal.name})

    class Secret(HTTPEndpoint):
        @requires("orders:delete", roles=["chief"])
        def get(self, request: Request) -> JSONResponse:
            return JSONResponse({})

    @requires()
    @requires("orders:read", fresh=300, methods=["otp", "passkey"])
    async def pay(request: Request) -> JSONResponse:
        return JSONResponse({"name": request.state.principal.name})

    routes = [Route("/orders/{number}", order), Route("/secret", Secret), Route("/pay", pay)]
    return asgi(Starlette(routes=routes))


def django_application(verifier: Verifier) -> Call:
    def call(path_: str, headers: list[tuple[str, str]], is_trusted: bool) -> Answer:
        address = (lambda request: request.headers["X-Forwarded-For"]) if is_trusted else None
        requires = django_guard.create_guard(verifier, client_address=address)

        @requires()
        @requires("orders:read")
        async def order(request: HttpRequest, number: str) -> JsonResponse:
            return JsonResponse({"name": request.principal.name})

        @method_decorator(requires("orders:delete", roles=["chief"]), name="dispatch")
        class Secret(View):  # type: ignore[misc]
            def get(self, request: HttpRequest) -> JsonResponse:
                return JsonResponse({})

        @requires()
        @requires("orders:read", fresh=300, methods=["otp", "passkey"])
        def pay(request: HttpRequest) -> JsonResponse:
            return JsonResponse({"name": request.principal.name})

        urlpatterns[:] = [
            path("orders/<number>", order),
            path("secret", Secret.as_view()),
            path("pay", pay),
        ]
        django.urls.clear_url_caches()
        joined: dict[str, str] = {}
        for name, value in headers:
            joined[name] = f"{joined[name]},{value}" if name in joined else value
        response = Client().get(path_, headers=joined, REMOTE_ADDR=PEER)
        return Answer(response.status_code, lower(response.headers.items()), json.loads(response.content))

    return call


def asgi(app: Any) -> Call:
    def call(path: str, headers: list[tuple[str, str]], is_trusted: bool) -> Answer:
        sent: list[dict[str, Any]] = []
        # As Uvicorn and Hypercorn do.
        client = (CLIENT, 0) if is_trusted else (PEER, 4711)
        scope = {
            **{"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""},
            **{"client": client, "scheme": "http", "server": ("testserver", 80), "root_path": ""},
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asyncio.run(app(scope, receive, send))
        names = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(sent[0]["status"], lower(names), json.loads(body))

    return call


def lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


@pytest.fixture(scope="module")
def latchkey() -> Iterator[FakeLatchkey]:
    with fake_latchkey() as server:
        server.has_feed = False
        yield server


@pytest.fixture(scope="module")
def verifier(latchkey: FakeLatchkey) -> Iterator[Verifier]:
    verifier = Verifier(
        latchkey.url,
        "own:token",
        public_url="https://auth.example.org",
        on_warning=lambda warning: None,
    )
    yield verifier
    verifier.close()


@pytest.fixture(
    params=[flask_application, fastapi_application, starlette_application, django_application],
    ids=["flask", "fastapi", "starlette", "django"],
)
def call(request: Any, verifier: Verifier, latchkey: FakeLatchkey) -> Call:
    latchkey.introspections.clear()
    application: Call = request.param(verifier)

    def send(path: str, *headers: tuple[str, str], is_trusted: bool = False) -> Answer:
        return application(path, list(headers), is_trusted)

    return send


BEARER = ("Authorization", HEADERS["authorization"])


def test_accepts_a_token_and_verifies_a_request_with_two_guards_once(
    call: Call, latchkey: FakeLatchkey
) -> None:
    answer = call("/orders/7", BEARER, ("User-Agent", "curl"), ("X-Request-Id", "trace-1"))

    assert (answer.status, answer.body) == (200, {"name": "anna"})
    (form,) = latchkey.introspections
    assert (form["address"], form["method"], form["agent"], form["token"]) == (PEER, "GET", "curl", TOKEN)
    assert form["route"] in ("/orders/<number>", "/orders/{number}", "/orders/7")


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/orders/7", [], 401, "unauthenticated"),
        ("/orders/7", [("Authorization", "Bearer x")], 401, "unauthenticated"),
        ("/orders/7", [BEARER, BEARER], 400, "ambiguous_credentials"),
        ("/orders/7", [("X-Auth-Token", "YTpi"), ("X-Auth-Token", "YTpj")], 400, "ambiguous_credentials"),
        ("/secret", [BEARER], 403, "insufficient_scope"),
    ],
)
def test_rejects_a_request_with_problem_details(
    call: Call, path: str, headers: list[tuple[str, str]], status: int, code: str
) -> None:
    answer = call(path, *headers, ("X-Request-Id", "trace-1"))

    assert (answer.status, answer.body["code"], answer.body["traceId"]) == (status, code, "trace-1")
    assert answer.body["type"] == f"https://auth.example.org/problems/{code}"
    fields = answer.headers
    assert fields["content-type"] == "application/problem+json; charset=utf-8"
    assert (fields["cache-control"], fields["x-request-id"]) == ("no-store", "trace-1")
    assert ("www-authenticate" in fields) == (status != 400)
    if status == 403:
        assert (fields["x-auth-missing-permissions"], fields["x-auth-missing-roles"]) == (
            "orders:delete",
            "chief",
        )


CHALLENGE = 'XAuthToken realm="latchkey", error="insufficient_user_authentication", max_age=300'


@pytest.mark.parametrize(
    ("age", "members", "code"),
    [
        (290, {"amr": ["pwd", "otp"]}, None),
        (310, {"amr": ["pwd", "otp"]}, "step_up_required"),
        (10, {"amr": ["pwd"]}, "step_up_required"),
        (10, {"amr": ["pwd"], "scope": ""}, "insufficient_scope"),
        (None, {}, "step_up_required"),
    ],
)
def test_requires_a_session_with_the_proof(
    call: Call, latchkey: FakeLatchkey, age: int | None, members: dict[str, Any], code: str | None
) -> None:
    answer = latchkey.answer
    session = {} if age is None else {"auth_time": int(time.time()) - age}
    latchkey.answer = {**answer, **session, **members}
    try:
        response = call("/pay", BEARER)
    finally:
        latchkey.answer = answer

    if code is None:
        assert (response.status, response.body) == (200, {"name": "anna"})
        return
    assert (response.status, response.body["code"], response.headers["x-auth-error"]) == (403, code, code)
    if code == "step_up_required":
        assert response.headers["www-authenticate"] == CHALLENGE


@pytest.mark.parametrize("field", ["X-Forwarded-For", "Via", "CF-Connecting-IP"])
def test_does_not_know_the_address_behind_a_proxy_that_is_not_trusted(
    call: Call, latchkey: FakeLatchkey, field: str
) -> None:
    assert call("/orders/7", BEARER, (field, CLIENT)).status == 200
    assert "address" not in latchkey.introspections[-1]


def test_knows_the_address_behind_a_trusted_proxy(call: Call, latchkey: FakeLatchkey) -> None:
    assert call("/orders/7", BEARER, ("X-Forwarded-For", CLIENT), is_trusted=True).status == 200
    assert latchkey.introspections[-1]["address"] == CLIENT


def test_another_scheme_with_commas_beside_a_token_is_that_of_a_gateway(call: Call) -> None:
    digest = ("Authorization", "Digest username=a, realm=b")
    pair = base64.b64encode(f"anna:{TOKEN}".encode()).decode()
    assert call("/orders/7", ("X-Auth-Token", pair), digest).status == 200


def test_fastapi_has_the_same_status_and_fields_without_install_and_documents_the_token(
    verifier: Verifier,
) -> None:
    app = FastAPI()
    requires = fastapi_guard.create_guard(verifier)

    @app.get("/orders", dependencies=[Depends(requires("orders:read"))])
    async def orders() -> list[str]:
        return []

    answer = asgi(app)("/orders", [], False)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'XAuthToken realm="latchkey"')
    assert answer.body["detail"].startswith("No credentials were sent.")
    document = app.openapi()
    assert document["paths"]["/orders"]["get"]["security"] == [{"Latchkey": []}]
    assert document["components"]["securitySchemes"]["Latchkey"]["scheme"] == "bearer"


@pytest.mark.parametrize("guard", [flask_guard, fastapi_guard, starlette_guard, django_guard])
def test_a_decorator_without_a_call_is_an_error_where_it_is_defined(guard: Any, verifier: Verifier) -> None:
    requires = guard.create_guard(verifier)
    with pytest.raises(TypeError, match="is not a permission"):
        requires(lambda request: None)
