"""A form: its fields, and the meaning of a submission.

Owns the order of reading: every field, then the hidden ones, then the missing answers. `answer.py`
reads single values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.models.forms.answer import EMPTY, missing, read_answer
from engine.models.forms.field import Answers, Field, Json, Options, walk
from engine.models.forms.rows import MAX_ROWS, rows_of, without_trailing_blanks
from engine.sentences.sentence import Sentence, say

Submitted = Mapping[str, object]
"""A form post (each value a list of texts) or a JSON object; unknown keys are dropped."""

NO_OPTIONS: Options = {}


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a deployment. `english`: its texts, each with its English if it has one."""

    id: str
    title: str
    fields: tuple[Field, ...]
    english: tuple[tuple[str, str], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the variables that answers become; locked fields have none."""
        asked = (field for field in walk(self.fields) if not field.locked)
        return tuple(field.key for field in asked if field.holds_answer)

    def field(self, key: str) -> Field | None:
        """The field with the answer `key`."""
        return next((field for field in walk(self.fields) if field.key == key), None)

    @property
    def shown(self) -> frozenset[str]:
        """The names of all variables that the form shows, including those of locked fields."""
        return frozenset(field.key for field in walk(self.fields) if field.holds_answer)

    def option_names(self) -> frozenset[str]:
        """Names of the lists that give choices from outside the model, also in rows."""
        return _option_names(self.fields)

    def visible(self, values: Mapping[str, object]) -> tuple[Field, ...]:
        """The fields to show to a person who has written `values` so far; groups come without
        hidden fields."""
        return _visible(self.fields, values)

    def read(self, submitted: Submitted, *, options: Options = NO_OPTIONS) -> Answers:
        """Read and check a submission. `options`: choices of fields with an `options_key`. Without
        them any text is accepted there, and the caller must check it."""
        return _read(self.fields, submitted, {}, options)


def _option_names(fields: Iterable[Field]) -> frozenset[str]:
    return frozenset().union(
        *(
            {field.options_key} if field.options_key else _option_names(field.children)
            for field in fields
        )
    )


def _visible(fields: Iterable[Field], values: Mapping[str, object]) -> tuple[Field, ...]:
    shown = (field for field in fields if field.hide is None or not field.hide.holds(values))
    return tuple(
        replace(field, children=_visible(field.children, values))
        if field.type == "group"
        else field
        for field in shown
    )


def _read(
    fields: tuple[Field, ...], submitted: Submitted, outer: Mapping[str, object], options: Options
) -> Answers:
    """Read `fields`; `outer` are the answers around a row, which its conditions may read."""
    asked = [field for field in walk(fields) if field.holds_answer and not field.locked]
    given = Answers({})
    for field in asked:
        _read_field(field, submitted, options, given)
    hidden = _hidden(fields, {**outer, **given.values})
    for field in asked:
        if field.key in hidden:
            _forget(field, given)
    for field in asked:
        if field.type == "dynamiclist" and field.key not in hidden:
            _read_rows(field, submitted, options, given)
    _note_missing([field for field in asked if field.key not in hidden], given)
    named = {name.partition("[")[0] for name in submitted}
    seen = frozenset(one.key for one in asked if one.key in named and one.key not in hidden)
    return replace(given, given=seen)


def _read_field(field: Field, submitted: Submitted, options: Options, given: Answers) -> None:
    if field.type == "dynamiclist":
        given.values[field.key] = []
        return
    answer = read_answer(field, submitted.get(field.key), options)
    if isinstance(answer, Sentence):
        given.errors[field.key] = answer
        given.values[field.key] = EMPTY.get(field.type)
    else:
        given.values[field.key] = answer


def _hidden(fields: tuple[Field, ...], values: Mapping[str, object]) -> frozenset[str]:
    """Keys of hidden fields. A hidden field counts as unanswered for the others, so the loop
    repeats until nothing changes. A chain of n fields needs n rounds; with a circle of conditions
    the loop stops."""
    keys = frozenset(field.key for field in walk(fields))
    hidden: frozenset[str] = frozenset()
    for _ in keys:
        seen = {key: value for key, value in values.items() if key not in hidden}
        shown = {field.key for field in walk(_visible(fields, seen))}
        if keys - shown == hidden:
            break
        hidden = keys - shown
    return hidden - {""}


def _forget(field: Field, given: Answers) -> None:
    given.values[field.key] = EMPTY.get(field.type)
    given.errors.pop(field.key, None)


def _read_rows(field: Field, submitted: Submitted, options: Options, given: Answers) -> None:
    rows = without_trailing_blanks(rows_of(field.key, submitted))
    if len(rows) > MAX_ROWS:
        given.errors[field.key] = say("Write at most {limit} rows.", limit=MAX_ROWS)
        return
    read: list[Json] = []
    for number, row in enumerate(rows):
        answers = _read(field.children, row, given.values, options)
        read.append(dict(answers.values))
        for key, sentence in answers.errors.items():
            given.errors[f"{field.key}[{number}].{key}"] = sentence
    given.values[field.key] = read


def _note_missing(fields: Sequence[Field], given: Answers) -> None:
    for field in fields:
        if field.required and field.key not in given.errors and _is_blank(given.values[field.key]):
            given.errors[field.key] = missing(field)


def _is_blank(value: Json) -> bool:
    """Whether nothing is written, chosen or ticked; 0 is an answer."""
    return value is None or value is False or value == []
