"""A timer event definition -> a bare ISO 8601 text, an expression, or a ladder.

Owns this distinction. Other modules compute due times.
"""

from __future__ import annotations

from engine.language import LanguageError
from engine.language.timers import compile_timer
from engine.models.bpmn.vocabulary import bpmn_children, text_of
from engine.models.elements import TimerDefinition, TimerKind
from engine.sentences.sentence import Sentence, say
from engine.xml.notes import Notes
from engine.xml.tree import Node, local_name

KINDS: dict[str, TimerKind] = {
    "timeDate": "date",
    "timeDuration": "duration",
    "timeCycle": "cycle",
}
PARTS: dict[TimerKind, Sentence] = {
    "date": say("Timer date"),
    "duration": say("Timer duration"),
    "cycle": say("Timer cycle"),
}


def read_timer(definition: Node, notes: Notes) -> TimerDefinition | None:
    """The timer of a `timerEventDefinition`; None after noting its fault."""
    texts = [child for child in bpmn_children(definition, *KINDS) if text_of(child)]
    if len(texts) != 1:
        notes.error(
            definition,
            "timer-empty",
            say("The timer says not when to fire, or says it twice."),
            say("Write one date (2026-12-01T09:00:00+07:00), duration (P14D) or cycle (R/P1D)."),
        )
        return None
    [node] = texts
    return _timer(node, KINDS[local_name(node)], text_of(node), notes)


def _timer(node: Node, kind: TimerKind, text: str, notes: Notes) -> TimerDefinition | None:
    try:
        expression = compile_timer(kind, text)
    except LanguageError as error:
        notes.does_not_compile(node, PARTS[kind], error, "timer")
        return None
    if expression.is_constant and isinstance(literal := expression.evaluate({}), str):
        if kind == "date" and literal.strip().startswith("P"):
            notes.warning(
                node,
                "timer",
                say("A duration stands where a date is meant; it counts from the arming."),
                say("Write it as a duration (timeDuration)."),
            )
        return TimerDefinition(kind, literal=literal)
    ladder = expression.ladder if kind == "cycle" else None
    return TimerDefinition(kind, expression=expression, ladder=ladder)
