"""Files that answers name: each must be an upload of whoever sends them, whole and still kept.

Owns this rule for every form with fields for files, whoever sends it: page, program or message. A
file that was refused, or is not stored to its end, has no row; so it is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.models.forms import Field, Form, walk
from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting
from processes.files import uploads
from processes.storage.files import evidence as table


def takes_files(form: Form) -> bool:
    """Whether the form has a field for files, in rows or not."""
    fields = [one for item in walk(form.fields) for one in (item, *item.children)]
    return any(one.type == "filepicker" for one in fields)


def check(act: Acting, form: Form, values: Mapping[str, Any]) -> None:
    """Return if all files that these values of the form name are there. Raises `BadInput` with the
    fields that name another one."""
    named = dict(_named(form, values))
    wanted = {UUID(one) for ids in named.values() for one in ids if uploads.is_id(one)}
    if not any(named.values()):
        return
    found = table.uploads(act.connection, act.by, wanted) if wanted else []
    known = {one.id for one in found}
    wrong = {
        field: _missing()
        for field, ids in named.items()
        if any(not uploads.is_id(one) or UUID(one) not in known for one in ids)
    }
    if wrong:
        raise BadInput(say("Some files were not accepted."), wrong)


def _missing() -> Sentence:
    return say("This file is not among those you have uploaded. Please attach it again.")


def _named(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The ids by field, those in rows included."""
    for item in walk(form.fields):
        if item.type == "dynamiclist":
            for number, row in enumerate(_rows(values.get(item.key))):
                yield from _of_row(item, number, row)
        elif item.type == "filepicker":
            yield item.key, _ids(values.get(item.key))


def _of_row(item: Field, number: int, row: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for child in item.children:
        if child.type == "filepicker":
            yield f"{item.key}[{number}].{child.key}", _ids(row.get(child.key))


def _rows(value: object) -> list[Mapping[str, Any]]:
    given = value if isinstance(value, list) else []
    return [row for row in given if isinstance(row, Mapping)]


def _ids(value: object) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return [str(one) for one in given if one not in (None, "")]
