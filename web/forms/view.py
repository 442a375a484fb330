"""From a form and its known values to the fields that a template draws.

Owns the choice of the control, ids, names and the words around a field. Every field can be filled
without JavaScript: a field that matters only for some answers says so in words, and only the script
hides it.
"""

from __future__ import annotations

import typing
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from engine.models.forms import MAX_TEXT, Choice, Field, Form, Options, rows_of, walk
from engine.models.forms.conditions import Condition, Literal
from engine.sentences.sentence import Sentence
from web.forms.echoes import NO_ECHO, Days, Echo, echo_of
from web.forms.submission import FIND
from web.forms.values import Values, chosen_of, text_of, with_defaults
from web.words.formatting import Formats
from web.words.markdown import render as render_markdown

SHORT, MEDIUM = 20, 60
"""Largest length of an answer, in characters, of narrow and of half-width fields."""
RADIO_LIMIT = 5
"""Up to so many choices are shown at once; more go into a list to choose from."""
BOX_LIMIT = 24
"""Up to so many boxes are shown at once; of more only the ticked and the sought ones."""
FieldKind: TypeAlias = typing.Literal[
    "text", "textarea", "number", "date", "password", "radio", "select", "checklist", "checkbox",
    "files", "rows", "group", "words",
]  # fmt: skip
"""What `parts/fields.html` draws a field as."""
KINDS: Mapping[str, FieldKind] = {
    "textfield": "text",
    "textarea": "textarea",
    "number": "number",
    "datetime": "date",
    "checkbox": "checkbox",
    "checklist": "checklist",
    "taglist": "checklist",
    "filepicker": "files",
    "dynamiclist": "rows",
    "group": "group",
    "text": "words",
}


class Upload(NamedTuple):
    """A file stored with the form; the form carries its `id`."""

    id: str
    name: str
    size: int
    url: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ConditionView:
    """The answers for which the field does not matter: `rule` for the script, `words` for people
    without it."""

    rule: Sequence[Sequence[tuple[str, str, Literal]]]
    words: str


@dataclass(frozen=True, slots=True)
class Search:
    """The search of a field with many boxes. `text`: what is sought; `found`: how many of the
    choices it leaves, of `total`."""

    name: str
    text: str
    found: int
    total: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as drawn."""

    kind: FieldKind
    id: str
    name: str
    label: str
    hint: str = ""
    error: str = ""
    required: bool = False
    locked: bool = False
    value: str = ""
    echo: Echo = NO_ECHO
    chosen: frozenset[str] = frozenset()
    options: tuple[Choice, ...] = ()
    search: Search | None = None
    width: str = ""
    lines: int = 5
    max_length: int | None = None
    accept: str = ""
    multiple: bool = False
    files: tuple[Upload, ...] = ()
    refused: str = ""
    growing: bool = True
    rows: tuple[tuple[FieldView, ...], ...] = ()
    children: tuple[FieldView, ...] = ()
    condition: ConditionView | None = None
    markup: str = ""


class Wrong(NamedTuple):
    """An entry of the error summary: the field's HTML id and what to write."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a form is drawn: values, errors by name, choices from outside, files, and
    the days by which dates are judged. `refused`: names of files that were not let in, by field;
    `asked`: keys of the tables of which the case itself asks for rows."""

    values: Values
    formats: Formats
    errors: Mapping[str, Sentence] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    days: Days | None = None
    asked: Collection[str] = ()


def fields_of(form: Form, known: Known) -> tuple[FieldView, ...]:
    """The fields of a form in order."""
    return _views(form.fields, known, prefix="", whole=tuple(walk(form.fields)))


def problems_of(fields: Sequence[FieldView], row: str = "") -> list[Wrong]:
    """The errors among the fields, in the order of the page; each names its field, and its row."""
    found = []
    for view in fields:
        if view.error:
            named = "" if view.label in view.error else f"{view.label}: "
            found.append(Wrong(view.id, f"{row}{named}{view.error}"))
        found.extend(problems_of(view.children, row))
        for number, cells in enumerate(view.rows, 1):
            found.extend(problems_of(cells, f"{view.label} {number}: "))
    return found


def _views(
    fields: tuple[Field, ...], known: Known, prefix: str, whole: tuple[Field, ...]
) -> tuple[FieldView, ...]:
    shown = (one for one in fields if one.type in KINDS or one.type in ("radio", "select"))
    values = with_defaults(fields, known.values)
    here = replace(known, values=values)
    return tuple(_view(one, here, prefix, whole) for one in shown)


def _view(item: Field, known: Known, prefix: str, whole: tuple[Field, ...]) -> FieldView:
    spoken, name = known.formats.language, prefix + item.key
    options = tuple(
        Choice(one.value, spoken.model_text(one.label)) for one in item.choices_with(known.options)
    )
    value = text_of(item, known.values, known.formats)
    kind, chosen = _kind(item, len(options)), chosen_of(item, known.values)
    search = _search(item, options, known) if kind == "checklist" else None
    error = known.errors.get(name) if item.key else None
    return FieldView(
        kind=kind,
        id=html_id(name or item.id),
        name=name,
        label=spoken.model_text(item.label),
        hint=_hint(item, known),
        error=_spoken_error(error, known) if error else "",
        required=item.required or (bool(item.key) and item.key in known.asked),
        locked=item.locked,
        value=value,
        echo=echo_of(kind, value, known.formats, known.days),
        chosen=chosen,
        options=_sought(options, search, chosen) if search else options,
        search=search,
        width=_width(item),
        lines=12 if (item.max_length or 0) > 10_000 else 6,
        max_length=_limit(item),
        accept=",".join(item.accept),
        multiple=item.multiple,
        files=_files(item, known),
        refused=known.refused.get(name, ""),
        growing=item.growing,
        rows=_rows(item, known, whole),
        children=_views(item.children, known, prefix, whole) if item.type == "group" else (),
        condition=_condition(item.hide, whole, known) if item.hide else None,
        markup=render_markdown(spoken.model_text(item.text)) if item.type == "text" else "",
    )


def html_id(name: str) -> str:
    """An id without brackets, so that style sheets and scripts can name it."""
    return "field-" + name.replace("[", "-").replace("].", "-")


def _kind(item: Field, choices: int) -> FieldKind:
    if item.type in ("radio", "select"):
        return "radio" if choices <= RADIO_LIMIT and item.options_key is None else "select"
    return KINDS[item.type]


def _search(item: Field, options: Sequence[Choice], known: Known) -> Search | None:
    if len(options) <= BOX_LIMIT:
        return None
    typed = known.values.get(FIND + item.key)
    text = str(typed[-1]).strip() if isinstance(typed, list) and typed else ""
    found = sum(_matches(one, text) for one in options)
    return Search(FIND + item.key, text, found, len(options))


def _sought(
    options: tuple[Choice, ...], search: Search, chosen: Collection[str]
) -> tuple[Choice, ...]:
    """The ticked choices first, so that none is lost from sight; then those that are sought."""
    ticked = tuple(one for one in options if one.value in chosen)
    return ticked + tuple(
        one for one in options if one.value not in chosen and _matches(one, search.text)
    )


def _matches(option: Choice, text: str) -> bool:
    """Whether every word of the text is in the label; without a text none is sought."""
    label = option.label.casefold()
    return bool(text) and all(word in label for word in text.casefold().split())


def _hint(item: Field, known: Known) -> str:
    spoken = known.formats.language
    hints = [spoken.model_text(item.description)] if item.description else []
    if item.type == "datetime":
        hints.append(spoken.gettext("for example 31/12/2026"))
    if item.type == "textarea":
        hints.append(limit_words(_limit(item) or 0, known.formats))
    return " – ".join(hints)


def limit_words(limit: int, shown: Formats) -> str:
    """How long a text may be, said before it is written."""
    words = shown.language.gettext("at most %(limit)s characters")
    return words % {"limit": shown.number(limit)}


def _limit(item: Field) -> int | None:
    return item.max_length if item.max_length is not None else MAX_TEXT.get(item.type)


def _spoken_error(error: Sentence, known: Known) -> str:
    """The label inside a message is a text of the model and has a catalogue of its own."""
    label = error.facts.get("label")
    facts = {name: known.formats.fact(fact) for name, fact in error.facts.items()}
    if isinstance(label, str):
        facts["label"] = known.formats.language.model_text(label)
    return known.formats.language.render(Sentence(error.template, facts))


def _width(item: Field) -> str:
    if item.type in ("number", "datetime") or (item.max_length or MEDIUM + 1) <= SHORT:
        return "short"
    return "medium" if (item.max_length or MEDIUM + 1) <= MEDIUM else ""


def _files(item: Field, known: Known) -> tuple[Upload, ...]:
    if item.type != "filepicker":
        return ()
    value = known.values.get(item.key)
    ids = [str(entry) for entry in value] if isinstance(value, list) else []
    return tuple(known.uploads[one] for one in ids if one in known.uploads)


def _rows(item: Field, known: Known, whole: tuple[Field, ...]) -> tuple[tuple[FieldView, ...], ...]:
    if item.type != "dynamiclist":
        return ()
    given = rows_of(item.key, known.values) or [{} for _ in range(max(item.rows, 1))]
    inside = (*whole, *item.children)
    return tuple(
        _views(
            item.children,
            replace(known, values=row),
            prefix=f"{item.key}[{number}].",
            whole=inside,
        )
        for number, row in enumerate(given)
    )


def _condition(hide: Condition, whole: tuple[Field, ...], known: Known) -> ConditionView:
    rule = [[(c.key, c.sign, c.literal) for c in parts] for parts in hide.alternatives]
    return ConditionView(rule, _condition_words(hide, whole, known))


def _condition_words(hide: Condition, whole: tuple[Field, ...], known: Known) -> str:
    """`Only if “Response” is: ...`, if one field with choices decides."""
    deciding = [one for one in whole if one.key in hide.keys]
    if len(deciding) != 1 or not deciding[0].choices:
        return ""
    (other,), spoken = deciding, known.formats.language
    labels = [c.label for c in other.choices if not hide.holds({other.key: c.value})]
    return spoken.gettext("Only if “%(label)s” is: %(choices)s.") % {
        "label": spoken.model_text(other.label),
        "choices": " / ".join(spoken.model_text(label) for label in labels),
    }
