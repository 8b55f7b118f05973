"""Reads the credentials of a request."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zlib import crc32

from .errors import ambiguous_credentials, malformed_credentials, missing_credentials

RequestHeaders = Mapping[str, object]
"""Header fields of a request with lower-case names, or a mapping that ignores the case of names."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Credentials as the client sent them."""

    digest: bytes
    """Digest of the credentials, which does not reveal them."""
    is_bearer: bool
    """Whether `Authorization` contained them; otherwise they have the form of `X-Auth-Token`."""
    value: str = field(repr=False)
    is_basic: bool = False
    """Whether the client sent the value of `X-Auth-Token` as `Authorization: Basic`."""


_FLAGS = re.ASCII | re.IGNORECASE
_BEARER = re.compile(r"bearer +(\S+)", _FLAGS)
_BASIC = re.compile(r"basic +(\S+)", _FLAGS)
_BEARER_SCHEME = re.compile(r"bearer\b", _FLAGS)
_BASIC_SCHEME = re.compile(r"basic\b", _FLAGS)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}")
"""Either alphabet of base64, but not a mix of both."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{33}")
"""Token: a prefix, 27 random digits and a checksum of six."""
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKSUM_LENGTH = 6
_TOKEN_AS_PASSWORD = (
    "Authorization: Basic takes the name of the user, and a token as the password."
    " To get a token, log in to Latchkey or create one there."
)


def presented_in(given: str | RequestHeaders, accept_basic: bool) -> Presented:
    """Returns the credentials of a request without parsing them, as most are in memory.

    `given` is the header fields, or a token, or the value of `X-Auth-Token`. With `accept_basic`,
    `Authorization: Basic` may contain the value of `X-Auth-Token`. Raises `VerificationError` if there are
    none, or two that differ.
    """
    if isinstance(given, str):
        return _bearer(f"Bearer {given}") if _TOKEN.fullmatch(given) else _pair(given)
    token = given.get("x-auth-token")
    authorization = given.get("authorization")
    if not isinstance(token, str | None) or not isinstance(authorization, str | None):
        raise ambiguous_credentials()
    basic = _basic_in(authorization) if accept_basic and authorization is not None else None
    if token is None:
        if authorization is None:
            raise missing_credentials()
        return basic or _bearer(authorization)
    if basic is not None:
        if decoded_pair(token) != decoded_pair(basic.value):
            raise ambiguous_credentials()
        return basic
    presented = _pair(token)
    # Another scheme beside X-Auth-Token may belong to a gateway.
    if authorization is not None and _BEARER_SCHEME.match(authorization):
        bearer = _BEARER.fullmatch(authorization)
        if _token_in(presented) != (bearer.group(1) if bearer else ""):
            raise ambiguous_credentials()
    return presented


def introspectable(credentials: Presented) -> str:
    """Returns the text for an introspection. Raises `VerificationError` if no server would accept it."""
    token = _token_in(credentials)
    if token is None:
        raise malformed_credentials(_TOKEN_AS_PASSWORD) if credentials.is_basic else malformed_credentials()
    return token if credentials.is_bearer else credentials.value


def digest_of_token(credentials: Presented) -> str:
    """Returns the SHA-256 of the token, which proves to the server that the verifier has received it."""
    digest = hashlib.sha256((_token_in(credentials) or "").encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def own_credentials(token: str) -> dict[str, str]:
    """Returns the header field with the token of a service, or with its value of `X-Auth-Token`."""
    return {"authorization": f"Bearer {token}"} if _TOKEN.fullmatch(token) else {"x-auth-token": token}


def _bearer(value: str) -> Presented:
    # A line feed marks `Authorization`, as no field can contain one.
    return Presented(_digest(f"\n{value}"), True, value)


def _pair(value: str) -> Presented:
    return Presented(_digest(value), False, value)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _basic_in(authorization: str) -> Presented | None:
    if not _BASIC_SCHEME.match(authorization):
        return None
    basic = _BASIC.fullmatch(authorization)
    return replace(_pair(basic.group(1) if basic else ""), is_basic=True)


def _token_in(credentials: Presented) -> str | None:
    """Returns the well-formed token in credentials."""
    if credentials.is_bearer:
        bearer = _BEARER.fullmatch(credentials.value)
        secret = bearer.group(1) if bearer else None
    else:
        pair = decoded_pair(credentials.value)
        secret = None if pair is None else pair.split(":", 1)[1]
    return secret if secret is not None and _is_token(secret) else None


def decoded_pair(value: str) -> str | None:
    """Decodes `base64(user:token)`."""
    if not _BASE64.fullmatch(value) or (value.endswith("=") and len(value) % 4 != 0):
        return None
    digits = value.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        decoded = base64.urlsafe_b64decode(digits + "=" * (-len(digits) % 4))
        pair = decoded.decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    # The decoder ignores spare bits of the last digit, so two texts would be the same credential.
    if base64.urlsafe_b64encode(decoded).decode().rstrip("=") != digits:
        return None
    return None if pair.find(":") < 1 or _CONTROL.search(pair) else pair


def _is_token(text: str) -> bool:
    if not _TOKEN.fullmatch(text):
        return False
    return text.endswith(_checksum(text[:-_CHECKSUM_LENGTH]))


def _checksum(text: str) -> str:
    """Returns the CRC-32 of a text in Base62."""
    digits = ""
    rest = crc32(text.encode())
    while len(digits) < _CHECKSUM_LENGTH:
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
