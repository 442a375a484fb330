"""The outbox as an administrator sees it: what mail went out, what failed, and sending again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput, Conflict, NotFound
from engine.words import say
from processes import audit, invitations
from processes.access import Scope, may
from processes.paging import PAGE, Page, cursor, cut
from processes.service import Service
from processes.storage import mail_rows
from processes.storage.mail_rows import Mail
from processes.vocabulary import MAIL_STATES


def page(
    connection: Connection,
    scope: Scope,
    *,
    state: str | None = None,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[Mail]:
    """Mail, newest first. Raises `BadInput` for an unknown state."""
    may(scope, "read_outbox")
    if state is not None and state not in MAIL_STATES:
        sentence = say("Choose one of the offered values.")
        raise BadInput(sentence, {"state": sentence})
    at = cursor(after, before)
    found = mail_rows.page(connection, state=state, at=at, limit=limit + 1)
    return cut([_shown(row) for row in found], limit, at)


def one(connection: Connection, scope: Scope, id: UUID) -> Mail:
    """One mail with its text as it went out. Raises `NotFound`."""
    may(scope, "read_outbox")
    found = mail_rows.find(connection, id)
    if found is None:
        raise NotFound(say("There is no such mail."))
    return _shown(found)


def may_resend(found: Mail) -> bool:
    """Whether sending it again makes sense now. The link of an account is not kept: whoever needs
    one gets a new one."""
    return found.state in ("failed", "shown") and found.kind != "account"


def resend(service: Service, scope: Scope, id: UUID) -> None:
    """Send a mail again that failed or was only shown. It keeps its Message-ID, so whoever has it
    already drops the second one. Raises `NotFound`, `Conflict`."""
    may(scope, "resend_mail")
    with service.transaction() as connection:
        now = service.engine.now_on(connection)
        found = one(connection, scope, id)
        if not may_resend(found):
            raise Conflict(say("Only mail that failed or was only shown can be sent again."))
        mail_rows.set_columns(connection, id, state="queued", error=None)
        mail_rows.queue(connection, id, now)
        audit.record(connection, scope.username, "resend_mail", f"mail:{id}", now=now)
    service.engine.wake()


def _shown(found: Mail) -> Mail:
    """Its text as an administrator may read it: a link is shown once, to whoever made it."""
    if found.kind != "account":
        return found
    return replace(found, body=invitations.without_key(found.body))
