"""The English of a form's texts, as its author wrote it beside them.

Owns the names: `label_en`, `dateLabel_en`, `description_en`, `text_en` of a component, `title_en`
of the form, and of a choice `label_en`. An editor that keeps custom properties only (`properties`)
holds them there; a choice is then `<value>_en` of its field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from engine.models.forms.components import MAX_DEPTH
from engine.models.forms.settings import Component, text_of

TEXTS: Final = ("label", "dateLabel", "description", "text", "title", "name")
Pairs = tuple[tuple[str, str], ...]


def english_of_form(root: Component) -> Pairs:
    """(text, its English) of the form and everything in it."""
    return tuple((text, english) for text, english in _pairs(root, 0) if text and english)


def _pairs(component: Component, depth: int) -> Iterator[tuple[str, str]]:
    given = {**_object(component.get("properties")), **component}
    yield from ((text_of(component, name), text_of(given, f"{name}_en")) for name in TEXTS)
    for choice in _objects(component.get("values")):
        english = text_of(choice, "label_en") or text_of(given, f"{choice.get('value')}_en")
        yield text_of(choice, "label"), english
    if depth <= MAX_DEPTH:
        for child in _objects(component.get("components")):
            yield from _pairs(child, depth + 1)


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Component]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
