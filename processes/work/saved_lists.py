"""Lists that a person has saved under a name: filters and sorting, for this person alone.

Owns the acts and their bounds. Must not know what a filter means: a list is saved as the part of
its address behind the question mark.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.rights.access import Scope, may
from processes.storage.people import saved_lists as table
from processes.storage.people.saved_lists import SavedList

LONGEST_NAME: Final = 80
LONGEST_QUERY: Final = 1_000
"""Characters."""
TAKEN: Final = say("You have saved a list under this name already.")
MOST: Final = 50
"""Lists that one person may save."""


def of(connection: Connection, scope: Scope, list: str) -> list[SavedList]:
    """What the reader has saved of one list, by name."""
    may(scope, "read_own_work")
    return table.of(connection, scope.user_id, list)


def one(connection: Connection, scope: Scope, id: UUID) -> SavedList:
    """A list of the reader's own. Raises `NotFound`."""
    may(scope, "read_own_work")
    found = table.find(connection, id)
    if found is None or found.user_id != scope.user_id:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    return found


@act
def save(act: Acting, *, list: str, name: str, query: str) -> UUID:
    """Save a list under a name. Raises `BadInput` with the field `name`."""
    act.may("save_lists")
    _check_name(act, list, name)
    if len(query) > LONGEST_QUERY:
        raise BadInput(say("These filters are too long to be saved."), {})
    if table.number(act.connection, act.scope.user_id) >= MOST:
        wrong = say("You have saved {limit} lists already. Delete one first.", limit=MOST)
        raise BadInput(wrong, {"name": wrong})
    row = SavedList(uuid7(), act.scope.user_id, list, name.strip(), query, act.now)
    if not table.insert_list(act.connection, row):
        raise _refused(TAKEN)
    return row.id


@act
def rename(act: Acting, id: UUID, name: str) -> SavedList:
    """Give a saved list another name; return it as it was. Raises `NotFound`, `BadInput` with the
    field `name`."""
    act.may("save_lists")
    found = one(act.connection, act.scope, id)
    _check_name(act, found.list, name, but=id)
    if not table.rename(act.connection, id, name.strip()):
        raise _refused(TAKEN)
    return found


@act
def forget(act: Acting, id: UUID) -> SavedList:
    """Delete a saved list, not what it lists; return it as it was. Raises `NotFound`."""
    act.may("save_lists")
    found = one(act.connection, act.scope, id)
    table.remove(act.connection, id)
    return found


def _check_name(act: Acting, list: str, name: str, but: UUID | None = None) -> None:
    wrong = _wrong_name(act, list, name.strip(), but)
    if wrong:
        raise _refused(wrong)


def _refused(wrong: Sentence) -> BadInput:
    return BadInput(say("Please correct the marked fields."), {"name": wrong})


def _wrong_name(act: Acting, list: str, name: str, but: UUID | None) -> Sentence | None:
    if is_blank(name):
        return say("Please fill in this field.")
    if len(name) > LONGEST_NAME:
        return say("Write at most {limit} characters.", limit=LONGEST_NAME)
    saved = table.of(act.connection, act.scope.user_id, list)
    if any(one.name.casefold() == name.casefold() and one.id != but for one in saved):
        return TAKEN
    return None
