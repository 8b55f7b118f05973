"""Threads, connections and processes of a verifier."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fake_latchkey import HEADERS, TOKEN, FakeLatchkey, fake_latchkey

from latchkey import LatchkeyError, Principal, VerificationError, Verifier
from latchkey._http import HttpServer
from latchkey._messages import Request
from latchkey._rules import demands_of, origin_of


@pytest.fixture
def latchkey() -> Iterator[FakeLatchkey]:
    with fake_latchkey() as server:
        yield server


@pytest.fixture
def verifier(latchkey: FakeLatchkey) -> Iterator[Verifier]:
    verifier = Verifier(latchkey.url, "own:token", name="test")
    latchkey.wait_for(lambda: verifier.status().fresh)
    yield verifier
    verifier.close()


def rejection(verifier: Verifier, **options: Any) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        verifier.verify(HEADERS, **options)
    return caught.value


def test_threads_share_one_request_and_then_the_memory(latchkey: FakeLatchkey, verifier: Verifier) -> None:
    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(lambda _: verifier.verify(HEADERS).name, range(500)))

    assert names == ["anna"] * 500
    status = verifier.status()
    assert (len(latchkey.introspections), status.asked, status.local) == (1, 1, 499)
    assert (status.connected, status.entries) == (True, 1)


def test_a_thread_that_was_overtaken_reads_the_answer_of_the_other(
    latchkey: FakeLatchkey, verifier: Verifier
) -> None:
    engine = verifier._running()
    with engine.lock:
        steps = engine.rules.verify(HEADERS, demands_of((), ()), origin_of(None))
    verifier.verify(HEADERS)

    assert not isinstance(steps, Principal)
    assert engine.run(steps).name == "anna"
    assert len(latchkey.introspections) == 1


def test_coroutines_share_one_request_even_if_the_first_is_cancelled(
    latchkey: FakeLatchkey, verifier: Verifier
) -> None:
    is_asked, may_answer = threading.Event(), threading.Event()

    def before_answer(handler: object) -> None:
        is_asked.set()
        may_answer.wait()

    latchkey.before_answer = before_answer

    async def main() -> list[str]:
        tasks = [asyncio.create_task(verifier.verify_async(HEADERS)) for _ in range(5)]
        await asyncio.to_thread(is_asked.wait)
        tasks[0].cancel()
        await asyncio.sleep(0)
        may_answer.set()
        principals = await asyncio.gather(*tasks[1:])
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        # From memory, without another thread.
        return [principal.name for principal in [*principals, await verifier.verify_async(TOKEN)]]

    assert asyncio.run(main()) == ["anna"] * 5
    assert len(latchkey.introspections) == 1


def test_coroutines_wait_for_their_turn_and_no_longer_than_the_time_limit(latchkey: FakeLatchkey) -> None:
    may_answer = threading.Event()
    latchkey.before_answer = lambda handler: may_answer.wait()
    verifier = Verifier(latchkey.url, "own:token", concurrency=1, timeout=0.2)

    async def main() -> list[object]:
        tasks = [verifier.verify_async(HEADERS, address=f"192.0.2.{number}") for number in range(3)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    codes = [getattr(error, "code", None) for error in asyncio.run(main())]
    may_answer.set()
    verifier.close()
    assert codes[0] == "unavailable"
    assert codes[1:].count("overloaded") >= 1


def test_a_revocation_reaches_the_memory(latchkey: FakeLatchkey, verifier: Verifier) -> None:
    assert verifier.verify(HEADERS).name == "anna"
    latchkey.answer = {"active": False, "reason": "token_revoked"}
    latchkey.revocations.append("user-1")
    latchkey.wait_for(lambda: verifier.status().entries == 0)
    assert rejection(verifier).code == "token_revoked"


def test_a_connection_is_used_again(latchkey: FakeLatchkey, verifier: Verifier) -> None:
    latchkey.answer = {**latchkey.answer, "remember_for": 0}
    for _ in range(5):
        verifier.verify(HEADERS)
    assert len(latchkey.introspections) == 5
    assert len(latchkey.connections) == 1


@pytest.mark.filterwarnings("ignore:This process")
def test_a_forked_process_does_not_use_a_connection_of_its_parent(latchkey: FakeLatchkey) -> None:
    server, request = HttpServer(latchkey.url), Request("POST", "reports", body=b"{}")
    server.send(request, 2)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            server.send(request, 2)
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    server.send(request, 2)
    server.close()

    assert len(latchkey.connections) == 2


def with_length(handler: Any, size: int) -> None:
    handler.send_response(200)
    handler.send_header("content-length", str(size))
    handler.end_headers()


def in_chunks(handler: Any, size: int) -> None:
    handler.send_response(200)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (size, b" " * size))


def until_the_end(handler: Any, size: int) -> None:
    handler.send_response(200)
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.wfile.write(b" " * size)


@pytest.mark.parametrize("respond", [with_length, in_chunks, until_the_end])
def test_a_body_that_is_too_long_is_an_error(
    latchkey: FakeLatchkey, respond: Callable[[Any, int], None]
) -> None:
    latchkey.before_answer = lambda handler: respond(handler, 2**20 + 1)
    server = HttpServer(latchkey.url)
    with pytest.raises(LatchkeyError, match="longer than 1 MiB") as caught:
        server.send(Request("POST", "auth/introspect", body=b"token=t"), 2)
    assert caught.value.code == "unexpected_response"


def test_a_body_of_the_longest_length_is_read(latchkey: FakeLatchkey) -> None:
    latchkey.before_answer = lambda handler: in_chunks(handler, 2**20)
    response = HttpServer(latchkey.url).send(Request("POST", "auth/introspect", body=b"token=t"), 2)
    assert len(response.body) == 2**20


def drip(handler: Any) -> None:
    """Responds with one byte after the other, each soon after the last."""
    for byte in b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + b"x" * 100:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)


def redirect(handler: Any) -> None:
    handler.send_response(302)
    handler.send_header("location", "http://127.0.0.1:1/")
    handler.send_header("content-length", "0")
    handler.end_headers()
    raise ConnectionError


def hang_up(handler: Any) -> None:
    handler.connection.close()
    raise ConnectionError


@pytest.mark.parametrize(
    ("fault", "code"),
    [(drip, "timeout"), (redirect, "unexpected_response"), (hang_up, "unreachable")],
)
def test_a_failure_of_the_server_is_503_within_the_time_limit(
    latchkey: FakeLatchkey, fault: Any, code: str
) -> None:
    verifier = Verifier(latchkey.url, "own:token", timeout=0.3)
    latchkey.before_answer = fault

    error = rejection(verifier)

    verifier.close()
    assert error.status == 503
    assert isinstance(error.__cause__, LatchkeyError)
    assert error.__cause__.code == code


def test_the_server_needs_a_certificate_that_this_machine_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "certificate.pem"
    options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test"]
    files = ["-keyout", str(certificate), "-out", str(tmp_path / "only-certificate.pem")]
    words = ["openssl", "req", "-x509", *options, "-addext", "subjectAltName=IP:127.0.0.1", *files]
    subprocess.run(words, check=True, capture_output=True)
    with certificate.open("a") as file:
        file.write((tmp_path / "only-certificate.pem").read_text())

    with fake_latchkey(certificate) as latchkey:
        stranger = Verifier(latchkey.url, "own:token", on_warning=lambda warning: None)
        assert "certificate verify failed" in str(rejection(stranger).__cause__)
        stranger.close()

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        verifier = Verifier(latchkey.url, "own:token")
        latchkey.wait_for(lambda: verifier.status().fresh)
        assert [verifier.verify(HEADERS).name, verifier.verify(HEADERS).name] == ["anna", "anna"]
        latchkey.revocations.append("user-1")
        latchkey.wait_for(lambda: verifier.status().entries == 0)
        verifier.close()
        assert len(latchkey.introspections) == 1


def test_a_function_for_the_own_token_may_fail_and_recover(latchkey: FakeLatchkey) -> None:
    tokens: list[str] = []
    verifier = Verifier(latchkey.url, lambda: tokens[0])
    assert rejection(verifier).status == 503
    tokens.append("own:token\n")
    assert verifier.verify(HEADERS).name == "anna"
    verifier.close()


@pytest.mark.parametrize("token", ["own:token\nanother", "own:t\u20acken"])
def test_warnings_do_not_contain_an_own_token_that_no_header_field_can_have(
    latchkey: FakeLatchkey, token: str
) -> None:
    warnings: list[str] = []
    verifier = Verifier(latchkey.url, token, on_warning=lambda warning: warnings.append(repr(warning)))
    latchkey.wait_for(lambda: warnings)
    verifier.close()
    assert "must be one line of ASCII characters." in warnings[0]
    assert "own:" not in "".join(warnings)


def test_warnings_name_an_outage_once_and_a_function_for_them_may_fail(latchkey: FakeLatchkey) -> None:
    latchkey.has_feed = False
    warnings: list[str] = []

    def on_warning(warning: Exception) -> None:
        warnings.append(str(warning))
        raise ValueError("The logger is broken.")

    verifier = Verifier(latchkey.url, "own:token", on_warning=on_warning)
    latchkey.wait_for(lambda: warnings)
    assert warnings[0].startswith("The revocation feed is not available: The response with status 404")
    assert verifier.verify(HEADERS).name == "anna"
    verifier.close()


def test_close_reports_the_last_uses_once_and_then_nothing_is_accepted(
    latchkey: FakeLatchkey, verifier: Verifier
) -> None:
    verifier.verify(HEADERS, permissions=["orders:read"])
    verifier.verify(HEADERS)
    verifier.close()
    verifier.close()

    (report,) = latchkey.reports
    assert (report["local"], report["asked"], report["name"]) == (1, 1, "test")
    (use,) = report["uses"]
    assert (use["count"], use["permissions"]) == (1, ["orders:read"])
    assert rejection(verifier).status == 503
    with pytest.raises(VerificationError):
        asyncio.run(verifier.verify_async(HEADERS))


def test_close_ends_without_the_server() -> None:
    verifier = Verifier("http://127.0.0.1:1", "own:token", on_warning=lambda warning: None)
    assert rejection(verifier).status == 503
    verifier.close()


@pytest.mark.filterwarnings("ignore:This process")
def test_a_forked_process_connects_anew_and_reports_its_own_uses(
    latchkey: FakeLatchkey, verifier: Verifier
) -> None:
    verifier.verify(HEADERS)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            verifier.verify(HEADERS)
            while not verifier.status().fresh:
                time.sleep(0.005)
            verifier.verify(HEADERS)
            verifier.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert verifier.verify(HEADERS).name == "anna"
    verifier.close()

    theirs, ours = latchkey.reports
    assert theirs["verifier"] != ours["verifier"]
    assert (ours["local"], ours["asked"]) == (1, 1)
    assert theirs["asked"] + theirs["local"] == 2


@pytest.mark.parametrize("end", ["exits", "is stopped by a signal that it handles"])
def test_a_process_reports_the_last_uses_when_it_exits(latchkey: FakeLatchkey, end: str) -> None:
    program = f"""
import signal, sys, time
from latchkey import Verifier
verifier = Verifier({latchkey.url!r}, "own:token")
while not verifier.status().fresh:
    time.sleep(0.005)
verifier.verify({TOKEN!r})
verifier.verify({TOKEN!r})
if {end != "exits"!r}:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    print("ready", flush=True)
    time.sleep(60)
"""
    path = os.pathsep.join(sys.path)
    child = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    if end != "exits":
        child.stdout.readline()
        child.send_signal(signal.SIGTERM)
    assert child.wait() == 0
    child.stdout.close()
    assert [(report["local"], report["asked"]) for report in latchkey.reports] == [(1, 1)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "latchkey"}, "is not a URL"),
        ({"url": "http://x:port"}, "is not a URL"),
        ({"token": ""}, "is empty"),
        ({"name": "a\nb"}, "name must have"),
        ({"version": "x" * 33}, "version at most 32"),
        ({"fresh_for": 0.1}, "fresh_for must be 0.5 to 2 seconds"),
        ({"fresh_for": 2_000}, "fresh_for must be 0.5 to 2 seconds"),
        ({"timeout": 0}, "timeout must be"),
        ({"concurrency": 0}, "concurrency must be"),
        ({"entries": -1}, "entries must be"),
        ({"public_url": "auth"}, '"public_url" is not a URL'),
    ],
)
def test_invalid_options_are_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Verifier(**{"url": "http://127.0.0.1:1", "token": "own:token", **options})


def test_a_misspelt_requirement_is_an_error(verifier: Verifier) -> None:
    with pytest.raises(TypeError):
        verifier.verify(HEADERS, permission=["orders:read"])  # type: ignore[call-arg]
