"""Links and counts in the answers of every resource."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from flask.typing import ResponseReturnValue

from web.gate.visitor import options

NO_LINKS: list[dict[str, str]] = []
NO_CONTENT = ("", 204)
INCIDENT = "Tindak-Incident"


class TakenIn(Protocol):
    """What came of a command. `incident`: a step behind it failed and waits for repair."""

    @property
    def incident(self) -> UUID | None: ...


def told_of(taken: TakenIn) -> dict[str, str]:
    """The header that says so; nothing where all of it was done."""
    return {INCIDENT: str(taken.incident)} if taken.incident else {}


def taken_in(taken: TakenIn) -> ResponseReturnValue:
    """The answer to a command of which nothing else is to be said."""
    return "", 204, told_of(taken)


def link_to(resource: str, id: object) -> list[dict[str, str]]:
    """The address of a thing just made."""
    href = f"{options().base_url}/engine-rest/{resource}/{id}"
    return [{"method": "GET", "href": href, "rel": "self"}]


def count(number: int) -> dict[str, int]:
    """The number, in Camunda's form."""
    return {"count": number}
