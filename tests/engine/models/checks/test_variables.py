"""Variables that an author may expect to keep, to share or to be asked for, but that end or stay
elsewhere.
"""

from __future__ import annotations

import json

import pytest

from engine.models.checks import Known
from tests.engine.models.building import (
    Part,
    ad_hoc,
    boundary,
    call,
    compensate,
    end,
    event,
    exclusive,
    extensions,
    flow,
    multi_instance,
    node,
    properties,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    undoing,
    user_task,
)
from tests.engine.models.checks.checking import errors, warnings

KNOWN = Known(topics={"t": frozenset()})


def form(**component: object) -> dict[str, bytes]:
    """A form `f` with the one field `verdict`."""
    field = {"type": "textfield", "key": "verdict", **component}
    return {"f.form": json.dumps({"id": "f", "components": [field]}).encode()}


def asking(id: str, *inner: Part) -> Part:
    return user_task(id, *inner, camunda_formRef="f")


def mapped(*names: str, out: str = "") -> Part:
    """Input parameters of these names; `out` carries one of them out under its own name."""
    pairs = "".join(f'<camunda:inputParameter name="{n}">1</camunda:inputParameter>' for n in names)
    if out:
        pairs += f'<camunda:outputParameter name="{out}">${{{out}}}</camunda:outputParameter>'
    return extensions(Part(f"<camunda:inputOutput>{pairs}</camunda:inputOutput>"))


def of_code(code: str, *parts: Part, files: dict[str, bytes] | None = None) -> set[str]:
    """Ids of the elements that are warned of with this code; the model has no errors."""
    files = form() if files is None else files
    assert errors(*parts, known=KNOWN, files=files) == set()
    return {id for id, told in warnings(*parts, known=KNOWN, files=files) if told == code}


class TestDecisionsShownAgain:
    def rounds(
        self, *between: Part, task: Part | None = None, back: bool = True, **component: object
    ) -> set[str]:
        """A task `a` whose field the gateway decides by, asked again unless not `back`."""
        chain = [start(), task or asking("a"), *between]
        ids = [part.id for part in chain]
        flows = [flow(*pair) for pair in zip(ids, [*ids[1:], "g"], strict=True)]
        parts = (*chain, exclusive("g", "g_to_no"), end("yes"), *([] if back else [end("no")]))
        again = flow("g", "a" if back else "no", id="g_to_no")
        ways = (again, flow("g", "yes", "verdict == 'x'"))
        return of_code("shown-again", *parts, *flows, *ways, files=form(**component))

    def test_a_field_that_decides_in_a_loop_is_warned_of(self) -> None:
        assert self.rounds() == {"a"}
        assert self.rounds(validate={"required": True}) == {"a"}

    def test_asked_anew_it_is_not(self) -> None:
        anew = asking("a", properties(askAnew="verdict"))
        assert self.rounds(task=anew) == set()

    def test_one_that_is_asked_once_is_not_nor_refused_for_being_optional(self) -> None:
        assert self.rounds(back=False) == set()

    def test_a_service_task_in_between_changes_nothing(self) -> None:
        assert self.rounds(service_task("n", "t")) == {"a"}

    def test_a_script_or_decision_in_between_that_gives_the_value_does(self) -> None:
        assert self.rounds(script_task("s", "verdict = 'x'")) == set()

    def test_a_field_of_another_name_or_that_is_only_shown_is_fine(self) -> None:
        assert self.rounds(key="other") == set()
        assert self.rounds(disabled=True) == set()

    def test_a_task_that_is_repeated_by_its_sub_process_comes_again(self) -> None:
        inside = (start("s1"), asking("a"), exclusive("g", "g_to_no"), end("no"), end("yes"))
        ways = (
            flow("s1", "a"),
            flow("a", "g"),
            flow("g", "no"),
            flow("g", "yes", "verdict == 'x'"),
        )
        each = sub_process("s", *inside, *ways, multi_instance("xs", sequential=True))
        assert of_code("shown-again", start(), each, end()) == {"a"}

    def test_a_task_that_can_be_chosen_again_comes_again(self) -> None:
        inside = (asking("a"), exclusive("g", "g_to_no"), user_task("yes"), user_task("no"))
        ways = (flow("a", "g"), flow("g", "no"), flow("g", "yes", "verdict == 'x'"))
        assert of_code("shown-again", start(), ad_hoc("s", *inside, *ways), end()) == {"a"}


class TestAnswersGoOn:
    def test_an_answer_named_like_an_input_ends_with_its_task(self) -> None:
        assert of_code("ends-here", start(), asking("a", mapped("verdict")), end()) == {"a"}

    def test_a_result_does_so_too(self) -> None:
        task = service_task("a", "t", mapped("sum"), camunda_resultVariable="sum")
        assert of_code("ends-here", start(), task, end()) == {"a"}

    def test_an_output_parameter_carries_it_out(self) -> None:
        task = asking("a", mapped("verdict", out="verdict"))
        assert of_code("ends-here", start(), task, end()) == set()

    def test_an_input_of_another_name_is_fine(self) -> None:
        assert of_code("ends-here", start(), asking("a", mapped("other")), end()) == set()


class TestCallsPassSomething:
    @pytest.mark.parametrize(
        "passing",
        [
            '<camunda:in source="x" target="y"/>',
            '<camunda:out source="x" target="y"/>',
            '<camunda:in variables="all"/>',
            '<camunda:out variables="all"/>',
        ],
    )
    def test_what_passes_something_is_fine(self, passing: str) -> None:
        task = node("callActivity", "a", extensions(Part(passing)), calledElement="other")
        assert of_code("nothing-passes", start(), task, end()) == set()

    def test_what_passes_nothing_is_warned_of(self) -> None:
        assert of_code("nothing-passes", start(), call("a", "other"), end()) == {"a"}
        assert of_code("nothing-passes", start(), call("a", "${which}"), end()) == {"a"}


def split(
    *branches: Part, gateway: str = "parallelGateway", joined: bool = True
) -> tuple[Part, ...]:
    """Each branch between a split and a join."""
    ids = [part.id for part in branches]
    return (
        start(),
        node(gateway, "split"),
        *branches,
        *([node(gateway, "join")] if joined else []),
        end(),
        flow("start", "split"),
        *(flow("split", id) for id in ids),
        *(flow(id, "join" if joined else "end") for id in ids),
        *([flow("join", "end")] if joined else []),
    )


def adds(id: str) -> Part:
    return script_task(id, "votes = 1")


class TestWrittenAtOnce:
    def at_once(self, *parts: Part) -> set[str]:
        return of_code("written-at-once", *parts)

    @pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
    def test_two_branches_of_a_split_are_warned_of(self, gateway: str) -> None:
        assert self.at_once(*split(adds("a"), adds("b"), gateway=gateway)) == {"b"}

    def test_what_can_be_chosen_at_once_is_warned_of(self) -> None:
        inside = (adds("a"), adds("b"), user_task("c"), adds("d"), flow("c", "d"))
        assert self.at_once(start(), ad_hoc("s", *inside), end()) == {"b", "d"}

    def test_what_is_chosen_one_after_the_other_is_not(self) -> None:
        inside = ad_hoc("s", adds("a"), adds("b"), ordering="Sequential")
        assert self.at_once(start(), inside, end()) == set()

    def test_alternatives_are_not(self) -> None:
        parts = (start(), exclusive("g", "g_to_end"), adds("a"), adds("b"), end())
        ways = (flow("g", "end"), flow("g", "a", "n > 2"), flow("g", "b", "n > 1"))
        ends = (flow("start", "g"), flow("a", "end"), flow("b", "end"))
        assert self.at_once(*parts, *ways, *ends) == set()

    def test_the_default_flow_excludes_the_others(self) -> None:
        parts = (start(), node("inclusiveGateway", "g", default="g_to_a"), adds("a"), adds("b"))
        ways = (flow("start", "g"), flow("g", "a"), flow("g", "b", "n > 1"))
        assert self.at_once(*parts, end(), *ways, flow("a", "end"), flow("b", "end")) == set()

    def test_several_flows_out_of_a_task_split_as_well(self) -> None:
        parts = (start(), node("task", "t"), adds("a"), adds("b"), end())
        ways = (flow("start", "t"), flow("t", "a"), flow("t", "b"))
        assert self.at_once(*parts, *ways, flow("a", "end"), flow("b", "end")) == {"b"}

    def test_what_follows_the_join_runs_alone(self) -> None:
        parts = [*split(adds("a"), node("task", "b")), adds("after")]
        parts = [part for part in parts if part.id != "join_to_end"]
        assert self.at_once(*parts, flow("join", "after"), flow("after", "end")) == set()

    @pytest.mark.parametrize(("other", "told"), [(node("task", "b"), set()), (adds("b"), {"b"})])
    def test_a_loop_around_the_split_changes_nothing(self, other: Part, told: set[str]) -> None:
        parts = [part for part in split(adds("a"), other) if part.id != "join_to_end"]
        gateway = exclusive("g", "g_to_end")
        ways = (flow("join", "g"), flow("g", "end"), flow("g", "split", "again"))
        assert self.at_once(*parts, gateway, *ways) == told

    def test_answers_results_and_outputs_are_written_too(self) -> None:
        answers = split(asking("a"), asking("b"))
        assert self.at_once(*answers) == {"b"}
        results = [service_task(i, "t", camunda_resultVariable="sum") for i in "ab"]
        assert self.at_once(*split(*results)) == {"b"}
        outputs = [service_task(i, "t", mapped("x", out="x")) for i in "ab"]
        assert self.at_once(*split(*outputs)) == {"b"}

    def test_what_a_completion_handler_takes_over_is_not(self) -> None:
        recorded = [asking(i, properties(onComplete="t")) for i in "ab"]
        assert self.at_once(*split(*recorded)) == set()

    def test_input_parameters_are_local(self) -> None:
        local = [asking(i, mapped("verdict")) for i in "ab"]
        assert self.at_once(*split(*local)) == set()

    def test_what_a_sub_process_holds_as_its_own_is_local(self) -> None:
        inner = [sub_process(i, mapped("votes"), adds(f"{i}1")) for i in "ab"]
        assert self.at_once(*split(*inner)) == set()
        shared = [sub_process(i, adds(f"{i}1")) for i in "ab"]
        assert self.at_once(*split(*shared)) == {"b1"}

    def beside(self, inner: Part, behind: Part, *, interrupting: bool = False) -> set[str]:
        guard = boundary("late", "a", inner, interrupting=interrupting)
        chain = (flow("start", "a"), flow("a", "end"), flow("late", behind.id))
        return self.at_once(start(), asking("a"), end(), guard, behind, *chain)

    def test_what_an_event_begins_beside_its_task_runs_at_once_with_it(self) -> None:
        again = script_task("b", "verdict = 'x'")
        assert self.beside(event("message", "m"), again) == {"b"}
        assert self.beside(event("message", "m"), again, interrupting=True) == set()

    def test_behind_a_timer_only_what_waits_does(self) -> None:
        assert self.beside(timer("P1D"), script_task("b", "verdict = 'x'")) == set()
        assert self.beside(timer("P1D"), asking("b")) == {"b"}

    def test_so_does_what_waits_for_something_to_be_undone(self) -> None:
        again = script_task("b", "verdict = 'x'")
        guard = boundary("late", "a", timer("P1D"), interrupting=False)
        parts = (start(), asking("a"), *undoing("a"), end(), guard, throw("back", compensate()))
        chain = (flow("start", "a"), flow("a", "end"), flow("late", "back"), flow("back", "b"))
        assert self.at_once(*parts, again, *chain) == {"b"}

    def test_an_event_sub_process_runs_beside_its_scope(self) -> None:
        def around(*, interrupting: bool) -> set[str]:
            begin = start("s1", event("message", "m"), isInterrupting=interrupting)
            beside = sub_process("s", begin, adds("b"), triggeredByEvent=True)
            chain = (flow("start", "a"), flow("a", "end"))
            return self.at_once(start(), adds("a"), end(), beside, *chain)

        assert around(interrupting=False) == {"b"}
        assert around(interrupting=True) == set()

    def test_siblings_of_a_parallel_repetition_write_at_once(self) -> None:
        def repeated(*, sequential: bool) -> set[str]:
            task = asking("a", multi_instance("xs", sequential=sequential))
            return self.at_once(start(), task, end())

        assert repeated(sequential=False) == {"a"}
        assert repeated(sequential=True) == set()

    def test_the_entry_and_the_result_of_a_round_are_its_own(self) -> None:
        marker = Part(
            '<multiInstanceLoopCharacteristics camunda:collection="xs">'
            "<loopDataOutputRef>votes</loopDataOutputRef>"
            '<outputDataItem id="verdict" name="verdict"/></multiInstanceLoopCharacteristics>'
        )
        assert self.at_once(start(), asking("a", marker), end()) == set()

    def test_an_event_that_is_attached_to_nothing_splits_nothing_off(self) -> None:
        loose = node("boundaryEvent", "b", event("message", "m"), cancelActivity=False)
        parts = (start(), asking("a"), end(), loose)
        assert ("b", "attachment") in errors(*parts, known=KNOWN, files=form())

    def test_a_sub_process_with_the_id_of_its_process_is_walked_once(self) -> None:
        parts = (start(), sub_process("p", start("s"), user_task("a"), end("e")), end())
        assert errors(*parts, known=KNOWN, files=form())
