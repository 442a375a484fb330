"""The outbox for administrators: sent mail, failed mail, and sending again.

Owns which parts of a mail its reader may read: an administrator is not cleared for the cases in
mails, nor for their links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.ground.sorting import Sort
from processes.notices.addresses import Addresses
from processes.notices.texts import letters
from processes.register.states import MailState
from processes.rights.access import Scope, may
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import EVERYTHING, NEWEST, Mail, Wanted

SORTS: Final = tuple(mail_rows.ORDERS)


@dataclass(frozen=True, slots=True)
class Shown(Mail):
    """A mail for its reader. `hidden`: it concerns a case for which the reader is not cleared, so
    subject and text, which has the link, are left out."""

    hidden: bool = False


def page(
    connection: Connection,
    scope: Scope,
    pages: Addresses,
    *,
    wanted: Wanted = EVERYTHING,
    sort: Sort = NEWEST,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[Shown]:
    """Mail in one of `SORTS`. Raises `BadInput` for an unknown state or order."""
    may(scope, "read_outbox")
    offered = {"state": wanted.state in (None, *MailState), "sort": sort.by in SORTS}
    sentence = say("Choose one of the offered values.")
    if wrong := {name: sentence for name, is_offered in offered.items() if not is_offered}:
        raise BadInput(sentence, wrong)
    at = cursor(after, before)
    found = mail_rows.page(connection, wanted, sort, at=at, limit=limit + 1)
    return cut(_shown(connection, scope, pages, found), limit, at)


def one(connection: Connection, scope: Scope, pages: Addresses, id: UUID) -> Shown:
    """One mail with its text as it went out. Raises `NotFound`."""
    may(scope, "read_outbox")
    found = mail_rows.find(connection, id)
    if found is None:
        raise NotFound(say("There is no such mail."))
    return _shown(connection, scope, pages, [found])[0]


def may_resend(found: Mail) -> bool:
    """Whether the mail can be sent again. The link of an account is not stored, so its user gets a
    new one."""
    return found.state in (MailState.FAILED, MailState.SHOWN) and found.kind != "account"


@act
def resend(act: Acting, id: UUID) -> None:
    """Send a failed or only shown mail again. It keeps its Message-ID, so a receiver that has it
    drops the second one. Raises `NotFound`, `Conflict`."""
    act.may("resend_mail")
    found = one(act.connection, act.scope, act.service.options.addresses, id)
    if not may_resend(found):
        raise Conflict(say("Only mail that failed or was only shown can be sent again."))
    mail_rows.change(act.connection, id, state=MailState.QUEUED, error=None)
    mail_rows.queue(act.connection, id, act.now)
    act.record("resend_mail", f"mail:{id}")
    act.engine.wake()


def _shown(
    connection: Connection, scope: Scope, pages: Addresses, found: Sequence[Mail]
) -> list[Shown]:
    secret = mail_rows.about_others_than(connection, [one.id for one in found], scope.cleared_for)
    return [_one_shown(mail, pages, mail.id in secret) for mail in found]


def _one_shown(mail: Mail, pages: Addresses, hidden: bool) -> Shown:
    """A link of an account is shown once, to whoever made it."""
    values = {name: getattr(mail, name) for name in Mail.__slots__}
    if hidden:
        values |= {"subject": "", "body": ""}
    elif mail.kind == "account":
        values["body"] = letters.without_key(mail.body, pages)
    return Shown(**values, hidden=hidden)
