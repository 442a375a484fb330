"""Data objects: those without effect pass; associations that would carry data are refused by
name.
"""

from __future__ import annotations

import itertools
import json

import pytest

from tests.engine.models.building import (
    Part,
    end,
    event,
    exclusive,
    extensions,
    flow,
    node,
    script_task,
    start,
    throw,
    user_task,
)
from tests.engine.models.checks.checking import errors, warnings

BOX = (
    Part('<dataObjectReference id="box" name="Order form" dataObjectRef="order"/>'),
    Part('<dataObject id="order"/>'),
)
FILLS = Part("<dataOutputAssociation><targetRef>box</targetRef></dataOutputAssociation>")
FEEDS = Part("<dataInputAssociation><sourceRef>box</sourceRef></dataInputAssociation>")
CARRIED = extensions(
    Part(
        '<camunda:inputOutput><camunda:inputParameter name="order">1</camunda:inputParameter>'
        "</camunda:inputOutput>"
    )
)


def judged_by(condition: str, *before: Part) -> tuple[Part, ...]:
    """What stands before a gateway that reads the data."""
    chain = ["start", *(part.id for part in before), "g"]
    flows = [flow(one, two) for one, two in itertools.pairwise(chain)]
    ends = (end("a"), end("b"), flow("g", "a", condition), flow("g", "b"))
    return (*BOX, start(), *before, exclusive("g", "g_to_b"), *ends, *flows)


class TestDataObjects:
    def test_a_box_without_arrows_is_told_to_be_a_picture(self) -> None:
        parts = (*BOX, start(), user_task("a"), end())
        assert errors(*parts) == set()
        assert ("box", "data-object") in warnings(*parts)

    def test_so_are_arrows_to_and_from_a_box_that_nothing_reads(self) -> None:
        parts = (*BOX, start(), user_task("a", FEEDS, FILLS), end())
        assert errors(*parts) == set()
        assert {id for id, code in warnings(*parts) if code == "data-object"} == {"a"}

    def test_a_name_that_only_an_arrow_would_fill_is_refused(self) -> None:
        parts = judged_by("order > 3", node("task", "fill", FILLS))
        assert errors(*parts) == {("fill", "data-association")}

    @pytest.mark.parametrize("task", [user_task("fill", FILLS), node("receiveTask", "fill", FILLS)])
    def test_what_may_bring_the_name_itself_is_fine(self, task: Part) -> None:
        assert ("fill", "data-association") not in errors(*judged_by("order > 3", task))

    def test_a_form_without_the_field_does_not_bring_it(self) -> None:
        form = {"id": "f", "components": [{"type": "textfield", "key": "other"}]}
        files = {"f.form": json.dumps(form).encode()}
        parts = judged_by("order > 3", user_task("fill", FILLS, camunda_formRef="f"))
        assert errors(*parts, files=files) == {("fill", "data-association")}

    def test_a_script_that_sets_the_name_makes_the_arrow_a_picture(self) -> None:
        parts = judged_by("order > 3", script_task("count", "order = 4"), node("task", "f", FILLS))
        assert errors(*parts) == set()

    def test_a_value_copied_under_another_name_is_refused_where_it_is_read(self) -> None:
        inside = Part(
            '<ioSpecification><dataInput id="in" name="amount"/></ioSpecification>'
            "<dataInputAssociation><sourceRef>box</sourceRef><targetRef>in</targetRef>"
            "</dataInputAssociation>"
        )
        parts = judged_by("amount > 3", node("task", "fill", inside))
        assert errors(*parts) == {("fill", "data-association")}

    @pytest.mark.parametrize("kind", ["assignment", "transformation"])
    def test_an_association_that_calculates_is_refused(self, kind: str) -> None:
        text = f"<dataInputAssociation><sourceRef>box</sourceRef><{kind}/></dataInputAssociation>"
        assert errors(*BOX, start(), user_task("a", Part(text)), end()) == {
            ("a", "data-association")
        }

    def test_the_content_of_a_message_does_not_come_from_a_box(self) -> None:
        told = event("message", "paid")
        assert errors(*BOX, start(), throw("t", FEEDS, told), end()) == {("t", "data-association")}
        assert errors(*BOX, start(), throw("t", CARRIED, FEEDS, told), end()) == set()
