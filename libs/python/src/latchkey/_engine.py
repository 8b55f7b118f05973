"""Runs the rules of a verifier: feed, reports and own token in threads, the rest in those of the callers."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import inf
from random import random
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from ._clock import Clock
from ._credentials import own_credentials
from ._feed import BrokenFeed
from ._http import Stream
from ._messages import Request, Response, json_of
from ._outage import OnWarning
from ._own_token import OwnToken, TokenSource
from ._rules import Options, Rules
from ._steps import Pause, Send, Signal, Steps, Wait

T = TypeVar("T")

_CHECK_INTERVAL = 0.5
_CLOSE_MILLISECONDS = 5_000
_ROTATION_TIMEOUT = 30
"""Seconds within which the server must respond to a rotation."""


class HttpTransport(Protocol):
    """Connections to the server."""

    def send(self, request: Request, timeout: float) -> Response:
        """Sends a request. Raises `LatchkeyError` without a response."""

    def stream(self, request: Request, timeout: float) -> Stream:
        """Opens a stream."""

    def close(self) -> None:
        """Closes idle connections."""


class Engine:
    """Rules with everything that they need from outside. Works in one process only, not across a fork."""

    def __init__(
        self,
        options: Options,
        source: TokenSource,
        server: HttpTransport,
        clock: Clock,
        on_warning: OnWarning,
    ) -> None:
        self.lock = threading.Lock()
        """Must be held for each use of the rules."""
        self._changed = threading.Condition(self.lock)
        self._server = server
        self._clock = clock
        self._on_warning = on_warning
        self._concurrency = options.concurrency
        self._timeout = options.timeout / 1_000
        self._is_token_observed = False
        self.own_token = OwnToken(source, self._send_with, clock, self._note_observed, on_warning)
        self._executor: ThreadPoolExecutor | None = None
        self._is_stopping = False
        self._stream: Stream | None = None
        self.rules = Rules(
            options, clock, new_id=lambda: str(uuid4()), random=random, on_due=self._changed.notify_all
        )
        self._threads = [
            threading.Thread(target=target, name=f"latchkey-{name}", daemon=True)
            for name, target in (
                ("feed", self._run_feed),
                ("reports", self._run_reports),
                ("token", self._renew_token),
            )
        ]
        for thread in self._threads:
            thread.start()

    def run(self, steps: Steps[T]) -> T:
        """Runs steps in this thread."""
        return self._run(steps, self._perform)

    async def run_async(self, steps: Steps[T]) -> T:
        """Runs steps in this event loop; requests in threads of their own."""
        # Others may wait for the same request, so it continues if this caller is cancelled.
        return await asyncio.shield(asyncio.ensure_future(self._run_async(steps)))

    def close(self) -> None:
        """Reports the last uses, for at most five seconds, and closes the connection."""
        with self._changed:
            if not self.rules.is_closed:
                self.rules.is_closed = True
                self.rules.reports.begin_close(_CLOSE_MILLISECONDS)
                self._changed.notify_all()
        feed, reports, token = self._threads
        if threading.current_thread() not in self._threads:
            reports.join()
        with self._changed:
            self._is_stopping = True
            stream = self._stream
            self._changed.notify_all()
        if stream is not None:
            stream.abort()
        if threading.current_thread() not in self._threads:
            feed.join(_CHECK_INTERVAL)
            # A renewal that has begun must store the new secret.
            token.join(_CLOSE_MILLISECONDS / 1_000)
        if self._executor is not None:
            self._executor.shutdown(wait=False)
        self._server.close()

    def _run(self, steps: Steps[T], perform: Callable[[Send | Wait | Pause], Any]) -> T:
        result: Any = None
        failure: BaseException | None = None
        while True:
            with self.lock:
                try:
                    step = steps.send(result) if failure is None else steps.throw(failure)
                except StopIteration as end:
                    value: T = end.value
                    return value
            result = failure = None
            try:
                result = perform(step)
            except BaseException as error:
                failure = error

    async def _run_async(self, steps: Steps[T]) -> T:
        result: Any = None
        failure: BaseException | None = None
        while True:
            with self.lock:
                try:
                    step = steps.send(result) if failure is None else steps.throw(failure)
                except StopIteration as end:
                    value: T = end.value
                    return value
            result = failure = None
            try:
                result = await self._perform_async(step)
            except BaseException as error:
                failure = error

    def _perform(self, step: Send | Wait | Pause) -> Response | None:
        if isinstance(step, Send):
            return self._send(step.request)
        if isinstance(step, Wait):
            happened = threading.Event()
            self._when(step.signal, happened.set)
            happened.wait(None if step.timeout is None else step.timeout / 1_000)
        else:
            self._pause(step.milliseconds / 1_000)
        return None

    async def _perform_async(self, step: Send | Wait | Pause) -> Response | None:
        loop = asyncio.get_running_loop()
        if isinstance(step, Send):
            if self._executor is None:
                # The rules send no more requests at once.
                self._executor = ThreadPoolExecutor(self._concurrency, "latchkey")
            return await loop.run_in_executor(self._executor, self._send, step.request)
        if isinstance(step, Wait):
            happened = asyncio.Event()

            def wake() -> None:
                try:
                    loop.call_soon_threadsafe(happened.set)
                except RuntimeError:
                    pass  # The loop is closed, so no caller waits.

            self._when(step.signal, wake)
            timeout = None if step.timeout is None else step.timeout / 1_000
            try:
                await asyncio.wait_for(happened.wait(), timeout)
            except TimeoutError:
                pass
        else:
            await asyncio.sleep(step.milliseconds / 1_000)
        return None

    def _send(self, request: Request) -> Response:
        response = self._server.send(self._with_token(request, self.own_token.read()), self._timeout)
        self.own_token.observe(response.headers)
        return response

    def _send_with(self, method: str, path: str, token: str, body: object) -> Any:
        """Sends a request with a token instead of the own one, and returns the JSON of the response.

        Waits longer for it, because that of a rotation has the only copy of the new token.
        """
        content = None if body is None else json.dumps(body).encode()
        headers = {} if content is None else {"content-type": "application/json"}
        request = self._with_token(Request(method, path, headers, content), token)
        return json_of(self._server.send(request, _ROTATION_TIMEOUT))

    @staticmethod
    def _with_token(request: Request, token: str) -> Request:
        headers = {**request.headers, **own_credentials(token)}
        return Request(request.method, request.path, headers, request.body)

    def _note_observed(self) -> None:
        with self._changed:
            self._is_token_observed = True
            self._changed.notify_all()

    def _renew_token(self) -> None:
        """Checks the own token after a response that names another expiry, and when it is time."""
        pause: float | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_token_observed or self._is_stopping, pause)
                if self._is_stopping:
                    return
                self._is_token_observed = False
            pause = self.own_token.check() / 1_000

    def _when(self, signal: Signal, callback: Callable[[], object]) -> None:
        with self.lock:
            signal.then(callback)

    def _pause(self, seconds: float) -> None:
        """Waits, at most until the verifier closes."""
        self._flush_warnings()
        if self.rules.is_closed:
            time.sleep(seconds)
            return
        with self._changed:
            self._changed.wait_for(lambda: self.rules.is_closed, seconds)

    def _run_reports(self) -> None:
        reports = self.rules.reports
        while not self.rules.is_closed:
            with self._changed:
                rest = reports.due_at - self._clock.monotonic()
                if rest > 0:
                    self._changed.wait(None if rest == inf else rest / 1_000)
                    continue
            self._run_safely(reports.run())
        self._run_safely(reports.finish())

    def _run_safely(self, steps: Steps[None]) -> None:
        try:
            self.run(steps)
        except Exception as error:
            self._on_warning(error)
        self._flush_warnings()

    def _run_feed(self) -> None:
        feed = self.rules.feed
        while not self._is_stopping:
            failure: Exception | None = None
            try:
                self._receive_feed()
            except Exception as error:
                failure = error
            if self._is_stopping:
                return
            with self._changed:
                pause = feed.end(failure) / 1_000
            self._flush_warnings()
            with self._changed:
                self._changed.wait_for(lambda: self._is_stopping, pause)

    def _receive_feed(self) -> None:
        """Receives events until the connection is old. Raises the error that breaks it."""
        feed = self.rules.feed
        with self.lock:
            request = feed.begin()
        stream = self._server.stream(self._with_token(request, self.own_token.read()), self._timeout)
        self.own_token.observe(stream.head.headers)
        try:
            with self.lock:
                feed.open(stream.head)
                self._stream = stream
            for chunk in stream.chunks(self._check_feed, _CHECK_INTERVAL):
                with self.lock:
                    is_old = feed.receive(chunk)
                    has_warnings = bool(self.rules.warnings)
                if has_warnings:
                    self._flush_warnings()
                if is_old:
                    return
            raise BrokenFeed("The server ended the revocation feed.")
        finally:
            self._stream = None
            stream.close()

    def _check_feed(self) -> None:
        with self.lock:
            if self._is_stopping:
                raise BrokenFeed("The verifier is closed.")
            self.rules.feed.check()

    def _flush_warnings(self) -> None:
        while True:
            with self.lock:
                if not self.rules.warnings:
                    return
                warning = self.rules.warnings.popleft()
            self._on_warning(warning)
