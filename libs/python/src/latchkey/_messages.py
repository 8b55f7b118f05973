"""Requests to Latchkey and its responses, without the connection that carries them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Any

from .errors import LatchkeyError


@dataclass(frozen=True)
class Request:
    """Request to Latchkey. Logs do not show its header fields and its body, which can contain tokens."""

    method: str
    path: str
    """Path below the URL of the server, with the query."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Response:
    """Response with its whole body. The names of the header fields are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


def json_of(response: Response) -> Any:
    """Returns the JSON of a successful response. Raises `LatchkeyError` for any other response."""
    if not 200 <= response.status < 300:
        raise rejection(response)
    parsed = _parsed(response)
    if parsed is _NOT_JSON:
        raise unexpected_response(response)
    return parsed


def rejection(response: Response) -> LatchkeyError:
    """Returns the error that a response without a successful status reports."""
    retry_after = _seconds_of(response.headers.get("retry-after"))
    body = _parsed(response)
    if isinstance(body, dict):
        code, title, detail, trace_id = (body.get(name) for name in ("code", "title", "detail", "traceId"))
        # Gateways have problem details too, but without these members.
        if (
            isinstance(code, str)
            and isinstance(title, str)
            and isinstance(detail, str)
            and isinstance(trace_id, str)
        ):
            errors = body.get("errors")
            return LatchkeyError(
                code,
                title,
                detail,
                status=response.status,
                trace_id=trace_id,
                errors=[one for one in errors if _is_problem_error(one)] if isinstance(errors, list) else (),
                retry_after=retry_after,
            )
    bodyless = _code_of_bodyless(response)
    if bodyless is not None:
        return LatchkeyError(
            bodyless,
            bodyless,
            f"Latchkey rejected the request with {response.status} ({bodyless}).",
            status=response.status,
            trace_id=response.headers.get("x-request-id"),
            retry_after=retry_after,
        )
    return unexpected_response(response)


def unexpected_response(response: Response) -> LatchkeyError:
    """Returns the error for a response that is not from Latchkey."""
    status = response.status
    return LatchkeyError(
        "unexpected_response",
        "Unexpected response",
        (
            "The server redirected the request, but the client does not follow redirects. Correct the URL."
            if 300 <= status < 400
            else f"The response with status {status} is not from Latchkey."
            " Check the URL, and the gateways in front of Latchkey."
        ),
        status=status,
        retry_after=_seconds_of(response.headers.get("retry-after")),
    )


def has_media_type(response: Response, media_type: str) -> bool:
    """Whether a response has this media type, with any parameters."""
    return response.headers.get("content-type", "").split(";")[0].strip().lower() == media_type


_NOT_JSON = object()


def _parsed(response: Response) -> Any:
    """Returns the parsed body, or `_NOT_JSON`. Error pages of gateways can contain JSON too."""
    if not any(has_media_type(response, one) for one in ("application/json", "application/problem+json")):
        return _NOT_JSON
    try:
        return json.loads(response.body)
    except ValueError:
        return _NOT_JSON


def _is_problem_error(error: object) -> bool:
    return isinstance(error, dict) and isinstance(error.get("message"), str)


def _code_of_bodyless(response: Response) -> str | None:
    """Returns the code of an error of `/auth/verify`, which has no body."""
    code = response.headers.get("x-auth-error")
    if code is not None:
        return code
    challenge = response.headers.get("www-authenticate", "")
    is_challenge = response.status == 401 and re.search(r"\bXAuthToken\b", challenge, re.IGNORECASE)
    return "unauthenticated" if is_challenge else None


def _seconds_of(header: str | None) -> int | None:
    """Returns the seconds of `Retry-After`, which is a number or a date (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,15}", header):
        return int(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return max(0, ceil((date - datetime.now(timezone.utc)).total_seconds()))
