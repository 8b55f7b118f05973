"""Verifier whose clocks and server a vector of `libs/conformance` controls."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from itertools import count
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4
from zlib import crc32

from latchkey._credentials import own_credentials
from latchkey._feed import BrokenFeed, Identity
from latchkey._http import timed_out, unreachable
from latchkey._messages import Request, Response
from latchkey._rules import Options, Rules, demands_of, origin_of
from latchkey._steps import Pause, Send, Wait
from latchkey.errors import VerificationError
from latchkey.principal import Principal

VECTORS = Path(__file__).parents[2] / "conformance" / "verifier"
COMMON: dict[str, Any] = json.loads((VECTORS / "common.json").read_text())

_URL = "http://latchkey.test/"
_ROUTES = {"auth/introspect": "introspect", "auth/revocations": "feed", "auth/revocations/reports": "reports"}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_WATCH_INTERVAL = 500


class BenchClock:
    """Clocks that stand still unless the bench moves them."""

    def __init__(self) -> None:
        self.now = 0.0
        self.day = 1_700_000_000_000.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.day


class Timers:
    """Calls back when a time comes, in order."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def at(self, time: float, callback: Callable[[], None]) -> Callable[[], None]:
        """Returns a function that cancels the call."""
        number = next(self._numbers)
        heapq.heappush(self._waiting, (time, number, callback))

        def cancel() -> None:
            self._waiting = [one for one in self._waiting if one[1] != number]
            heapq.heapify(self._waiting)

        return cancel

    @property
    def next(self) -> float:
        return self._waiting[0][0] if self._waiting else inf

    def run_next(self) -> None:
        heapq.heappop(self._waiting)[2]()


class Task:
    """Steps that are under way."""

    def __init__(
        self, steps: Generator[Any, Any, Any], on_end: Callable[[Any, Exception | None], None]
    ) -> None:
        self._steps = steps
        self._on_end = on_end
        self._moves: list[Callable[[], Any]] = [lambda: steps.send(None)]
        self.step: Any = None

    def resume(self, move: Callable[[Generator[Any, Any, Any]], Any]) -> None:
        """Continues after the current step, once."""
        if self.step is not None:
            self.step = None
            self._moves.append(lambda: move(self._steps))

    def run(self) -> bool:
        """Runs until the next step. Returns whether there was something to run."""
        if not self._moves:
            return False
        try:
            self.step = self._moves.pop()()
        except StopIteration as end:
            self._on_end(end.value, None)
        except Exception as error:
            self._on_end(None, error)
        return True


class Waiting:
    """Request that has no response."""

    def __init__(self, route: str, settle: Callable[[Response | Exception], None]) -> None:
        self.route = route
        self.settle = settle


class Bench:
    """Performs the steps of a vector."""

    def __init__(self, vector: dict[str, Any], random: float) -> None:
        self._options: dict[str, Any] = vector.get("options", {})
        self._lists_reports: bool = vector.get("reports", False)
        self._random = random
        self._clock = BenchClock()
        self._timers = Timers()
        self._tasks: list[Task] = []
        self._waiting: list[Waiting] = []
        self._questions = count(1)
        self._id = str(uuid4())
        self._is_sending = False
        self._is_finishing = False
        self._has_feed = False
        self._effects: dict[str, list[Any]] = {}

    def perform(self, step: dict[str, Any]) -> dict[str, list[Any]]:
        """Performs a step. Returns its effects."""
        self._effects = {"requests": [], "verdicts": [], "warnings": []}
        self._act(step)
        self._settle()
        self._pass_time(step.get("advance", 0))
        self._effects["verdicts"].sort(key=lambda verdict: verdict["question"])
        effects: dict[str, list[Any]] = _replaced(self._effects, self._id)
        return effects

    def _act(self, step: dict[str, Any]) -> None:
        if "start" in step:
            self._start()
        elif "moveWallClock" in step:
            self._clock.day += step["moveWallClock"]
        elif "send" in step:
            self._send(step["send"])
        elif "endFeed" in step and self._has_feed:
            ended = step["endFeed"] == "end"
            self._end_feed(BrokenFeed("The server ended the revocation feed." if ended else "terminated"))
        elif "verify" in step:
            self._verify(**step["verify"])
        elif "respond" in step:
            self._respond(**step["respond"])
        elif "close" in step:
            self.rules.is_closed = True
            self.rules.reports.begin_close(5_000)
            for task in self._tasks:
                if isinstance(task.step, Pause):
                    task.resume(lambda steps: steps.send(None))

    def _start(self) -> None:
        options = self._options
        identity = Identity(
            self._id, options.get("name", "sample"), options.get("version"), options.get("freshFor", 2_000)
        )
        self._timeout: int = options.get("timeout", 2_000)
        self._token: str = options.get("token", "own:token")
        self.rules = Rules(
            Options(
                identity,
                timeout=self._timeout,
                entries=options.get("entries", 10_000),
                concurrency=options.get("concurrency", 64),
                accept_basic=options.get("acceptBasic", False),
            ),
            self._clock,
            new_id=lambda: str(uuid4()),
            random=lambda: self._random,
        )
        self._begin_feed()

    # Time.

    def _settle(self) -> None:
        """Runs everything that is ready without more time."""
        while True:
            for task in self._tasks:
                if isinstance(task.step, Wait) and task.step.signal.is_set:
                    task.resume(lambda steps: steps.send(None))
            ran = [task for task in list(self._tasks) if self._run(task)]
            if not ran and not self._run_reports():
                break
        self._effects["warnings"].extend(str(warning) for warning in self.rules.warnings)
        self.rules.warnings.clear()

    def _pass_time(self, milliseconds: float) -> None:
        end = self._clock.now + milliseconds
        while True:
            due = min(self._timers.next, inf if self._is_sending else self.rules.reports.due_at)
            if due > end:
                break
            self._move_to(max(due, self._clock.now))
            if self._timers.next <= self._clock.now:
                self._timers.run_next()
            self._settle()
        self._move_to(end)

    def _move_to(self, time: float) -> None:
        self._clock.day += time - self._clock.now
        self._clock.now = time

    def _run(self, task: Task) -> bool:
        before = task.step
        if not task.run():
            return False
        step = task.step
        if step is not None and step is not before:
            self._begin_step(task, step)
        return True

    def _begin_step(self, task: Task, step: Any) -> None:
        if isinstance(step, Send):
            self._request(step.request, lambda result: task.resume(_settling(result)))
        elif isinstance(step, Pause):
            self._timers.at(self._clock.now + step.milliseconds, lambda: _wake(task, step))
        elif step.timeout is not None:
            self._timers.at(self._clock.now + step.timeout, lambda: _wake(task, step))

    # The server.

    def _request(self, request: Request, settle: Callable[[Response | Exception], None]) -> None:
        target = urlsplit(request.path)
        route = _ROUTES[target.path]
        body = (request.body or b"").decode()
        if route == "reports" and not self._lists_reports:
            settle(_json_response({"time": 0, "process": "other"}))
            return
        sent: dict[str, Any] = {"to": route, "headers": {**request.headers, **own_credentials(self._token)}}
        if route == "feed":
            sent["query"] = dict(parse_qsl(target.query, keep_blank_values=True))
        else:
            is_form = route == "introspect"
            sent["body"] = dict(parse_qsl(body, keep_blank_values=True)) if is_form else json.loads(body)
        self._effects["requests"].append(sent)

        def settle_once(result: Response | Exception) -> None:
            cancel()
            if waiting in self._waiting:
                self._waiting.remove(waiting)
                settle(result)

        waiting = Waiting(route, settle_once)
        self._waiting.append(waiting)
        timeout = self._timeout
        cancel = self._timers.at(
            self._clock.now + timeout, lambda: settle_once(timed_out(_URL, timeout / 1_000))
        )

    def _respond(
        self,
        to: str = "introspect",
        answer: str | None = None,
        json: object = None,
        text: str | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
        unreachable: bool = False,
        **changes: Any,
    ) -> None:
        waiting = next(one for one in self._waiting if one.route == to)
        if unreachable:
            waiting.settle(_UNREACHABLE)
        elif text is not None:
            waiting.settle(Response(status, headers or {}, text.encode()))
        else:
            body = json if answer is None else {**COMMON["answers"][answer], **changes.get("with", {})}
            waiting.settle(_json_response(body, status, headers))

    # The feed.

    def _begin_feed(self) -> None:
        self._request(self.rules.feed.begin(), self._open_feed)

    def _open_feed(self, result: Response | Exception) -> None:
        try:
            if isinstance(result, Exception):
                raise result
            self.rules.feed.open(result)
        except Exception as error:
            self._end_feed(error)
            return
        self._has_feed = True
        self._watch()

    def _watch(self) -> None:
        def check() -> None:
            try:
                self.rules.feed.check()
                self._watch()
            except Exception as error:
                self._end_feed(error)

        self._cancel_watch = self._timers.at(self._clock.now + _WATCH_INTERVAL, check)

    def _send(self, chunks: list[Any]) -> None:
        waiting = next((one for one in self._waiting if one.route == "feed"), None)
        if waiting is not None:
            waiting.settle(Response(200, {"content-type": "text/event-stream; charset=utf-8"}))
        for chunk in chunks:
            if self._has_feed:
                try:
                    text = chunk if isinstance(chunk, str) else _event(**chunk)
                    if self.rules.feed.receive(text.encode()):
                        self._end_feed(None)
                except Exception as error:
                    self._end_feed(error)

    def _end_feed(self, error: Exception | None) -> None:
        if self._has_feed:
            self._has_feed = False
            self._cancel_watch()
        pause = self.rules.feed.end(error)
        self._timers.at(self._clock.now + pause, self._begin_feed)

    # Verifications and reports.

    def _verify(
        self,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        permissions: list[str] | None = None,
        roles: list[str] | None = None,
        fresh: int | None = None,
        methods: list[str] | None = None,
        **origin: Any,
    ) -> None:
        question = next(self._questions)
        credentials = headers if headers is not None else COMMON["tokens"].get(token, token or {})
        address, trace_id = origin.pop("address", None), origin.pop("traceId", None)

        def end(principal: Any, error: Exception | None) -> None:
            if principal is None and not isinstance(error, VerificationError):
                raise error or AssertionError
            verdict = (
                {"accepted": _members_of(principal)} if error is None else {"rejected": self._rejected(error)}
            )
            self._effects["verdicts"].append({"question": question, **verdict})

        try:
            answer = self.rules.verify(
                credentials,
                demands_of(permissions or [], roles or [], fresh, methods),
                origin_of(address, trace_id=trace_id, **origin),
            )
        except VerificationError as error:
            end(None, error)
            return
        if isinstance(answer, Principal):
            end(answer, None)
        else:
            self._tasks.append(Task(answer, end))

    def _rejected(self, error: Any) -> dict[str, Any]:
        response = error.to_response(self._options.get("publicUrl"))
        return {
            "status": response.status,
            "code": error.code,
            "headers": response.headers,
            "body": response.body,
        }

    def _run_reports(self) -> bool:
        """Begins the next report if it is due, or the last ones. Returns whether it did."""
        reports = self.rules.reports
        if self._is_sending:
            return False
        if self.rules.is_closed:
            if self._is_finishing:
                return False
            self._is_finishing = True
            steps = reports.finish()
        elif reports.due_at <= self._clock.now:
            steps = reports.run()
        else:
            return False
        self._is_sending = True
        self._tasks.append(Task(steps, self._end_reports))
        return True

    def _end_reports(self, _: Any, error: Exception | None) -> None:
        self._is_sending = False
        if error is not None:
            raise error


_UNREACHABLE = unreachable(_URL, ConnectionRefusedError("refused"))


def play(vector: dict[str, Any], random: float) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Plays a vector. Returns the expected effects of each step, and the actual ones of the same members."""
    bench = Bench(vector, random)
    beginning = vector.get("from", "fresh")
    steps = [*(COMMON["beginnings"][beginning] if beginning else []), *vector["steps"]]
    for step in (each for one in steps for each in _repeated(one)):
        effects = bench.perform(step)
        expected = {name: step.get(name, []) for name in effects}
        actual = {name: _limited(effects[name], expected[name]) for name in ("requests", "verdicts")}
        warnings = expected["warnings"]
        actual["warnings"] = [
            text[: len(warnings[index])] if index < len(warnings) else text
            for index, text in enumerate(effects["warnings"])
        ]
        yield {"step": step, **expected}, {"step": step, **actual}


def _repeated(step: dict[str, Any]) -> list[dict[str, Any]]:
    text = json.dumps({name: value for name, value in step.items() if name != "repeat"})
    return [json.loads(text.replace("{n}", str(number + 1))) for number in range(step.get("repeat", 1))]


def _limited(actual: Any, expected: Any) -> Any:
    """Limits an object to the members of another one. A missing member is null."""
    if isinstance(actual, list) and isinstance(expected, list):
        return [
            _limited(value, expected[index]) if index < len(expected) else value
            for index, value in enumerate(actual)
        ]
    if isinstance(expected, dict) and isinstance(actual, list):
        return {"length": len(actual)}
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {name: _limited(actual.get(name), value) for name, value in expected.items()}
    return actual


def _replaced(value: Any, verifier: str) -> Any:
    """Replaces the id of the verifier, and new ids of requests."""
    if isinstance(value, dict):
        return {name: _replaced(one, verifier) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, verifier) for one in value]
    if value == verifier:
        return "<verifier>"
    return "<new id>" if isinstance(value, str) and _UUID.fullmatch(value) else value


def _members_of(principal: Principal) -> dict[str, Any]:
    return {
        "id": principal.id,
        "name": principal.name,
        "tokenId": principal.token_id,
        "roles": list(principal.roles),
        "permissions": list(principal.permissions),
        "metadata": principal.metadata,
        "expirationTime": _text_of(principal.expiration_time),
        "authTime": _text_of(principal.auth_time),
        "authMethods": None if principal.auth_time is None else list(principal.auth_methods),
    }


def _text_of(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(id: str, event: str, data: object) -> str:
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    check = crc32(f"{id}\n{event}\n{text}".encode())
    return f"id: {id}.{check:08x}\nevent: {event}\ndata: {text}\n\n"


def _json_response(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    fields = {
        "content-type": "application/json",
        **{name.lower(): text for name, text in (headers or {}).items()},
    }
    return Response(status, fields, json.dumps(body).encode())


def _settling(result: Response | Exception) -> Callable[[Generator[Any, Any, Any]], Any]:
    if isinstance(result, Exception):
        return lambda steps: steps.throw(result)
    return lambda steps: steps.send(result)


def _wake(task: Task, step: Any) -> None:
    if task.step is step:
        task.resume(lambda steps: steps.send(None))
