"""User of a verified token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ._reports import TokenUse


@dataclass(frozen=True, eq=False)
class Principal:
    """User of a verified token."""

    id: str
    """Id of the user, which is never reused."""
    name: str
    """Canonical name of the user."""
    token_id: str
    """Id of the token."""
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    expiration_time: datetime | None = None
    """Expiry of the token; `None` if it never expires. A bump can extend a session."""
    auth_time: datetime | None = None
    """Time of the last login or step-up of a session; `None` for API tokens."""
    auth_methods: tuple[str, ...] = ()
    """Methods that proved who the user of a session is, such as `otp`; empty for API tokens."""
    metadata_json: str | None = field(default=None, repr=False)
    """Metadata of the token as JSON."""
    granted: frozenset[str] = field(init=False, repr=False)
    """The permissions as a set."""
    token_use: TokenUse | None = field(default=None, repr=False)
    """Counter of the verifier."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "granted", frozenset(self.permissions))

    @property
    def metadata(self) -> dict[str, Any] | None:
        """Metadata of the token. A copy, because many requests share the principal."""
        return None if self.metadata_json is None else json.loads(self.metadata_json)
