"""Every act has an example, and every example has an act."""

from __future__ import annotations

from tests.processes.acts.registry import EXAMPLES, doors


def test_every_act_has_an_example() -> None:
    assert sorted(doors().keys() - {example.act for example in EXAMPLES}) == []


def test_every_example_is_of_an_act() -> None:
    assert sorted({example.act for example in EXAMPLES} - doors().keys()) == []
