"""The texts of the shipped models that people read on pages: `models.po` translates them.

Owns the list of these texts. An owner's own model has no catalogue: its texts are shown unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.models.bundle import read_bundle
from engine.models.forms import Field
from processes.composition import SHIPPED, shipped_files


def model_texts() -> list[str]:
    """Names and instructions of elements, and labels, hints and choices of forms; each once."""
    found: dict[str, None] = {}
    for key in SHIPPED:
        bundle = read_bundle(shipped_files(key))
        for model in bundle.processes.values():
            texts = [model.name, *model.lanes.values()]
            for element in model.elements.values():
                texts += [element.name, element.documentation, element.instructions]
            found |= dict.fromkeys(texts)
        for form in bundle.forms.values():
            found |= dict.fromkeys(_of_fields(form.fields))
    return [text for text in found if text]


def _of_fields(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        yield from (field.label, field.description, field.text)
        yield from (choice.label for choice in field.choices)
        yield from _of_fields(field.children)
