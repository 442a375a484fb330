"""Every list with pages, walked to its end and back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from engine.sentences.errors import NotFound
from processes.cases.follow_up import follow_up_list
from processes.cases.recommendation import recommendations
from processes.desk import models
from processes.ground.paging import Page
from processes.operation import outbox
from processes.papers import inventory
from processes.rights.scope import operator
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.work import escalations, inbox, tasks
from processes.work.inbox import Tab
from tests.processes.stories.world import World
from web.addresses import ADDRESSES

LIMIT = 2


class Lists:
    """One page of each list, for somebody who finds several pages in it."""

    def __init__(self, world: World, connection: Connection) -> None:
        self.world, self.connection, self.now = world, connection, world.clock.now

    def inbox(self, who: str, tab: Tab, place: dict[str, Any]) -> Page[Any]:
        asking = self.world.person(who)
        found = inbox.tasks(self.connection, asking, tab, self.now, limit=LIMIT, **place)
        return Page([one.task for one in found.items], found.more, found.earlier)

    def mine(self, **place: Any) -> Page[Any]:
        return self.inbox("kemhan", "mine", place)

    def unit(self, **place: Any) -> Page[Any]:
        return self.inbox("kemenperin", "unit", place)

    def waiting(self, **place: Any) -> Page[Any]:
        return self.inbox("coordinator", "waiting", place)

    def follow_ups(self, **place: Any) -> Page[Any]:
        asking = self.world.person("coordinator")
        return follow_up_list.page(
            self.connection, asking, Wanted(), self.now, limit=LIMIT, **place
        )

    def recommendations(self, **place: Any) -> Page[Any]:
        asking = self.world.person("coordinator")
        return recommendations.page(self.connection, asking, self.now, limit=LIMIT, **place)

    def escalations(self, **place: Any) -> Page[Any]:
        asking = self.world.person("asdep")
        return escalations.page(self.connection, asking, self.now, limit=LIMIT, **place)

    def matrix(self, **place: Any) -> Page[Any]:
        asking = self.world.person("coordinator")
        found = inventory.matrix(self.connection, asking, self.now, limit=LIMIT, **place)
        return Page(found.rows, found.last is not None, found.first is not None)

    def at_an_element(self, **place: Any) -> Page[Any]:
        asking = self.world.person("coordinator")
        return models.tasks_at(
            self.connection, asking, "follow_up", "acknowledge", limit=LIMIT, **place
        )

    def outbox(self, **place: Any) -> Page[Any]:
        return outbox.page(self.connection, operator(), ADDRESSES, limit=LIMIT, **place)


NAMES = (
    "mine",
    "unit",
    "waiting",
    "follow_ups",
    "recommendations",
    "escalations",
    "matrix",
    "at_an_element",
    "outbox",
)


def played(world: World) -> None:
    """Five recommendations to two institutions, all late; a colleague has kemenperin's tasks."""
    world.colleague("kemenperin-2", "kemenperin")
    for _ in range(5):
        case = world.follow_up(world.issued(supporting=["kemenperin"]), "kemenperin")
        task = world.task(case, "acknowledge")
        tasks.claim(world.service, world.person("kemenperin-2"), task.id)
    world.wait_until(world.at(date(2026, 1, 14)))


def test_every_list_is_read_to_its_end_and_back_again(world: World) -> None:
    played(world)
    with world.service.reading() as connection:
        for name in NAMES:
            ask = getattr(Lists(world, connection), name)
            there = forwards(ask)
            assert len(there) > 2, name
            ids = [id for page in there for id in page]
            assert len(ids) == len(set(ids)), name
            assert backwards(ask, there[-1][0]) == there[:-1], name


def forwards(ask: Callable[..., Page[Any]]) -> list[list[UUID]]:
    """All pages from the first to the last."""
    pages, page = [], ask()
    assert not page.earlier
    while True:
        pages.append([one.id for one in page.items])
        if page.last is None:
            return pages
        page = ask(after=page.last.id)
        assert page.earlier


def backwards(ask: Callable[..., Page[Any]], first: UUID) -> list[list[UUID]]:
    """The pages before the row `first`, in the order of the list."""
    pages: list[list[UUID]] = []
    while True:
        page = ask(before=first)
        assert page.more
        pages.insert(0, [one.id for one in page.items])
        if page.first is None:
            return pages
        first = page.first.id


@pytest.mark.parametrize("place", ["after", "before"])
def test_a_page_beside_a_task_that_is_not_there_is_not_found(
    small_world: World, place: str
) -> None:
    with small_world.service.reading() as connection, pytest.raises(NotFound):
        Lists(small_world, connection).mine(**{place: UUID(int=7)})
