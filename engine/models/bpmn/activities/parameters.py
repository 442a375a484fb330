"""Input and output parameters of an activity -> (name, expression) pairs.

Reads camunda:inputOutput (texts, expressions, lists and maps) and the parameters of
SpiffWorkflow's service tasks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
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
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, local_name, namespace

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
    """The pair. A missing name is noted; a missing value was noted before."""
    if not (name or "").strip():
        notes.error(
            node, "parameter", say("A parameter has no name."), say("Name it, or remove it.")
        )
    elif value is not None:
        yield str(name).strip(), value


def _value(parameter: Node, notes: Notes) -> Expression | None:
    part = say("Parameter {name}", name=parameter.get("name") or "")
    if any(is_vendor(inside, "script") for inside in parameter.iter()):
        what = say("{part} is a script of another engine.", part=part)
        notes.error(parameter, "foreign-code", what, CODE_ADVICE)
        return None
    inner = next(iter(parameter), None)
    if inner is None:
        text = text_of(parameter)
        return notes.attribute(parameter, part, text or "${null}")  # Camunda 7: empty is null
    source = _source(inner)
    if source is not None:
        return notes.expression(inner, part, source)
    notes.error(
        inner,
        "parameter",
        say("{part} is no list or map of texts and expressions.", part=part),
        say("Write it as one expression, for example ${{[first, second]}}."),
    )
    return None


def _source(node: Node) -> str | None:
    """The source of one expression for a list, a map or a text, or for the element that contains
    one of them."""
    if is_vendor(node, "list"):
        return _joined("[{}]", [_source(value) for value in node])
    if is_vendor(node, "map"):
        keys = [_text(entry.get("key") or "") for entry in node]
        values = [_source(entry) for entry in node]
        pairs = zip(keys, values, strict=True)
        return _joined("{{{}}}", [_joined("{}", pair, ": ") for pair in pairs])
    inner = next(iter(node), None)
    return _text(text_of(node)) if inner is None else _source(inner)


def _joined(around: str, parts: Iterable[str | None], between: str = ", ") -> str | None:
    known = list(parts)
    return None if None in known else around.format(between.join(filter(None, known)))


def _text(text: str) -> str | None:
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
