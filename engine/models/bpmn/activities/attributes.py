"""The attributes of a flow node: performers, deadline, form, call or decision.

Owns the Camunda attributes and the script of BPMN itself. `calls.py` reads calls; `known.telling`
reports attributes that are not read.
"""

from __future__ import annotations

from dataclasses import replace

from engine.language import Expression, LanguageError
from engine.language.budget import MAX_SOURCE_BYTES
from engine.language.timers import deadline_value
from engine.models.bpmn.activities.calls import with_called
from engine.models.bpmn.known.of_camunda import TOPIC_ADVICE
from engine.models.bpmn.topics import CALLING, THROWING, proposed
from engine.models.bpmn.vocabulary import BPMN, PYTHON, bpmn_children, text_of, vendor
from engine.models.elements import PRIORITY_ADVICE, Element, is_priority
from engine.sentences.sentence import Sentence, say
from engine.xml.notes import Notes
from engine.xml.tree import Node


def with_attributes(element: Element, node: Node, notes: Notes) -> Element:
    """`element` with the values of all its attributes."""
    element = _with_people(element, node, notes)
    element = _with_work(element, node, notes)
    if element.kind == "scriptTask":
        return _with_script(element, node, notes)
    if element.kind == "callActivity":
        return with_called(element, node, notes)
    if element.kind == "startEvent":
        return replace(element, initiator=vendor(node, "initiator"))
    return element


def _with_people(element: Element, node: Node, notes: Notes) -> Element:
    return replace(
        element,
        assignee=_value(node, "assignee", say("Assignee"), notes),
        candidate_users=_list(node, "candidateUsers", say("Candidate users"), notes),
        candidate_groups=_list(node, "candidateGroups", say("Candidate groups"), notes),
        due_date=_date(node, "dueDate", say("Due date"), notes),
        follow_up_date=_date(node, "followUpDate", say("Follow-up date"), notes),
        priority=_value(node, "priority", say("Priority"), notes),
        form_ref=vendor(node, "formRef"),
    )


def _value(node: Node, name: str, part: Sentence, notes: Notes) -> Expression | None:
    text = vendor(node, name)
    return None if text is None else notes.attribute(node, part, text)


def _list(node: Node, name: str, part: Sentence, notes: Notes) -> tuple[Expression, ...]:
    written = vendor(node, name) or ""
    if len(written) > MAX_SOURCE_BYTES:
        what = say("The text is longer than {limit} bytes.", limit=MAX_SOURCE_BYTES)
        notes.error(node, "too-long", what, say("Name a group in which all of them are."))
        return ()
    texts = split_list(written)
    found = (notes.attribute(node, part, text) for text in texts)
    return tuple(expression for expression in found if expression is not None)


def split_list(text: str) -> list[str]:
    """The entries of a comma list; commas inside `${...}` do not separate."""
    entries, depth = [""], 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if character == "," and depth <= 0:
            entries.append("")
        else:
            entries[-1] += character
    return [entry.strip() for entry in entries if entry.strip()]


def _date(node: Node, name: str, part: Sentence, notes: Notes) -> Expression | None:
    expression = _value(node, name, part, notes)
    if expression is None or not expression.is_constant:
        return expression
    try:
        deadline_value(expression.evaluate({}))
    except LanguageError:
        notes.error(
            node,
            "date",
            say("{part} is no date: {text}", part=part, text=vendor(node, name)),
            say(
                "Write 2026-12-01, 2026-12-01T09:00:00+07:00, P14D (from the opening of the task),"
                " or an expression such as"
                " ${{working_days(5, task.created)}} or ${{case.deadline}}."
            ),
        )
        return None
    return expression


def _with_work(element: Element, node: Node, notes: Notes) -> Element:
    if element.kind in CALLING:
        element = _with_call(element, node, notes)
    for definition in bpmn_children(node, "messageEventDefinition"):
        if element.kind in THROWING:
            element = _with_call(element, definition, notes)
        else:
            _note_calls_nothing(definition, notes)
    return replace(
        element,
        decision_ref=_constant(node, "decisionRef", say("Decision"), notes),
        result_variable=vendor(node, "resultVariable") or element.result_variable,
        map_result=vendor(node, "mapDecisionResult") or "resultList",
    )


def _with_call(element: Element, node: Node, notes: Notes) -> Element:
    """A topic has priority over an expression, as a type has in Camunda 7."""
    kind = vendor(node, "type")
    if kind not in (None, "external"):
        what = say("The task calls another engine: {call}", call=kind)
        notes.corrected_by(proposed(node)).error(node, "foreign-code", what, TOPIC_ADVICE)
    topic = _constant(node, "topic", say("Topic"), notes)
    expression = None
    if not (topic or kind):
        calling = notes.corrected_by(proposed(node))
        expression = _value(node, "expression", say("Expression"), calling)
    return replace(
        element,
        topic=topic or element.topic,
        task_priority=_task_priority(node, notes) if topic else element.task_priority,
        expression=expression or element.expression,
        result_variable=vendor(node, "resultVariable") or element.result_variable,
    )


def _task_priority(node: Node, notes: Notes) -> Expression | None:
    """The priority of the task itself, else the one that its process gives to all tasks."""
    process = next(node.iterancestors(f"{{{BPMN}}}process"), node)
    holder = node if vendor(node, "taskPriority") else process
    found = _value(holder, "taskPriority", say("Task priority"), notes)
    if found is None or not found.is_constant or is_priority(found.evaluate({})):
        return found
    text = vendor(holder, "taskPriority")
    what = say("The task priority is no whole number: {text}", text=text)
    notes.error(holder, "priority", what, PRIORITY_ADVICE)
    return None


def _note_calls_nothing(definition: Node, notes: Notes) -> None:
    for name in (name for name in ("topic", "expression") if vendor(definition, name)):
        what = say("{name} is not read by this engine.", name=name)
        notes.warning(definition, "ignored", what, say("Write it at a task behind the event."))


def _constant(node: Node, name: str, part: Sentence, notes: Notes) -> str | None:
    text = vendor(node, name)
    if text is not None and ("${" in text or "#{" in text):
        _note_not_fixed(node, part, notes)
        return None
    return text


def _note_not_fixed(node: Node, part: Sentence, notes: Notes) -> None:
    notes.error(
        node,
        "not-fixed",
        say("{part} must be fixed when the model is deployed.", part=part),
        say("Write its id without ${{}}; choose between several with an exclusive gateway."),
    )


def _with_script(element: Element, node: Node, notes: Notes) -> Element:
    language = (node.get("scriptFormat") or "").strip()
    if language.lower() not in PYTHON:
        notes.error(
            node,
            "foreign-script",
            say("The script is written in {language}, which cannot run here.", language=language),
            say('Write it in Python (a few assignments) with scriptFormat="python".'),
        )
        return element
    if element.result_variable is not None:
        notes.error(
            node,
            "script",
            say("A result variable of a script is not read by this engine."),
            say("Assign the value in the script: {name} = ...", name=element.result_variable),
        )
    text_node = next(bpmn_children(node, "script"), None)
    if text_node is None or not text_of(text_node):
        notes.error(
            node, "script", say("The script task has no script."), say("Write one, or remove it.")
        )
        return element
    script = notes.script(text_node, say("Script"), text_node.text or "")
    return replace(element, script=script)
