"""Repeating timers and ladders: their allowed places, and the elements behind them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.models.checks import Known
from tests.engine.models.building import (
    Part,
    boundary,
    catch,
    compensate,
    condition,
    decision_task,
    end,
    event,
    flow,
    node,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    undoing,
    user_task,
)
from tests.engine.models.checks.checking import errors

LADDER = '${next_look("escalation")}'
HANDLED = Known(topics={"notify": frozenset()})


def table(*next_looks: str) -> dict[str, bytes]:
    """A ladder `escalation`: row n holds for `overdue` n, the last for all later days."""
    rows = ""
    for day, look in enumerate(next_looks):
        test = f"&gt;= {day}" if day == len(next_looks) - 1 else str(day)
        rows += (
            f'<rule id="r{day}"><inputEntry id="i{day}"><text>{test}</text></inputEntry>'
            f'<outputEntry id="o{day}"><text>{look}</text></outputEntry></rule>'
        )
    return {
        "escalation.dmn": f"""
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">
<decision id="escalation" name="Ladder"><decisionTable id="t" hitPolicy="FIRST">
<input id="in"><inputExpression id="e" typeRef="number"><text>overdue</text></inputExpression>
</input><output id="out" name="next_look" typeRef="number"/>{rows}
</decisionTable></decision></definitions>""".encode()
    }


def reminded(
    time: Part, *behind: Part, interrupting: bool = False, due: str | None = "2026-12-01"
) -> tuple[Part, ...]:
    """A task `a` with a boundary event `b` that leads through `behind` to an end."""
    chain = ["b", *(part.id for part in behind), "told"]
    return (
        start(),
        user_task("a", camunda_dueDate=due),
        end(),
        boundary("b", "a", time, interrupting=interrupting),
        *behind,
        end("told"),
        flow("start", "a"),
        flow("a", "end"),
        *(flow(*pair) for pair in pairwise(chain)),
    )


def reminded_inside(*behind: Part) -> tuple[Part, ...]:
    """The same in a sub-process that has a start event of its own."""
    chain = ["b", *(part.id for part in behind), "told"]
    return (
        user_task("a", camunda_dueDate="2026-12-01"),
        boundary("b", "a", timer(LADDER, "timeCycle"), interrupting=False),
        *behind,
        end("told"),
        flow("due", "a"),
        *(flow(*pair) for pair in pairwise(chain)),
    )


WHOLE = sub_process(
    "whole", start("undone", event("compensate")), user_task("call"), triggeredByEvent=True
)


class TestBehindTimers:
    def behind(
        self, part: Part, time: Part | None = None, *, interrupting: bool = False
    ) -> set[tuple[str, str]]:
        ladder = time or timer(LADDER, "timeCycle")
        return errors(
            *reminded(ladder, part, interrupting=interrupting),
            known=HANDLED,
            files=table("1", "3", ""),
        )

    @pytest.mark.parametrize(
        "part",
        [
            user_task("w"),
            node("manualTask", "w"),
            catch("w", timer("P1D")),
            catch("w", event("message", "m")),
            catch("w", condition("paid")),
            catch("w", condition("paid"), event("signal", "s")),
            node("receiveTask", "w", messageRef="message_m"),
            service_task("w", "somebody_outside"),
        ],
        ids=lambda part: part.xml.split()[0],
    )
    def test_what_waits_behind_a_ladder_is_refused(self, part: Part) -> None:
        assert self.behind(part) == {("w", "waits-behind-timer")}

    def test_what_waits_inside_a_sub_process_is_refused_too(self) -> None:
        inner = sub_process(
            "s", start("s1"), sub_process("t", start("t1"), user_task("w"), end("t2"))
        )
        assert ("w", "waits-behind-timer") in self.behind(inner)

    def test_a_handler_of_the_product_is_fine(self) -> None:
        assert self.behind(service_task("n", "notify")) == set()

    @pytest.mark.parametrize("of", [None, "w"], ids=["all", "one"])
    @pytest.mark.parametrize(
        ("undone", "refused"),
        [
            ((user_task("w"), *undoing("w")), True),
            ((user_task("w"), *undoing("w", kind="manualTask")), True),
            ((user_task("w"), *undoing("w", kind="task")), False),
            (
                (
                    *(user_task("w"), *undoing("w", kind="task"), user_task("ask")),
                    *(boundary("late", "undo_w", timer("P1D")), flow("late", "ask")),
                ),
                True,
            ),
            ((sub_process("w", user_task("x"), *undoing("x")),), True),
            ((sub_process("w", user_task("x"), *undoing("x", kind="task")),), False),
            ((sub_process("w", start("s"), user_task("x"), flow("s", "x"), WHOLE),), True),
            (
                (
                    *(user_task("w"), *undoing("w", kind="task"), user_task("x")),
                    *(boundary("late", "x", timer("P1D")), user_task("y"), flow("late", "y")),
                ),
                False,
            ),
        ],
        ids=["user task", "manual task", "passed at once", "behind the handler", "inside",
             "passed inside", "as a whole", "beside"],
    )  # fmt: skip
    def test_what_undoes_by_waiting_is_refused_behind_a_ladder(
        self, undone: tuple[Part, ...], refused: bool, of: str | None
    ) -> None:
        found = errors(
            *reminded(timer(LADDER, "timeCycle"), throw("back", compensate(of))),
            *undone, flow("w", "a", id="way"), flow("start", "w", id="in"),
            known=HANDLED, files=table("1", "3", ""),
        )  # fmt: skip
        assert (("back", "waits-behind-timer") in found) is refused
        assert found <= {("back", "waits-behind-timer")}

    def test_so_it_is_where_an_event_sub_process_undoes_what_is_around_it(self) -> None:
        watch = sub_process(
            "watch", start("due", event("escalation", "e"), isInterrupting=False),
            *reminded_inside(throw("back", compensate())), triggeredByEvent=True,
        )  # fmt: skip
        found = errors(
            start(), user_task("w"), *undoing("w"), end(), watch,
            flow("start", "w"), flow("w", "end"),
            known=HANDLED, files=table("1", "3", ""),
        )  # fmt: skip
        assert found == {("back", "waits-behind-timer")}

    @pytest.mark.parametrize("time", [timer("P1D"), timer("R/P1D", "timeCycle")])
    def test_every_other_timer_may_lead_to_work(self, time: Part) -> None:
        assert self.behind(user_task("w"), time) == set()
        assert self.behind(user_task("w"), time, interrupting=True) == set()

    def test_a_waiting_task_shared_by_two_ladders_is_told_once(self) -> None:
        shared = reminded(timer(LADDER, "timeCycle"), user_task("w"))
        second = boundary("c", "a", timer(LADDER, "timeCycle"), interrupting=False)
        found = errors(*shared, second, flow("c", "w"), files=table("1", "3", ""))
        assert found == {("w", "waits-behind-timer")}


def test_an_event_that_catches_once_refuses_a_cycle() -> None:
    assert errors(start(), catch("c", timer("R/P1D", "timeCycle")), end()) == {("c", "timer")}


class TestLadders:
    def test_a_ladder_on_a_task_with_deadline_and_table_is_fine(self) -> None:
        shared = (decision_task("d", "escalation"), service_task("n", "notify"))
        parts = reminded(timer(LADDER, "timeCycle"), *shared)
        assert errors(*parts, known=HANDLED, files=table("1", "3", "")) == set()

    def test_a_task_without_deadline_cannot_be_escalated(self) -> None:
        parts = reminded(timer(LADDER, "timeCycle"), due=None)
        assert errors(*parts, files=table("1", "")) == {("a", "ladder")}

    def test_a_ladder_without_its_table_is_refused(self) -> None:
        assert errors(*reminded(timer(LADDER, "timeCycle"))) == {("b", "decision-missing")}

    def test_a_ladder_hangs_softly_on_a_human_task(self) -> None:
        hard = reminded(timer(LADDER, "timeCycle"), interrupting=True)
        assert errors(*hard, files=table("1", "")) == {("b", "ladder")}
        caught = (start(), catch("c", timer(LADDER, "timeCycle")), end())
        assert ("c", "ladder") in errors(*caught, files=table("1", ""))

    def test_next_look_inside_something_larger_is_refused(self) -> None:
        parts = reminded(timer('${max(next_look("escalation"), today())}', "timeDate"))
        assert errors(*parts, files=table("1", "")) == {("b", "ladder")}

    def test_a_table_that_does_not_climb_is_told_with_its_rule(self) -> None:
        parts = reminded(timer(LADDER, "timeCycle"))
        assert ("r1", "ladder") in errors(*parts, files=table("1", "0", ""))
