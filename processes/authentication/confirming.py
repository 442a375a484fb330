"""Giving the password once more, for what a session left open must not be able to do.

Owns how a confirmed scope comes about and how long it holds: within one request, and until the
password changes. Which acts ask for it is written in `processes.rights.access`. A wrong password is
an attempt like one at the sign-in page.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from processes.acts.acting import Acting
from processes.acts.service import Service
from processes.authentication.password_check import Visitor, confirm_password
from processes.rights.access import AGAIN
from processes.rights.scope import Scope
from processes.storage.authentication import passwords


def again(service: Service, scope: Scope, password: str, visitor: Visitor) -> Scope:
    """The same person, who has just given the password once more. Raises `BadInput` with the field
    `password`, `TooManyAttempts`. Slow, so not inside a transaction."""
    if not password:
        raise _refused(AGAIN)
    known = confirm_password(service, scope, password, field="password", visitor=visitor)
    return replace(scope, confirmed=known.password_version)


def vouched(connection: Connection, scope: Scope) -> Scope:
    """The same person where the operator at the console answers for them."""
    return replace(scope, confirmed=passwords.lock_version(connection, scope.user_id))


def hold(act: Acting, wanted: str, *others: UUID) -> None:
    """Ask the right to what is `wanted`, once nobody can change the password or these accounts
    until this transaction ends. Raises as `may` does, and `BadInput` if the password was changed
    since it was given: what follows would outlive that change."""
    versions = act.lock_accounts(*others)
    act.may(wanted)
    if not act.scope.operates and versions[act.scope.user_id] != act.scope.confirmed:
        raise _refused(AGAIN)


def _refused(words: Sentence) -> BadInput:
    return BadInput(words, {"password": words})
