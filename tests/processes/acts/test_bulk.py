"""An act on many: each part is done once, in the name of whoever decided, and what became of it is
told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.sentences.errors import Conflict, Forbidden, NotFound
from engine.sentences.sentence import say
from engine.storage.tables import job
from processes.acts import bulk
from processes.acts.acting import Acting
from processes.acts.bulk import Doing, PartWorker
from processes.ground.payloads import DoPart
from processes.people import account_desk, leaving
from processes.register.states import Fate, PartState
from processes.rights import audit
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.storage import bulk as table
from processes.storage.bulk import Count, Part
from processes.work import listed_parts
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_cases import a_case, a_recommendation, a_task

KIND, SUBJECT = "stamping", "stamps:kemhan"


@pytest.fixture
def ani(data: Data) -> Scope:
    return scope(data, person(data, "ani", granted("coordinator")))


@pytest.fixture
def budi(small: Data) -> Scope:
    return scope(small, person(small, "budi", granted("coordinator")))


def plan(data: Data, who: Scope, *about: UUID, subject: str = SUBJECT, **more: Any) -> UUID:
    """An act on these, each with its number; its id."""
    parts = [(id, {"number": number}) for number, id in enumerate(about)]
    data.engine.act(
        lambda act: bulk.plan(
            Acting(data, act, who), KIND, subject, "Perlu.", {"ink": "blue"}, parts, **more
        )
    )
    with data.reading() as connection:
        found = table.newest(connection, KIND, subject)
    assert found is not None
    return found.id


def waiting(data: Data) -> list[dict[str, Any]]:
    """The jobs of parts, in the order in which they were planned."""
    with data.reading() as connection:
        rows = connection.execute(select(job.c.payload).where(job.c.kind == DoPart.kind))
        return [row.payload for row in rows]


def parts(data: Data) -> list[Part]:
    with data.reading() as connection:
        found = [table.find(connection, DoPart.decode(one).part_id) for one in waiting(data)]
    whole = [one for one in found if one is not None]
    return sorted(whole, key=lambda one: one.facts["number"])


def carry_out(data: Data, doing: Doing) -> None:
    """Every part that waits, one after the other."""
    worker = PartWorker(data, {KIND: doing})
    for payload in waiting(data):
        with data.reading() as connection:
            prepared = worker.prepare(connection, payload)
        if prepared is not None:
            worker.send(prepared)


def states(data: Data) -> list[PartState]:
    return [one.state for one in parts(data)]


def count(data: Data, act_id: UUID) -> Count:
    with data.reading() as connection:
        return table.count(connection, act_id)


def nothing(act: Acting, part: Part) -> None:
    """A part that is done at once."""


def refusing(error: Exception, *numbers: int) -> Callable[[Acting, Part], None]:
    """A doing that fails for the parts of these numbers."""

    def doing(act: Acting, part: Part) -> None:
        if part.facts["number"] in numbers:
            raise error

    return doing


# --- planning -----------------------------------------------------------------------------------


def test_a_plan_keeps_who_decided_why_and_a_part_for_each(data: Data, ani: Scope) -> None:
    about = [uuid4() for _ in range(3)]
    act_id = plan(data, ani, *about)
    found = parts(data)
    assert [one.about for one in found] == about
    assert [dict(one.facts) for one in found] == [{"number": n} for n in range(3)]
    [of] = {one.of.id for one in found}
    whole = found[0].of
    assert (of, whole.by, whole.user_id, whole.reason) == (act_id, "ani", ani.user_id, "Perlu.")
    assert (whole.at, whole.token_id, dict(whole.facts)) == (NOW, None, {"ink": "blue"})
    assert count(data, act_id) == Count(planned=3)
    assert count(data, act_id).waiting == 3


def test_without_parts_nothing_is_planned(small: Data, budi: Scope) -> None:
    small.engine.act(
        lambda act: bulk.plan(Acting(small, act, budi), KIND, SUBJECT, "Perlu.", {}, [])
    )
    with small.reading() as connection:
        assert table.newest(connection, KIND, SUBJECT) is None
    assert waiting(small) == []


def test_parts_are_due_at_once_or_when_it_is_said(small: Data, budi: Scope) -> None:
    plan(small, budi, uuid4())
    plan(small, budi, uuid4(), due_at=NOW + timedelta(days=9), subject="stamps:brin")
    with small.reading() as connection:
        due = connection.scalars(select(job.c.due_at).where(job.c.kind == DoPart.kind)).all()
    assert sorted(due) == [NOW, NOW + timedelta(days=9)]


def test_of_a_subject_the_newest_act_of_its_kind_is_told(data: Data, ani: Scope) -> None:
    first = plan(data, ani, uuid4())
    second = plan(data, ani, uuid4())
    other = plan(data, ani, uuid4(), subject="stamps:brin")
    with data.reading() as connection:
        newest = table.newest(connection, KIND, SUBJECT)
        assert newest is not None and newest.id == second != first
        assert table.newest(connection, "moving", SUBJECT) is None
        elsewhere = table.newest(connection, KIND, "stamps:brin")
        assert elsewhere is not None and elsewhere.id == other


# --- carrying out -------------------------------------------------------------------------------


def test_each_part_is_done_once_in_the_name_of_whoever_decided(data: Data, ani: Scope) -> None:
    act_id, done = plan(data, ani, uuid4(), uuid4()), list[tuple[str, UUID]]()

    def doing(act: Acting, part: Part) -> None:
        act.may("start_recommendation")
        done.append((act.by, part.about))

    carry_out(data, doing)
    carry_out(data, doing)
    assert done == [("ani", one.about) for one in parts(data)]
    assert count(data, act_id) == Count(planned=2, done=2)
    assert count(data, act_id).waiting == 0


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Conflict(say("Taken.")), PartState.LEFT),
        (NotFound(say("Gone.")), PartState.LEFT),
        (Forbidden(say("No.")), PartState.REFUSED),
    ],
)
def test_a_part_that_cannot_be_done_keeps_no_other_from_it(
    small: Data, budi: Scope, error: Exception, state: PartState
) -> None:
    act_id = plan(small, budi, uuid4(), uuid4(), uuid4())
    carry_out(small, refusing(error, 1))
    assert states(small) == [PartState.DONE, state, PartState.DONE]
    found = count(small, act_id)
    assert (found.done, found.left + found.refused, found.waiting) == (2, 1, 0)


def test_what_nobody_foresaw_leaves_the_part_waiting(small: Data, budi: Scope) -> None:
    act_id = plan(small, budi, uuid4())
    with pytest.raises(ZeroDivisionError):
        carry_out(small, refusing(ZeroDivisionError(), 0))
    assert count(small, act_id).waiting == 1
    carry_out(small, nothing)
    assert count(small, act_id).done == 1


def test_what_a_part_has_written_is_gone_where_it_could_not_be_done(
    small: Data, budi: Scope
) -> None:
    plan(small, budi, uuid4())

    def doing(act: Acting, part: Part) -> None:
        act.record("stamp", "stamp:1")
        raise Conflict(say("Taken."))

    carry_out(small, doing)
    with small.reading() as connection:
        assert audit.read(connection, operator(), subject="stamp:1") == []


def may_begin(act: Acting, part: Part) -> None:
    """A part that rests on the role of a coordinator."""
    act.may("start_recommendation")


def test_whoever_lost_the_right_meanwhile_does_nothing_more(small: Data, budi: Scope) -> None:
    act_id = plan(small, budi, uuid4())
    account_desk.change_rights(
        small, operator(), budi.user_id, grants=granted("admin"), clearance="ordinary"
    )
    carry_out(small, may_begin)
    assert count(small, act_id) == Count(planned=1, refused=1)


def test_in_the_name_of_a_closed_account_nothing_is_done(small: Data, budi: Scope) -> None:
    person(small, "admin", granted("admin"))
    act_id = plan(small, budi, uuid4(), uuid4())
    leaving.close_account(small, operator(), budi.user_id)
    carry_out(small, may_begin)
    assert count(small, act_id) == Count(planned=2, refused=2)


def test_a_part_that_was_done_meanwhile_is_not_done_twice(small: Data, budi: Scope) -> None:
    plan(small, budi, uuid4())
    [part] = parts(small)
    times = list[UUID]()

    def doing(act: Acting, part: Part) -> None:
        times.append(part.id)
        act.record("stamp", f"stamp:{len(times)}")

    worker = PartWorker(small, {KIND: doing})
    for _ in range(2):  # the second one had been prepared before the first was through
        worker.send(part)
    assert states(small) == [PartState.DONE]
    with small.reading() as connection:
        assert audit.read(connection, operator(), subject="stamp:1") != []
        assert audit.read(connection, operator(), subject="stamp:2") == []
    with small.reading() as connection:
        assert worker.prepare(connection, waiting(small)[0]) is None


def test_a_part_that_is_not_there_is_nothing_to_do(small: Data, budi: Scope) -> None:
    worker = PartWorker(small, {KIND: nothing})
    with small.reading() as connection:
        assert worker.prepare(connection, DoPart(uuid4()).encode()) is None


def test_only_a_waiting_part_is_settled(data: Data, ani: Scope) -> None:
    plan(data, ani, uuid4())
    [part] = parts(data)
    with data.transaction() as connection:
        assert table.settle(connection, part.id, PartState.REFUSED)
        assert not table.settle(connection, part.id, PartState.DONE)
        assert not table.settle(connection, uuid4(), PartState.DONE)
        table.mend(connection, part.id)
    assert states(data) == [PartState.DONE], "a repair counts whatever became of it"


@pytest.mark.parametrize("command", [{}, {"request_id": None}, {"request_id": "r-1"}])
def test_a_step_of_somebody_elses_is_no_part(command: dict[str, Any]) -> None:
    assert table.part_of(command) is None


def test_a_step_of_a_part_bears_its_id() -> None:
    id = uuid4()
    assert table.part_of({"request_id": str(id)}) == id


# --- what is told of it -------------------------------------------------------------------------


class Told:
    """An act on many as a list of its parts asks for it."""

    def __init__(self, act_id: UUID, count: Count) -> None:
        self.act_id, self.count = act_id, count


def test_parts_are_listed_with_their_task_their_institution_and_their_fate(
    data: Data, ani: Scope
) -> None:
    with data.transaction() as connection:
        tasks = [a_task(connection, a_case(connection, code)[1]) for code in ("kemhan", "brin")]
        _, whole = a_recommendation(connection, {"kemhan": "lead"})
        tasks.append(a_task(connection, whole, process_key="recommendation"))
    act_id = plan(data, ani, *tasks)
    carry_out(data, refusing(Conflict(say("Taken.")), 1))

    def page(fate: Fate | None = None, **place: Any) -> Any:
        of = Told(act_id, count(data, act_id))
        with data.reading() as connection:
            return listed_parts.page(connection, of, fate, **place)

    found = page().items
    assert [(one.task_id, one.institution) for one in found] == [
        (tasks[0], "Kemhan"), (tasks[1], "BRIN"), (tasks[2], None),
    ]  # fmt: skip
    assert [one.fate for one in found] == [Fate.DONE, Fate.LEFT, Fate.DONE]
    assert {one.task_name for one in found} == {"Susun rencana aksi"}
    assert [one.task_id for one in page(Fate.LEFT).items] == [tasks[1]]
    assert page(Fate.FAILED).items == page(Fate.WAITING).items == []
    first = page(limit=2)
    second = page(limit=2, after=first.last.id)
    assert [one.task_id for one in second.items] == tasks[2:]
    back = page(limit=2, before=second.first.id)
    assert [one.task_id for one in back.items] == tasks[:2]


def test_without_an_act_there_are_no_parts(small: Data) -> None:
    with small.reading() as connection:
        found = listed_parts.page(connection, None)
    assert (list(found.items), found.more, found.earlier) == ([], False, False)
