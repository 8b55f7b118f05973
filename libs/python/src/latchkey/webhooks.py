"""Webhooks: requests of Latchkey that report events."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict, cast

_PREFIX = "whsec_"
_SECRET_BYTES = range(24, 65)
"""Lengths of a secret in the Standard Webhooks specification."""
_SIGNATURES_MAX = 8
"""Signatures to check. Latchkey sends two during a rotation of the secret."""
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
"""Seconds since 1970."""

EventType = Literal[
    "token.expiring",
    "token.created",
    "token.rotated",
    "token.revoked",
    "token.leaked",
    "token.canary_used",
    "token.old_secret_used",
    "verifier.token_expiring",
    "user.disabled",
    "login.new_network",
    "offer.waiting",
    "audit.check_failed",
    "backup.overdue",
]

WebhookErrorCode = Literal["invalid_signature", "outside_tolerance", "malformed_body"]


class EventUser(TypedDict):
    """User that an event is about, or that caused it."""

    id: str
    name: str


class EventToken(TypedDict):
    """Token that an event is about."""

    id: str
    user: str
    """Name of the owner."""
    tokenPreview: NotRequired[str]
    note: NotRequired[str]
    expirationTime: NotRequired[str]


class EventData(TypedDict, total=False):
    """Content of an event. The type determines its members."""

    actor: EventUser
    users: list[EventUser]
    tokens: list[EventToken]
    allTokens: bool
    """Whether the event concerns all tokens of `users`, or all tokens of the server if `users` is absent."""
    days: int
    """Days until the tokens expire."""
    address: str
    reason: str
    source: str
    """Finder of a leaked token."""
    url: str
    """Page with a leaked token."""
    offer: str
    """Id of the offer that waits for an approval."""
    count: int
    """Number of uses of a canary or an old secret, or of problems in the audit trail."""
    lastBackup: str


class Event(TypedDict):
    """Event of Latchkey. A newer server can send other types."""

    id: str
    type: EventType
    timestamp: str
    """Time of the event, RFC 3339."""
    data: EventData


class WebhookError(Exception):
    """Request that is not a valid webhook. Respond with 400."""

    def __init__(self, code: WebhookErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: WebhookErrorCode = code
        """Code for programs: the signature does not match, the message is too old or from the future, or the
        body is not an event."""


def verify_webhook(
    body: bytes | str,
    headers: Mapping[str, str],
    secrets: str | Sequence[str],
    *,
    tolerance: float = 300,
    now: float | None = None,
) -> Event:
    """Verifies a webhook by the Standard Webhooks specification, and returns its event.

    Latchkey delivers each event at least once. Skip events whose `id` you have already processed, and types that
    you do not know. `body` is the body as received, before it is parsed. `secrets` is the secret of
    the target, or several during a rotation, one of which must match. `tolerance` is the maximum difference
    between the clocks and the maximum age, in seconds. Raises `WebhookError` if the request is not a valid
    webhook, `ValueError` if a secret is not a webhook secret, and `TypeError` if the body is already parsed.
    """
    if not isinstance(body, (bytes, bytearray, memoryview, str)):
        raise TypeError("Pass the body as received: bytes or a string, not the parsed JSON.")
    if not secrets:
        raise ValueError("The secret of the webhook is missing. Is its environment variable set?")
    keys = [_key_of(secret) for secret in ([secrets] if isinstance(secrets, str) else secrets)]
    content = body.encode() if isinstance(body, str) else bytes(body)
    fields = {name.lower(): value for name, value in headers.items()}
    message_id = _field_of(fields, "webhook-id")
    timestamp = _field_of(fields, "webhook-timestamp")
    signatures = _field_of(fields, "webhook-signature").split(" ")[:_SIGNATURES_MAX]
    message = f"{message_id}.{timestamp}.".encode() + content
    if not _matches_any(signatures, keys, message):
        raise WebhookError("invalid_signature", "The webhook has no valid signature.")
    is_number = _TIMESTAMP.fullmatch(timestamp) is not None
    if not is_number or abs(int(time.time() if now is None else now) - int(timestamp)) > tolerance:
        raise WebhookError("outside_tolerance", "The webhook is too old, or from the future.")
    return _event_in(content)


def _field_of(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or value == "":
        raise WebhookError("invalid_signature", f"The request has no valid header field {name}.")
    return value


def _key_of(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in _SECRET_BYTES:
        raise ValueError("The secret is not a webhook secret. Webhook secrets start with whsec_.")
    return key


def _matches_any(signatures: Sequence[str], keys: Sequence[bytes], message: bytes) -> bool:
    for key in keys:
        digest = hmac.digest(key, message, hashlib.sha256)
        expected = b"v1," + base64.b64encode(digest)
        # In constant time.
        if any(hmac.compare_digest(expected, signature.encode()) for signature in signatures):
            return True
    return False


def _event_in(content: bytes) -> Event:
    try:
        event = json.loads(content.decode())
    except ValueError:
        event = None
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise WebhookError("malformed_body", "The body of the webhook is not an event.")
    return cast(Event, event)
