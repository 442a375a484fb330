"""Elements that tokens leave along sequence flows: what all of them share.

Owns routing, and what is read of a token on its way. Knows no concrete element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from engine.execution.border.tree.expressions import value_of
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.keys import OfToken
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
    """An element of the diagram from which sequence flows lead on."""

    def leave(self, token: Token) -> None:
        """Send a token along every chosen flow; where none leads on, the branch has ended."""
        chosen = self.choose(token)
        if not chosen:
            branch_ended(token)
        for way in chosen:
            send(token, way)

    def choose(self, token: Token) -> list[Way]:
        """The flows taken: unconditional ones, those whose condition holds, else the default."""
        chosen = [way for way in self.exits if not way.is_default and self.is_open(token, way)]
        if chosen or not self.exits:
            return chosen
        return [default_of(self, token)]

    def is_open(self, token: Token, way: Way) -> bool:
        """Whether the flow is open: it has no condition, or its condition is true.

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
    """A new token below `token` at the end of the flow, in its scope of variables or another."""
    child = token._add_child(way.node)
    child.variables = variables or token.variables
    if way.flow is not None:
        child.internal_data[OfToken.FLOW] = way.flow.id
    way.node._update(child)
    return child


def default_of(node: FlowNode, token: Token) -> Way:
    """The default flow. Raises Fault if there is none."""
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
    """What camunda:in or camunda:out passes on; a name nobody has set is null."""
    return {
        name: value_of(token, expression, unset=dict.fromkeys(expression.names))
        for name, expression in parameters
    }


def read_of(token: Token, values: Mapping[str, object]) -> Data:
    """Of these values those that something reads: the process the token runs in or, where this was
    called, whoever takes them back."""
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
    """The value of a constant expression, None for any other."""
    if expression is None or not expression.is_constant:
        return None
    return expression.evaluate({})


def climb(token: Token) -> Iterator[Token]:
    """The token, the multi-instance it is an item of, the activity its scope is inside of, ..."""
    current: Token | None = token
    while current is not None:
        yield current
        if current.task_spec.owner is not None:
            current = current.workflow.tasks[current._parent]
        else:
            current = getattr(current.workflow, "parent_token", None)
