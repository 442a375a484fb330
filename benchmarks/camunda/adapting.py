"""Models in their deployed form: work that only Java or another script language can do is replaced.

`does`: name of a class, bean or topic -> the result of its service task: `set` (variables), `error`
and `message` (a BPMN error), `fails` (any other failure); of a list the first entry whose variable
`when` is true is used. `scripts`: element -> the same task as a script in our language. `told`:
receive tasks without a message get one of their own name. `without`: elements to remove, by name.
`replace`: pairs of text. `writable`: the message `set` writes variables of a running case, like
Camunda's runtime service. A case with none of these is played on the unchanged files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from lxml import etree

from benchmarks.camunda.table import Case
from engine.ports.handlers import BpmnError, Handler, Step

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA: Final = "{http://camunda.org/schema/1.0/bpmn}"
CODE: Final = ("class", "delegateExpression", "expression")
WRITER: Final = """<subProcess id="writer" triggeredByEvent="true"
  xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><startEvent id="set" isInterrupting="false">
  <messageEventDefinition messageRef="message_set"/></startEvent></subProcess>"""
Node = etree._Element


def files_of(case: Case) -> dict[str, bytes]:
    """The files of a case, edited by its table."""
    return {file.name: _edited(file.read_bytes(), case.edits) for file in case.files}


Answer = Mapping[str, Any]
Answering = Callable[[Mapping[str, object]], Answer]
"""The variables that the work reads -> its result: `set`, `error` and `message`, or `fails`."""


def answers_of(case: Case) -> dict[str, Answering]:
    """The replacements of a case's Java classes and beans, by topic."""
    return {name: _answering(answer) for name, answer in case.edits.get("does", {}).items()}


def handler_of(answering: Answering) -> Handler:
    """The same as a handler of the engine."""

    def handler(step: Step) -> Mapping[str, object] | None:
        one = answering(step.data)
        if "error" in one:
            raise BpmnError(one["error"], one.get("message", ""))
        if "fails" in one:
            raise RuntimeError(one["fails"])
        given: Mapping[str, object] | None = one.get("set")
        return given

    return handler


def _edited(content: bytes, edits: Mapping[str, Any]) -> bytes:
    for old, new in edits.get("replace", ()):
        content = content.replace(old.encode(), new.encode())
    works: Mapping[str, Callable[[Node, Any], None]] = {
        "does": _call, "scripts": _script, "told": _tell, "without": _remove, "writable": _listen
    }  # fmt: skip
    root = etree.fromstring(content)
    for name, work in works.items():
        if name in edits:
            work(root, edits[name])
    return etree.tostring(root)


def _call(root: Node, names: Iterable[str]) -> None:
    """Call Java code through a topic with the name of its class or bean."""
    for node in root.iter(f"{BPMN}serviceTask", f"{BPMN}sendTask", f"{BPMN}businessRuleTask"):
        code = {key: text for key, text in node.attrib.items() if _local(key) in CODE}
        found = [name for name in names if any(name in text for text in code.values())]
        if found:
            for key in code:
                del node.attrib[key]
            node.set(f"{CAMUNDA}type", "external")
            node.set(f"{CAMUNDA}topic", max(found, key=len))


def _script(root: Node, scripts: Mapping[str, str]) -> None:
    for node in list(root.iter()):
        if node.get("id") in scripts:
            for child in node.findall(f"{BPMN}script"):
                node.remove(child)
            for key in list(node.attrib):
                if _local(key) in (*CODE, "resultVariable", "resource", "scriptFormat"):
                    del node.attrib[key]
            node.tag = f"{BPMN}scriptTask"
            node.set("scriptFormat", "python")
            etree.SubElement(node, f"{BPMN}script").text = scripts[node.attrib["id"]]


def _tell(root: Node, names: Iterable[str]) -> None:
    for node in root.iter(f"{BPMN}receiveTask"):
        name = node.attrib["id"]
        if name in names:
            node.set("messageRef", f"message_{name}")
            root.insert(0, root.makeelement(f"{BPMN}message", id=f"message_{name}", name=name))


def _listen(root: Node, _wanted: bool) -> None:
    """A sub-process that the message `set` starts; its payload is written to the process."""
    process = next(root.iter(f"{BPMN}process"))
    process.append(etree.fromstring(WRITER))
    root.insert(0, root.makeelement(f"{BPMN}message", id="message_set", name="set"))


def _remove(root: Node, names: Iterable[str]) -> None:
    for node in list(root.iter()):
        if _local(node.tag) in names:
            parent = node.getparent()
            assert parent is not None
            parent.remove(node)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _answering(answer: Any) -> Answering:
    choices = answer if isinstance(answer, list) else [answer]
    return lambda data: next(c for c in choices if "when" not in c or data.get(c["when"]))
