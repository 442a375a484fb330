"""Giving the password once more, for what a session left open must not be able to do.

Owns how a confirmed scope comes about and how long it holds: within one request, and until the
password changes. Which acts ask for it is written in `processes.access`. A wrong password is an
attempt like one at the sign-in page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput
from engine.words import Sentence
from processes.access import AGAIN, Scope
from processes.password_check import Visitor, confirm_password
from processes.storage import passwords
from processes.transactions import Transactions


def again(
    data: Transactions, scope: Scope, password: str, visitor: Visitor, now: datetime
) -> Scope:
    """The same person, who has just given the password once more. Raises `BadInput` with the field
    `password`, `TooManyAttempts`. Slow, so not inside a transaction."""
    if not password:
        raise _refused(AGAIN)
    known = confirm_password(data, scope, password, field="password", visitor=visitor, now=now)
    return replace(scope, confirmed=known.password_version)


def vouched(connection: Connection, scope: Scope) -> Scope:
    """The same person where the operator at the console answers for them."""
    return replace(scope, confirmed=passwords.lock_version(connection, scope.user_id))


def hold(connection: Connection, scope: Scope, *others: UUID) -> None:
    """Let nobody change the password, nor these accounts, until this transaction ends. Raises
    `BadInput` if it was changed since it was given: what follows would outlive that change."""
    ids = sorted({scope.user_id, *others})  # in one order, or two of them would wait for each other
    versions = {user_id: passwords.lock_version(connection, user_id) for user_id in ids}
    if not scope.operates and versions[scope.user_id] != scope.confirmed:
        raise _refused(AGAIN)


def _refused(words: Sentence) -> BadInput:
    return BadInput(words, {"password": words})
