"""Sessions."""

from __future__ import annotations

import base64
import json
import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from latchkey import LatchkeyClient, LatchkeyError, TokenCredentials
from latchkey._messages import Request, Response

START = datetime(2026, 12, 1, 10, tzinfo=timezone.utc)


class Server:
    """Server whose clock is an hour ahead of the client's."""

    def __init__(self) -> None:
        self.now = START
        self.requests: list[Request] = []
        self.bump: dict[str, Any] = {}
        self.failures: list[Response | LatchkeyError] = []

    def time(self, minutes: float = 0) -> str:
        moment = self.now + timedelta(minutes=60 + minutes)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def send(self, request: Request, timeout: float) -> Response:
        self.requests.append(request)
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, LatchkeyError):
                raise failure
            return failure
        if request.path == "/auth/login":
            return self.answer(
                {
                    **{"user": "anna", "token": "secret", "kind": "session", "creationTime": self.time()},
                    **{"idleExpirationTime": self.time(20), "expirationTime": self.time(600)},
                }
            )
        if request.path == "/auth/bump":
            headers = {
                "x-auth-token-expires": self.time(self.bump.get("minutes", 20)),
                **self.bump.get("headers", {}),
            }
            return self.answer({"lastLoginTime": self.time()}, self.bump.get("status", 200), headers)
        return self.answer({"version": 3, "token": "rotated"})

    @staticmethod
    def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return Response(
            status, {"content-type": "application/json", **(headers or {})}, json.dumps(body).encode()
        )

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


def create(server: Server, **options: Any) -> LatchkeyClient:
    options = {"retries": 0, **options}
    return LatchkeyClient(
        "https://auth.example.org", transport=server, now=lambda: server.now.timestamp(), **options
    )


def bumps_after(client: LatchkeyClient, server: Server, *minutes: int) -> list[int]:
    """Asks for the header field after each of these minutes. Returns the number of bumps after each."""
    counts = []
    for minute in minutes:
        server.now = START + timedelta(minutes=minute)
        client.headers()
        for thread in [one for one in threading.enumerate() if one.name == "latchkey-bump"]:
            thread.join()
        counts.append(server.paths().count("/auth/bump"))
    return counts


def test_a_session_is_bumped_when_half_of_its_idle_lifetime_is_over_whatever_the_clock_of_the_server() -> (
    None
):
    server = Server()
    client = create(server)
    session = client.log_in("anna", "password", permissions=["orders:read"])

    assert session["user"] == "anna"
    assert json.loads(server.requests[0].body or b"") == {"permissions": ["orders:read"]}
    assert bumps_after(client, server, 1, 9, 10, 19, 20) == [0, 0, 1, 1, 2]


def test_a_session_is_not_bumped_again_when_a_bump_did_not_extend_it() -> None:
    server = Server()
    client = create(server)
    client.log_in("anna", "password")
    # As after the login: the session has reached its absolute expiry.
    server.bump = {"minutes": 10}
    assert bumps_after(client, server, 10, 18, 19) == [1, 1, 1]


@pytest.mark.parametrize("status", [503, 403])
def test_a_session_is_kept_in_use_and_bumped_later_when_the_bump_fails(status: int) -> None:
    server = Server()
    client = create(server)
    client.log_in("anna", "password")
    server.bump = {"status": status, "headers": {"retry-after": "120"}}
    assert bumps_after(client, server, 10, 11, 12) == [1, 1, 2]
    assert client.credentials is not None


def test_a_session_is_forgotten_when_the_bump_returns_401() -> None:
    server = Server()
    client = create(server)
    client.log_in("anna", "password")
    server.bump = {"status": 401}
    assert bumps_after(client, server, 10) == [1]
    assert client.credentials is None
    with pytest.raises(LatchkeyError, match="Log in first"):
        client.headers()


def test_an_api_token_is_never_bumped_and_sent_as_bearer_without_a_user() -> None:
    server = Server()
    client = create(server, credentials=TokenCredentials("secret", kind="api"))
    assert bumps_after(client, server, 1, 10_000) == [0, 0]
    assert client.headers() == {"Authorization": "Bearer secret"}


def test_names_and_passwords_are_encoded_in_utf_8() -> None:
    server = Server()
    client = create(server, credentials=TokenCredentials("s\u00e9cret", "j\u00fcrgen"))
    header = client.headers()["X-Auth-Token"]
    assert base64.b64decode(header).decode() == "j\u00fcrgen:s\u00e9cret"


def test_a_rotation_stores_the_new_secret_before_it_is_used_and_the_same_one_after_a_failure() -> None:
    server = Server()
    client = create(server, credentials=TokenCredentials("secret"))
    stored: list[str] = []

    def store(credentials: TokenCredentials) -> None:
        stored.append(credentials.token)
        if len(stored) == 1:
            raise OSError("The disk is full.")

    with pytest.raises(OSError):
        client.rotate(store, grace_period_seconds=60)
    assert client.headers() == {"Authorization": "Bearer secret"}
    client.rotate(store)

    assert stored == ["rotated", "rotated"]
    assert client.headers() == {"Authorization": "Bearer rotated"}
    assert server.paths() == ["/tokens/self", "/tokens/self/rotate"]
    assert json.loads(server.requests[1].body or b"") == {"gracePeriodSeconds": 60, "version": 3}


def test_a_token_is_not_rotated_without_a_grace_period_which_could_lose_it() -> None:
    server = Server()
    client = create(server, credentials=TokenCredentials("secret"))
    with pytest.raises(ValueError, match="grace_period_seconds"):
        client.rotate(print, grace_period_seconds=0)
    assert server.paths() == []


@pytest.mark.parametrize("status", [200, 401])
def test_a_logout_forgets_the_token_also_if_it_was_revoked(status: int) -> None:
    server = Server()
    client = create(server)
    client.log_in("anna", "password")
    server.failures = [Response(status)]
    client.log_out()
    client.log_out()
    assert server.paths() == ["/auth/login", "/auth/logout"]
    assert client.credentials is None


def test_a_login_is_repeated_after_a_temporary_failure_and_other_writes_are_not() -> None:
    server = Server()
    client = create(server, retries=2)
    server.failures = [Response(503, {"retry-after": "0"}), LatchkeyError("unreachable", "Unreachable", "x")]
    client.log_in("anna", "password")
    assert server.paths() == ["/auth/login"] * 3

    server.failures = [Response(503, {"retry-after": "0"})]
    with pytest.raises(LatchkeyError) as caught:
        client.send("POST", "/users", {"name": "x"})
    assert caught.value.status == 503
    server.failures = [Response(503, {"retry-after": "0"})]
    assert client.send("GET", "/me")["version"] == 3


def test_a_call_fails_at_once_if_the_server_demands_a_longer_pause_than_the_time_limit() -> None:
    server = Server()
    client = create(server, retries=2)
    server.failures = [Response(429, {"retry-after": "60"})]
    with pytest.raises(LatchkeyError) as caught:
        client.log_in("anna", "password")
    assert caught.value.retry_after == 60
    assert server.paths() == ["/auth/login"]


def test_an_error_has_the_members_of_the_problem_details() -> None:
    server = Server()
    client = create(server, credentials=TokenCredentials("secret"))
    problem = {
        "type": "about:blank",
        **{
            "code": "validation_failed",
            "title": "Validation failed",
            "detail": "It is invalid.",
            "status": 422,
        },
        **{"traceId": "t-1", "errors": [{"pointer": "/name", "message": "The name has a colon."}, "x"]},
    }
    server.failures = [server.answer(problem, 422)]
    with pytest.raises(LatchkeyError) as caught:
        client.send("POST", "/users", {"name": "a:b"})
    error = caught.value
    assert (error.code, error.status, error.trace_id) == ("validation_failed", 422, "t-1")
    assert error.errors == ({"pointer": "/name", "message": "The name has a colon."},)
    assert str(error) == "It is invalid. The name has a colon."


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (Response(502, {"content-type": "text/html"}, b"<html>"), "unexpected_response"),
        (Response(302, {"location": "https://other.example"}), "unexpected_response"),
        (Response(400, {"content-type": "application/json"}, b'{"code": 7}'), "unexpected_response"),
        (Response(403, {"x-auth-error": "insufficient_scope"}), "insufficient_scope"),
        (Response(401, {"www-authenticate": 'XAuthToken realm="latchkey"'}), "unauthenticated"),
    ],
)
def test_a_response_that_is_not_from_latchkey_has_a_code_of_its_own(response: Response, code: str) -> None:
    server = Server()
    server.failures = [response]
    with pytest.raises(LatchkeyError) as caught:
        create(server).log_in("anna", "password")
    assert caught.value.code == code


def test_does_not_show_the_token_in_logs() -> None:
    credentials = TokenCredentials("secret", "anna")
    assert "secret" not in repr(credentials)
    assert "secret" not in repr(create(Server(), credentials=credentials))
