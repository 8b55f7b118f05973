"""Reads the revocation feed: server-sent events with a checksum."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from typing import NamedTuple
from zlib import crc32

_LENGTH_MAX = 16_384
"""Longest line and longest data of an event, in characters. The events of Latchkey have less than 200."""

_ID = re.compile(r"([^.]+)\.([0-9]{1,15})\.([0-9a-f]{8})")
"""Process, number and checksum."""


class DamagedFeed(Exception):
    """An event was lost or altered."""


class StreamEvent(NamedTuple):
    """Event of a stream."""

    type: str
    data: str
    id: str | None


class FeedEvent(NamedTuple):
    """Event of the revocation feed that was not altered in transit."""

    type: str
    process: str
    """Id of the process that sent it."""
    sequence: int
    """Number of the revocation; for all other events, number of the last revocation."""
    content: dict[str, object]


class EventStreamParser:
    """Parser of server-sent events (HTML Living Standard, section 9.2.6)."""

    def __init__(self, on_event: Callable[[StreamEvent], None]) -> None:
        self._on_event = on_event
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._rest = ""
        self._type = ""
        self._data: str | None = None
        self._id: str | None = None

    def push(self, chunk: bytes) -> None:
        """Calls back for each complete event. Raises `DamagedFeed` if a line or an event is too long."""
        *lines, self._rest = (self._rest + self._decoder.decode(chunk)).split("\n")
        for line in lines:
            self._read_line(line.removesuffix("\r"))
        _limit(self._rest)

    def _read_line(self, line: str) -> None:
        _limit(line)
        if line == "":
            self._dispatch()
            return
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._type = value
        elif field == "data":
            self._data = value if self._data is None else f"{self._data}\n{value}"
            _limit(self._data)
        elif field == "id" and "\0" not in value:
            self._id = value

    def _dispatch(self) -> None:
        event_type, data, event_id = self._type, self._data, self._id
        self._type, self._data, self._id = "", None, None
        if data is not None:
            self._on_event(StreamEvent(event_type, data, event_id))


def read_feed_event(event: StreamEvent) -> FeedEvent:
    """Reads an event of the revocation feed. Raises `DamagedFeed` if it is malformed or was altered.

    The CRC-32 in the id detects accidents, and the alteration of single events. Only TLS protects against an
    attacker who rewrites the stream.
    """
    match = _ID.fullmatch(event.id or "")
    if match is None:
        raise _altered()
    process, number, check = match.groups()
    text = f"{process}.{number}\n{event.type}\n{event.data}"
    if crc32(text.encode("utf-8", "replace")) != int(check, 16):
        raise _altered()
    try:
        content = json.loads(event.data)
    except ValueError as error:
        raise DamagedFeed(f"An event of the revocation feed is not JSON: {error}") from error
    return FeedEvent(event.type, process, int(number), content if isinstance(content, dict) else {})


def _altered() -> DamagedFeed:
    return DamagedFeed(
        "An event was altered in transit. Check the proxies between this service and Latchkey."
    )


def _limit(text: str) -> None:
    if len(text) > _LENGTH_MAX:
        raise DamagedFeed(f"The event stream has a line or an event with more than {_LENGTH_MAX} characters.")
