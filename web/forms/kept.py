"""The entries of a form that can no longer be sent, in words to be copied.

Owns the words of entries that were never read as answers: texts as typed, choices by their labels.
Files are left out, because nobody can copy them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.models.forms import Field, Form, Options, rows_of, walk
from web.forms.values import typed_text
from web.translations import Language

TYPED = frozenset({"textfield", "textarea", "number", "datetime"})
"""Fields for typing."""
CHOSEN = frozenset({"radio", "select", "checklist", "taglist"})
"""Fields with choices."""

Entries = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kept:
    """Turns entries into words. `options`: choices from outside the form."""

    options: Options
    spoken: Language

    def of(self, form: Form, entries: Entries) -> list[tuple[str, str]]:
        """The entries by label, rows of lists with their number; without empty ones."""
        found = []
        for item in walk(form.fields):
            if item.type == "dynamiclist":
                name = self.spoken.model_text(item.label)
                for number, row in enumerate(rows_of(item.key, entries), start=1):
                    found += self._of(item.children, row, f"{name} {number}: ")
            else:
                found += self._of((item,), entries)
        return found

    def _of(
        self, fields: Sequence[Field], entries: Entries, before: str = ""
    ) -> list[tuple[str, str]]:
        return [
            (before + self.spoken.model_text(item.label), words)
            for item in fields
            if (words := self._words(item, _texts(entries.get(item.key))))
        ]

    def _words(self, item: Field, texts: list[str]) -> str:
        if item.type in TYPED:
            return typed_text(item, texts[-1], self.spoken.code) if texts else ""
        if item.type in CHOSEN:
            choices = item.choices_with(self.options)
            labels = {one.value: self.spoken.model_text(one.label) for one in choices}
            return "; ".join(labels.get(text, text) for text in texts)
        return self.spoken.gettext("Yes") if item.type == "checkbox" and texts else ""


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one.strip()]
