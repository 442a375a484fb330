"""A `.bpmn` file -> its processes and the findings about the file.

Owns the file as a whole: its root, its size in elements, foreign vocabularies. The checks decide
whether the engine can run the processes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.models.bpmn.declared import read_declared
from engine.models.bpmn.known.telling import note_words
from engine.models.bpmn.process import read_process
from engine.models.bpmn.vocabulary import BPMN, DIAGRAM, FOREIGN, bpmn_children, reference
from engine.models.elements import ProcessModel
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, local_name, namespace, parse_xml

MAX_NODES = 6_000
"""Number of BPMN elements in a file: 1,500 tasks as an editor writes them. A larger file could not
be read and checked within 2 s, and no person could read its diagram."""

MAX_ENTRIES = 1_000
"""Number of XML elements in the extensions of one element: its parameters, properties, fields and
so on."""


@dataclass(frozen=True, slots=True)
class BpmnFile:
    """The processes of one file (executable or not) and the findings of reading it."""

    processes: tuple[ProcessModel, ...]
    problems: tuple[Problem, ...]


def read_bpmn(content: bytes, file: str) -> BpmnFile:
    """Read one file. Raises ModelError only if it contains no BPMN (`xml`, `bpmn`); every other
    error is a problem beside the processes."""
    root = parse_xml(content, file)
    notes = Notes(file)
    _expect_bpmn(root, notes)
    declared, shapes = read_declared(root), _shapes(root)
    taken: set[str] = set()
    processes = tuple(
        read_process(node, shapes, declared, notes, taken) for node in _processes(root, notes)
    )
    if any(process.elements for process in processes):
        # A pool of a collaboration without any content is not meant to run.
        processes = tuple(
            process if process.elements else replace(process, executable=False)
            for process in processes
        )
    note_words(root, notes)
    _note_foreign_vocabularies(root, notes)
    _note_nothing_to_run(root, processes, notes)
    return BpmnFile(processes, tuple(notes.problems))


def _expect_bpmn(root: Node, notes: Notes) -> None:
    if local_name(root) != "definitions" or namespace(root) != BPMN:
        notes.error(
            root,
            "bpmn",
            say("This is not a BPMN 2.0 file: its root is <{root}>.", root=local_name(root)),
            say("Save it as BPMN 2.0 XML, with <definitions> of the BPMN namespace as root."),
        )
        raise ModelError(notes.problems)
    if sum(1 for _ in root.iter(f"{{{BPMN}}}*")) > MAX_NODES:
        notes.error(
            root,
            "bpmn",
            say("The file holds more than {limit} BPMN elements.", limit=MAX_NODES),
            say("Split it into several processes that call each other."),
        )
        raise ModelError(notes.problems)
    for extensions in root.iter(f"{{{BPMN}}}extensionElements"):
        if sum(1 for _ in extensions.iter()) > MAX_ENTRIES:
            of = extensions.getparent()
            at = root if of is None else of
            notes.about(at.get("id") or "", at.get("name") or "").error(
                extensions,
                "bpmn",
                say("An element is extended by more than {limit} entries.", limit=MAX_ENTRIES),
                say("Split its parameters, properties or fields over several steps."),
            )
            raise ModelError(notes.problems)


def _shapes(root: Node) -> frozenset[str]:
    shapes = root.iter(f"{{{DIAGRAM}}}BPMNShape")
    return frozenset(reference(shape.get("bpmnElement")) for shape in shapes)


def _processes(root: Node, notes: Notes) -> list[Node]:
    found: dict[str, Node] = {}
    for node in bpmn_children(root, "process"):
        key = node.get("id") or ""
        if key and key not in found:
            found[key] = node
        else:
            notes.about(key, node.get("name") or "").error(
                node,
                "id",
                say("The process has no id, or the id of another process of this file."),
                say("Give each process an id of its own: it is the key it is started by."),
            )
    return list(found.values())


def _note_foreign_vocabularies(root: Node, notes: Notes) -> None:
    used = {namespace(node) for node in root.iter("{*}*")} | {
        str(key).lstrip("{").rpartition("}")[0] for node in root.iter("*") for key in node.attrib
    }
    for uri in sorted(FOREIGN.keys() & used):
        notes.warning(
            root,
            "foreign-vocabulary",
            say(
                "The model was written for {engine}; its extensions are ignored.",
                engine=FOREIGN[uri],
            ),
            say("Say assignee, form, topic and so on with Camunda 7 attributes (camunda:...)."),
        )


def _note_nothing_to_run(root: Node, processes: tuple[ProcessModel, ...], notes: Notes) -> None:
    if not any(process.executable for process in processes):
        notes.error(
            root,
            "nothing-to-run",
            say("The file has no executable process."),
            say('Set isExecutable="true" on the process that is to run.'),
        )
