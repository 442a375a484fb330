"""The hosts that are this machine, by address or name.

Owns only that question; the caller knows the origin of an address.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether an address or name can only belong to this machine."""
    if host == "localhost":
        return True
    try:
        found = ip_address(host)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def leads_to_loopback(url: str) -> bool:
    """Whether the host of an address, with or without its scheme, is this machine."""
    try:
        return is_loopback(urlsplit(url if "//" in url else f"//{url}").hostname or "")
    except ValueError:
        return False
