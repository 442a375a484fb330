"""Sentences for people: a template with its facts, translated when it is shown.

Owns the pair (template, facts). Knows no catalogue: the caller passes its own `gettext`. Templates
are English; Babel collects them through the name `say`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in English with `{name}` places, and the facts for them."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the reader's language; `translate` maps template to template."""
        return translate(self.template).format(**self.facts)

    def __str__(self) -> str:
        return self.render()


class ModelText(str):
    """A text of a model among the facts of a sentence; translated if the model has a
    translation."""


def say(template: str, **facts: object) -> Sentence:
    """A sentence to be translated: `say("No task {id}.", id=task_id)`."""
    return Sentence(template, facts)
