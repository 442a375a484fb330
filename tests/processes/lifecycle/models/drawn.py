"""The shipped models as plain XML, read without the engine.

For the tests of the rules for models; decides nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

PROCESSES = Path(__file__).parents[4] / "processes"
KEYS = ("agreement", "follow_up", "recommendation", "rakor", "written_report")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
NODE = re.compile(r".*(Event|Task|Gateway)$")
CONDITION = re.compile(r'\$\{(\w+) == "(\w+)"\}')

Node = Any  # lxml publishes no type of its elements that its own stubs agree on


def name_of(node: Node) -> str:
    """The tag without its namespace."""
    return str(etree.QName(node).localname)


def model_files(*endings: str) -> list[Path]:
    """All files of the shipped models with these endings."""
    return sorted(path for path in PROCESSES.rglob("*") if path.suffix in endings)


def attribute(node: Node, name: str) -> str:
    """A Camunda attribute; empty when not written."""
    return str(node.get(CAMUNDA + name, ""))


def camunda_property(node: Node, name: str) -> str:
    """The value of a `camunda:property`; empty when not written."""
    found = node.findall(f".//{CAMUNDA}property[@name='{name}']")
    return str(found[0].get("value")) if found else ""


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: Box, slack: float = 0) -> bool:
        return (
            self.x - slack <= other.x
            and self.y - slack <= other.y
            and other.x + other.width <= self.x + self.width + slack
            and other.y + other.height <= self.y + self.height + slack
        )

    def meets(self, other: Box) -> bool:
        """Do they share any area?"""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def on_border(self, x: float, y: float) -> bool:
        inside = self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height
        return inside and (
            x in (self.x, self.x + self.width) or y in (self.y, self.y + self.height)
        )


class Drawn:
    """One `.bpmn` file: its process and its picture."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.folder = PROCESSES / key
        self.root: Node = etree.parse(str(self.folder / f"{key}.bpmn")).getroot()
        self.process: Node = self.root.find(f"{BPMN}process")
        self.nodes = {n.get("id"): n for n in self.process if NODE.match(name_of(n))}
        self.flows = {n.get("id"): n for n in self.process.findall(f"{BPMN}sequenceFlow")}

    def human_tasks(self) -> list[Node]:
        return [node for node in self.nodes.values() if name_of(node) == "userTask"]

    def leaving(self, id: str) -> list[Node]:
        return [flow for flow in self.flows.values() if flow.get("sourceRef") == id]

    def after(self, id: str) -> list[Node]:
        return [self.nodes[flow.get("targetRef")] for flow in self.leaving(id)]

    def ladders_of(self, id: str) -> list[Node]:
        """The escalation timers on a task."""
        return [
            node
            for node in self.nodes.values()
            if node.get("attachedToRef") == id and node.find(f".//{BPMN}timeCycle") is not None
        ]

    def lanes(self) -> dict[str, list[str]]:
        """Lane id -> ids of what lies in it."""
        return {
            lane.get("id"): [ref.text for ref in lane.findall(f"{BPMN}flowNodeRef")]
            for lane in self.process.iter(f"{BPMN}lane")
        }

    def lane_of(self, id: str) -> str:
        [lane] = [lane for lane, nodes in self.lanes().items() if id in nodes]
        return lane

    def boxes(self) -> dict[str, Box]:
        """Element id -> its shape."""
        return {
            shape.get("bpmnElement"): _box(shape.find(BOUNDS))
            for shape in self.root.iter(f"{DI}BPMNShape")
        }

    def labels(self) -> dict[str, Box]:
        """Element or flow id -> where its name is written (names inside boxes not counted)."""
        return {
            label.getparent().get("bpmnElement"): _box(label.find(BOUNDS))
            for label in self.root.iter(f"{DI}BPMNLabel")
        }

    def edges(self) -> dict[str, list[tuple[float, float]]]:
        """Flow id -> its bends, both ends included."""
        return {
            edge.get("bpmnElement"): [
                (float(p.get("x")), float(p.get("y"))) for p in edge.findall(WAYPOINT)
            ]
            for edge in self.root.iter(f"{DI}BPMNEdge")
        }

    def form(self, id: str) -> dict[str, Any]:
        """A form of this process as JSON."""
        return dict(json.loads((self.folder / f"{id}.form").read_text(encoding="utf-8")))


def _box(bounds: Node) -> Box:
    return Box(*(float(bounds.get(side)) for side in ("x", "y", "width", "height")))


def fields_of(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Key -> component, those inside groups included, those of rows not."""
    found: dict[str, dict[str, Any]] = {}
    for component in form["components"]:
        if component["type"] == "group":
            found |= fields_of(component)
        else:
            found[component.get("key") or component["path"]] = component
    return found


def canonical(path: Path) -> str:
    """The file's text as the editors write it, so that saving changes only what was changed."""
    if path.suffix == ".form":
        content = json.loads(path.read_text(encoding="utf-8"))
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    root = etree.parse(str(path)).getroot()
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_lines(root, 0))


def _lines(node: Node, depth: int) -> list[str]:
    pad, tag = "  " * depth, f"{node.prefix}:{name_of(node)}" if node.prefix else name_of(node)
    spaces = {} if depth else {f"xmlns:{k}" if k else "xmlns": v for k, v in node.nsmap.items()}
    written = {_attribute_name(node, key): value for key, value in node.attrib.items()}
    head = tag + "".join(f" {key}={_quoted(value)}" for key, value in (spaces | written).items())
    children = [line for child in node for line in _lines(child, depth + 1)]
    if children:
        return [f"{pad}<{head}>\n", *children, f"{pad}</{tag}>\n"]
    if node.text is None and name_of(node) != "text":
        return [f"{pad}<{head} />\n"]
    return [f"{pad}<{head}>{escape(node.text or '')}</{tag}>\n"]


def _attribute_name(node: Node, key: str) -> str:
    name = etree.QName(key)
    prefixes = {uri: prefix for prefix, uri in node.nsmap.items()}
    return f"{prefixes[name.namespace]}:{name.localname}" if name.namespace else name.localname


def _quoted(value: str) -> str:
    return '"' + escape(value, {'"': "&#34;", "'": "&#39;"}) + '"'
