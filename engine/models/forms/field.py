"""Forms as values: fields with their rules, and a person's answers.

Owns the shapes that reading, checking and rendering share. Knows neither JSON nor HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from engine.models.forms.conditions import Condition
from engine.sentences.sentence import Sentence

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

Options = Mapping[str, Sequence[tuple[str, str]]]
"""Choices from outside the model: `Field.options_key` -> (value, label) pairs."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select, radio, checklist or taglist."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One component of a form. `type` is form-js's word: textfield, textarea, number, datetime,
    checkbox, select, radio, checklist, taglist, filepicker hold an answer under `key`; dynamiclist
    holds rows of `children` under `key`; group, text, separator and spacer hold none (`key` "").
    """

    type: str
    id: str
    key: str = ""
    label: str = ""
    description: str = ""
    required: bool = False
    locked: bool = False
    """Shown, but never read from a submission (form-js `disabled` and `readonly`)."""
    hide: Condition | None = None
    default: Json = None
    choices: tuple[Choice, ...] = ()
    options_key: str | None = None
    """Name of the list of choices that is given when the form is shown or read."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    as_text: bool = False
    """A number stored as text, because it has more digits than a float (`serializeToString`)."""
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    """`email` or `phone`: a ready pattern with its own message."""
    accept: tuple[str, ...] = ()
    multiple: bool = False
    text: str = ""
    """The text of a text component: Markdown with `${}`."""
    prefix: str = ""
    suffix: str = ""
    rows: int = 1
    """Number of empty rows that a list shows at first."""
    growing: bool = True
    """Whether rows may be added and removed."""
    children: tuple[Field, ...] = ()

    @property
    def holds_answer(self) -> bool:
        """Whether the field puts a value into the answers."""
        return bool(self.key)

    def choices_with(self, options: Options) -> tuple[Choice, ...]:
        """The choices, including those from outside."""
        if self.options_key is None:
            return self.choices
        return tuple(Choice(*pair) for pair in options.get(self.options_key, ()))


@dataclass(frozen=True, slots=True)
class Answers:
    """A submission that has been read. `values` has every key of the form (None, [] or False if
    nothing was written or the field is hidden). `errors` maps a field's name (`activities[0].unit`
    in rows) to a sentence that says what to write; then `values` holds the readable part. `given`:
    keys of the fields that were submitted, even empty, and are not hidden; the others stay
    unchanged."""

    values: dict[str, Json]
    errors: dict[str, Sentence] = field(default_factory=dict)
    given: frozenset[str] = frozenset()


def walk(fields: Sequence[Field]) -> Iterator[Field]:
    """All fields in order, including fields of groups, without fields of rows."""
    for item in fields:
        yield item
        if item.type == "group":
            yield from walk(item.children)
