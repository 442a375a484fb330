"""Drawings with missing connections, and elements that the engine is not proven to run."""

from __future__ import annotations

import pytest

from tests.engine.models.building import (
    Part,
    ad_hoc,
    boundary,
    bpmn,
    call,
    catch,
    condition,
    end,
    event,
    exclusive,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)
from tests.engine.models.checks.checking import errors, findings, told, warnings

LOOP = Part(
    "<standardLoopCharacteristics><loopCondition>a</loopCondition></standardLoopCharacteristics>"
)


def beside_a_task(*inside: Part) -> tuple[Part, ...]:
    """A process with one task and, if anything is to be in it, the event sub-process x."""
    extra = (sub_process("x", *inside, triggeredByEvent=True),) if inside else ()
    return (start(), user_task("a"), end(), *extra, flow("start", "a"), flow("a", "end"))


def test_a_plain_process_has_no_errors() -> None:
    assert errors(start(), user_task("a"), end()) == set()


class TestKinds:
    @pytest.mark.parametrize(
        "part",
        [
            node("task", "x"),
            node("manualTask", "x"),
            node("inclusiveGateway", "x"),
            script_task("x", "a = 1"),
            service_task("x", "t"),
            sub_process("x", start("s1"), end("s2")),
            ad_hoc("x", user_task("s")),
            ad_hoc("x", user_task("s"), LOOP),
            ad_hoc("x", user_task("s"), multi_instance("list")),
            throw("x"),
            throw("x", event("message", "m")),
            throw("x", event("escalation", "e")),
            throw("x", event("signal", "s")),
            catch("x", event("signal", "s")),
            catch("x", timer("P1D")),
            catch("x", condition("paid")),
            catch("x", timer("P1D"), event("message", "m"), condition("paid")),
            throw("x", event("signal", "s"), event("message", "m")),
            catch("x", event("message", "m")),
            node("receiveTask", "x", messageRef="message_m"),
            node("sendTask", "x", messageRef="message_m"),
            user_task("x", multi_instance("list")),
            sub_process("x", multi_instance("list"), start("s1"), end("s2")),
            service_task("x", "t", multi_instance("list")),
            user_task("x", LOOP),
            node("callActivity", "x", multi_instance("list"), calledElement="q"),
        ],
        ids=lambda part: part.xml.split()[0],
    )
    def test_what_is_proven_passes(self, part: Part) -> None:
        assert errors(start(), part, end()) == set()

    @pytest.mark.parametrize(
        "kind", ["none", "terminate", "error", "escalation", "message", "signal", "compensate"]
    )
    def test_end_events_that_are_proven_pass(self, kind: str) -> None:
        named = {"error": "e", "escalation": "e", "message": "m", "signal": "s"}
        inner = () if kind == "none" else (event(kind, named.get(kind)),)
        assert errors(start(), end("x", *inner)) == set()

    @pytest.mark.parametrize(
        ("part", "name"),
        [
            (node("complexGateway", "x"), "complexGateway"),
            (catch("x", event("compensate")), "compensate intermediateCatchEvent"),
            (throw("x", event("conditional")), "conditional intermediateThrowEvent"),
            (
                catch("x", timer("P1D"), event("error", "e")),
                "error in a multiple intermediateCatchEvent",
            ),
            (
                catch("x", timer("R/P1D", "timeCycle"), event("message", "m")),
                "timer in a multiple intermediateCatchEvent",
            ),
            (
                throw("x", event("signal", "s"), event("compensate")),
                "compensate in a multiple intermediateThrowEvent",
            ),
            (node("choreographyTask", "x"), "choreographyTask"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_is_not_proven_is_refused_by_name(self, part: Part, name: str) -> None:
        found = [p for p in findings(start(), part, end()) if p.code == "not-proven"]
        assert [p.element_id for p in found] == ["x"]
        assert found[0].what.render() == f"{name} is not supported here."
        assert found[0].advice.render().startswith(("Draw", "Send", "Put"))

    def test_a_loop_marker_says_how_long_and_stands_alone(self) -> None:
        endless = user_task("x", Part("<standardLoopCharacteristics/>"))
        assert errors(start(), endless, end()) == {("x", "loop")}
        both = user_task("x", LOOP, multi_instance("list"))
        assert errors(start(), both, end()) == {("x", "not-proven")}

    @pytest.mark.parametrize("kind", ["conditional", "link"])
    def test_end_events_that_would_do_nothing_are_refused(self, kind: str) -> None:
        assert ("x", "not-proven") in errors(start(), end("x", event(kind)))

    @pytest.mark.parametrize("inner", [event("message", "m"), event("signal", "s"), timer("P1D")])
    def test_a_process_starts_by_a_message_a_signal_or_a_timer_and_a_sub_process_does_not(
        self, inner: Part
    ) -> None:
        assert errors(start("x", inner), end()) == set()
        inside = sub_process("sub", start("x", inner), end("e"))
        assert errors(start(), inside, end()) == {("x", "not-proven")}

    @pytest.mark.parametrize("inner", [condition("paid"), event("error", "e")])
    def test_and_by_nothing_else_a_process_starts(self, inner: Part) -> None:
        assert errors(start("x", inner), end()) == {("x", "not-proven")}

    def test_a_message_starts_one_process_only(self) -> None:
        other = bpmn(process("q", start("y", event("message", "m")), end()))
        found = errors(start("x", event("message", "m")), end(), files={"q.bpmn": other})
        assert found == {("y", "message-starts-two")}

    @pytest.mark.parametrize(
        "inner",
        [
            timer("P1D"),
            condition("paid"),
            *(event(kind, "x") for kind in ("message", "signal", "error", "escalation")),
        ],
    )
    def test_an_event_sub_process_begins_by_any_of_these(self, inner: Part) -> None:
        inside = beside_a_task(start("s", inner), end("e"))
        assert errors(*inside) == set()
        assert warnings(*inside) == warnings(*beside_a_task())

    @pytest.mark.parametrize("kind", ["terminate", "cancel"])
    def test_and_by_nothing_else(self, kind: str) -> None:
        assert errors(*beside_a_task(start("s", event(kind)), end("e"))) == {("s", "not-proven")}

    def test_what_would_never_begin_is_told(self) -> None:
        assert errors(*beside_a_task(start("s"), end("e"))) == {("s", "event-scope")}
        assert errors(*beside_a_task(user_task("t"))) == {("x", "event-scope")}

    def test_nothing_leads_into_it_or_out_of_it(self) -> None:
        inside = (start("s", timer("P1D")), end("e"))
        found = errors(*beside_a_task(*inside), flow("x", "end"))
        assert found == {("x", "event-scope")}

    def test_it_is_not_repeated_and_an_error_always_interrupts(self) -> None:
        inside = (start("s", event("error", "e"), isInterrupting=False), end("e"))
        assert errors(*beside_a_task(*inside)) == {("s", "interruption")}
        several = (multi_instance("list"), start("s", timer("P1D")), end("e"))
        assert errors(*beside_a_task(*several)) == {("x", "not-proven")}


class TestStartsAndEnds:
    def test_without_start_or_end_event_there_is_a_warning(self) -> None:
        assert errors(user_task("a")) == set()
        assert {("p", "no-start"), ("p", "no-end")} <= warnings(user_task("a"))

    def test_what_no_flow_leads_to_is_where_it_begins_then(self) -> None:
        found = warnings(user_task("a"), user_task("b"), end())
        assert not {code for _, code in found} & {"unreachable"}

    def test_a_sub_process_without_start_event_is_told_too(self) -> None:
        assert ("s", "no-start") in warnings(start(), sub_process("s", user_task("a")), end())

    def test_where_nothing_or_only_a_circle_is_drawn_there_is_no_beginning(self) -> None:
        assert errors() == {("p", "no-start")}
        circle = (exclusive("g", "g_to_a"), user_task("a"), flow("g", "a"), flow("a", "g"))
        assert errors(*circle) == {("p", "no-start")}
        assert errors(start(), sub_process("s"), end()) == {("s", "no-start")}

    def test_a_second_start_event_is_refused(self) -> None:
        parts = (start(), start("other"), end(), flow("start", "end"), flow("other", "end"))
        assert errors(*parts) == {("other", "two-starts")}


class TestFlows:
    def test_a_flow_to_nowhere_is_named(self) -> None:
        assert errors(start(), end(), flow("start", "end"), flow("start", "gone", id="f")) == {
            ("f", "flow-ends")
        }

    def test_a_flow_across_the_frame_of_a_sub_process_is_refused(self) -> None:
        inside = sub_process("s", start("s1"), user_task("a"), end("s2"))
        parts = (start(), inside, end(), flow("start", "s"), flow("s", "end"))
        assert errors(*parts, flow("start", "a", id="f")) == {("f", "flow-ends")}

    @pytest.mark.parametrize(("source", "target"), [("end", "a"), ("a", "start"), ("a", "late")])
    def test_flows_out_of_ends_and_into_starts_or_boundaries(
        self, source: str, target: str
    ) -> None:
        parts = (
            start(),
            user_task("a"),
            end(),
            boundary("late", "a", timer("P1D")),
            flow("start", "a"),
            flow("a", "end"),
            flow("late", "end"),
            flow(source, target, id="f"),
        )
        assert ("f", "flow-ends") in errors(*parts)


class TestReach:
    def test_what_nothing_leads_to_is_a_warning(self) -> None:
        parts = (start(), end(), user_task("lost"), flow("start", "end"), flow("lost", "end"))
        assert ("lost", "unreachable") in warnings(*parts)

    def test_a_branch_without_end_event_is_a_warning(self) -> None:
        parts = (start(), parallel("g"), user_task("a"), end())
        flows = (flow("start", "g"), flow("g", "a"), flow("g", "end"))
        assert ("a", "dead-end") in warnings(*parts, *flows)

    def test_what_is_drawn_in_a_sub_process_is_reached_by_its_start(self) -> None:
        found = findings(start(), sub_process("s", start("s1"), user_task("a"), end("s2")), end())
        assert "unreachable" not in {p.code for p in found}


class TestTransactions:
    CANCELLED = (start("s"), user_task("a"), end("e", event("cancel")))

    def transaction(self, *inside: Part) -> Part:
        return node("transaction", "t", *inside, *(flow("s", "a"), flow("a", "e")))

    def test_cancelled_inside_and_caught_on_its_border(self) -> None:
        caught = boundary("x", "t", event("cancel"))
        parts = (start(), self.transaction(*self.CANCELLED), caught, end(), end("undone"))
        flows = (flow("start", "t"), flow("t", "end"), flow("x", "undone"))
        assert errors(*parts, *flows) == set()

    def test_cancelled_and_not_caught_is_told(self) -> None:
        assert errors(start(), self.transaction(*self.CANCELLED), end()) == {("e", "cancel")}

    def test_anywhere_else_a_cancel_event_is_told(self) -> None:
        parts = (start(), user_task("a"), boundary("x", "a", event("cancel")), end())
        flows = (flow("start", "a"), flow("a", "end"), flow("x", "end", id="f"))
        assert errors(*parts, *flows) == {("x", "cancel")}
        assert errors(start(), end("x", event("cancel"))) == {("x", "cancel")}

    def test_it_needs_a_beginning_as_a_sub_process_does(self) -> None:
        assert errors(start(), node("transaction", "t"), end()) == {("t", "no-start")}


class TestBoundaryEvents:
    def test_it_hangs_on_an_activity_beside_it(self) -> None:
        parts = (start(), exclusive("g"), end(), boundary("b", "g", timer("P1D")))
        assert ("b", "attachment") in errors(*parts)

    def test_it_does_not_hang_on_something_in_another_frame(self) -> None:
        inside = sub_process("s", start("s1"), user_task("a"), end("s2"))
        assert ("b", "attachment") in errors(
            start(), inside, end(), boundary("b", "a", timer("P1D"))
        )

    @pytest.mark.parametrize("kind", ["timer", "error", "escalation", "message"])
    def test_interrupting_events_are_proven(self, kind: str) -> None:
        inner = timer("P1D") if kind == "timer" else event(kind, "x")
        assert errors(start(), user_task("a"), end(), boundary("b", "a", inner)) == set()

    def test_an_error_that_leaves_its_task_running_is_refused(self) -> None:
        soft = boundary("b", "a", event("error", "x"), interrupting=False)
        assert errors(start(), user_task("a"), end(), soft) == {("b", "interruption")}

    @pytest.mark.parametrize("kind", ["timer", "escalation", "message"])
    def test_all_others_may_leave_the_task_running(self, kind: str) -> None:
        inner = timer("P1D") if kind == "timer" else event(kind, "x")
        soft = boundary("b", "a", inner, interrupting=False)
        assert errors(start(), user_task("a"), end(), soft) == set()


class TestLoops:
    def test_a_loop_that_never_waits_and_nothing_decides_to_leave_is_named(self) -> None:
        parts = (start(), node("task", "ask"), node("task", "check"), end())
        flows = (flow("start", "ask"), flow("ask", "check"), flow("check", "ask"))
        [problem] = [p for p in findings(*parts, *flows) if p.code == "endless-loop"]
        assert "Ask > Check > Ask" in problem.what.render()

    @pytest.mark.parametrize(
        "waiting",
        [
            user_task("w"),
            node("receiveTask", "w"),
            catch("w", timer("P1D")),
            catch("w", condition("paid")),
            sub_process("w", start("s"), user_task("inside"), end("e")),
            call("w", "another"),
            service_task("w", "somebody_outside"),
        ],
        ids=lambda part: part.xml.split()[0],
    )
    def test_a_loop_that_waits_may_be_left_in_any_way(self, waiting: Part) -> None:
        assert self.around(waiting) == set()

    @pytest.mark.parametrize(
        "passing",
        [
            node("task", "w"),
            throw("w", event("message", "m")),
            exclusive("w"),
            sub_process("w", start("s"), node("task", "inside"), end("e")),
        ],
        ids=lambda part: part.xml.split()[0],
    )
    def test_what_does_not_wait_does_not_help(self, passing: Part) -> None:
        assert {code for _, code in self.around(passing)} == {"endless-loop"}

    def test_a_link_is_a_flow_that_waits_for_nothing(self) -> None:
        link = Part('<linkEventDefinition name="on"/>')
        parts = (start(), node("task", "a"), throw("there", link), catch("here", link))
        ways = (flow("start", "a"), flow("a", "there"), flow("here", "a"))
        assert "endless-loop" in {code for _, code in errors(*parts, end(), *ways)}

    def around(self, part: Part) -> set[tuple[str, str]]:
        chain = (flow("start", "again"), flow("again", part.id), flow(part.id, "again"))
        return errors(start(), node("task", "again"), part, end(), *chain)

    @pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway", "task"])
    def test_what_decides_to_leave_heals_it(self, kind: str) -> None:
        parts = (start(), node(kind, "g", default="g_to_ask"), node("task", "ask"), end())
        flows = (
            flow("start", "ask"),
            flow("ask", "g"),
            flow("g", "ask"),
            flow("g", "end", "done"),
        )
        assert errors(*parts, *flows) == set()

    def test_a_gateway_elsewhere_does_not(self) -> None:
        tasks = (node("task", "a"), node("task", "b"))
        parts = (start(), exclusive("g", default="g_to_end"), *tasks, end())
        flows = (
            flow("start", "g"),
            flow("g", "end"),
            flow("g", "a", "again"),
            flow("a", "b"),
            flow("b", "a"),
        )
        assert "endless-loop" in {code for _, code in errors(*parts, *flows)}

    def test_a_task_that_leads_to_itself_is_a_loop(self) -> None:
        ways = (flow("start", "a"), flow("a", "a"), flow("a", "end"))
        assert ("a", "endless-loop") in errors(start(), node("task", "a"), end(), *ways)

    def test_each_of_two_loops_is_named(self) -> None:
        parts = (start(), *(node("task", id) for id in "abcd"), end())
        pairs = ("start a", "a b", "b a", "b c", "c d", "d c", "d end")
        found = errors(*parts, *(flow(*pair.split()) for pair in pairs))
        assert len([code for _, code in found if code == "endless-loop"]) == 2


def test_every_finding_says_where_what_and_what_to_write() -> None:
    found = findings(
        start("Start", timer("soon")), call("x", None), node("complexGateway", "g"), flow("g", "h")
    )
    assert told(found)
    for problem in found:
        assert problem.file == "p.bpmn"
        assert problem.line > 0
        assert problem.what.render().endswith((".", "}"))
        assert problem.advice.render().endswith(".")


def test_ids_and_names_too_long_to_be_found_by_are_told() -> None:
    long = "x" * 201
    parts = (start(), service_task("s", long), user_task(long), end())
    assert {("s", "too-long"), (long, "too-long")} <= errors(*parts)


class TestAdHoc:
    """What stands in an ad-hoc sub-process (BPMN 2.0.2, 10.3.5)."""

    def found(self, *inside: Part, **attributes: object) -> set[tuple[str, str]]:
        return errors(start(), ad_hoc("x", *inside, **attributes), end())

    def test_activities_with_and_without_flows_are_neither_errors_nor_dead_ends(self) -> None:
        inside = (user_task("a"), exclusive("g"), user_task("b"), flow("a", "g"), flow("g", "b"))
        parts = (start(), ad_hoc("x", *inside, user_task("c")), end())
        assert errors(*parts) == set()
        assert {code for _, code in warnings(*parts)} <= {"no-assignee", "no-deadline", "no-form"}

    def test_it_waits_so_that_a_loop_around_it_is_no_endless_one(self) -> None:
        ways = (flow("start", "m"), flow("m", "x"), flow("x", "m"))
        assert (
            errors(start(), exclusive("m"), ad_hoc("x", script_task("s", "a = 1")), *ways) == set()
        )

    @pytest.mark.parametrize("inside", [(), (user_task("a"), user_task("b"))])
    def test_one_in_which_nothing_can_be_chosen_is_an_error(self, inside: tuple[Part, ...]) -> None:
        circle = (flow("a", "b"), flow("b", "a")) if inside else ()
        assert self.found(*inside, *circle) == {("x", "no-start")}

    @pytest.mark.parametrize("event_", [start("e"), end("e")])
    def test_start_and_end_events_are_errors(self, event_: Part) -> None:
        assert self.found(user_task("a"), event_) == {("e", "ad-hoc")}

    def test_an_event_sub_process_inside_has_its_own(self) -> None:
        body = (start("s", event("message", "m")), end("e"))
        assert self.found(user_task("a"), sub_process("w", *body, triggeredByEvent=True)) == set()

    @pytest.mark.parametrize("lost", [catch("e", timer("P1D")), throw("e"), parallel("e")])
    def test_an_event_or_gateway_that_nothing_leads_to_is_an_error(self, lost: Part) -> None:
        assert self.found(user_task("a"), lost, user_task("b"), flow("e", "b")) == {("e", "ad-hoc")}

    def test_it_is_begun_by_no_event(self) -> None:
        inside = ad_hoc("x", start("s", event("message", "m")), triggeredByEvent=True)
        assert ("x", "ad-hoc") in errors(start(), end(), inside, flow("start", "end"))

    def test_an_order_that_is_none_is_an_error(self) -> None:
        assert self.found(user_task("a"), ordering="Random") == {("x", "ordering")}

    def test_a_condition_of_another_language_is_an_error(self) -> None:
        inside = '<completionCondition language="groovy">a</completionCondition>'
        assert self.found(user_task("a"), Part(inside)) == {("x", "foreign-script")}
