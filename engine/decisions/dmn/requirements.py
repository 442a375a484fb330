"""The requirements of a decision (DMN 1.3, 6.3.12): input data and other decisions of the same
file.

Owns the order in which the decisions of a file are read, each after its requirements, and the names
of their results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from engine.decisions.decision import Decision, Given, Needs
from engine.decisions.dmn.columns import read_allowed, read_kind
from engine.decisions.dmn.parts import CODE, about, child, children, id_of
from engine.decisions.dmn.types import Types
from engine.decisions.kinds import ANY
from engine.decisions.knowledge import Knowledge
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node

REQUIRED_DECISION = ("informationRequirement", "requiredDecision")
REQUIRED_INPUT = ("informationRequirement", "requiredInput")
REQUIRED_KNOWLEDGE = ("knowledgeRequirement", "requiredKnowledge")


class Requirements:
    """The drawing of one file: its decisions, input data and knowledge by id."""

    def __init__(self, root: Node, types: Types, knowledge: Mapping[str, Knowledge]) -> None:
        self.decisions = {id_of(node): node for node in children(root, "decision")}
        self.inputs = {id_of(node): node for node in children(root, "inputData")}
        self.types = types
        self.knowledge = knowledge
        # Cells may always read any input data of the file, drawn as required or not.
        self.input_names = frozenset(map(variable_of, self.inputs.values()))

    def in_order(self, notes: Notes) -> list[Node]:
        """The decisions, each after all its requirements."""
        return ordered(notes, self.decisions, REQUIRED_DECISION)

    def needs(self, notes: Notes, node: Node, read: Mapping[str, Decision]) -> Needs:
        """The requirements of the decision `node`; those that the file lacks go to the notes."""
        needed = references(node, REQUIRED_DECISION)
        for id in needed:
            if id not in self.decisions:
                notes.error(
                    node,
                    CODE,
                    say("The decision needs {id}, which is not in this file.", id=id),
                    say("Draw both decisions in one file, or ask the other in a task before."),
                )
        direct = [read[id] for id in needed if id in read]
        before = {one.id: one for need in direct for one in (*need.needs.before, need)}
        known = [self.knowledge.get(id) for id in references(node, REQUIRED_KNOWLEDGE)]
        return Needs(
            self._given(notes, node),
            tuple(before.values()),
            self._results(direct),
            tuple(one for one in known if one is not None),
        )

    def _given(self, notes: Notes, node: Node) -> tuple[Given, ...]:
        """The required input data that have anything to check."""
        wanted = [id for id in references(node, REQUIRED_INPUT) if id in self.inputs]
        given = [self._read_given(notes, self.inputs[id]) for id in wanted]
        return tuple(item for item in given if item.kind is not ANY or item.allowed)

    def _read_given(self, notes: Notes, node: Node) -> Given:
        name, variable = variable_of(node), child(node, "variable")
        if variable is None:
            return Given(name, ANY)
        notes = about(notes, node)
        kind = read_kind(notes, variable, name, self.types)
        listed = self.types.allowed_in(variable.get("typeRef") or "")
        return Given(name, kind, read_allowed(notes, variable, listed, name, kind))

    def _results(self, direct: list[Decision]) -> dict[str, tuple[str, str]]:
        """The names of the results: of the decision itself, and of its outputs if nothing else has
        that name (as in Camunda)."""
        outputs = [(one.id, name) for one in direct for name in one.output_names]
        uses = Counter(name for _, name in outputs)
        found = {
            name: (id, name)
            for id, name in outputs
            if uses[name] == 1 and name not in self.input_names
        }
        found.update({one.id: (one.id, "") for one in direct})
        return found | {one.variable: (one.id, "") for one in direct}


def variable_of(node: Node) -> str:
    """The name of a decision's or input data's value: its variable, else its own name."""
    variable = child(node, "variable")
    name = variable.get("name") if variable is not None else None
    return name or node.get("name") or id_of(node)


def label_of(node: Node) -> str:
    """The name of the element for people."""
    return node.get("name") or id_of(node)


def references(node: Node, kind: tuple[str, str]) -> list[str]:
    """Ids at the requirement arrows of this kind; an arrow into another file stays as it is."""
    arrow, end = kind
    targets = [child(requirement, end) for requirement in children(node, arrow)]
    found = [
        (target.get("href") or "").removeprefix("#") for target in targets if target is not None
    ]
    return list(dict.fromkeys(found))


def ordered(notes: Notes, nodes: Mapping[str, Node], kind: tuple[str, str]) -> list[Node]:
    """The nodes, each after all its requirements. A circle goes to the notes, and none of its nodes
    is read."""
    needed = {
        id: [other for other in references(node, kind) if other in nodes]
        for id, node in nodes.items()
    }
    try:
        return [nodes[id] for id in TopologicalSorter(needed).static_order()]
    except CycleError as error:
        circle = [nodes[id] for id in error.args[1]]
        names = ", ".join(map(label_of, circle))
        about(notes, circle[0]).error(
            circle[0],
            CODE,
            say("The decisions need each other in a circle: {names}", names=names),
            say("Remove one of the arrows between them."),
        )
        return []
