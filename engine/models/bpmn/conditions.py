"""Conditions of sequence flows and of conditional events.

Owns the allowed languages of a condition, and the Camunda attributes for the writes after which it
is evaluated.
"""

from __future__ import annotations

from engine.models.bpmn.vocabulary import bpmn_children, is_our_language, text_of, vendor
from engine.models.elements import WRITES, Condition
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node


def read_condition(definition: Node, notes: Notes) -> Condition | None:
    """The condition of a conditional event; None after noting why there is none."""
    condition = next(bpmn_children(definition, "condition"), None)
    if condition is None or not text_of(condition):
        notes.error(
            definition,
            "no-condition",
            say("The event says not what it waits for."),
            say("Write its condition, for example ${{amount > 100}}."),
        )
        return None
    if not runs_here(condition, notes):
        return None
    compiled = notes.expression(condition, say("Condition"), text_of(condition))
    if compiled is None:
        return None
    return Condition(compiled, vendor(definition, "variableName"), _writes(definition, notes))


def _writes(definition: Node, notes: Notes) -> frozenset[str]:
    """The kinds of write after which the condition is evaluated; the default is every kind."""
    text = vendor(definition, "variableEvents") or ""
    named = frozenset(word.strip() for word in text.split(",") if word.strip())
    for word in sorted(named - WRITES):
        notes.error(
            definition,
            "variable-events",
            say("{word} is nothing that happens to a variable.", word=word),
            say("Write create, update, delete, or several of them with commas."),
        )
    return named or WRITES


def runs_here(condition: Node, notes: Notes) -> bool:
    """Whether a condition is written in our language; otherwise this is noted."""
    language = (condition.get("language") or "").strip().lower()
    if is_our_language(language) and vendor(condition, "resource") is None:
        return True
    notes.error(
        condition,
        "foreign-script",
        say("The condition is a script of another engine ({language}).", language=language),
        say("Write it as an expression, for example amount > 100."),
    )
    return False
