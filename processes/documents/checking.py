"""Whether a Word file may be the template of a kind: it names fields of that kind, and no more.

Owns the rule, which is asked before a template is stored. A template may name fields, repeat a part
for each item of a list, and leave a part out; all else is refused, with the mark and the place
where it stands. Macros and parts fetched from elsewhere are refused where any file is received
(`processes.files.file_types`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from io import BytesIO
from typing import Any, Final, get_args, get_origin, get_type_hints

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say
from processes.documents import examples, word
from processes.documents.kinds import Kind

LARGEST: Final = 50_000_000
"""Bytes that all parts together may unpack to."""
DEEPEST: Final = 5
"""Lists within lists."""
PARTS: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
EMBEDDED: Final = re.compile(r"word/(embeddings|activeX|afchunk)", re.IGNORECASE)
COMPUTED: Final = re.compile(r'<w:instrText[^>]*>([^<]*)|w:instr="([^"]*)"')
HARMLESS: Final = frozenset(
    ("PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "STYLEREF", "SEQ", "HYPERLINK")
)
"""What Word may compute in it; others fetch files, run programs, or tell who opened it."""
FILTERS: Final = frozenset(("upper", "lower"))
LOOP: Final = frozenset(("index", "first", "last", "length"))
PLACES: Final[Mapping[str, Sentence]] = {
    "document": say("the text"),
    "header": say("the head of the page"),
    "footer": say("the foot of the page"),
    "footnotes": say("a footnote"),
    "endnotes": say("an endnote"),
}


class Refused(BadInput):
    """A file that cannot be a template; the sentence says which mark, and where it stands."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why, {"template": why})


def check(content: bytes, kind: Kind) -> None:
    """Return if this file can be the template of a kind. Raises `Refused`."""
    from jinja2 import TemplateError

    for name, xml in _parts(content):
        place = PLACES.get(name, PLACES["document"])
        _check_computed(xml, place)
        _check_marks(xml, kind, place)
    try:
        word.filled(content, examples.of(kind.values))
    except (TemplateError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refused(say("This file cannot be filled in. Begin with our template.")) from error


def _parts(content: bytes) -> Iterator[tuple[str, str]]:
    """The parts with texts, each by the word for its place."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > LARGEST:
                raise Refused(say("This file unpacks to more than a template needs."))
            for name in archive.namelist():
                if EMBEDDED.match(name):
                    raise Refused(say("“{name}” is an embedded object.", name=name))
                if found := PARTS.fullmatch(name):
                    place = found[1].rstrip("0123456789")
                    yield place, archive.read(name).decode("utf-8")
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise Refused(say("This is no Word file (.docx).")) from error


def _check_computed(xml: str, place: Sentence) -> None:
    for found in COMPUTED.finditer(xml):
        words = (found[1] or found[2] or "").split()
        if words and words[0].isupper() and words[0] not in HARMLESS:
            raise Refused(
                say("Word would compute “{field}” in {place}.", field=words[0], place=place)
            )


def _check_marks(xml: str, kind: Kind, place: Sentence) -> None:
    from docxtpl import DocxTemplate
    from jinja2 import TemplateSyntaxError

    source = DocxTemplate(BytesIO()).patch_xml(xml)
    try:
        tree = word.sandbox().parse(source)
    except TemplateSyntaxError as error:
        line = re.sub("<[^>]*>", "", (source.splitlines() or [""])[error.lineno - 1])
        near = _near(line)
        raise Refused(
            say("A mark in {place} cannot be read: “{mark}”.", place=place, mark=near)
        ) from error
    hints = {field.name: hint for field, hint in _hints(kind.values)}
    _Reading(place, hints).nodes(tree.body, hints, 0)


def _near(line: str) -> str:
    """The first mark of a line, or what it begins with."""
    found = re.search(r"\{[{%#].{0,60}", line)
    return (found[0] if found else line)[:60]


def _hints(kind: type[Any]) -> list[tuple[Any, Any]]:
    hints = get_type_hints(kind)
    return [(field, hints[field.name]) for field in fields(kind)]


class _Reading:
    """Reads the marks of one part. `root`: the fields of the kind, by name."""

    def __init__(self, place: Sentence, root: Mapping[str, Any]) -> None:
        self._place = place
        self._root = root

    def nodes(self, nodes: Sequence[Any], known: Mapping[str, Any], depth: int) -> None:
        for node in nodes:
            self._node(node, known, depth)

    def _node(self, node: Any, known: Mapping[str, Any], depth: int) -> None:
        from jinja2 import nodes

        match node:
            case nodes.Output():
                self.nodes(node.nodes, known, depth)
            case nodes.TemplateData() | nodes.Const():
                pass
            case nodes.If():
                self._type(node.test, known)
                self.nodes([*node.body, *node.elif_, *node.else_], known, depth)
            case nodes.For() if isinstance(node.target, nodes.Name):
                self._each(node, known, depth)
            case _:
                self._type(node, known)

    def _each(self, node: Any, known: Mapping[str, Any], depth: int) -> None:
        """A list: each item has the type of the list's items. A list of the whole document within
        another one would make the document as long as both multiplied."""
        from jinja2 import nodes

        listed = self._type(node.iter, known)
        item = _item(listed)
        of_whole = isinstance(node.iter, nodes.Name) and node.iter.name in self._root
        if item is None or node.recursive or node.test or depth >= DEEPEST or (of_whole and depth):
            raise self._refused(node.iter)
        inner = {**known, node.target.name: item, "loop": dict.fromkeys(LOOP, str)}
        self.nodes([*node.body, *node.else_], inner, depth + 1)

    def _type(self, node: Any, known: Mapping[str, Any]) -> Any:
        """The type of an expression of known fields. Raises `Refused` for any other one."""
        from jinja2 import nodes

        match node:
            case nodes.Name() if node.name in known:
                return known[node.name]
            case nodes.Name():
                raise self._unknown(node)
            case nodes.Getattr():
                return self._field(node, known)
            case nodes.Const():
                return type(node.value)
            case nodes.Not():
                return self._type(node.node, known)
            case nodes.And() | nodes.Or():
                self._type(node.left, known)
                return self._type(node.right, known)
            case nodes.Compare():
                for one in (node.expr, *(other.expr for other in node.ops)):
                    self._type(one, known)
                return bool
            case nodes.Filter() if node.name in FILTERS and not (node.args or node.kwargs):
                return self._type(node.node, known)
        raise self._refused(node)

    def _field(self, node: Any, known: Mapping[str, Any]) -> Any:
        owner = self._type(node.node, known)
        if is_dataclass(owner) and isinstance(owner, type):
            owner = {field.name: hint for field, hint in _hints(owner)}
        if isinstance(owner, dict) and node.attr in owner:
            return owner[node.attr]
        raise self._unknown(node)

    def _unknown(self, node: Any) -> Refused:
        return Refused(
            say(
                "“{mark}” in {place} is no field of this document.",
                mark=_text(node), place=self._place,
            )
        )  # fmt: skip

    def _refused(self, node: Any) -> Refused:
        return Refused(
            say(
                "“{mark}” in {place} is code: a template names fields, repeats a list, or leaves "
                "a part out.",
                mark=_text(node), place=self._place,
            )
        )  # fmt: skip


def _item(listed: Any) -> Any:
    """The type of the items of a list; None for anything else."""
    return get_args(listed)[0] if get_origin(listed) is Sequence else None


def _text(node: Any) -> str:
    """An expression as its author wrote it, in short."""
    from jinja2 import nodes

    match node:
        case nodes.Name():
            return str(node.name)
        case nodes.Getattr():
            return f"{_text(node.node)}.{node.attr}"
        case nodes.Call():
            return f"{_text(node.node)}(…)"
        case nodes.Getitem():
            return f"{_text(node.node)}[…]"
        case nodes.Filter():
            return f"{_text(node.node)}|{node.name}"
        case nodes.Const():
            return str(node.value)[:60]
    return STATEMENTS.get(type(node).__name__, "…")


STATEMENTS: Final[Mapping[str, str]] = {
    "Import": "import", "FromImport": "import", "Include": "include", "Extends": "extends",
    "Macro": "macro", "CallBlock": "call", "Assign": "set", "AssignBlock": "set",
    "FilterBlock": "filter", "Block": "block", "For": "for",
}  # fmt: skip
"""What a statement is called in a template."""
