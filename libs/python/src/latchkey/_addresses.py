"""IP addresses of clients."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address


# Parsing takes as long as the rest of the verification of a cached token.
@lru_cache(maxsize=4_096)
def canonical_address(address: str | None) -> str | None:
    """Returns the canonical form of an address without its zone, and IPv4 for an IPv4-mapped one.

    Returns `None` for anything else.
    """
    if not address:
        return None
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(parsed).split("%", 1)[0]
    return str(parsed)
