"""Ad-hoc sub-processes: the choices, their repetition, and the end."""

from __future__ import annotations

import pytest

from engine.execution.border import Fault, Program
from engine.sentences.errors import BadInput
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    ad_hoc,
    boundary,
    call,
    catch,
    compensate,
    end,
    event,
    exclusive,
    flow,
    multi_instance,
    parallel,
    process,
    script_task,
    start,
    sub_process,
    throw,
    timer,
    undoing,
    user_task,
)

TASKS = (user_task("ask"), user_task("visit"))


def around(inside: Part, *beside: Part) -> Program:
    """The ad-hoc sub-process, then a task."""
    flows = (flow("start", inside.id), flow(inside.id, "after"), flow("after", "end"))
    return program_of(start(), inside, user_task("after"), end(), *beside, *flows)


def work(*parts: Part, until: str | None = None, **attributes: object) -> Program:
    return around(ad_hoc("work", *(parts or TASKS), until=until, **attributes))


class TestChoosing:
    def test_nothing_begins_until_somebody_chooses(self) -> None:
        play = Play(work())
        assert (play.open, play.choices) == ([], {"work": ["ask", "visit"]})
        assert list(play.waiting.elements()) == ["work"]
        assert (play.last.entered, play.last.left) == (("start", "work"), ("start",))

    def test_an_activity_can_be_started_again_and_again_and_beside_others(self) -> None:
        play = Play(work())
        for activity in ("ask", "ask", "visit"):
            play.choose(activity)
        assert play.open == ["ask", "ask", "visit"]
        assert [play.task("ask", number).round for number in (0, 1)] == [1, 2]
        play.complete("ask")
        play.choose("ask")
        assert play.open == ["ask", "ask", "visit"]

    def test_in_sequence_the_next_is_started_when_the_one_is_done(self) -> None:
        play = Play(work(ordering="Sequential"))
        play.choose("visit")
        assert play.choices == {"work": []}
        with pytest.raises(BadInput, match="One activity is done at a time"):
            play.choose("ask")
        play.complete("visit")
        assert play.choices == {"work": ["ask", "visit"]}
        play.choose("ask")
        assert play.open == ["ask"]

    @pytest.mark.parametrize("activity", ["after", "nothing", "then"])
    def test_what_a_flow_leads_to_or_lies_elsewhere_is_not_chosen(self, activity: str) -> None:
        play = Play(work(user_task("ask"), user_task("then"), flow("ask", "then")))
        assert play.choices == {"work": ["ask"]}
        with pytest.raises(BadInput, match=activity):
            play.choose(activity)
        assert play.open == []

    def test_flows_inside_lead_on(self) -> None:
        parts = (user_task("ask"), script_task("count", "n = 1"), user_task("then"))
        play = Play(work(*parts, flow("ask", "count"), flow("count", "then")))
        play.choose("ask")
        play.complete("ask")
        assert (play.open, play.data) == (["then"], {"n": 1})

    def test_in_sequence_what_follows_by_a_flow_comes_before_the_next_choice(self) -> None:
        parts = (user_task("ask"), catch("wait", timer("P1D")), user_task("then"), *TASKS[1:])
        flows = (flow("ask", "wait"), flow("wait", "then"))
        play = Play(work(*parts, *flows, ordering="Sequential"))
        play.choose("ask")
        play.complete("ask")
        assert play.choices == {"work": []}
        play.advance(days=1)
        assert (play.open, play.choices) == (["then"], {"work": []})
        play.complete("then")
        assert play.choices == {"work": ["ask", "visit"]}

    def test_in_sequence_a_join_does_not_wait_for_what_cannot_be_chosen(self) -> None:
        parts = (*TASKS, parallel("join"), user_task("then"))
        flows = (flow("ask", "join"), flow("visit", "join"), flow("join", "then"))
        play = Play(work(*parts, *flows, ordering="Sequential"))
        for activity in ("ask", "visit"):
            play.choose(activity)
            play.complete(activity)
        assert play.open == ["then"]

    def test_what_it_is_started_with_is_written_as_an_answer_is(self) -> None:
        inside = ad_hoc("work", *TASKS, inputs("topic", "'roads'"))
        play = Play(around(inside), {"who": "ani"})
        play.choose("ask", who="budi", topic="bridges")
        assert play.data == {"who": "budi"}
        assert play.live.data_of(play.task("ask").token)["topic"] == "bridges"

    def test_a_boundary_event_of_what_is_chosen_is_armed_with_it(self) -> None:
        late = boundary("late", "ask", timer("P1D"))
        play = Play(work(*TASKS, late, user_task("remind"), flow("late", "remind")))
        assert play.due == {}
        play.choose("ask")
        play.advance(days=1)
        assert play.open == ["remind"]

    def test_a_sub_process_and_a_repeated_activity_are_chosen_as_a_whole(self) -> None:
        sub = sub_process("sub", start("s"), user_task("inner"), end("e"))
        play = Play(work(sub, user_task("each", multi_instance("people"))), {"people": [1, 2]})
        play.choose("sub")
        play.choose("each")
        assert play.open == ["each", "each", "inner"]


class TestCompleting:
    def test_without_a_condition_somebody_completes_it(self) -> None:
        play = Play(work())
        play.choose("ask")
        play.complete("ask")
        assert play.open == []
        play.conclude(result="done")
        assert (play.open, play.choices, play.data) == (["after"], {}, {"result": "done"})
        assert play.last.left == ("work",)

    def test_it_may_be_completed_though_nothing_was_started(self) -> None:
        play = Play(work())
        play.conclude()
        assert play.open == ["after"]

    def test_it_is_not_completed_while_something_goes_on(self) -> None:
        play = Play(work())
        play.choose("ask")
        with pytest.raises(BadInput, match="still goes on"):
            play.conclude()
        assert play.open == ["ask"]

    def test_the_condition_is_asked_after_each_activity(self) -> None:
        play = Play(work(until="n >= 2"), {"n": 0})
        for number in (1, 2):
            play.choose("ask")
            play.complete("ask", n=number)
        assert (play.open, play.choices) == (["after"], {})

    def test_it_is_not_asked_before_an_activity_is_done(self) -> None:
        play = Play(work(until="done"), {"done": True})
        assert play.choices == {"work": ["ask", "visit"]}
        play.choose("ask")
        assert play.open == ["ask"]
        play.complete("ask")
        assert play.open == ["after"]

    def test_where_it_holds_before_anything_is_done_it_can_be_completed(self) -> None:
        play = Play(work(until="done"), {"done": True})
        play.conclude()
        assert play.open == ["after"]

    def test_where_it_does_not_hold_nobody_completes_it(self) -> None:
        play = Play(work(until="done"))
        with pytest.raises(BadInput, match="does not hold"):
            play.conclude()
        play.conclude(done=True)
        assert play.open == ["after"]

    def test_a_name_nobody_has_set_makes_it_false(self) -> None:
        play = Play(work(until="done"))
        play.choose("ask")
        play.complete("ask")
        assert play.choices == {"work": ["ask", "visit"]}

    def test_a_condition_that_gives_a_text_is_told_about_the_sub_process(self) -> None:
        play = Play(work(until="answer"))
        play.choose("ask")
        with pytest.raises(Fault, match="not yes or no") as told:
            play.complete("ask", answer="no")
        assert told.value.element_id == "work"

    def test_it_reads_variables_of_the_sub_process(self) -> None:
        play = Play(around(ad_hoc("work", *TASKS, inputs("done", "false"), until="done")))
        play.choose("ask")
        play.complete("ask", done=True)
        assert (play.open, play.data) == (["after"], {})

    def test_what_goes_on_is_cancelled_when_it_holds(self) -> None:
        play = Play(work(until="done"))
        play.choose("ask")
        play.choose("visit")
        play.complete("ask", done=True)
        assert play.open == ["after"]
        assert play.last.cancelled == ("visit",)

    def test_flows_behind_the_last_activity_are_not_taken_then(self) -> None:
        play = Play(work(user_task("ask"), user_task("then"), flow("ask", "then"), until="done"))
        play.choose("ask")
        play.complete("ask", done=True)
        assert play.open == ["after"]

    def test_what_goes_on_is_awaited_where_it_is_to_remain(self) -> None:
        parts = (*TASKS, user_task("then"), flow("visit", "then"))
        play = Play(work(*parts, until="done", cancelRemainingInstances=False))
        play.choose("ask")
        play.choose("visit")
        play.complete("ask", done=True)
        assert (play.open, play.choices) == (["visit"], {})
        play.complete("visit", done=False)
        assert play.open == ["then"]
        play.complete("then")
        assert play.open == ["after"]

    def test_a_repeated_activity_is_asked_about_once_it_is_done(self) -> None:
        each = user_task("each", multi_instance("people"))
        play = Play(work(each, until="done"), {"people": [1, 2]})
        play.choose("each")
        play.complete("each", done=True)
        assert play.open == ["each"]
        play.complete("each")
        assert play.open == ["after"]

    def test_what_undoes_and_what_an_event_begins_are_no_activities_of_it(self) -> None:
        watcher = sub_process(
            "watch", start("heard", event("message", "m"), isInterrupting=False), end("w"),
            triggeredByEvent=True,
        )  # fmt: skip
        play = Play(work(*TASKS, watcher, until="done"), {"done": True})
        play.deliver("m")
        assert play.choices == {"work": ["ask", "visit"]}


class TestAsAnySubProcess:
    def test_an_event_on_its_border_interrupts_it(self) -> None:
        inside = ad_hoc("work", *TASKS)
        late = boundary("late", "work", timer("P1D"))
        play = Play(around(inside, late, user_task("late_task"), flow("late", "late_task")))
        play.choose("ask")
        play.advance(days=1)
        assert (play.open, play.choices) == (["late_task"], {})

    @pytest.mark.parametrize("kind", ["message", "signal", "error", "escalation"])
    def test_whatever_comes_to_its_border_ends_it(self, kind: str) -> None:
        inside = ad_hoc("work", *TASKS, *thrower(kind))
        caught = boundary("caught", "work", event(kind, "x"))
        play = Play(around(inside, caught, user_task("other"), flow("caught", "other")))
        play.choose("visit")
        if kind in ("message", "signal"):
            play.deliver("x")
        else:
            play.choose("ask")
            play.complete("ask")
            play.choose("sub")
        assert (play.open, play.choices) == (["other"], {})

    def test_an_event_on_its_border_that_does_not_interrupt_leaves_the_choice(self) -> None:
        heard = boundary("heard", "work", event("message", "x"), interrupting=False)
        flows = (flow("heard", "beside"),)
        play = Play(around(ad_hoc("work", *TASKS), heard, user_task("beside"), *flows))
        play.deliver("x")
        assert (play.open, play.choices) == (["beside"], {"work": ["ask", "visit"]})
        play.conclude()
        assert play.open == ["after", "beside"]

    def test_one_after_the_other_each_run_has_its_choice_and_its_end(self) -> None:
        inside = ad_hoc("work", *TASKS, multi_instance("people", sequential=True), until="done")
        play = Play(around(inside), {"people": ["ani", "budi"], "done": False})
        for name in ("ani", "budi"):
            play.choose("ask")
            [task] = play.waiting.tasks.values()
            assert play.live.data_of(task.token)["item"] == name
            play.complete("ask", done=True)
        assert play.open == ["after"]

    def test_a_loop_marker_repeats_it_as_long_as_it_holds(self) -> None:
        marker = "<loopCondition>more</loopCondition>"
        loop = Part(f"<standardLoopCharacteristics>{marker}</standardLoopCharacteristics>")
        play = Play(around(ad_hoc("work", *TASKS, loop)), {"more": True})
        play.choose("ask")
        play.complete("ask")
        play.conclude()
        assert play.choices == {"work": ["ask", "visit"]}
        play.conclude(more=False)
        assert play.open == ["after"]

    def test_it_is_undone_as_a_whole_by_its_handler(self) -> None:
        inside = ad_hoc("work", *TASKS)
        back = (*undoing("work"), throw("back", compensate()), end())
        flows = (flow("start", "work"), flow("work", "back"), flow("back", "end"))
        play = Play(program_of(start(), inside, *back, *flows))
        play.choose("ask")
        play.complete("ask")
        play.conclude()
        assert play.open == ["undo_work"]

    def test_it_stands_in_an_event_sub_process(self) -> None:
        body = (start("heard", event("message", "m")), ad_hoc("work", *TASKS), end("w"))
        watcher = sub_process("watch", *body, triggeredByEvent=True)
        flows = (flow("start", "after"), flow("after", "end"))
        play = Play(program_of(start(), user_task("after"), end(), watcher, *flows))
        play.deliver("m")
        play.choose("ask")
        play.complete("ask")
        play.conclude()
        assert play.ended

    def test_what_compaction_would_drop_changes_nothing(self) -> None:
        seen = []
        for compacting in (True, False):
            play = Play(work(until="n > 2"), {"n": 0}, compacting=compacting)
            for number in (1, 2, 3):
                play.choose("ask")
                play.complete("ask", n=number)
            seen.append((play.open, play.data, play.choices))
        assert seen[0] == seen[1] == (["after"], {"n": 3}, {})

    def test_an_event_sub_process_in_it_takes_over(self) -> None:
        watcher = sub_process(
            "watch", start("heard", event("message", "m")), user_task("alarm"), end("w"),
            triggeredByEvent=True,
        )  # fmt: skip
        play = Play(work(*TASKS, watcher))
        play.choose("ask")
        play.deliver("m")
        assert (play.open, play.choices) == (["alarm"], {})
        play.complete("alarm")
        assert play.open == ["after"]

    def test_one_beside_what_is_chosen_holds_up_no_choice_but_the_end(self) -> None:
        watcher = sub_process(
            "watch", start("heard", event("message", "m"), isInterrupting=False),
            user_task("alarm"), end("w"), triggeredByEvent=True,
        )  # fmt: skip
        play = Play(work(*TASKS, watcher, ordering="Sequential"))
        play.deliver("m")
        assert play.choices == {"work": ["ask", "visit"]}
        with pytest.raises(BadInput, match="still goes on"):
            play.conclude()

    def test_several_at_once_are_chosen_in_one_by_one(self) -> None:
        inside = ad_hoc("work", *TASKS, multi_instance("people"), until="done")
        play = Play(around(inside), {"people": ["ani", "budi"]})
        assert len(play.live.choices()) == 2
        play.choose("ask", 1)
        [task] = play.waiting.tasks.values()
        assert play.live.data_of(task.token)["item"] == "budi"
        play.conclude(0, done=True)
        assert (play.open, len(play.live.choices())) == (["ask"], 1)
        play.complete("ask")
        assert play.open == ["after"]

    def test_it_stands_in_a_called_process_and_in_another_ad_hoc_sub_process(self) -> None:
        inner = ad_hoc("inner", user_task("ask"))
        caller = process("p", start(), call("c", "q"), user_task("after"), end())
        called = process("q", ad_hoc("outer", inner))
        play = Play(program_of(caller, called))
        play.choose("inner")
        play.choose("ask", 1)
        assert play.task("ask").path == "c/outer/inner"
        play.complete("ask")
        play.conclude(1)
        play.conclude()
        assert play.open == ["after"]

    def test_what_was_done_in_it_is_undone(self) -> None:
        inside = ad_hoc("work", *TASKS, *undoing("ask"), until="done")
        back = (throw("back", compensate()), user_task("last"))
        play = Play(
            program_of(
                *(start(), inside, *back, end(), flow("start", "work"), flow("work", "back")),
                *(flow("back", "last"), flow("last", "end")),
            )
        )
        for answer in ({}, {"done": True}):
            play.choose("ask")
            play.complete("ask", **answer)
        undone = play.open
        assert len(undone) == 2
        assert len(set(undone)) == 1
        for element in undone:
            play.complete(element)
        assert play.open == ["last"]

    def test_a_loop_comes_to_it_again(self) -> None:
        inside = ad_hoc("work", *TASKS)
        play = Play(
            program_of(
                *(start(), exclusive("merge"), inside, exclusive("more", default="more_to_end")),
                *(end(), flow("start", "merge"), flow("merge", "work"), flow("work", "more")),
                *(flow("more", "merge", "again"), flow("more", "end")),
            ),
            {"again": True},
        )
        for _ in range(3):
            tokens = play.tasks
            play.choose("ask")
            play.complete("ask")
            play.conclude()
            assert play.tasks == tokens
        play.conclude(again=False)
        assert play.ended


def thrower(kind: str) -> tuple[Part, ...]:
    """For what is thrown inside: a sub-process that throws it."""
    if kind not in ("error", "escalation"):
        return ()
    return (sub_process("sub", start("s"), end("e", event(kind, "x"))),)


def inputs(name: str, value: str) -> Part:
    """An input parameter: a variable of the activity alone."""
    parameter = f'<camunda:inputParameter name="{name}">${{{value}}}</camunda:inputParameter>'
    inner = f"<camunda:inputOutput>{parameter}</camunda:inputOutput>"
    return Part(f"<extensionElements>{inner}</extensionElements>")
