"""Timers are due and fire by the step's time, whatever the machine's clock shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.execution.border import Fault
from engine.sentences.errors import Conflict
from tests.engine.execution.border.play import MONDAY, Play, program_of
from tests.engine.models.building import (
    boundary,
    catch,
    end,
    flow,
    parallel,
    script_task,
    service_task,
    start,
    timer,
    user_task,
)


def waiting_for(text: str, kind: str, **values: object) -> Play:
    program = program_of(start(), catch("wait", timer(text, kind)), user_task("after"), end())
    return Play(program, values)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("P14D", "timeDuration", MONDAY + timedelta(days=14)),
        ("P14D", "timeDate", MONDAY + timedelta(days=14)),
        ("PT90M", "timeDuration", MONDAY + timedelta(minutes=90)),
        ("P1M", "timeDuration", datetime(2026, 4, 2, 2, 0, tzinfo=UTC)),
        ("${span}", "timeDuration", MONDAY + timedelta(hours=2)),
        ("2026-12-01T09:00:00+07:00", "timeDate", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("2026-12-01T09:00:00", "timeDate", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("${day}", "timeDate", datetime(2026, 3, 5, 17, 0, tzinfo=UTC)),
        ("${working_days(3, today())}", "timeDate", datetime(2026, 3, 5, 17, 0, tzinfo=UTC)),
        ("R3/PT10H", "timeCycle", MONDAY + timedelta(hours=10)),
    ],
)
def test_a_timer_is_due_at(text: str, kind: str, expected: datetime) -> None:
    play = waiting_for(text, kind, span="PT2H", day="2026-03-05")
    assert play.due == {"wait": expected}
    play.now = expected - timedelta(seconds=1)
    assert play.advance(seconds=0) == 0
    assert play.advance(seconds=1) == 1
    assert play.open == ["after"]


def test_a_timer_fires_exactly_when_it_is_due_by_the_clock_of_the_step() -> None:
    play = waiting_for("PT1H", "timeDuration")
    play.fire("wait")
    assert play.open == ["after"]
    assert play.last.left == ("wait",)


def test_a_timer_that_gives_no_date_would_wait_for_ever_and_is_a_fault() -> None:
    with pytest.raises(Fault) as caught:
        waiting_for("${day}", "timeDate", day=None)
    assert caught.value.element_id == "wait"


def test_a_timer_that_is_gone_or_was_moved_later_is_a_conflict() -> None:
    play = waiting_for("PT1H", "timeDuration")
    [waiting] = play.waiting.timers.values()
    with pytest.raises(Conflict):
        early = waiting.due_at - timedelta(hours=1)
        play.step(lambda live: live.fire(waiting.token, play, early))
    play.fire("wait")
    with pytest.raises(Conflict):
        play.step(lambda live: live.fire(waiting.token, play, waiting.due_at))


def guarded(text: str, kind: str, *, interrupting: bool) -> Play:
    program = program_of(
        start(),
        user_task("a"),
        boundary("late", "a", timer(text, kind), interrupting=interrupting),
        script_task("note", "looked = timer"),
        user_task("instead") if interrupting else script_task("instead", "x = 1"),
        end(),
        end("other"),
        flow("start", "a"),
        flow("a", "end"),
        flow("late", "instead" if interrupting else "note"),
        flow("instead" if interrupting else "note", "other"),
    )
    return Play(program, {"due": "2026-03-05"}, case={"deadline": "2026-03-05"})


def test_an_interrupting_timer_takes_the_task_away() -> None:
    play = guarded("P1D", "timeDuration", interrupting=True)
    assert play.advance(days=1) == 1
    assert play.open == ["instead"]
    assert play.last.cancelled == ("a",)
    assert play.last.entered == ("late", "instead")
    assert play.due == {}


def test_a_timer_on_a_task_is_off_when_the_task_is_done() -> None:
    play = guarded("P1D", "timeDuration", interrupting=True)
    play.complete("a")
    assert play.ended
    assert play.last.cancelled == ()


def test_a_timer_on_a_task_without_a_date_sleeps() -> None:
    program = program_of(
        start(),
        user_task("a"),
        boundary("late", "a", timer("${case.limit}", "timeDate")),
        end(),
        flow("start", "a"),
        flow("a", "end"),
        flow("late", "end"),
    )
    play = Play(program, case={"limit": None})
    assert play.due == {}
    play.case["limit"] = "2026-03-05"
    play.step(lambda live: live.recompute_due(play))
    assert list(play.due) == ["late"]


def test_a_non_interrupting_timer_fires_once_beside_the_task_and_tells_its_times() -> None:
    play = guarded("P1D", "timeDuration", interrupting=False)
    assert play.advance(days=1, hours=2) == 1
    assert play.open == ["a"]
    assert play.due == {}
    row = str(play.task("a").row_id)
    play.complete("a", y=2)
    assert play.ended
    assert play.data["y"] == 2
    assert play.data["looked"] == {
        "planned": (MONDAY + timedelta(days=1)).isoformat(),
        "fired": play.now.isoformat(),
        "late_seconds": 7200,
        "missed": 0,
        "element": "a",
        "task": row,
        "tasks": [row],
    }


def test_an_overdue_cycle_fires_once_counts_what_it_missed_and_goes_on_in_the_future() -> None:
    seen: list[object] = []
    program = program_of(
        start(),
        user_task("a"),
        boundary("tick", "a", timer("R/PT1H", "timeCycle"), interrupting=False),
        script_task("note", "looked = timer.missed"),
        end(),
        end("other"),
        flow("start", "a"),
        flow("a", "end"),
        flow("tick", "note"),
        flow("note", "other"),
    )
    play = Play(program)
    before = play.tasks
    assert play.advance(hours=50, minutes=30) == 1
    assert play.due == {"tick": MONDAY + timedelta(hours=51)}
    assert play.advance(hours=1) == 1
    assert play.tasks == before
    play.complete("a")
    assert play.ended
    assert seen == []


def test_a_cycle_with_three_repetitions_fires_three_times_the_missed_ones_included() -> None:
    play = guarded("R3/P1D", "timeCycle", interrupting=False)
    assert play.days(10) == 3
    late = guarded("R3/P1D", "timeCycle", interrupting=False)
    assert late.advance(days=2, hours=1) == 1
    assert late.advance(days=10) == 1
    assert late.due == {}
    assert late.open == ["a"]


def test_a_cycle_computed_anew_does_not_repeat_what_has_fired() -> None:
    program = program_of(
        start(),
        user_task("a"),
        boundary("tick", "a", timer("${case.rhythm}", "timeCycle"), interrupting=False),
        end(),
        end("other"),
        flow("start", "a"),
        flow("a", "end"),
        flow("tick", "other"),
    )
    play = Play(program, case={"rhythm": "R/P1D"})
    assert play.days(3) == 3
    play.step(lambda live: live.recompute_due(play))
    assert play.due == {"tick": MONDAY + timedelta(days=4)}


@pytest.mark.parametrize("name", ["task.due_at", "due_at"])
def test_a_timer_that_reads_the_deadline_of_its_task_follows_when_that_moves(name: str) -> None:
    program = program_of(
        start(),
        user_task("a", camunda_dueDate="2026-03-05"),
        boundary("late", "a", timer(f"${{{name}}}", "timeDate"), interrupting=False),
        end(),
        end("other"),
        flow("start", "a"),
        flow("a", "end"),
        flow("late", "other"),
    )
    play = Play(program)
    assert play.due == {"late": datetime(2026, 3, 5, 17, 0, tzinfo=UTC)}
    later = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
    token = play.task("a").token
    play.step(lambda live: live.set_due(token, later, play))
    assert play.due == {"late": later}
    assert play.task("a").due_at == later
    play.fire("late")
    play.step(lambda live: live.set_due(token, later + timedelta(days=5), play))
    assert play.due == {}


def test_deadlines_that_read_the_case_follow_it_others_stay() -> None:
    program = program_of(
        start(),
        user_task("a", camunda_dueDate="${case.deadline}"),
        user_task("b", camunda_dueDate="${working_days(3, task.created)}"),
        catch("wait", timer("${case.deadline}", "timeDate")),
        flow("start", "a"),
        flow("start", "b"),
        flow("start", "wait"),
    )
    play = Play(program, case={"deadline": "2026-03-05"})
    fixed = play.task("b").due_at
    play.case["deadline"] = "2026-03-12"
    play.now += timedelta(days=1)
    play.step(lambda live: live.recompute_due(play))
    moved = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
    assert play.task("a").due_at == moved
    assert play.due == {"wait": moved}
    assert play.task("b").due_at == fixed


def test_an_extension_a_person_granted_is_not_taken_back_by_the_case() -> None:
    program = program_of(start(), user_task("a", camunda_dueDate="${case.deadline}"), end())
    play = Play(program, case={"deadline": "2026-03-05"})
    granted = datetime(2026, 3, 20, 17, 0, tzinfo=UTC)
    token = play.task("a").token
    play.step(lambda live: live.set_due(token, granted, play))
    play.case["deadline"] = "2026-03-12"
    play.step(lambda live: live.recompute_due(play))
    assert play.task("a").due_at == granted
    play.case["deadline"] = "2026-04-01"
    play.step(lambda live: live.recompute_due(play))
    assert play.task("a").due_at == datetime(2026, 4, 1, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9999-12-31", "timeDate"),
        ("9999-12-31T23:00:00-12:00", "timeDate"),
        ("0001-01-01T00:00:00+14:00", "timeDate"),
        ("P9999Y", "timeDuration"),
        ("R/P9999Y", "timeCycle"),
        ("R/0001-01-01T00:00:00+14:00/P1D", "timeCycle"),
    ],
)
def test_a_time_that_no_calendar_holds_is_a_fault_in_words(text: str, kind: str) -> None:
    guarded = program_of(start(), user_task("u"), boundary("b", "u", timer("${when}", kind)), end())
    with pytest.raises(Fault, match="out of range"):
        Play(guarded, {"when": text})


@pytest.mark.parametrize("text", ["9999-12-31", "P9999Y"])
def test_so_is_such_a_deadline(text: str) -> None:
    with pytest.raises(Fault, match="out of range"):
        Play(program_of(start(), user_task("u", camunda_dueDate="${when}"), end()), {"when": text})


CRON = program_of(
    start(),
    user_task("work"),
    boundary("remind", "work", timer("0 9 * * MON-FRI", "timeCycle"), interrupting=False),
    script_task("note", "n = n + 1"),
    end(),
    flow("start", "work"),
    flow("work", "end"),
    flow("remind", "note"),
)


def test_a_cron_expression_fires_when_the_clock_says_so() -> None:
    play = Play(CRON, {"n": 0})
    assert play.due["remind"] == MONDAY + timedelta(days=1), "it is nine o'clock on Monday already"
    assert play.days(4) == 4
    assert play.due["remind"] == MONDAY + timedelta(days=7), "Saturday and Sunday are left out"
    assert play.data == {"n": 4}


def test_times_of_a_cron_expression_that_went_by_are_counted_and_not_made_up_for() -> None:
    said = []
    late = service_task("tell", "note")
    parts = (
        start(), user_task("work"),
        boundary("remind", "work", timer("0 9 * * MON-FRI", "timeCycle"), interrupting=False),
        late, end(), flow("start", "work"), flow("work", "end"), flow("remind", "tell"),
    )  # fmt: skip
    play = Play(program_of(*parts), handlers={"note": lambda call: said.append(call.data["timer"])})
    assert play.advance(days=4, hours=1) == 1
    assert [one["missed"] for one in said] == [3]
    assert play.due["remind"] == MONDAY + timedelta(days=7)


def test_a_cron_expression_that_has_become_a_period_goes_on_from_its_firing() -> None:
    program = program_of(
        *(start(), parallel("fork"), user_task("work"), user_task("plan")),
        boundary("remind", "work", timer("${often}", "timeCycle"), interrupting=False),
        *(script_task("note", "n = n + 1"), flow("start", "fork"), flow("fork", "work")),
        *(flow("fork", "plan"), flow("remind", "note")),
    )
    play = Play(program, {"n": 0, "often": "0 9 * * *"})
    play.complete("plan", often="R/PT6H")
    assert play.advance(days=1) == 1
    assert play.due["remind"] == MONDAY + timedelta(days=1, hours=6)
    assert play.advance(hours=6) == 1
    assert play.data["n"] == 2


def test_a_date_that_turns_out_to_be_a_span_is_counted_from_now() -> None:
    play = waiting_for("${at}", "timeDate", at="PT1H")
    assert play.due == {"wait": MONDAY + timedelta(hours=1)}
