"""The list of accounts: searched, of one institution, sorted, page by page.

Owns the SQL of one screen. Must not know who may ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, or_, select

from processes.ground.paging import Cursor
from processes.ground.sorting import Sort
from processes.storage import sorted_rows
from processes.storage.keyset import Columns
from processes.storage.people.users import USER, User
from processes.storage.sorted_rows import Order
from processes.storage.tables.people import membership, user

BY_USERNAME: Final = Sort("username")
ORDERS: Final[Mapping[str, Columns]] = {
    "username": (user.c.username,),
    "name": (user.c.name, user.c.username),
}
"""What the list of accounts can be sorted by; each is an index."""


def page(
    connection: Connection,
    *,
    at: Cursor[str] | None = None,
    limit: int,
    search: str = "",
    sort: Sort = BY_USERNAME,
    institution: str | None = None,
) -> list[User]:
    """A page of all users; with `search` only those whose name, post or username contains it, with
    `institution` its contacts and heads. There are some thousands of accounts at most, so reading
    all of them is fast enough."""
    question = select(*USER)
    if search:
        columns = (user.c.name, user.c.post, user.c.username)
        question = question.where(or_(*(c.icontains(search, autoescape=True) for c in columns)))
    if institution is not None:
        mine = membership.c.institution_code == institution
        question = question.where(user.c.id.in_(select(membership.c.user_id).where(mine)))
    order = Order(ORDERS[sort.by], sort.descending)
    return [User(*row) for row in sorted_rows.read(connection, question, order, at, limit)]
