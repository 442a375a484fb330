"""Giving the password once more, for what a session left open must not be able to do.

Owns how a confirmed scope comes about and how long it holds: within one request, and until the
password changes. Which acts ask for it is written in `processes.access`. A wrong password is an
attempt like one at the sign-in page.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput
from engine.words import Sentence, say
from processes.access import AGAIN, Scope
from processes.sign_in import Refused, check_password
from processes.storage import users
from processes.storage.users import Credentials
from processes.transactions import Transactions


def again(data: Transactions, scope: Scope, password: str, *, address: str, now: datetime) -> Scope:
    """The same person, who has just given the password once more. Raises `BadInput` with the field
    `password`. Slow, so not inside a transaction."""
    if not password:
        raise _refused(AGAIN)
    checked = _attempt(data, scope, password, address, now)
    if isinstance(checked, Credentials):
        return replace(scope, confirmed=checked.password_version)
    if checked.wait:
        seconds = math.ceil(checked.wait.total_seconds())
        raise _refused(say("Too many attempts. Wait {n} seconds, then try again.", n=seconds))
    raise _refused(say("This is not your present password."))


def vouched(connection: Connection, scope: Scope) -> Scope:
    """The same person where the operator at the console answers for them."""
    return replace(scope, confirmed=users.lock_version(connection, scope.user_id))


def hold(connection: Connection, scope: Scope, *others: UUID) -> None:
    """Let nobody change the password, nor these accounts, until this transaction ends. Raises
    `BadInput` if it was changed since it was given: what follows would outlive that change."""
    ids = sorted({scope.user_id, *others})  # in one order, or two of them would wait for each other
    versions = {user_id: users.lock_version(connection, user_id) for user_id in ids}
    if not scope.operates and versions[scope.user_id] != scope.confirmed:
        raise _refused(AGAIN)


def _attempt(
    data: Transactions, scope: Scope, password: str, address: str, now: datetime
) -> Credentials | Refused:
    """The one place that asks whether the password is right, and slows guessing down."""
    return check_password(data, scope.username, password, address=address, now=now)


def _refused(words: Sentence) -> BadInput:
    return BadInput(words, {"password": words})
