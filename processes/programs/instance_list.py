"""The running instances of a process that are no cases of the register, for whoever keeps them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from engine.storage.cases.instances import Instance
from processes.acts.reading import Reading
from processes.ground.counting import MOST, Count
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.ground.sorting import Sort
from processes.rights.access import may
from processes.rights.visibility import kept_instances
from processes.storage.programs import instance_list
from processes.storage.programs.instance_list import OLDEST, Wanted

SORTS: Final = tuple(instance_list.ORDERS)
EVERYTHING: Final = Wanted()


def page(
    at: Reading,
    key: str,
    wanted: Wanted = EVERYTHING,
    *,
    sort: Sort = OLDEST,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[Instance]:
    """A page of them in one of `SORTS`; empty for a reader who keeps none. Raises `BadInput`."""
    may(at.scope, "read_incidents")
    if sort.by not in SORTS:
        wrong = say("Choose one of the offered values.")
        raise BadInput(wrong, {"sort": wrong})
    place = cursor(after, before)
    visible = kept_instances(at.scope)
    found = instance_list.page(at.connection, visible, key, wanted, sort, place, limit + 1)
    return cut(found, limit, place)


def count(at: Reading, key: str, wanted: Wanted = EVERYTHING, *, most: int = MOST) -> Count:
    """How many of them there are, on whatever page they stand."""
    may(at.scope, "read_processes")
    visible = kept_instances(at.scope)
    found = instance_list.count(at.connection, visible, key, wanted, most)
    return Count(min(found, most), more=found > most)
