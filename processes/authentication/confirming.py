"""Giving the password again, for acts that an abandoned session must not allow.

Owns how a confirmed scope comes about and how long it holds: within one request, and until the
password changes. `processes.rights.access` says which acts need it. A wrong password counts like
one at the sign-in page.
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
    """The scope of a person who has just given the password again. Raises `BadInput` with the field
    `password`, `TooManyAttempts`. Slow, so call it outside a transaction."""
    if not password:
        raise _refused(AGAIN)
    known = confirm_password(service, scope, password, field="password", visitor=visitor)
    return replace(scope, confirmed=known.password_version)


def vouched(connection: Connection, scope: Scope) -> Scope:
    """The scope of a person for whom the operator at the console vouches."""
    return replace(scope, confirmed=passwords.lock_version(connection, scope.user_id))


def hold(act: Acting, wanted: str, *others: UUID) -> None:
    """Ask the right to `wanted`, after locking the password and these accounts until this
    transaction ends. Raises the errors of `may`, and `BadInput` if the password was changed since
    it was given: otherwise the act would outlive that change."""
    versions = act.lock_accounts(*others)
    act.may(wanted)
    if not act.scope.operates and versions[act.scope.user_id] != act.scope.confirmed:
        raise _refused(AGAIN)


def _refused(words: Sentence) -> BadInput:
    return BadInput(words, {"password": words})
