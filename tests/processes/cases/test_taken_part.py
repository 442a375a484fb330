"""The drafts that somebody commented on: each once, page by page, as far as they may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, update
from uuid_utils.compat import uuid7

from processes.cases import taken_part
from processes.ground.paging import Page
from processes.rights.access import scope_of
from processes.storage.cases.lists.taken_part import Commented
from processes.storage.people import users
from processes.storage.tables.recommendations import comment, recommendation
from tests.processes.conftest import NOW
from tests.processes.made_cases import a_recommendation

KEMHAN = {"kemhan": "lead", "kemenperin": "supporting"}


def say(
    connection: Connection,
    id: UUID,
    stance: str = "agree",
    round: int = 1,
    institution: str = "kemhan",
    by: str = "rina",
) -> None:
    connection.execute(
        insert(comment).values(
            id=uuid7(), recommendation_id=id, round=round, institution=institution, stance=stance,
            at=NOW + timedelta(days=round), by=by,
        )
    )  # fmt: skip


def commented(connection: Connection, stance: str = "agree") -> UUID:
    """A draft that Rina has commented on for Kemhan."""
    id, _ = a_recommendation(connection, KEMHAN, issued=False)
    say(connection, id, stance)
    return id


def page(connection: Connection, who: str = "rina", **place: Any) -> Page[Commented]:
    found = users.by_username(connection, who)
    assert found is not None
    return taken_part.page(connection, scope_of(connection, found.id), **place)


def test_the_newest_draft_stands_first_with_what_was_said_of_it(connection: Connection) -> None:
    first, second = commented(connection, "disagree"), commented(connection)
    found = page(connection)
    assert [(one.id, one.stance) for one in found.items] == [
        (second, "agree"), (first, "disagree"),
    ]  # fmt: skip
    assert (found.more, found.earlier) == (False, False)
    assert {one.status for one in found.items} == {"comment"}


def test_all_pages_together_are_the_list_in_both_directions(connection: Connection) -> None:
    ids = [commented(connection) for _ in range(5)][::-1]
    seen, place = list[UUID](), dict[str, UUID]()
    while True:
        found = page(connection, limit=2, **place)
        seen += [one.id for one in found.items]
        if found.last is None:
            break
        place = {"after": found.last.id}
    assert seen == ids
    back = page(connection, limit=2, before=ids[4])
    assert [one.id for one in back.items] == ids[2:4]
    assert (back.more, back.earlier) == (True, True)


def test_a_draft_commented_on_in_two_rounds_is_one_with_what_was_said_last(
    connection: Connection,
) -> None:
    older, newer = commented(connection), commented(connection, "disagree")
    say(connection, newer, "agree_with_notes", round=2)
    found = page(connection)
    assert [(one.id, one.stance) for one in found.items] == [
        (newer, "agree_with_notes"), (older, "agree"),
    ]  # fmt: skip


def test_no_draft_is_lost_or_shown_twice_where_a_page_ends(connection: Connection) -> None:
    ids = [commented(connection) for _ in range(3)][::-1]
    for id in ids:
        say(connection, id, "disagree", round=2)
    first = page(connection, limit=2)
    assert [one.id for one in first.items] == ids[:2]
    assert first.last is not None and first.last.id == ids[1]
    rest = page(connection, limit=2, after=first.last.id)
    assert ([one.id for one in rest.items], rest.more) == (ids[2:], False)
    back = page(connection, limit=2, before=ids[2])
    assert ([one.id for one in back.items], back.earlier) == (ids[:2], False)


def test_what_a_colleague_said_is_theirs(connection: Connection) -> None:
    mine = commented(connection)
    other, _ = a_recommendation(connection, KEMHAN, issued=False)
    say(connection, other, by="budi")
    say(connection, mine, "disagree", institution="kemenperin", by="budi")
    assert [(one.id, one.stance) for one in page(connection).items] == [(mine, "agree")]


@pytest.mark.parametrize("status", ["finalise", "issued", "closed", "withdrawn"])
def test_a_draft_stays_in_the_list_whatever_becomes_of_it(
    status: str, connection: Connection
) -> None:
    id = commented(connection)
    connection.execute(
        update(recommendation).where(recommendation.c.id == id).values(status=status)
    )
    connection.execute(update(comment).values(accepted=True))
    [one] = page(connection).items
    assert (one.status, one.accepted) == (status, True)


def test_a_draft_above_the_clearance_is_in_the_list_no_more(connection: Connection) -> None:
    id, open_one = commented(connection), commented(connection)
    connection.execute(
        update(recommendation).where(recommendation.c.id == id).values(classification="secret")
    )
    assert [one.id for one in page(connection).items] == [open_one]


def test_who_commented_on_nothing_has_an_empty_list(connection: Connection) -> None:
    a_recommendation(connection, KEMHAN, issued=False)
    found = page(connection)
    assert (found.items, found.first, found.last) == ([], None, None)
