"""The content of each reader's lists, page by page."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Forbidden, NotFound
from engine.time.calendar import Calendar, Timing
from processes.cases import taken_part
from processes.cases.follow_up import follow_up_list, follow_ups
from processes.cases.recommendation import recommendation_case, recommendations
from processes.ground.sorting import Sort
from processes.papers import inventory
from processes.storage.cases.lists import recommendation_lists
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.people import users
from processes.storage.people.users import Grants
from processes.storage.work.narrowing import Narrowing
from processes.work import escalations, inbox, tasks
from processes.work.inbox import ListedTask, Tab
from tests.processes.stories.world import ACCEPTED, PLAN, World


def entries(world: World, who: str, tab: Tab = "mine") -> list[ListedTask]:
    """All tasks of one tab, read two at a time."""
    found: list[ListedTask] = []
    with world.service.reading() as connection:
        after: UUID | None = None
        while True:
            page = inbox.tasks(
                connection, world.person(who), tab, world.clock.now, after=after, limit=2
            )
            found += page.items
            if page.last is None:
                return found
            after = page.last.task.id


def listed(
    world: World, who: str, wanted: Wanted | None = None
) -> list[follow_up_list.FollowUpRow]:
    """All follow-ups somebody finds, read two at a time."""
    found: list[follow_up_list.FollowUpRow] = []
    with world.service.reading() as connection:
        after: UUID | None = None
        while True:
            page = follow_up_list.page(
                connection,
                world.person(who),
                wanted or Wanted(),
                world.clock.now,
                after=after,
                limit=2,
            )
            found += page.items
            if page.last is None:
                return found
            after = page.last.id


def test_an_institution_finds_its_own_cases_and_nobody_elses(world: World) -> None:
    recommendation = world.issued(supporting=["kemenperin", "kemenkeu"])
    assert [row.listed.cell.institution for row in listed(world, "kemhan")] == ["kemhan"]
    assert len(listed(world, "coordinator")) == 3
    theirs = world.follow_up(recommendation, "kemenkeu")
    with world.service.reading() as connection:
        with pytest.raises(NotFound):
            follow_ups.detail(connection, world.person("kemhan"), theirs, world.clock.now)
        own = recommendation_case.detail(
            connection, world.person("kemhan"), recommendation, world.clock.now
        )
    assert [cell.institution for cell in own.row.cells] == ["kemhan"]
    assert [comment.institution for comment in own.comments] == ["kemhan"]


def test_a_case_above_the_clearance_does_not_exist_for_the_reader(world: World) -> None:
    world.lower_clearance("kemhan", "ordinary")
    recommendation = world.propose()
    world.register(recommendation, classification="secret")
    for institution in ("kemenperin",):
        world.comment(institution, recommendation, stance="agree")
    world.wait_until(world.at(date(2026, 1, 20)))
    world.finalise_and_send(recommendation, proceed_without_users=True)
    assert listed(world, "kemhan") == []
    assert entries(world, "kemhan") == []
    with world.service.reading() as connection, pytest.raises(NotFound):
        follow_ups.detail(
            connection,
            world.person("kemhan"),
            world.follow_up(recommendation, "kemhan"),
            world.clock.now,
        )
    bodies = " ".join(mail.subject + mail.body for mail in world.mails("kemenperin"))
    assert "REK-2026-0001" in bodies
    assert "Percepat" not in bodies, "mail about classified cases carries number and link only"
    assert [m for m in world.mails("kemhan") if "Recommendation to follow up" in m.subject] == []


def test_the_inbox_sorts_by_deadline_and_pages_by_key(world: World) -> None:
    for _ in range(3):
        world.issued()
    mine = entries(world, "kemhan")
    assert [entry.task.element_id for entry in mine] == ["acknowledge"] * 3
    assert len({entry.task.id for entry in mine}) == 3
    due = [entry.task.due_at for entry in mine]
    assert due == sorted(due, key=str)
    assert {entry.group for entry in mine} == {"week"}
    assert {entry.timing for entry in mine} == {Timing(-3, "before")}
    world.wait_until(world.at(date(2026, 1, 8)))
    assert {entry.group for entry in entries(world, "kemhan")} == {"today"}
    world.wait_until(world.at(date(2026, 1, 9)))
    assert {entry.group for entry in entries(world, "kemhan")} == {"late"}


@pytest.mark.parametrize(
    ("today", "due", "group"),
    [
        (date(2026, 3, 8), date(2026, 3, 9), "next"),  # Sunday: tomorrow, Monday
        (date(2026, 3, 8), date(2026, 3, 8), "today"),
        (date(2026, 3, 8), date(2026, 3, 10), "week"),
        (date(2026, 3, 8), date(2026, 3, 16), "later"),
        (date(2026, 3, 6), date(2026, 3, 6), "today"),
        (date(2026, 3, 6), date(2026, 3, 7), "today"),  # Friday: what is due on Saturday
        (date(2026, 3, 6), date(2026, 3, 9), "next"),
        (date(2026, 3, 6), date(2026, 3, 10), "later"),
        (date(2026, 3, 4), date(2026, 3, 5), "next"),
        (date(2026, 3, 4), date(2026, 3, 8), "week"),
        (date(2026, 3, 4), date(2026, 3, 3), "late"),
    ],
)
def test_the_inbox_groups_by_working_days(today: date, due: date, group: str) -> None:
    calendar = Calendar()
    now = calendar.moment(today, time(9))
    ends = inbox.group_ends(calendar, now)
    assert inbox.group_at(calendar.end_of(due), ends) == group


def test_over_a_long_leave_the_next_working_day_is_the_one_after_it() -> None:
    leave = Calendar({date(2026, 3, day): "Cuti bersama" for day in range(18, 25)})
    ends = dict(inbox.group_ends(leave, leave.moment(date(2026, 3, 17), time(9))))
    assert ends["today"] == leave.end_of(date(2026, 3, 24))
    assert ends["next"] == leave.end_of(date(2026, 3, 25))


def elements(world: World, who: str, tab: Tab) -> list[str]:
    return sorted(entry.task.element_id for entry in entries(world, who, tab))


def test_mine_is_what_only_i_can_do_and_my_units_is_all_of_it_taken_or_not(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    task = world.task(case, "acknowledge")
    everybody = ("kemhan", "kemhan-2", "kemhan-head")

    def tabs() -> dict[str, tuple[list[str], list[str]]]:
        return {who: (elements(world, who, "mine"), elements(world, who, "unit"))
                for who in everybody if who in world.scopes}  # fmt: skip

    found = ["acknowledge"]
    assert tabs() == {"kemhan": (found, found), "kemhan-head": ([], found)}, "nobody else can"
    world.colleague("kemhan-2", "kemhan")
    assert tabs() == {who: ([], found) for who in everybody}, "one of two, and nobody has it"
    tasks.claim(world.service, world.person("kemhan-2"), task.id)
    assert tabs() == {
        "kemhan": ([], found), "kemhan-2": (found, found), "kemhan-head": ([], found),
    }  # fmt: skip
    tasks.give_back(world.service, world.person("kemhan-2"), task.id)
    with world.service.transaction() as connection:
        users.change(connection, world.person("kemhan-2").user_id, {"active": False})
    assert tabs()["kemhan"] == (found, found), "who has left is nobody else"


def test_what_others_work_on_waits_and_is_of_no_other_unit(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    assert "acknowledge" in elements(world, "coordinator", "waiting")
    assert elements(world, "kemenperin", "unit") == ["acknowledge"], "its own, not kemhan's"
    world.do("kemhan", "acknowledge", case, response="clarification", contact="R",
             explanation="Apa?")  # fmt: skip
    assert elements(world, "kemhan", "waiting") == ["answer_clarification"]
    assert elements(world, "kemhan-head", "waiting") == ["answer_clarification"]
    assert "answer_clarification" in elements(world, "coordinator", "unit")
    assert "answer_clarification" not in elements(world, "coordinator", "waiting")


def test_each_task_of_the_unit_is_in_its_tab_once_and_numbers_are_of_the_rows(
    world: World,
) -> None:
    world.issued()
    world.issued()
    world.colleague("kemhan-2", "kemhan", "head")
    with world.service.reading() as connection:
        for who in ("kemhan", "kemhan-2", "kemhan-head", "coordinator", "asdep"):
            asking = world.person(who)
            ends = inbox.reader_ends(connection, asking, world.clock.now)
            for tab in inbox.TABS:
                rows = [entry.task.id for entry in entries(world, who, tab)]
                assert len(rows) == len(set(rows)), (who, tab)
                numbers = inbox.counts(connection, asking, [tab], ends)[tab]
                assert numbers.whole.number == len(rows), (who, tab)
                together = sum(one.number for one in numbers.groups.values() if one)
                assert together == len(rows), (who, tab)


def test_a_tab_is_narrowed_searched_and_sorted(world: World) -> None:
    world.issued(title="Peta jalan")
    world.issued(title="Neraca gas", supporting=["kemenkeu"])
    with world.service.reading() as connection:
        asking = world.person("coordinator")

        def found(narrowing: Narrowing, **more: Any) -> list[tuple[str | None, str | None]]:
            rows = inbox.tasks(
                connection, asking, "waiting", world.clock.now, narrowing=narrowing, **more
            )
            return [(one.task.institution, one.task.title) for one in rows.items]

        whole = found(Narrowing())
        assert len(whole) == 4
        assert found(Narrowing(institution="kemenkeu")) == [("kemenkeu", "Neraca gas")]
        assert {title for _, title in found(Narrowing(searched="neraca"))} == {"Neraca gas"}
        assert len(found(Narrowing(searched="pertahanan"))) == 2
        assert found(Narrowing(coordinator="asdep")) == []
        assert len(found(Narrowing(coordinator="coordinator"))) == 4
        for by in inbox.SORTS:
            for descending in (False, True):
                rows = sorted_walk(connection, asking, world, Sort(by, descending))
                assert len(rows) == len({one.task.id for one in rows}) == 4, by
        names = [one.task.institution_name for one in
                 sorted_walk(connection, asking, world, Sort("institution"))]  # fmt: skip
        assert names == sorted(names, key=str)
        with pytest.raises(BadInput):
            found(Narrowing(), sort=Sort("nothing"))


def sorted_walk(connection: Any, asking: Any, world: World, sort: Sort) -> list[ListedTask]:
    """All rows of a tab in another order, three at a time."""
    rows: list[ListedTask] = []
    after: UUID | None = None
    while True:
        page = inbox.tasks(
            connection, asking, "waiting", world.clock.now, sort=sort, after=after, limit=3
        )
        rows += page.items
        if page.last is None:
            return rows
        after = page.last.task.id


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(stage="plan"), 1),
        (Wanted(stage="acknowledge"), 1),
        (Wanted(institution="kemhan"), 1),
        (Wanted(role="supporting"), 1),
        (Wanted(time="late"), 1),
        (Wanted(time="on_time"), 1),
        (Wanted(time="ended"), 0),
        (Wanted(level=1), 1),
        (Wanted(level=4), 0),
    ],
)
def test_the_list_of_follow_ups_is_narrowed_by_stage_time_level_and_institution(
    small_world: World, wanted: Wanted, count: int
) -> None:
    world = small_world
    recommendation = world.issued()
    world.do("kemhan", "acknowledge", world.follow_up(recommendation, "kemhan"), **ACCEPTED)
    world.wait_until(world.at(date(2026, 1, 12)))  # the plan is due on 20 January
    assert len(listed(world, "asdep", wanted)) == count


def test_an_unknown_filter_is_refused(small_world: World) -> None:
    with pytest.raises(BadInput) as refused:
        listed(small_world, "asdep", Wanted(time="sometime", stage="nowhere"))
    assert set(refused.value.fields) == {"time", "stage"}


def test_the_matrix_shows_everyones_position_and_its_totals(world: World) -> None:
    first = world.issued()
    world.do("kemhan", "acknowledge", world.follow_up(first, "kemhan"), **ACCEPTED)
    world.do("kemhan", "plan", world.follow_up(first, "kemhan"), **PLAN)
    second = world.issued(supporting=["kemenkeu"])
    with world.service.reading() as connection:
        matrix = inventory.matrix(connection, world.person("asdep"), world.clock.now)
        with pytest.raises(Forbidden):
            inventory.matrix(connection, world.person("kemhan"), world.clock.now)
    assert [row.id for row in matrix.rows] == [second, first]
    assert list(matrix.institutions) == ["kemenkeu", "kemenperin", "kemhan"]
    assert matrix.positions[first, "kemhan"].cell.status == "implement"
    assert (second, "kemenperin") not in matrix.positions
    found = {pick: count for pick, count in matrix.totals.items() if count}
    assert found == {"open": 4, "implement": 1, "acknowledge": 3}
    assert matrix.total == 4


def test_the_numbers_of_the_matrix_are_of_the_whole_whatever_page_shows_them(world: World) -> None:
    first, second, third = world.issued(), world.issued(), world.issued()
    world.do("kemhan", "acknowledge", world.follow_up(second, "kemhan"), **ACCEPTED)
    with world.service.reading() as connection:

        def page(**asked: Any) -> inventory.Matrix:
            asking = world.person("asdep")
            return inventory.matrix(connection, asking, world.clock.now, limit=1, **asked)

        newest = page()
        assert [row.id for row in newest.rows] == [third]
        assert (newest.total, newest.totals["acknowledge"], newest.totals["plan"]) == (6, 5, 1)
        assert sum(one.number for one in newest.counts if one.institution == "kemhan") == 3
        assert page(after=newest.last).counts == newest.counts

        planned = page(pick="plan")
        assert [row.id for row in planned.rows] == [second], "though it begins no page"
        assert (planned.first, planned.last) == (None, None)
        assert planned.picked == {planned.positions[second, "kemhan"].cell.id}
        waiting = page(pick="acknowledge")
        there = [waiting]
        while there[-1].last:
            there.append(page(pick="acknowledge", after=there[-1].last))
        assert [row.id for one in there for row in one.rows] == [third, second, first]
        assert sum(len(one.picked) for one in there) == waiting.totals["acknowledge"]


def test_the_list_of_recommendations_counts_who_is_done(world: World) -> None:
    recommendation = world.issued()
    world.finish("kemhan", world.follow_up(recommendation, "kemhan"))
    draft = world.propose()
    with world.service.reading() as connection:
        coordinator = world.person("coordinator")
        rows = recommendations.page(connection, coordinator, world.clock.now).items
        only_issued = recommendations.page(
            connection, coordinator, world.clock.now, recommendation_lists.Wanted(status="issued")
        ).items
    assert [row.id for row in rows] == [draft, recommendation]
    assert (rows[1].done, rows[1].total) == (1, 2)
    assert rows[1].timing is not None
    assert rows[1].timing.when == "before"
    assert [row.id for row in only_issued] == [recommendation]


def test_recommendations_are_narrowed_to_those_with_work_past_its_deadline(world: World) -> None:
    first = world.issued()
    for institution in ("kemhan", "kemenperin"):
        world.do(institution, "acknowledge", world.follow_up(first, institution), **ACCEPTED)
    second = world.issued(supporting=["kemenkeu"], priority="high")
    world.wait_until(world.at(date(2026, 1, 9)))

    def found(**wanted: Any) -> list[UUID]:
        narrowed = recommendation_lists.Wanted(**wanted)
        with world.service.reading() as connection:
            page = recommendations.page(
                connection, world.person("asdep"), world.clock.now, narrowed
            )
        return [row.id for row in page.items]

    assert found() == [second, first]
    assert found(late=True) == [second], "acknowledging was due within three working days"
    assert found(institution="kemenperin") == [first]
    assert found(priority="high", late=True) == [second]
    with pytest.raises(BadInput):
        found(status="somewhere")


def test_leadership_of_an_institution_sees_its_own_escalations_only(world: World) -> None:
    world.issued()
    world.wait_until(world.at(date(2026, 1, 14)))
    with world.service.reading() as connection:
        own = escalations.page(connection, world.person("kemhan-head"), world.clock.now).items
        all_of_them = escalations.page(connection, world.person("menko"), world.clock.now).items
        with pytest.raises(Forbidden):
            escalations.page(connection, world.person("kemhan"), world.clock.now)
    assert [row.escalation.task.institution for row in own] == ["kemhan"]
    assert {row.escalation.task.institution for row in all_of_them} == {"kemhan", "kemenperin"}
    assert {row.timing for row in own} == {Timing(4, "late")}


def test_a_commented_draft_stays_in_the_list_of_who_commented(world: World) -> None:
    world.colleague("kemhan-2", "kemhan")
    draft, other = world.propose(), world.propose()
    world.register(draft, title="Peta jalan")
    world.register(other, title="Neraca gas")
    world.comment("kemhan", draft, stance="agree_with_notes", notes="Perjelas.")

    def found(who: str) -> list[tuple[str, str, str, bool | None]]:
        with world.service.reading() as connection:
            rows = taken_part.page(connection, world.person(who)).items
        return [(one.title, one.institution, one.stance, one.accepted) for one in rows]

    mine = ("Peta jalan", "kemhan", "agree_with_notes", None)
    assert found("kemhan") == [mine]
    assert found("kemhan-2") == found("coordinator") == [], "somebody else's comment"
    world.comment("kemhan", other, stance="agree")
    assert [title for title, *_ in found("kemhan")] == ["Neraca gas", "Peta jalan"]
    with world.service.transaction() as connection:
        users.replace_grants(connection, world.person("kemhan").user_id, Grants({}, frozenset()))
    world.lower_clearance("kemhan", "ordinary")
    assert found("kemhan") == [], "who has left the institution reads its drafts no more"


def test_the_numbers_of_an_institution_are_those_of_its_lists(world: World) -> None:
    for _ in range(3):
        world.issued(supporting=["kemenperin"])
    first = world.issued(supporting=["kemenperin"])
    world.do("kemhan", "acknowledge", world.follow_up(first, "kemhan"), **ACCEPTED)
    world.wait_until(world.at(date(2026, 1, 14)))
    with world.service.reading() as connection:
        for who in ("asdep", "kemhan"):
            asking, now = world.person(who), world.clock.now
            numbers = follow_up_list.numbers(connection, asking, "kemhan", now)
            for time_, number in ((None, numbers.total), ("open", numbers.open),
                                  ("late", numbers.late)):  # fmt: skip
                rows = listed(world, who, Wanted(institution="kemhan", time=time_))
                assert len(rows) == number, (who, time_)
            assert numbers.late == 3 and numbers.total == 4
        theirs = follow_up_list.numbers(
            connection, world.person("kemenperin"), "kemhan", world.clock.now
        )
        assert (theirs.total, theirs.open, theirs.late) == (0, 0, 0)
