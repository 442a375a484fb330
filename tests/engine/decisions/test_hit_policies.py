"""Hit policies: the matching rules that count, and their order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import DecisionTable, map_result, read_decisions
from engine.language import LanguageError
from engine.sentences.errors import ModelError
from tests.engine.decisions.tables import dmn

RANKS = '"letter","digest","inbox"'
CHANNELS = [["> 0", '"inbox"'], ["> 5", '"letter"'], ["> 2", '"digest"']]
HIGHEST = [["> 0", '"inbox"', "1"], ["> 5", '"letter"', "2"], ["> 2", '"inbox"', "9"]]


def ranked(
    rows: Sequence[Sequence[str]],
    policy: str,
    *lists: str,
    outputs: Sequence[str] = ("channel",),
    default: str = "",
) -> DecisionTable:
    """A table of x whose outputs list their values, and the first of which may have a default."""
    content = dmn(["x:number"], outputs, rows, attributes=f'hitPolicy="{policy}"').decode()
    entry = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    for place, name in enumerate(outputs):
        listed = lists[place] if place < len(lists) else ""
        inner = f"<outputValues><text>{listed}</text></outputValues>" if listed else ""
        inner += entry if not place else ""
        head = f'name="{name}" typeRef=""'
        content = content.replace(f"{head} />", f"{head}>{inner}</output>")
    [found] = read_decisions(content.encode(), "level.dmn")
    assert isinstance(found, DecisionTable)
    return found


def channels(found: DecisionTable, x: object) -> list[object]:
    return [match.outputs["channel"] for match in found.decide({"x": x})]


def test_priority_gives_the_result_that_is_listed_first() -> None:
    found = ranked(CHANNELS, "PRIORITY", RANKS)
    assert [channels(found, x) for x in (9, 4, 1, 0)] == [["letter"], ["digest"], ["inbox"], []]
    assert found.single({"x": 9}) == {"channel": "letter"}


def test_output_order_gives_all_results_as_they_are_listed() -> None:
    found = ranked(CHANNELS, "OUTPUT ORDER", RANKS)
    assert channels(found, 9) == ["letter", "digest", "inbox"]
    assert found.value({"x": 4}) == ["digest", "inbox"]


def test_rule_order_gives_all_results_as_the_rules_stand() -> None:
    found = ranked(CHANNELS, "RULE ORDER")
    assert found.value({"x": 9}) == ["inbox", "letter", "digest"]
    assert found.value({"x": 0}) == []


def test_several_outputs_are_ranked_from_the_left_and_those_without_a_list_do_not_count() -> None:
    outputs = ("channel", "days")
    found = ranked(HIGHEST, "OUTPUT ORDER", RANKS, "9, 2, 1", outputs=outputs)
    assert [tuple(match.outputs.values()) for match in found.decide({"x": 9})] == [
        ("letter", 2), ("inbox", 9), ("inbox", 1),
    ]  # fmt: skip
    unlisted = ranked(HIGHEST, "OUTPUT ORDER", RANKS, outputs=outputs)
    assert [match.number for match in unlisted.decide({"x": 9})] == [2, 1, 3]


@pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER"])
def test_an_order_of_results_that_nobody_listed_is_refused(policy: str) -> None:
    with pytest.raises(ModelError) as refused:
        ranked(CHANNELS, policy)
    [problem] = refused.value.problems
    assert policy in str(problem.what)
    assert "most important first" in str(problem.advice)


def test_rules_under_any_may_match_together_when_they_say_the_same() -> None:
    found = ranked([["> 0", '"a"'], ["> 5", '"a"'], ["> 8", '"b"']], "ANY")
    assert channels(found, 7) == ["a"]
    with pytest.raises(LanguageError, match=r"rules 1, 2, 3 match with different results"):
        found.decide({"x": 9})


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER"])
def test_a_default_is_the_result_when_no_rule_matches(policy: str) -> None:
    found = ranked([["> 5", '"letter"']], policy, RANKS, default='"digest"')
    assert channels(found, 9) == ["letter"]
    assert channels(found, 1) == ["digest"]


def test_a_default_must_be_one_of_the_listed_values() -> None:
    with pytest.raises(ModelError, match="not among the values"):
        ranked(CHANNELS, "FIRST", RANKS, default='"pigeon"')


def test_outputs_without_a_default_are_empty_beside_one_that_has_it() -> None:
    found = ranked([["> 5", "1", "2"]], "FIRST", outputs=("channel", "days"), default="0")
    assert found.single({"x": 1}) == {"channel": 0, "days": None}


@pytest.mark.parametrize(
    ("policy", "how", "result"),
    [
        ("PRIORITY", "singleEntry", "letter"),
        ("PRIORITY", "singleResult", {"channel": "letter"}),
        ("RULE ORDER", "collectEntries", ["inbox", "letter", "digest"]),
        ("OUTPUT ORDER", "resultList", [{"channel": c} for c in ("letter", "digest", "inbox")]),
    ],
)
def test_results_of_each_policy_are_mapped_for_the_process(
    policy: str, how: str, result: object
) -> None:
    assert map_result(ranked(CHANNELS, policy, RANKS).decide({"x": 9}), how) == result


def test_totals_are_worked_out_in_decimals() -> None:
    rows = [["> 0", "0.1"], ["> 1", "0.2"]]
    [found] = read_decisions(
        dmn(["x"], ["y"], rows, attributes='hitPolicy="COLLECT" aggregation="SUM"'), "level.dmn"
    )
    assert found.single({"x": 2}) == {"y": 0.3}


BOUNDS = st.lists(
    st.tuples(st.integers(-5, 5), st.sampled_from(["a", "b", "c"])), min_size=1, max_size=6
)


@given(BOUNDS, st.integers(-6, 6))
def test_every_policy_answers_from_the_rules_that_match(
    bounds: list[tuple[int, str]], x: int
) -> None:
    rows = [[f"> {bound}", f'"{value}"'] for bound, value in bounds]
    hits = [value for bound, value in bounds if x > bound]

    def asked(policy: str) -> list[object]:
        return channels(ranked(rows, policy, '"c","b","a"'), x)

    assert asked("RULE ORDER") == asked("COLLECT") == hits
    assert asked("FIRST") == hits[:1]
    assert asked("OUTPUT ORDER") == sorted(hits, reverse=True)
    assert asked("PRIORITY") == sorted(hits, reverse=True)[:1]
