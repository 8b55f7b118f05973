"""Members of a request that a verifier sends to the server."""

from __future__ import annotations

import re

_LENGTHS = {"agent": 200, "method": 20, "route": 200, "detail": 200}
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{33}")
"""Token in a path. Clients must not put tokens there, but some do."""
_UNPRINTABLE = re.compile(r"[^ -~]")


def reportable(
    *,
    agent: str | None = None,
    method: str | None = None,
    route: str | None = None,
    detail: str | None = None,
) -> dict[str, str]:
    """Returns the members that are known, as the server accepts them.

    The server rejects the whole request for a single invalid character.
    """
    members = {
        "agent": agent,
        "method": method,
        "route": _TOKEN.sub("?", route) if route else None,
        "detail": detail,
    }
    return {name: _UNPRINTABLE.sub("?", text[: _LENGTHS[name]]) for name, text in members.items() if text}
