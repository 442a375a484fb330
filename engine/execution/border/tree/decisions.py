"""Evaluating decisions and giving the result the shape that the model asks for.

Owns `camunda:mapDecisionResult`. A result replaces its variable even if no rule matched, so no
earlier result survives. Knows nothing of DMN files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.decisions import Decision, map_result
from engine.execution.border.tree.expressions import blaming, names_for
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import Token
from engine.sentences.sentence import say

if TYPE_CHECKING:
    from engine.decisions import Match


def decision_of(token: Token, reference: str) -> Decision:
    """The decision with this id. Raises Fault if the deployment has none."""
    node = token.task_spec
    found = node.library.decisions.get(reference)
    if found is None:
        raise Fault(
            node.element,
            say("The decision {decision} is not part of this version.", decision=reference),
            say("Deploy the decision table together with the process."),
        )
    return found


def matches(token: Token, reference: str, extra: Mapping[str, object]) -> list[Match]:
    """The matching rules for the token's data and the `extra` names. Raises Fault."""
    decision = decision_of(token, reference)
    with blaming(token.task_spec.element):
        return decision.decide(names_for(token, extra), token.top.functions)


def single_row(
    token: Token, reference: str, extra: Mapping[str, object]
) -> Mapping[str, object] | None:
    """The outputs of the only matching rule, or None. Raises Fault for two."""
    decision = decision_of(token, reference)
    with blaming(token.task_spec.element):
        return decision.single(names_for(token, extra), token.top.functions)


def decide(token: Token, reference: str, how: str, extra: Mapping[str, object]) -> object:
    """The result of a decision in the shape `how` (singleEntry, singleResult, ...)."""
    found = matches(token, reference, extra)
    with blaming(token.task_spec.element):
        return map_result(found, how)
