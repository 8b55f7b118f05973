"""The token of the service itself, which is renewed before it expires."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from bench import COMMON, BenchClock

from latchkey._own_token import OwnToken, TokenSource
from latchkey._token_file import TokenFile

DAY = 86_400_000
OLD: str = COMMON["tokens"]["anna"]
NEW: str = COMMON["tokens"]["annaBefore"]


class World:
    """Server with one token of 90 days, which can renew itself if it can only verify tokens."""

    def __init__(self, folder: Path) -> None:
        self.clock = BenchClock()
        self.folder = folder
        self.file = folder / "token"
        self.file.write_text(f"{OLD}\n")
        self.file.chmod(0o640)
        self.warnings: list[str] = []
        self.requests: list[str] = []
        self.current = OLD
        self.expiry = self.clock.day
        self.permissions = ["tokens:introspect"]
        self.on_rotation: Callable[[], object] = lambda: None
        self.observed = 0

    def time(self) -> str:
        return datetime.fromtimestamp(self.expiry / 1_000, timezone.utc).isoformat()

    def send(self, method: str, path: str, token: str, body: object) -> Any:
        self.requests.append(f"{method} {path}")
        if path == "me":
            own = {"expirationTime": self.time(), "isSuperseded": self.current not in token}
            return {"permissions": self.permissions, "token": own}
        if path == "tokens/self":
            return {"version": 3}
        assert body == {"gracePeriodSeconds": 604_800, "version": 3}
        self.on_rotation()
        self.current = NEW
        self.expiry = self.clock.day + 90 * DAY
        return {"token": NEW, "expirationTime": self.time()}

    def create(self, **source: Any) -> OwnToken:
        def on_observed() -> None:
            self.observed += 1

        options = TokenSource(**source) if source else TokenSource(token_file=self.file)
        return OwnToken(
            options, self.send, self.clock, on_observed, lambda warning: self.warnings.append(str(warning))
        )

    def respond(self, own: OwnToken) -> float:
        """Receives a response, and checks the token."""
        is_superseded = self.current not in own.read()
        headers = {"x-auth-token-expires": self.time()}
        own.observe({**headers, **({"x-auth-token-superseded": "true"} if is_superseded else {})})
        return own.check()

    def age(self, days: float, left: float) -> None:
        """Sets the age of the token in the file, and its remaining time."""
        self.expiry = self.clock.day + left * DAY
        time = (self.clock.day - days * DAY) / 1_000
        os.utime(self.file, (time, time))

    def rotations(self) -> int:
        return self.requests.count("POST tokens/self/rotate")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_token_in_a_file_is_renewed_when_a_third_of_its_lifetime_is_left(world: World) -> None:
    own = world.create()
    world.age(59, 31)
    assert world.respond(own) == pytest.approx(DAY)
    assert (own.read(), world.requests, world.observed) == (OLD, [], 1)

    world.age(60, 29.9)
    world.respond(own)

    assert own.read() == NEW
    assert world.file.read_text() == f"{NEW}\n"
    assert world.file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(world.folder) == ["token"]
    assert own.expiration_time == datetime.fromtimestamp(world.expiry / 1_000, timezone.utc)
    assert world.requests == ["GET me", "GET tokens/self", "POST tokens/self/rotate"]
    assert world.warnings == []


def test_it_keeps_the_name_of_its_user_and_the_symbolic_link_to_it(world: World) -> None:
    def header(token: str) -> str:
        return base64.b64encode(f"\u00e4nna:{token}".encode()).decode()

    link = world.folder / "link"
    link.symlink_to("token")
    world.file.write_text(header(OLD))
    own = world.create(token_file=link)
    world.age(80, 10)
    world.current = header(OLD)

    world.respond(own)

    assert (own.read(), world.file.read_text().strip()) == (header(NEW), header(NEW))
    assert link.is_symlink()


def test_it_is_renewed_once_by_two_programs_that_read_it(world: World) -> None:
    one, other = world.create(), world.create()
    world.age(80, 10)
    world.on_rotation = lambda: pauses.append(world.respond(other))
    pauses: list[float] = []
    world.respond(one)

    # The other one waits for the first, and then finds the new token.
    assert pauses == [5_000]
    assert world.rotations() == 1
    world.respond(world.create())
    assert (world.rotations(), world.warnings) == (1, [])


def test_it_is_renewed_after_another_program_has_stopped_during_a_renewal(world: World) -> None:
    lock = world.folder / "token.new"
    lock.touch()
    os.utime(lock, (1, 1))
    own = world.create()
    world.age(80, 10)
    world.respond(own)
    assert world.file.read_text() == f"{OLD}\n"

    own.check()
    assert world.file.read_text() == f"{NEW}\n"


def test_its_file_keeps_its_mode_whatever_the_umask(world: World) -> None:
    world.file.chmod(0o660)
    own = world.create()
    world.age(80, 10)
    umask = os.umask(0o077)
    try:
        world.respond(own)
    finally:
        os.umask(umask)
    assert world.file.read_text() == f"{NEW}\n"
    assert world.file.stat().st_mode & 0o777 == 0o660


def test_it_is_stored_without_the_lock_that_another_program_took_after_a_long_pause(world: World) -> None:
    lock = world.folder / "token.new"

    def take_lock() -> None:
        lock.unlink()
        lock.write_text("   ")

    world.on_rotation = take_lock
    world.age(80, 10)
    world.respond(world.create())
    assert (world.file.read_text(), lock.read_text()) == (f"{NEW}\n", "   ")


def test_it_is_stored_in_the_same_file_if_that_cannot_be_replaced(world: World) -> None:
    world.on_rotation = (world.folder / "token.new").unlink
    world.age(80, 10)
    world.respond(world.create())
    assert world.file.read_text() == f"{NEW}\n"


@pytest.mark.parametrize(
    ("mode", "permissions", "reason"),
    [
        (0o444, ["tokens:introspect"], "token is read-only."),
        (0o640, ["tokens:introspect", "users:read"], "It has other permissions than tokens:introspect."),
    ],
)
def test_a_token_that_is_not_renewed_is_reported_once_a_day_from_14_days_before_the_expiry(
    world: World, mode: int, permissions: list[str], reason: str
) -> None:
    world.file.chmod(mode)
    world.permissions = permissions
    own = world.create()
    world.age(75, 14.1)
    world.respond(own)
    assert world.warnings == []

    for left, passed in ((13.9, 1), (13.8, 1), (12.8, DAY)):
        world.age(76, left)
        world.clock.day += passed
        world.respond(own)

    assert len(world.warnings) == 2
    assert world.warnings[0].startswith("The token of this verifier stops working on 20")
    assert reason in world.warnings[0]
    assert (world.file.read_text(), world.rotations()) == (f"{OLD}\n", 0)


def test_it_is_reported_at_once_if_it_was_rotated_elsewhere(world: World) -> None:
    own = world.create()
    world.age(1, 89)
    world.current = NEW
    world.respond(own)
    assert world.warnings == [
        "The token of this verifier stops working within a week, and was not renewed: "
        "It was rotated, and the new one is not stored here. Store that one, or another token."
    ]


def test_a_token_in_an_option_is_reported_from_14_days_before_the_expiry(world: World) -> None:
    own = world.create(token=OLD)
    world.age(0, 14.1)
    world.respond(own)
    assert world.warnings == []
    world.age(0, 9)
    world.respond(own)
    assert 'It is in the option "token". Replace it, or use the option "token_file".' in world.warnings[0]
    assert world.requests == []


def test_it_is_renewed_by_a_function_that_stores_it_again_after_that_has_failed(world: World) -> None:
    stored = [OLD]
    failures: list[Exception] = [ValueError("The vault is sealed.")]

    def store(token: str) -> None:
        if failures:
            raise failures.pop()
        stored[0] = token

    own = world.create(token=lambda: stored[0], store_token=store)
    world.expiry = world.clock.day + 90 * DAY
    world.respond(own)
    world.clock.day += 70 * DAY
    world.expiry -= 1_000

    world.respond(own)
    assert (own.read(), stored) == (NEW, [OLD])
    assert "The vault is sealed." in world.warnings[0]
    own.check()
    assert (own.read(), stored, world.rotations()) == (NEW, [NEW], 1)


def test_it_is_renewed_after_it_was_first_seen_if_the_time_of_the_file_is_in_the_future(world: World) -> None:
    own = world.create()
    world.age(-1_000, 90)
    world.respond(own)
    world.clock.day += 59 * DAY
    own.check()
    assert world.rotations() == 0

    world.clock.day += 2 * DAY
    own.check()
    assert (own.read(), world.rotations()) == (NEW, 1)


def test_a_later_read_wins_when_an_earlier_one_ends_after_it(world: World) -> None:
    world.file.unlink()
    os.mkfifo(world.file)
    file = TokenFile(world.file)
    with ThreadPoolExecutor() as threads:
        earlier = threads.submit(file.read)
        # The pipe is open once the read has begun, and holds it up until the test writes.
        with world.file.open("w") as pipe:
            (world.folder / "next").write_text(NEW)
            os.replace(world.folder / "next", world.file)
            later = file.read()
            pipe.write(OLD)
        assert [later, earlier.result(), file.read()] == [NEW, NEW, NEW]


def test_an_empty_file_is_an_error(world: World) -> None:
    world.file.write_text("\n")
    with pytest.raises(ValueError, match="is empty. Write the token of this service into it."):
        world.create().read()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"token": None}, "either"),
        ({"token": OLD, "token_file": "token"}, "either"),
        ({"token_file": ""}, "is empty"),
        ({"token": OLD, "store_token": print}, "needs a function"),
    ],
)
def test_sources_that_cannot_be_used_are_errors(source: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TokenSource(**source)
