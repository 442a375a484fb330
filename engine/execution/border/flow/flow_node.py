"""Elements that tokens leave along sequence flows: the part that all of them share.

Owns routing, and the values that tokens read on their way. Knows no concrete element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from engine.execution.border.tree.expressions import value_of
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.node import Exit, Node
from engine.execution.border.tree.scopes import branch_ended
from engine.execution.border.tree.values import Data
from engine.execution.border.tree.variables import Variables
from engine.language import Expression
from engine.language.values import show
from engine.models.elements import Element, Mapped
from engine.sentences.sentence import say

Way: TypeAlias = Exit[Token]


class FlowNode(Node[Token]):
    """An element of the diagram with outgoing sequence flows."""

    def leave(self, token: Token) -> None:
        """Send a token along every chosen flow; without a chosen flow the branch ends."""
        chosen = self.choose(token)
        if not chosen:
            branch_ended(token)
        for way in chosen:
            send(token, way)

    def choose(self, token: Token) -> list[Way]:
        """The chosen flows: those without a condition, those whose condition holds, else the
        default."""
        chosen = [way for way in self.exits if not way.is_default and self.is_open(token, way)]
        if chosen or not self.exits:
            return chosen
        return [default_of(self, token)]

    def is_open(self, token: Token, way: Way) -> bool:
        """Whether the flow has no condition, or its condition is true.

        Raises Fault for text: "False" would count as true.
        """
        if way.flow is None or way.flow.condition is None:
            return True
        value = value_of(token, way.flow.condition)
        if isinstance(value, str):
            raise Fault(
                self.element,
                say(
                    "The condition of a flow gives the text {value}, not yes or no.",
                    value=show(value),
                ),
                say("Compare it, for instance with == 'yes'."),
            )
        return bool(value)


def send(token: Token, way: Way, variables: Variables | None = None) -> Token:
    """Make a new token below `token` at the end of the flow, in its scope of variables or in
    `variables`."""
    child = token._add_child(way.node)
    child.variables = variables or token.variables
    if way.flow is not None:
        child.record.flow = way.flow.id
    way.node._update(child)
    return child


def default_of(node: FlowNode, token: Token) -> Way:
    """The default flow. Raises Fault without one."""
    for way in node.exits:
        if way.is_default:
            return way
    raise Fault(
        node.element,
        say("No outgoing flow has a condition that holds, and none is the default."),
        say("Mark one flow as the default, or complete the conditions."),
    )


def inputs_of(token: Token, element: Element) -> dict[str, object]:
    """The evaluated input parameters of an element, as the author named them."""
    return {name: value_of(token, expression) for name, expression in element.inputs}


def passed(token: Token, parameters: Mapped) -> dict[str, object]:
    """The values that camunda:in or camunda:out passes; an unset name is null."""
    return {
        name: value_of(token, expression, unset=dict.fromkeys(expression.names))
        for name, expression in parameters
    }


def read_of(token: Token, values: Mapping[str, object]) -> Data:
    """Those of `values` that the token's process reads or, for a called process, that its caller
    takes back."""
    return {name: value for name, value in values.items() if _is_read(token, name)}


def _is_read(token: Token, name: str) -> bool:
    library = token.task_spec.library
    if library.passes_all or name in library.reads:
        return True
    around = (one for one in climb(token) if one is not token)
    caller = next((one for one in around if one.task_spec.calls), None)
    if caller is None:
        return False
    element = caller.task_spec.element
    if any(name in expression.names for _, expression in element.passed_out):
        return True
    return element.passes_all_out and _is_read(caller, name)


def constant_or_none(expression: Expression | None) -> object:
    """The value of a constant expression; None for any other."""
    if expression is None or not expression.is_constant:
        return None
    return expression.evaluate({})


def climb(token: Token) -> Iterator[Token]:
    """The token, then the multi-instance it is an item of, the activity around its scope, and so
    on."""
    current: Token | None = token
    while current is not None:
        yield current
        if current.task_spec.owner is not None:
            current = current.workflow.tasks[current._parent]
        else:
            current = getattr(current.workflow, "parent_token", None)
