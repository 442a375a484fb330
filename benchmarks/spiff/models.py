"""The model files of a checkout, in the form for both engines.

Assumptions of SpiffWorkflow are written into them, so that no table repeats them. A task without a
type is a human task, because Spiff's tests answer it. A called process gets all variables and
returns all of them. A message or signal event without a reference has the name of the event. As in
the tests of `bpmn/`, a flow without a condition that leaves an exclusive gateway is taken if
`choice` is its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lxml import etree

from benchmarks.models.companions import with_companions
from engine.models.bundle import kind_of, read_bundle

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA: Final = "{http://camunda.org/schema/1.0/bpmn}"
CONDITION: Final = f"{BPMN}conditionExpression"
FOLDERS: Final = ("bpmn", "camunda", "spiff")
CHOICES: Final = "bpmn/data/Test-Workflows/"
Node = etree._Element


def names_of(root: Path) -> list[str]:
    """Every BPMN file below the folders of SpiffWorkflow's tests, by path from `root`."""
    files = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    return sorted(str(path.relative_to(root)) for path in files if kind_of(path.name) == "bpmn")


def files_of(root: Path, name: str, replace: Sequence[tuple[str, str]] = ()) -> dict[str, bytes]:
    """The file with the files that it calls and uses, by file name, itself first."""
    file = root / name
    found = with_companions(file)
    for table in sorted((file.parent / "dmn").glob("*.dmn")):
        content = table.read_bytes()
        ids = read_bundle({table.name: content}).decisions
        if any(id.encode() in found[file.name] for id in ids):
            found.setdefault(table.name, content)
    files = {
        key: _read_as_its_tests_do(_edited(content, replace), choices=name.startswith(CHOICES))
        for key, content in found.items()
    }
    return files


def _edited(content: bytes, replace: Sequence[tuple[str, str]]) -> bytes:
    for old, new in replace:
        content = content.replace(old.encode(), new.encode())
    return content


def processes_of(content: bytes) -> list[str]:
    """Ids of the non-empty processes of a file, only executable ones if there are any."""
    found = [one for one in etree.fromstring(content).iter(f"{BPMN}process") if len(one)]
    executable = [one for one in found if one.get("isExecutable") != "false"]
    return [one.get("id", "") for one in executable or found]


def _read_as_its_tests_do(content: bytes, *, choices: bool) -> bytes:
    root = etree.fromstring(content)
    for task in root.iter(f"{BPMN}task"):
        task.tag = f"{BPMN}userTask"
    for call in root.iter(f"{BPMN}callActivity"):
        _pass_all(call)
    for kind in ("message", "signal"):
        for event in list(root.iter(f"{BPMN}{kind}EventDefinition")):
            _name(root, event, kind)
    for gateway in root.iter(f"{BPMN}exclusiveGateway") if choices else ():
        _choose(root, gateway)
    return etree.tostring(root)


def _pass_all(call: Node) -> None:
    extensions = call.find(f"{BPMN}extensionElements")
    if extensions is None:
        extensions = call.makeelement(f"{BPMN}extensionElements")
        call.insert(0, extensions)
    for way in ("in", "out"):
        etree.SubElement(extensions, f"{CAMUNDA}{way}", variables="all")


def _name(root: Node, definition: Node, kind: str) -> None:
    event = definition.getparent()
    if event is not None and not definition.get(f"{kind}Ref"):
        id = f"{kind}_of_{event.get('id')}"
        root.insert(0, root.makeelement(f"{BPMN}{kind}", id=id, name=event.get("name") or id))
        definition.set(f"{kind}Ref", id)


def _choose(root: Node, gateway: Node) -> None:
    flows = root.iter(f"{BPMN}sequenceFlow")
    ways = [flow for flow in flows if flow.get("sourceRef") == gateway.get("id")]
    for way in ways if len(ways) > 1 else ():
        if way.find(CONDITION) is None and way.get("id") != gateway.get("default"):
            etree.SubElement(way, CONDITION).text = f"choice == '{way.get('name')}'"
