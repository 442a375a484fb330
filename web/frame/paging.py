"""A list page by page: the place in the address, and the addresses of the pages around it.

Owns the names `after` and `before` in addresses; all other parts of the address are kept.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, TypedDict, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import request

from processes.ground.paging import Page
from web.frame.parsing import optional_id


class WithId(Protocol):
    """A row that a page can begin behind."""

    @property
    def id(self) -> UUID: ...


Row = TypeVar("Row", bound=WithId)


class Place(TypedDict):
    """The row behind which a page begins, or before which it ends; neither: the first page."""

    after: UUID | None
    before: UUID | None


class Around(NamedTuple):
    """Addresses of the pages around one; None at an end of the list."""

    previous: str | None
    next: str | None


def place() -> Place:
    """The requested page. Raises NotFound for an unreadable id."""
    return Place(
        after=optional_id(request.args.get("after")), before=optional_id(request.args.get("before"))
    )


def around(first: object, last: object) -> Around:
    """The pages before the row `first` and behind the row `last`; None if there is none."""
    return Around(_address(before=first), _address(after=last))


def of(found: Page[Row]) -> Around:
    """The pages around one whose rows have ids."""
    return around(found.first and found.first.id, found.last and found.last.id)


def _address(**place: object) -> str | None:
    if None in place.values():
        return None
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if value and name not in ("after", "before")
    ]
    return f"{request.script_root}{request.path}?{urlencode([*kept, *place.items()])}"
