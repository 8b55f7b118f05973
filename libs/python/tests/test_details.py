"""Details of the rules that the vectors do not have."""

from __future__ import annotations

import base64

import pytest
from bench import COMMON, BenchClock

from latchkey import VerificationError
from latchkey._credentials import introspectable, own_credentials, presented_in
from latchkey._events import EventStreamParser, StreamEvent
from latchkey._guard import checked_demands
from latchkey._lease import Lease
from latchkey._messages import Request, Response
from latchkey._rules import demands_of
from latchkey._steps import Wait
from latchkey._turnstile import Turnstile

TOKEN: str = COMMON["tokens"]["anna"]
STREAM = ("event: user\r\nid: \u00fc\u20ac\U0001f600\r\ndata: 1\r\n\r\ndata: 2\n\n" * 3).encode()


def parse(*chunks: bytes) -> list[StreamEvent]:
    events: list[StreamEvent] = []
    parser = EventStreamParser(events.append)
    for chunk in chunks:
        parser.push(chunk)
    return events


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_a_stream_has_the_same_events_however_it_is_cut(size: int) -> None:
    chunks = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    assert parse(*chunks) == parse(STREAM)
    assert len(parse(STREAM)) == 6


def test_a_lease_ignores_a_response_to_a_request_from_before_the_connection() -> None:
    clock = BenchClock()
    lease = Lease(2_000, clock)
    clock.now, clock.day = clock.now + 1_000, clock.day + 1_000
    # The clock of this process stood still for a second.
    lease.start(clock.now, 61_000)
    lease.calibrate(0, 59_000)
    clock.now, clock.day = clock.now + 3_000, clock.day + 3_000
    lease.prove(62_000)
    assert lease.lag == 2_000
    assert not lease.is_fresh(clock.now)


def test_credentials_with_spare_bits_in_base64_are_malformed() -> None:
    pair = base64.b64encode(f"annas:{TOKEN}".encode()).decode().rstrip("=")
    assert introspectable(presented_in(pair, False)) == pair
    last = pair[-1]
    spare = pair[:-1] + chr(ord(last) + 1)
    assert len(pair) % 4 != 0
    with pytest.raises(VerificationError):
        introspectable(presented_in(spare, False))


def test_a_turnstile_lets_the_next_one_enter_and_one_that_gave_up_takes_no_place() -> None:
    turnstile = Turnstile(1, 2, 100)
    assert list(turnstile.enter()) == []
    second, third = turnstile.enter(), turnstile.enter()
    waits = [next(second), next(third)]
    with pytest.raises(VerificationError, match="busy"):
        list(turnstile.enter())
    with pytest.raises(VerificationError, match="busy"):
        second.send(None)
    turnstile.leave()
    assert [isinstance(wait, Wait) and wait.signal.is_set for wait in waits] == [False, True]
    assert list(third) == []
    turnstile.leave()
    assert list(turnstile.enter()) == []


def test_logs_show_no_tokens() -> None:
    request = Request("POST", "auth/introspect", own_credentials(TOKEN), TOKEN.encode())
    assert TOKEN not in repr([request, Response(200, {}, TOKEN.encode()), presented_in(TOKEN, False)])


@pytest.mark.parametrize("requirement", ["orders:read", None, 7])
def test_requirements_that_are_not_lists_are_errors(requirement: object) -> None:
    with pytest.raises(TypeError):
        demands_of(requirement, ())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        checked_demands([], requirement)  # type: ignore[arg-type]


@pytest.mark.parametrize("permission", ["orders", "orders:Read", "", 7, lambda: None])
def test_a_guard_rejects_what_is_no_permission_where_it_is_defined(permission: object) -> None:
    with pytest.raises(TypeError, match="is not a permission"):
        checked_demands([permission], ())


@pytest.mark.parametrize("fresh", [0, -1, 1.5, True, "300", 31_622_401])
def test_a_guard_rejects_what_is_no_time_where_it_is_defined(fresh: object) -> None:
    with pytest.raises(TypeError, match="fresh"):
        checked_demands([], (), fresh)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="fresh"):
        demands_of([], (), fresh)  # type: ignore[arg-type]


@pytest.mark.parametrize("methods", [[], "otp", ["totp"], ["otp", None], [["otp"]], 7])
def test_a_guard_rejects_what_is_no_method_where_it_is_defined(methods: object) -> None:
    with pytest.raises(TypeError, match="methods"):
        checked_demands([], (), None, methods)  # type: ignore[arg-type]
