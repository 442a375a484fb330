"""A BPMN file in which code of another engine becomes work for workers; every other byte stays the
same.

Owns the change of the text. Attributes of the tags concerned and connectors are replaced in place,
so a comparison with the old file shows only these changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from engine.models.bpmn.topics import CODE, proposed
from engine.models.bpmn.vocabulary import VENDORS, is_vendor
from engine.sentences.problems import MakeTopic
from engine.xml.tree import Node, local_name, parse_xml

TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
ATTRIBUTE = re.compile(rb"(\s+)([^\s=]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
NAME = re.compile(rb"^<[^\s/>]+")
REPLACED = frozenset([*CODE, "topic", "resultVariable"])
"""An attribute to remove: a result variable takes the value of an expression, while workers name
their variables."""


class Place(NamedTuple):
    """The place of an element in the text: its start tag, and the position after its end."""

    begin: int
    inside: int
    end: int


class Edit(NamedTuple):
    """The new text from `begin` to `end`."""

    begin: int
    end: int
    text: bytes


def with_topics(content: bytes, file: str, made: Iterable[MakeTopic]) -> bytes:
    """The file with each element of `made` as an external task of its topic, without its own code.
    Input and output parameters of a connector become parameters of its task.

    Raises ModelError for a text that is no XML.
    """
    topics = {one.element_id: one.topic for one in made}
    root = parse_xml(content, file)
    encoding = _encoding(root, content)
    text = content.decode(encoding).encode()
    nodes = list(root.iter("*"))
    places = dict(zip(nodes, _places(text), strict=True))
    edits = sorted(_edits(nodes, topics, text, places), key=lambda edit: edit.begin)
    for edit in reversed(edits):
        text = text[: edit.begin] + edit.text + text[edit.end :]
    return text.decode().encode(encoding)


def _encoding(root: Node, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return root.getroottree().docinfo.encoding or "utf-8"


def _places(text: bytes) -> list[Place]:
    """The places of all elements, in the order of their beginnings."""
    places: list[Place] = []
    opened: list[int] = []
    parser = expat.ParserCreate("utf-8")

    def enter(*_: object) -> None:
        begin = parser.CurrentByteIndex
        tag = TAG.match(text, begin)
        assert tag is not None, "it is well-formed"
        opened.append(len(places))
        places.append(Place(begin, tag.end(), tag.end()))

    def leave(*_: object) -> None:
        place = places[opened[-1]]
        if text[place.inside - 2 : place.inside] != b"/>":
            end = text.index(b">", parser.CurrentByteIndex) + 1
            places[opened[-1]] = place._replace(end=end)
        opened.pop()

    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.Parse(text, True)
    return places


def _edits(
    nodes: Iterable[Node], topics: Mapping[str, str], text: bytes, places: Mapping[Node, Place]
) -> Iterator[Edit]:
    for node in nodes:
        fix = proposed(node)
        if fix is None or fix.element_id not in topics:
            continue
        if local_name(node) == "connector":
            yield from _disconnected(node, text, places)
        else:
            yield _called(node, topics[fix.element_id], text, places[node])


def _called(node: Node, topic: str, text: bytes, place: Place) -> Edit:
    """The start tag with type and topic in place of the name of the code."""
    done: list[str] = []

    def replaced(attribute: re.Match[bytes]) -> bytes:
        space, name = attribute.group(1), attribute.group(2).decode()
        prefix, _, local = name.rpartition(":")
        if local not in REPLACED or not prefix or node.nsmap.get(prefix) not in VENDORS:
            return attribute.group()
        done.append(prefix)
        return space + _external(prefix, topic) if len(done) == 1 else b""

    tag = ATTRIBUTE.sub(replaced, text[place.begin : place.inside])
    if not done:
        [name] = NAME.findall(tag)
        tag = name + b" " + _declared(node, topic) + tag[len(name) :]
    return Edit(place.begin, place.inside, tag)


def _external(prefix: str, topic: str) -> bytes:
    value = quoteattr(topic)
    return f'{prefix}:type="external" {prefix}:topic={value}'.encode()


def _declared(node: Node, topic: str) -> bytes:
    """The same, with a prefix that is already in scope, or with a new one."""
    known = (prefix for prefix, uri in node.nsmap.items() if prefix and uri in VENDORS)
    for prefix in known:
        return _external(prefix, topic)
    prefix = "camunda" if "camunda" not in node.nsmap else "camunda7"
    return _external(prefix, topic) + f' xmlns:{prefix}="{VENDORS[0]}"'.encode()


def _disconnected(node: Node, text: bytes, places: Mapping[Node, Place]) -> Iterator[Edit]:
    """Remove the connector; its parameters join the parameters of the task."""
    place = places[node]
    theirs = [inside for inside in node if is_vendor(inside, "inputOutput")]
    own = [one for one in node.itersiblings("*", preceding=True) if is_vendor(one, "inputOutput")]
    own += [one for one in node.itersiblings("*") if is_vendor(one, "inputOutput")]
    if own and len(own[0]):
        behind = places[own[0][-1]].end
        for block in theirs:
            for parameter in block:
                yield Edit(behind, behind, _text(text, places[parameter]))
        theirs = []
    moved = b"".join(_text(text, places[block]) for block in theirs)
    begin = place.begin if moved else len(text[: place.begin].rstrip())
    yield Edit(begin, place.end, moved)


def _text(text: bytes, place: Place) -> bytes:
    return text[place.begin : place.end]
