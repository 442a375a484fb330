"""Work done by code of another engine -> the topic of a worker that could do it instead.

Owns where a topic can replace such code, and the topic's name. `made_topics.py` changes the XML.
"""

from __future__ import annotations

import re

from engine.models.bpmn.vocabulary import BPMN, VENDORS
from engine.sentences.problems import MakeTopic
from engine.xml.tree import Node, local_name, namespace

CALLING = frozenset(["serviceTask", "sendTask", "businessRuleTask"])
THROWING = frozenset({"intermediateThrowEvent", "endEvent"})

CODE = ("class", "delegateExpression", "type", "expression")
"""Attributes that name the code, in order of priority."""

LONGEST = 60
"""Characters of a proposed topic."""

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
CALL = re.compile(r"\w\s*\.\s*\w+\s*\(")
OF_JAVA = frozenset({"delegate", "impl", "java"})
"""Endings of a name that only give the kind of code."""


def proposed(node: Node) -> MakeTopic | None:
    """The topic for the work of `node`: a task, a thrown message or a connector in one of them.

    None if no topic can stand there, or if only an expression without code does the work.
    """
    caller = _caller(node)
    if caller is None:
        return None
    element = caller if local_name(caller) in CALLING else caller.getparent()
    id = "" if element is None else element.get("id") or ""
    code = _code(caller)
    if not id or not code:
        return None
    kept = written(caller, "topic")
    computed = "${" in kept or "#{" in kept
    return MakeTopic(id, topic_of(code, id) if computed or not kept else kept, code)


def written(node: Node, name: str) -> str:
    """The attribute `name` of any vendor; empty without one."""
    found = (node.get(f"{{{uri}}}{name}") for uri in VENDORS)
    return next((text.strip() for text in found if text and text.strip()), "")


def topic_of(code: str, otherwise: str) -> str:
    """`org.x.SendInvoiceDelegate` -> `send-invoice`, `${mailService}` -> `mail-service`,
    `${orders.ship(id)}` -> `orders-ship`; for code without any ASCII word from `otherwise`."""
    is_expression = "{" in code
    name = code.partition("(")[0] if is_expression else re.split(r"[.$]", code)[-1]
    words = [word.lower() for word in WORD.findall(name)]
    while len(words) > 1 and words[-1] in OF_JAVA:
        words.pop()
    if words:
        return "-".join(words)[:LONGEST].rstrip("-")
    return re.sub(r"\W+", "-", otherwise)[:LONGEST].strip("-") or "work"


def _caller(node: Node) -> Node | None:
    """The element with the attributes: the task, or the definition of the event."""
    name, parent = local_name(node), node.getparent()
    if namespace(node) in VENDORS and name == "connector" and parent is not None:
        around = parent.getparent()
        return None if around is None else _caller(around)
    if namespace(node) != BPMN:
        return None
    throws = parent is not None and local_name(parent) in THROWING
    thrown = name == "messageEventDefinition" and throws
    return node if name in CALLING or thrown else None


def _code(caller: Node) -> str:
    for name in CODE:
        text = written(caller, name)
        if text and not _runs_here(name, text):
            return text
    return next(filter(None, map(_connector, caller.iter("{*}connector"))), "")


def _runs_here(name: str, text: str) -> bool:
    return (name == "type" and text == "external") or (
        name == "expression" and not CALL.search(text)
    )


def _connector(node: Node) -> str:
    if namespace(node) not in VENDORS:
        return ""
    ids = (inside for inside in node.iter("{*}connectorId") if namespace(inside) in VENDORS)
    return next(((id.text or "").strip() for id in ids), "") or "connector"
