"""Hit policies and aggregations (DMN 1.3, 8.2.10 and 8.2.11): the result of several matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Literal, TypeAlias

from engine.decisions.arithmetic import add
from engine.decisions.decision import Match
from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.language.operators import less
from engine.sentences.sentence import say

HitPolicy = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]
Listed: TypeAlias = Mapping[str, Sequence[object]]
"""Name of each output, from the first column on -> the values that its author listed."""
LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
"""Policies with every match as a result, not one."""

RANKED = frozenset({"PRIORITY", "OUTPUT ORDER"})
"""Policies that use the order of the listed values of the outputs."""


def settled(policy: HitPolicy, matches: list[Match], listed: Listed) -> list[Match]:
    """The matches that a policy keeps, in its order. UNIQUE and FIRST have only one."""
    if policy in RANKED:
        ranked = sorted(matches, key=lambda match: _rank(match, listed))
        return ranked[:1] if policy == "PRIORITY" else ranked
    if policy == "ANY":
        _check_same(matches)
        return matches[:1]
    return matches


def _rank(match: Match, listed: Listed) -> list[int]:
    """The places of a match's values in the lists of the outputs, from the first column on."""
    return [
        allowed.index(value) if value in allowed else len(allowed)
        for name, allowed in listed.items()
        for value in [match.outputs[name]]
    ]


def _check_same(matches: list[Match]) -> None:
    """Raises LanguageError if matching rules give different results."""
    if any(match.outputs != matches[0].outputs for match in matches):
        numbers = ", ".join(str(match.number) for match in matches)
        raise LanguageError(
            say("rules {numbers} match with different results.", numbers=numbers),
            say("Let them say the same, or choose the hit policy FIRST or PRIORITY."),
        )


def total(run: Run, aggregation: Aggregation, name: str, matches: list[Match]) -> list[Match]:
    """One match with the total; without a match only a count has a result, which is 0."""
    values = [match.outputs[name] for match in matches if match.outputs[name] is not None]
    if aggregation == "COUNT":
        return [Match("", 0, {name: len(values)})]
    if not values:
        return []
    combine = COMBINE[aggregation]
    return [Match("", 0, {name: reduce(lambda a, b: combine(run, a, b), values)})]


COMBINE: Mapping[str, Callable[[Run, object, object], object]] = {
    "SUM": add,
    "MIN": lambda run, a, b: b if less(run, b, a) else a,
    "MAX": lambda run, a, b: b if less(run, a, b) else a,
}
