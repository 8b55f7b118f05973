"""Reads the response to an introspection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_TIME_MAX = 8.64e12
"""Latest time of a date of the server, in seconds since 1970."""


class InvalidIntrospection(Exception):
    """A member of the response has another type than Latchkey sends."""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _TIME_MAX


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_REQUIRED: Mapping[str, Callable[[object], bool]] = {
    "active": lambda value: value is True,
    "sub": _is_name,
    "username": _is_name,
    "jti": _is_name,
}
_OPTIONAL: Mapping[str, Callable[[object], bool]] = {
    "scope": _is_text,
    "roles": _is_texts,
    "metadata": lambda value: isinstance(value, dict),
    "exp": _is_seconds,
    "auth_time": _is_seconds,
    "amr": _is_texts,
    "remember_for": _is_seconds,
    "bound_to_address": lambda value: isinstance(value, bool),
}
_OPTIONAL_INACTIVE: Mapping[str, Callable[[object], bool]] = {"reason": _is_text, "retry_after": _is_seconds}


def read_introspection(body: object) -> Mapping[str, Any]:
    """Checks all members that a verifier reads. Raises `InvalidIntrospection` if one is invalid."""
    members: Mapping[str, Any] = body if isinstance(body, dict) else {}
    is_inactive = members.get("active") is False
    for name, accepts in ({} if is_inactive else _REQUIRED).items():
        if not accepts(members.get(name)):
            raise _invalid(name)
    for name, accepts in (_OPTIONAL_INACTIVE if is_inactive else _OPTIONAL).items():
        if name in members and not accepts(members[name]):
            raise _invalid(name)
    return members


def _invalid(name: str) -> InvalidIntrospection:
    return InvalidIntrospection(f'The introspection response has no valid "{name}".')
