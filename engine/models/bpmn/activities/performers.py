"""The people of a task in BPMN's own words: humanPerformer and potentialOwner (BPMN 2.0.2, 10.3.4).

Read as in Camunda 7: a performer is the assignee; an owner is a comma list of `user(...)`,
`group(...)` and names, which are groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.language import Expression
from engine.models.bpmn.activities.attributes import split_list
from engine.models.bpmn.vocabulary import bpmn_children, text_of
from engine.models.elements import Element
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, local_name

HUMAN = frozenset({"userTask", "manualTask"})
ROLES = ("humanPerformer", "potentialOwner", "performer", "resourceRole")
MARKED = re.compile(r"(user|group)\((.*)\)", re.DOTALL)
ADVICE = say("Write camunda:candidateGroups or camunda:assignee.")


def with_performers(element: Element, node: Node, notes: Notes) -> Element:
    """`element` with the people of its resource roles, in addition to those of its attributes."""
    for role in bpmn_children(node, *ROLES):
        kind = local_name(role)
        if element.kind not in HUMAN or kind not in ROLES[:2]:
            what = say("{name} is not read by this engine.", name=kind)
            notes.warning(role, "ignored", what, ADVICE)
        elif kind == "humanPerformer":
            element = _performed(element, role, notes)
        else:
            element = _owned(element, role, notes)
    return element


def _performed(element: Element, role: Node, notes: Notes) -> Element:
    if element.assignee is not None:
        notes.error(
            role,
            "assignee",
            say("Two assignees are named; a task has one."),
            say("Remove one of them, or name several people as candidates."),
        )
        return element
    text = _assigned(role)
    assignee = notes.attribute(role, say("Assignee"), text) if text else None
    return replace(element, assignee=assignee)


def _owned(element: Element, role: Node, notes: Notes) -> Element:
    users: list[Expression] = []
    groups: list[Expression] = []
    for entry in split_list(_assigned(role)):
        marked = MARKED.fullmatch(entry)
        kind, text = (marked.group(1), marked.group(2)) if marked else ("group", entry)
        part = say("Candidate users") if kind == "user" else say("Candidate groups")
        named = notes.attribute(role, part, text.strip())
        if named is not None:
            (users if kind == "user" else groups).append(named)
    return replace(
        element,
        candidate_users=(*element.candidate_users, *users),
        candidate_groups=(*element.candidate_groups, *groups),
    )


def _assigned(role: Node) -> str:
    return next(filter(None, _texts(role)), "")


def _texts(role: Node) -> Iterator[str]:
    for assignment in bpmn_children(role, "resourceAssignmentExpression"):
        for expression in bpmn_children(assignment, "formalExpression", "expression"):
            yield text_of(expression)
