"""At deployment, each error or escalation has one catching event at a place: a second one is
refused.
"""

from __future__ import annotations

import pytest

from tests.engine.models.building import (
    Part,
    boundary,
    end,
    event,
    flow,
    node,
    start,
    sub_process,
    user_task,
)
from tests.engine.models.checks.checking import errors


def begun(id: str, code: str | None, kind: str = "error") -> Part:
    """An event sub-process that catches this."""
    return sub_process(
        id, start(f"{id}_begins", event(kind, code)), end(f"{id}_ends"), triggeredByEvent=True
    )


def around(*inside: Part) -> Part:
    on = flow("in", "a"), flow("a", "out")
    return sub_process("work", start("in"), user_task("a"), end("out"), *on, *inside)


@pytest.mark.parametrize("kind", ["error", "escalation"])
@pytest.mark.parametrize("code", ["late", None])
def test_the_second_of_two_that_catch_the_same_is_never_met(kind: str, code: str | None) -> None:
    one, two = (boundary(name, "work", event(kind, code)) for name in ("one", "two"))
    assert errors(start(), around(), end(), one, two) == {("two", "caught-twice")}
    sub_processes = begun("one", code, kind), begun("two", code, kind)
    assert errors(start(), around(*sub_processes), end()) == {("two_begins", "caught-twice")}


def test_the_second_that_catches_the_cancel_of_a_transaction_is_never_met() -> None:
    ends = flow("in", "a"), flow("a", "out")
    inside = (start("in"), user_task("a"), end("out", event("cancel")), *ends)
    one, two = (boundary(name, "work", event("cancel")) for name in ("one", "two"))
    transaction = node("transaction", "work", *inside)
    assert errors(start(), transaction, end(), one) == set()
    assert errors(start(), transaction, end(), one, two) == {("two", "caught-twice")}


def test_another_code_another_kind_and_another_place_catch_something_else() -> None:
    beside = [
        boundary("late", "work", event("error", "late")),
        boundary("any", "work", event("error")),
        boundary("told", "work", event("escalation", "late")),
        boundary("there", "more", event("error", "late")),
    ]
    more = sub_process("more", start("in_2"), user_task("b"), end("out_2"))
    inside = begun("inner", "late")
    on = flow("start", "work"), flow("work", "more"), flow("more", "end")
    whole = (start(), around(inside), more, end(), *on, *beside, begun("outer", "late"))
    assert errors(*whole) == set()
