"""The types that a DMN file defines (`itemDefinition`): their kinds, and their listed values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.decisions.dmn.parts import child, children, text_in
from engine.decisions.kinds import Kind, kind_of
from engine.xml.tree import Node, local_name


@dataclass(frozen=True, slots=True)
class Types:
    """The types of a file: their kinds (structures and lists are of any type), the text of the
    allowed values, and the names of the parts of structures."""

    bases: Mapping[str, str]
    allowed: Mapping[str, str]
    parts: frozenset[str]

    def kind(self, reference: str) -> Kind:
        """The kind of a `typeRef`. Raises LanguageError for a kind that values cannot have."""
        return kind_of(reference, self.bases)

    def allowed_in(self, reference: str) -> str:
        """The text of the values that a type allows, through its base types; empty: all."""
        for _ in range(len(self.bases) + 1):
            if reference in self.allowed:
                return self.allowed[reference]
            if reference not in self.bases:
                break
            reference = self.bases[reference]
        return ""


def read_types(root: Node) -> Types:
    """The item definitions of a file."""
    items = list(children(root, "itemDefinition"))
    plain = [item for item in items if item.get("isCollection") != "true"]
    return Types(
        {_name(item): _base(item) if item in plain else "Any" for item in items},
        {_name(item): text for item in plain if (text := text_in(child(item, "allowedValues")))},
        frozenset(_parts(items)),
    )


def _parts(items: Iterable[Node]) -> Iterable[str]:
    for item in items:
        yield from (_name(part) for part in item.iter() if local_name(part) == "itemComponent")


def _base(item: Node) -> str:
    """The base of a type; a type without a base is a structure."""
    base = child(item, "typeRef")
    return (base.text or "").strip() if base is not None else "Any"


def _name(node: Node) -> str:
    return node.get("name") or ""
