"""Compensation: completed activities are remembered, and undone once, the newest first."""

from __future__ import annotations

import pytest

from engine.execution.border import Fault, Program
from engine.execution.border.events import compensation
from tests.engine.execution.border.events.test_conditions import mapped
from tests.engine.execution.border.events.test_event_scopes import begins_by
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    call,
    compensate,
    end,
    event,
    exclusive,
    flow,
    multi_instance,
    node,
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


def noting(on: str, *, note: str = "") -> tuple[Part, ...]:
    """A handler of activity `on` that notes in `log` that it has run."""
    text = note or repr(on)
    script = Part(f"<script>log = log + [{text}]</script>")
    event_, handler = undoing(on, script, kind="scriptTask")
    written = handler.xml.replace("<scriptTask ", '<scriptTask scriptFormat="python" ')
    return event_, Part(written)


EACH = multi_instance("[1, 2]")
ONE_BY_ONE = multi_instance("[1, 2]", sequential=True)
AGAIN = Part('<standardLoopCharacteristics loopMaximum="2"/>')


def trip(*more: Part, undo: Part | None = None) -> Program:
    """Hotel, flight, then all is undone; `after` follows."""
    back = undo or throw("back", compensate())
    return program_of(
        *(start(), user_task("hotel"), *undoing("hotel"), user_task("flight"), *undoing("flight")),
        *(back, user_task("after"), end(), *more),
    )


def done(play: Play, *elements: str) -> Play:
    """Complete these tasks one after the other."""
    for element in elements:
        play.complete(element)
    return play


class TestThrown:
    def test_what_was_completed_is_undone_and_waited_for(self) -> None:
        play = done(Play(trip()), "hotel", "flight")
        assert play.open == ["undo_flight", "undo_hotel"]
        assert play.last.entered == (
            *("back", "flight_undoable", "undo_flight", "hotel_undoable", "undo_hotel"),
        )
        done(play, "undo_flight")
        assert play.open == ["undo_hotel"]
        done(play, "undo_hotel")
        assert play.last.left == ("undo_hotel", "back")
        assert play.open == ["after"]

    def test_the_newest_is_undone_first(self) -> None:
        program = program_of(
            *(start(), user_task("hotel"), *noting("hotel"), user_task("flight")),
            *(*noting("flight"), throw("back", compensate()), end()),
        )
        play = done(Play(program, {"log": []}), "hotel", "flight")
        assert play.data["log"] == ["flight", "hotel"]

    def test_what_is_not_completed_is_not_undone(self) -> None:
        program = program_of(
            *(start(), parallel("fork"), user_task("a"), *undoing("a"), user_task("b")),
            *(*undoing("b"), throw("back", compensate()), user_task("after")),
            *(flow("start", "fork"), flow("fork", "a"), flow("fork", "b")),
            *(flow("b", "back"), flow("back", "after")),
        )
        assert done(Play(program), "b").open == ["a", "undo_b"]

    def test_neither_is_what_was_interrupted(self) -> None:
        program = program_of(
            *(start(), user_task("a"), *undoing("a"), boundary("late", "a", timer("P1D"))),
            *(throw("back", compensate()), user_task("after")),
            *(flow("start", "a"), flow("late", "back"), flow("back", "after")),
        )
        play = Play(program)
        play.advance(days=1)
        assert play.open == ["after"]

    def test_each_is_undone_once(self) -> None:
        program = program_of(
            *(start(), user_task("a"), *undoing("a"), throw("one", compensate())),
            *(throw("two", compensate()), user_task("after"), end()),
        )
        play = done(Play(program), "a", "undo_a")
        assert play.open == ["after"]

    def test_one_activity_by_name(self) -> None:
        program = trip(undo=throw("back", compensate("hotel")))
        play = done(Play(program), "hotel", "flight")
        assert play.open == ["undo_hotel"]
        assert done(play, "undo_hotel").open == ["after"]

    def test_an_end_event_ends_its_branch_when_all_is_undone(self) -> None:
        program = program_of(*(start(), user_task("a"), *undoing("a"), end("back", compensate())))
        play = done(Play(program), "a")
        assert (play.open, play.ended) == (["undo_a"], False)
        assert done(play, "undo_a").ended

    def test_with_nothing_to_undo_it_goes_on(self) -> None:
        program = program_of(
            *(start(), throw("back", compensate()), user_task("a"), *undoing("a"), end())
        )
        play = Play(program)
        assert play.open == ["a"]
        assert done(play, "a").ended

    def test_what_is_completed_meanwhile_is_not_undone_by_it(self) -> None:
        program = program_of(
            *(start(), parallel("fork"), user_task("a"), *undoing("a"), user_task("b")),
            *(*undoing("b"), throw("back", compensate()), user_task("after")),
            *(flow("start", "fork"), flow("fork", "a"), flow("fork", "b")),
            *(flow("b", "back"), flow("back", "after")),
        )
        play = done(Play(program), "b", "a", "undo_b")
        assert play.open == ["after"]

    def test_every_round_of_a_loop_is_undone(self) -> None:
        program = program_of(
            *(start(), exclusive("merge"), user_task("a"), *noting("a"), end()),
            *(exclusive("more", default="more_to_back"), throw("back", compensate())),
            *(flow("start", "merge"), flow("merge", "a"), flow("a", "more")),
            *(flow("more", "merge", "again"), flow("more", "back"), flow("back", "end")),
        )
        play = Play(program, {"log": []})
        play.complete("a", again=True)
        play.complete("a", again=False)
        assert play.data["log"] == ["a", "a"]

    def test_more_than_can_be_kept_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        program = program_of(
            *(start(), exclusive("merge"), user_task("a"), *undoing("a")),
            *(flow("start", "merge"), flow("merge", "a"), flow("a", "merge")),
        )
        monkeypatch.setattr(compensation, "MAX_MEMORIES", 2)
        play = done(Play(program), "a", "a")
        with pytest.raises(Fault, match="kept here to be undone"):
            play.complete("a")
        assert play.open == ["a"]


class TestHandler:
    @pytest.mark.parametrize("kind", ["manualTask", "userTask"])
    def test_it_may_be_any_task_with_events_on_its_border(self, kind: str) -> None:
        program = program_of(
            *(start(), user_task("a"), *undoing("a", kind=kind), throw("back", compensate())),
            *(boundary("late", "undo_a", timer("P1D")), user_task("ask"), user_task("after")),
            *(flow("start", "a"), flow("a", "back"), flow("back", "after"), flow("late", "ask")),
            *(user_task("tell"), flow("late", "tell")),
        )
        play = done(Play(program), "a")
        play.advance(days=1)
        assert play.open == ["ask", "tell"]
        assert done(play, "ask").open == ["tell"]
        assert done(play, "tell").open == ["after"]

    def test_repeated_it_is_waited_for_as_a_whole(self) -> None:
        program = program_of(
            *(start(), user_task("a"), *undoing("a", multi_instance("[1, 2]"))),
            *(throw("back", compensate()), user_task("after"), end()),
        )
        play = done(Play(program), "a")
        assert play.open == ["undo_a", "undo_a"]
        assert done(play, "undo_a").open == ["undo_a"]
        assert done(play, "undo_a").open == ["after"]

    def test_a_process_without_a_start_event_does_not_begin_with_it(self) -> None:
        steps = (user_task("a"), *undoing("a"), user_task("b"), flow("a", "b"))
        assert Play(program_of(process("p", *steps))).open == ["a"]


def room(*more: Part, id: str = "stay", **settings: object) -> Part:
    """A sub-process with a variable of its own, in which a room is booked."""
    return sub_process(
        id,
        *(mapped(into="price=asked"), start(f"{id}_s"), user_task("room"), *undoing("room")),
        *(end(f"{id}_e"), flow(f"{id}_s", "room"), flow("room", f"{id}_e"), *more),
        **settings,
    )


class TestSubProcess:
    def test_a_handler_sees_its_variables_as_they_were_at_its_end(self) -> None:
        program = program_of(
            *(start(), room(), user_task("b"), throw("back", compensate()), user_task("after")),
            end(),
        )
        play = Play(program, {"asked": 7})
        play.complete("room", price=8)
        play.complete("b", price=100, asked=0)
        task = play.task("undo_room")
        assert task.path == "stay"
        seen = play.live.data_of(task.token)
        assert (seen["price"], seen["asked"]) == (8, 0)
        play.complete("undo_room", price=9)
        assert play.open == ["after"]
        assert play.data == {"asked": 0, "price": 100}

    def test_what_is_nested_is_undone_with_it_the_newest_first(self) -> None:
        inner = sub_process(
            *("inner", start("i"), script_task("x", "pass"), *noting("x"), end("ie")),
            *(flow("i", "x"), flow("x", "ie")),
        )
        outer = sub_process(
            *("outer", start("o"), script_task("y", "pass"), *noting("y"), inner),
            *(script_task("z", "pass"), *noting("z"), end("oe"), flow("o", "y")),
            *(flow("y", "inner"), flow("inner", "z"), flow("z", "oe")),
        )
        program = program_of(start(), outer, user_task("b"), end("back", compensate()))
        play = done(Play(program, {"log": []}), "b")
        assert play.ended
        assert play.data["log"] == ["z", "x", "y"]

    def test_by_name_its_own_handler_alone_undoes_it_and_else_both_do(self) -> None:
        def ways(thrown: Part) -> list[str]:
            back = throw("back", thrown)
            program = program_of(start(), room(), *undoing("stay"), back, user_task("after"), end())
            return done(Play(program, {"asked": 1}), "room").open

        assert ways(compensate("stay")) == ["undo_stay"]
        assert ways(compensate()) == ["undo_room", "undo_stay"]

    def test_without_a_handler_of_its_own_it_is_undone_inside_by_name(self) -> None:
        back = throw("back", compensate("stay"))
        play = Play(program_of(start(), room(), back, user_task("after"), end()), {"asked": 1})
        assert done(play, "room").open == ["undo_room"]
        assert done(play, "undo_room").open == ["after"]

    def test_an_event_sub_process_inside_undoes_it_as_a_whole(self) -> None:
        whole = begins_by(event("compensate"), id="whole")
        program = program_of(start(), room(whole), throw("back", compensate()), user_task("after"))
        play = done(Play(program, {"asked": 1}), "room")
        assert play.open == ["whole_task"]
        assert play.task("whole_task").path == "stay/whole"
        assert play.live.data_of(play.task("whole_task").token)["price"] == 1
        assert done(play, "whole_task").open == ["after"]

    def test_and_may_undo_what_is_inside_itself(self) -> None:
        again = throw("again", compensate())
        whole = begins_by(event("compensate"), user_task("call_hotel"), again, id="whole")
        program = program_of(start(), room(whole), throw("back", compensate()), user_task("after"))
        play = done(Play(program, {"asked": 1}), "room", "call_hotel")
        assert play.open == ["undo_room"]
        assert done(play, "undo_room").open == ["after"]

    def test_that_begins_only_once_the_sub_process_is_completed(self) -> None:
        whole = begins_by(event("compensate"), id="whole")
        inside = sub_process(
            *("stay", start("s"), user_task("room"), *undoing("room"), end("e")),
            *(throw("back", compensate()), whole),
            *(flow("s", "room"), flow("room", "back"), flow("back", "e")),
        )
        assert done(Play(program_of(start(), inside, end())), "room").open == ["undo_room"]

    def test_an_event_sub_process_undoes_what_is_around_it(self) -> None:
        watch = begins_by(event("error", "e"), throw("back", compensate()), user_task("w"), id="x")
        inside = sub_process(
            *("stay", start("s"), user_task("room"), *undoing("room"), watch),
            *(end("bad", event("error", "e")), flow("s", "room"), flow("room", "bad")),
        )
        play = done(Play(program_of(start(), inside, user_task("after"), end())), "room")
        assert play.open == ["undo_room"]
        assert done(play, "undo_room").open == ["w"]
        assert done(play, "w").open == ["after"]

    def test_interrupted_it_is_forgotten(self) -> None:
        inside = sub_process(
            *("stay", start("s"), user_task("room"), *undoing("room"), user_task("more"), end("e")),
            *(flow("s", "room"), flow("room", "more"), flow("more", "e")),
        )
        program = program_of(
            *(start(), inside, boundary("late", "stay", timer("P1D"))),
            *(throw("back", compensate()), user_task("after")),
            *(flow("start", "stay"), flow("late", "back"), flow("back", "after")),
        )
        play = done(Play(program), "room")
        play.advance(days=1)
        assert play.open == ["after"]
        assert play.tasks == Play(program_of(start(), user_task("after"), end())).tasks

    def test_terminated_inside_it_is_completed_and_can_be_undone(self) -> None:
        inside = sub_process(
            *("stay", start("s"), user_task("room"), *undoing("room")),
            *(end("stop", event("terminate")), flow("s", "room"), flow("room", "stop")),
        )
        program = program_of(start(), inside, throw("back", compensate()), user_task("after"))
        assert done(Play(program), "room").open == ["undo_room"]

    def test_without_anything_to_undo_it_leaves_nothing_behind(self) -> None:
        def size(*more: Part) -> int:
            inside = sub_process("stay", start("s"), user_task("room"), end("e"))
            program = program_of(start(), inside, user_task("b"), *more, end())
            return done(Play(program), "room").tasks

        assert size(throw("back", compensate())) == size()

    def test_an_error_in_a_handler_is_caught_around_what_threw(self) -> None:
        fails = node("serviceTask", "undo_room", isForCompensation=True, camunda_type="external",
                     camunda_topic="t")  # fmt: skip
        link = Part('<association id="l" sourceRef="room_undoable" targetRef="undo_room"/>')
        stay = sub_process(
            *("stay", start("s"), user_task("room"), end("e"), fails, link),
            *(boundary("room_undoable", "room", event("compensate")), flow("s", "room")),
            flow("room", "e"),
        )
        outer = sub_process(
            *("outer", start("o"), stay, throw("back", compensate()), flow("o", "stay")),
            flow("stay", "back"),
        )
        caught = boundary("failed", "outer", event("error", "e"))
        program = program_of(
            *(start(), outer, caught, user_task("after"), flow("start", "outer")),
            flow("failed", "after"),
        )
        play = done(Play(program), "room")
        token = play.external("t")
        play.step(lambda live: live.throw_error(token, "e", play))
        assert play.open == ["after"]


class TestRepeated:
    def test_each_completed_run_is_undone_with_its_entry(self) -> None:
        program = program_of(
            *(start(), user_task("a", multi_instance("[1, 2]")), *noting("a", note="item")),
            *(user_task("b"), throw("back", compensate()), end()),
        )
        play = done(Play(program, {"log": []}), "a", "a", "b")
        assert play.data["log"] == [2, 1]

    @pytest.mark.parametrize("sequential", [True, False])
    def test_so_is_each_sub_process_for_an_entry(self, sequential: bool) -> None:
        each = multi_instance("[1, 2]", sequential=sequential)
        stay = sub_process(
            *("stay", each, start("s"), user_task("room"), *noting("room", note="item")),
            *(end("e"), flow("s", "room"), flow("room", "e")),
        )
        program = program_of(
            start(), stay, user_task("b"), throw("back", compensate("stay")), end()
        )
        play = done(Play(program, {"log": []}), "room", "room", "b")
        assert play.data["log"] == [2, 1]

    def test_as_long_as_it_goes_on_nothing_of_it_is_undone_from_outside(self) -> None:
        program = program_of(
            *(start(), parallel("fork"), user_task("a", multi_instance("[1, 2]")), *undoing("a")),
            *(user_task("b"), throw("back", compensate()), user_task("after")),
            *(flow("start", "fork"), flow("fork", "a"), flow("fork", "b")),
            *(flow("b", "back"), flow("back", "after")),
        )
        play = done(Play(program), "a", "b")
        assert play.open == ["a", "after"]
        assert done(play, "a").open == ["after"]

    def test_a_completion_condition_ends_runs_and_keeps_what_was_done(self) -> None:
        until = Part(
            multi_instance("[1, 2, 3]").xml.removesuffix("/>")
            + "><completionCondition>nrOfCompletedInstances == 2</completionCondition>"
            + "</multiInstanceLoopCharacteristics>"
        )
        program = program_of(
            *(start(), user_task("a", until), *noting("a", note="item")),
            *(throw("back", compensate()), user_task("after"), end()),
        )
        play = done(Play(program, {"log": []}), "a", "a")
        assert (play.open, play.data["log"]) == (["after"], [2, 1])

    @pytest.mark.parametrize(
        "marker", [EACH, ONE_BY_ONE, AGAIN], ids=["each", "one by one", "loop"]
    )
    @pytest.mark.parametrize("ends", ["timer", "event sub-process", "cancelled transaction"])
    def test_interrupted_it_forgets_the_runs_it_has_completed(
        self, marker: Part, ends: str
    ) -> None:
        inside = (user_task("other"), *undoing("other"), user_task("a", marker), *undoing("a"))
        back = throw("back", compensate())
        if ends == "timer":
            program = program_of(
                *(start(), *inside, boundary("late", "a", timer("P1D")), back, user_task("after")),
                *(flow("start", "other"), flow("other", "a"), flow("late", "back")),
                flow("back", "after"),
            )
        elif ends == "event sub-process":
            watch = begins_by(timer("P1D"), back, user_task("after"), id="x")
            program = program_of(
                start(), *inside, watch, flow("start", "other"), flow("other", "a")
            )
        else:
            book = node(
                *("transaction", "book", start("s"), *inside, end("no", event("cancel"))),
                *(boundary("late", "a", timer("P1D"), interrupting=False), flow("late", "no")),
                *(flow("s", "other"), flow("other", "a")),
            )
            program = program_of(
                *(start(), book, boundary("undone", "book", event("cancel")), user_task("after")),
                *(flow("start", "book"), flow("undone", "after")),
            )
        play = done(Play(program), "other", "a")
        play.advance(days=1)
        assert play.open == ["undo_other"]
        assert done(play, "undo_other").open == ["after"]


class TestCalled:
    def test_a_called_process_is_undone_by_its_activity_not_from_inside(self) -> None:
        child = process("child", start("s"), user_task("room"), *undoing("room"), end("e"))
        caller = process(
            *("p", start(), call("go", "child"), *undoing("go"), throw("back", compensate())),
            *(user_task("after"), end()),
        )
        play = done(Play(program_of(caller, child)), "room")
        assert play.open == ["undo_go"]
        assert done(play, "undo_go").open == ["after"]

    def test_one_that_throws_undoes_what_is_inside_it_alone(self) -> None:
        child = process(
            *("child", start("s"), user_task("room"), *undoing("room"), end("e", compensate()))
        )
        caller = process(
            *("p", start(), user_task("a"), *undoing("a"), call("go", "child")),
            *(user_task("after"), end()),
        )
        play = done(Play(program_of(caller, child)), "a", "room")
        assert play.open == ["undo_room"]
        assert done(play, "undo_room").open == ["after"]


class TestTransaction:
    def test_cancelled_it_undoes_what_it_has_completed_then_goes_on(self) -> None:
        inside = node(
            "transaction",
            *("book", mapped(into="price=asked"), start("s"), parallel("fork"), user_task("room")),
            *(
                *undoing("room"),
                user_task("flight"),
                user_task("check"),
                end("no", event("cancel")),
            ),
            *(flow("s", "fork"), flow("fork", "room"), flow("fork", "flight")),
            *(flow("room", "check"), flow("check", "no")),
        )
        program = program_of(
            *(start(), inside, boundary("undone", "book", event("cancel")), user_task("sorry")),
            *(flow("start", "book"), flow("undone", "sorry")),
        )
        play = done(Play(program, {"asked": 3}), "room", "check")
        assert play.open == ["undo_room"]
        assert play.last.cancelled == ("flight",)
        assert play.live.data_of(play.task("undo_room").token)["price"] == 3
        assert done(play, "undo_room").open == ["sorry"]

    def test_completed_it_can_be_undone_like_any_sub_process(self) -> None:
        inside = node(
            *("transaction", "book", start("s"), user_task("room"), *undoing("room"), end("e")),
            *(flow("s", "room"), flow("room", "e")),
        )
        program = program_of(start(), inside, throw("back", compensate()), user_task("after"))
        assert done(Play(program), "room").open == ["undo_room"]


def test_what_is_undone_inside_another_sub_process_is_waited_for_too() -> None:
    inner = sub_process("inner", start("s2"), user_task("flight"), *undoing("flight"), end("e2"))
    outer = sub_process(
        "outer",
        *(start("s1"), user_task("hotel"), *undoing("hotel"), inner),
        *(throw("back", compensate()), end("e1")),
    )
    play = done(Play(program_of(start(), outer, user_task("after"), end())), "hotel", "flight")
    assert play.open == ["undo_flight", "undo_hotel"]
    assert done(play, "undo_hotel").open == ["undo_flight"]
    assert done(play, "undo_flight").open == ["after"]
