"""Input and output parameters of an activity -> (name, expression) pairs.

Reads camunda:inputOutput (texts, expressions, simple lists and maps) and the parameters of
SpiffWorkflow's service tasks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from engine.language import Expression
from engine.models.bpmn.known.of_camunda import CODE_ADVICE
from engine.models.bpmn.vocabulary import (
    SPIFF,
    extensions,
    is_vendor,
    text_of,
    vendor_children,
)
from engine.models.elements import Element
from engine.models.notes import Notes
from engine.models.xml import Node, local_name, namespace
from engine.words import say

Parameter = tuple[str, Expression]

ONE_EXPRESSION = re.compile(r"[$#]\{(.*)\}", re.DOTALL)


def with_parameters(element: Element, node: Node, notes: Notes) -> Element:
    """`element` with its inputs and outputs; a SpiffWorkflow operator also names its topic."""
    element = replace(
        element,
        inputs=tuple(_parameters(node, "inputParameter", notes)),
        outputs=tuple(_parameters(node, "outputParameter", notes)),
    )
    operator = _operator(node)
    return element if operator is None else _with_operator(element, operator, notes)


def _parameters(node: Node, kind: str, notes: Notes) -> Iterator[Parameter]:
    for block in extensions(node):
        if is_vendor(block, "inputOutput"):
            for parameter in vendor_children(block, kind):
                yield from named(parameter, parameter.get("name"), _value(parameter, notes), notes)


def named(
    node: Node, name: str | None, value: Expression | None, notes: Notes
) -> Iterator[Parameter]:
    """The pair, unless it has no name (which is noted) or no value (which has been)."""
    if not (name or "").strip():
        notes.error(
            node, "parameter", say("A parameter has no name."), say("Name it, or remove it.")
        )
    elif value is not None:
        yield str(name).strip(), value


def _value(parameter: Node, notes: Notes) -> Expression | None:
    part = say("Parameter {name}", name=parameter.get("name") or "")
    inner = next(iter(parameter), None)
    if inner is None:
        return notes.attribute(parameter, part, text_of(parameter))
    source = _source(inner)
    if source is not None:
        return notes.expression(inner, part, source)
    if is_vendor(inner, "script"):
        what = say("{part} is a script of another engine.", part=part)
        notes.error(inner, "foreign-code", what, CODE_ADVICE)
        return None
    notes.error(
        inner,
        "parameter",
        say("{part} is nested deeper than a list or map of texts and expressions.", part=part),
        say("Write it as one expression, for example ${{[first, second]}}."),
    )
    return None


def _source(node: Node) -> str | None:
    """A list or map as the source of one expression; None when it is not a simple one."""
    if is_vendor(node, "list"):
        items = [_item(value) for value in node]
        known = [item for item in items if item is not None]
        return f"[{', '.join(known)}]" if len(known) == len(items) else None
    if is_vendor(node, "map"):
        pairs = [(json.dumps(entry.get("key") or ""), _item(entry)) for entry in node]
        if any(item is None for _, item in pairs):
            return None
        return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    return None


def _item(node: Node) -> str | None:
    text = text_of(node)
    if len(node):
        return None
    match = ONE_EXPRESSION.fullmatch(text)
    if match and "{" not in match.group(1):
        return f"({match.group(1)})"
    return None if "${" in text or "#{" in text else json.dumps(text, ensure_ascii=False)


def _operator(node: Node) -> Node | None:
    return next(
        (
            child
            for child in extensions(node)
            if namespace(child) == SPIFF and local_name(child) == "serviceTaskOperator"
        ),
        None,
    )


def _with_operator(element: Element, operator: Node, notes: Notes) -> Element:
    inputs = [
        pair
        for parameter in operator.iter(f"{{{SPIFF}}}parameter")
        for pair in named(parameter, parameter.get("id"), _operand(parameter, notes), notes)
    ]
    return replace(
        element,
        topic=element.topic or (operator.get("id") or "").strip() or None,
        result_variable=element.result_variable or operator.get("resultVariable") or None,
        inputs=(*element.inputs, *inputs),
    )


def _operand(parameter: Node, notes: Notes) -> Expression | None:
    part = say("Parameter {name}", name=parameter.get("id") or "")
    return notes.expression(parameter, part, parameter.get("value") or "")
