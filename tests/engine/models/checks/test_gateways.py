"""Gateways with an unclear decision, and joins of branches that never both come."""

from __future__ import annotations

import pytest

from tests.engine.models.building import (
    Part,
    boundary,
    catch,
    end,
    event,
    event_gateway,
    exclusive,
    flow,
    multi_instance,
    node,
    parallel,
    start,
    timer,
    user_task,
)
from tests.engine.models.checks.checking import errors, warnings


def choice(first: str | None, second: str | None, default: str | None = None) -> tuple[Part, ...]:
    """A gateway `g` with two ways out."""
    return (
        start(),
        exclusive("g", default),
        end("a"),
        end("b"),
        flow("start", "g"),
        flow("g", "a", first),
        flow("g", "b", second),
    )


class TestExclusive:
    def test_a_condition_and_a_default_are_clear(self) -> None:
        parts = choice(None, "amount > 3", default="g_to_a")
        assert errors(*parts) == set()
        assert ("g", "no-default") not in warnings(*parts)

    def test_a_split_without_default_is_a_warning(self) -> None:
        parts = choice("amount > 3", "amount <= 3")
        assert errors(*parts) == set()
        assert ("g", "no-default") in warnings(*parts)

    def test_so_is_a_task_all_of_whose_ways_on_have_conditions(self) -> None:
        parts = (start(), user_task("a"), end(), flow("start", "a"), flow("a", "end", "x > 1"))
        assert errors(*parts) == set()
        assert ("a", "no-default") in warnings(*parts)

    def test_the_only_flow_without_condition_is_meant_as_default(self) -> None:
        parts = choice(None, "amount > 3")
        assert errors(*parts) == set()
        assert ("g_to_a", "implied-default") in warnings(*parts)
        assert ("g", "no-default") not in warnings(*parts)

    def test_two_flows_without_condition_are_refused(self) -> None:
        assert errors(*choice(None, None)) == {
            ("g_to_a", "no-condition"),
            ("g_to_b", "no-condition"),
        }
        assert errors(*choice(None, None, default="g_to_a")) == {("g_to_b", "no-condition")}

    def test_the_same_condition_twice_is_refused(self) -> None:
        assert errors(*choice("x > 1", "x > 1 ")) == {("g_to_b", "same-condition")}

    def test_a_join_needs_no_conditions(self) -> None:
        assert errors(start(), exclusive("g"), end()) == set()

    def test_a_default_that_leaves_another_element_is_refused(self) -> None:
        assert ("g", "default-flow") in errors(*choice("x", "y", default="start_to_g"))
        assert ("g", "default-flow") in errors(*choice("x", "y", default="gone"))

    def test_a_condition_on_the_default_flow_is_told_to_be_ignored(self) -> None:
        assert ("g_to_a", "default-flow") in warnings(*choice("x", "y", default="g_to_a"))

    @pytest.mark.parametrize("condition", ["done == 'True'", '${done eq "False"}'])
    def test_comparing_with_the_name_of_a_truth_value_is_refused(self, condition: str) -> None:
        assert ("g_to_b", "truth-as-text") in errors(*choice(None, condition, default="g_to_a"))

    def test_comparing_with_an_answer_called_true_is_not(self) -> None:
        assert errors(*choice(None, "done == 'true'", default="g_to_a")) == set()

    @pytest.mark.parametrize("condition", ["= x > 1", "x === 1", "x >", "__import__('os')"])
    def test_a_condition_that_does_not_compile_names_its_flow(self, condition: str) -> None:
        assert ("g_to_b", "expression") in errors(*choice(None, condition, default="g_to_a"))

    def test_so_is_one_in_the_name_of_a_human_task(self) -> None:
        named = user_task("u", name="Read ${summary(text)}")
        assert errors(start(), named, end()) == {("u", "expression")}

    def test_a_function_that_does_not_exist_is_named(self) -> None:
        parts = choice(None, "working_day(3, now()) > today()", default="g_to_a")
        assert ("g_to_b", "expression") in errors(*parts)


class TestParallel:
    def test_alternatives_joined_by_a_parallel_gateway_never_both_come(self) -> None:
        parts = (start(), exclusive("x", "x_to_a"), *map(user_task, "ab"), parallel("j"), end())
        pairs = ("start x", "x a", "a j", "b j", "j end")
        flows = [flow(*pair.split()) for pair in pairs]
        assert errors(*parts, *flows, flow("x", "b", "late")) == {("j", "join-stuck")}

    def test_parallel_branches_joined_are_fine(self) -> None:
        parts = (start(), parallel("s"), *map(user_task, "ab"), parallel("j"), end())
        pairs = ("start s", "s a", "s b", "a j", "b j", "j end")
        assert errors(*parts, *(flow(*pair.split()) for pair in pairs)) == set()

    def test_a_loop_inside_a_branch_is_fine(self) -> None:
        parts = (start(), parallel("s"), *map(user_task, "ab"), exclusive("x", "x_to_j"))
        pairs = ("start s", "s a", "s b", "a j", "b x", "x j", "j end")
        flows = [flow(*pair.split()) for pair in pairs]
        found = errors(*parts, parallel("j"), end(), *flows, flow("x", "b", "again"))
        assert found == set()

    def test_parallel_branches_that_meet_in_a_task_run_it_twice(self) -> None:
        parts = (start(), parallel("s"), *map(user_task, "abc"), end())
        pairs = ("start s", "s a", "s b", "a c", "b c", "c end")
        assert ("c", "runs-twice") in warnings(*parts, *(flow(*pair.split()) for pair in pairs))

    def test_conditions_behind_a_parallel_gateway_are_refused(self) -> None:
        parts = (start(), parallel("s"), end("a"), end("b"), flow("start", "s"), flow("s", "a"))
        assert errors(*parts, flow("s", "b", "x > 1")) == {("s_to_b", "condition-ignored")}


class TestEventGateways:
    def waiting_for(self, *events: Part) -> set[tuple[str, str]]:
        flows = [flow("start", "g")]
        for part in events:
            flows += [flow("g", part.id), flow(part.id, "end")]
        return errors(start(), event_gateway("g"), *events, end(), *flows)

    def test_one_message_and_one_timer(self) -> None:
        assert (
            self.waiting_for(catch("m", event("message", "x")), catch("t", timer("P1D"))) == set()
        )

    def test_several_of_a_kind(self) -> None:
        timers = (catch("t", timer("P1D")), catch("u", timer("P2D")))
        received = node("receiveTask", "n", messageRef="message_y")
        assert self.waiting_for(*timers, received) == set()

    def test_a_single_event_needs_no_gateway(self) -> None:
        assert self.waiting_for(catch("t", timer("P1D"))) == {("g", "event-gateway")}

    def test_a_task_behind_it_is_refused(self) -> None:
        found = self.waiting_for(catch("t", timer("P1D")), user_task("a"))
        assert found == {("a", "event-gateway")}

    def test_so_is_a_link_for_it_waits_for_nothing(self) -> None:
        link = catch("l", Part('<linkEventDefinition name="A"/>'))
        found = self.waiting_for(catch("t", timer("P1D")), link)
        assert ("l", "event-gateway") in found

    @pytest.mark.parametrize("marker", [multi_instance("xs"), None])
    def test_a_receive_task_behind_it_is_nothing_but_an_event(self, marker: Part | None) -> None:
        received = node("receiveTask", "r", *filter(None, [marker]), messageRef="message_y")
        guard = () if marker else (boundary("late", "r", timer("P3D")), end("given_up"))
        flows = [flow("late", "given_up")] if guard else []
        found = errors(
            start(),
            event_gateway("g"),
            received,
            catch("t", timer("P1D")),
            *guard,
            end(),
            flow("start", "g"),
            flow("g", "r"),
            flow("g", "t"),
            flow("r", "end"),
            flow("t", "end"),
            *flows,
        )
        assert ("r", "event-gateway") in found
