"""Links and counts, as every resource answers them."""

from __future__ import annotations

from web.visitor import options

NO_LINKS: list[dict[str, str]] = []
NO_CONTENT = ("", 204)
INCIDENT = "Tindak-Incident"
"""Header of a command that was taken in while a step behind it waits for repair."""


def link_to(resource: str, id: object) -> list[dict[str, str]]:
    """The address of what was just made."""
    href = f"{options().base_url}/engine-rest/{resource}/{id}"
    return [{"method": "GET", "href": href, "rel": "self"}]


def count(number: int) -> dict[str, int]:
    """How many."""
    return {"count": number}
