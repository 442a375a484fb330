"""The outbox: what an administrator reads of mails, and which of them are sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.operation import outbox
from processes.operation.outbox import Shown
from processes.register.states import MailState
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import NewMail, Wanted
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_cases import a_recommendation
from web.addresses import ADDRESSES


@pytest.fixture
def admin(small: Data) -> Scope:
    """Cleared for what is ordinary only."""
    person(small, "rina", granted(contact_of="kemhan"))
    return scope(small, person(small, "adi", granted("admin")))


def a_mail(data: Data, state: MailState = MailState.SENT, **changed: Any) -> UUID:
    values: dict[str, Any] = {
        "kind": "notice", "to_user": "rina", "to_address": "rina@contoh.go.id", "locale": "id",
        "subject": "Perihal", "body": "Isi", **changed,
    }  # fmt: skip
    with data.transaction() as connection:
        id = mail_rows.insert_mail(connection, NewMail(**values), "contoh.go.id", NOW)
        mail_rows.change(connection, id, state=state)
    return id


def about(data: Data, classification: str) -> UUID:
    """A mail about a recommendation."""
    with data.transaction() as connection:
        case, _ = a_recommendation(connection, {"kemhan": "lead"}, classification=classification)
    return a_mail(data, recommendation_id=case)


def one(data: Data, who: Scope, id: UUID) -> Shown:
    with data.reading() as connection:
        return outbox.one(connection, who, ADDRESSES, id)


def page(data: Data, who: Scope, state: str | None = None) -> list[UUID]:
    with data.reading() as connection:
        return [
            one.id for one in outbox.page(connection, who, ADDRESSES, wanted=Wanted(state)).items
        ]


# --- reading ------------------------------------------------------------------------------------


def test_mail_is_listed_newest_first_and_by_its_state(small: Data, admin: Scope) -> None:
    ids = [a_mail(small, state) for state in MailState]
    assert page(small, admin) == ids[::-1]
    for state, id in zip(MailState, ids, strict=True):
        assert page(small, admin, state) == [id]


def test_a_state_that_is_not_offered_is_refused_by_its_field(small: Data, admin: Scope) -> None:
    with pytest.raises(BadInput) as refused:
        page(small, admin, "lost")
    assert set(refused.value.fields) == {"state"}


@pytest.mark.parametrize(
    ("classification", "hidden"),
    [("ordinary", False), ("restricted", True), ("secret", True), ("top_secret", True)],
)
def test_a_mail_about_a_case_above_the_clearance_has_neither_subject_nor_text(
    small: Data, admin: Scope, classification: str, hidden: bool
) -> None:
    shown = one(small, admin, about(small, classification))
    assert shown.hidden == hidden
    assert (shown.subject, shown.body) == (("", "") if hidden else ("Perihal", "Isi"))
    assert shown.to_user == "rina", "who got it, and whether it went out, is no secret"


def test_the_link_of_an_account_is_not_shown_a_second_time(small: Data, admin: Scope) -> None:
    link = "https://tindak.example" + ADDRESSES.password("geheim-7")
    shown = one(small, admin, a_mail(small, kind="account", body=f"Buka {link} hari ini."))
    assert "geheim-7" not in shown.body
    assert shown.body.startswith("Buka ")


def test_a_mail_that_is_not_there_is_not_found(small: Data, admin: Scope) -> None:
    with pytest.raises(NotFound):
        one(small, admin, uuid4())


@pytest.mark.parametrize("role", ["coordinator", "process-owner"])
def test_the_outbox_is_for_administrators(small: Data, role: str) -> None:
    who = scope(small, person(small, "bima", granted(role)))
    id = a_mail(small, MailState.FAILED, to_user="bima")
    with pytest.raises(Forbidden):
        page(small, who)
    with pytest.raises(Forbidden):
        one(small, who, id)
    with pytest.raises(Forbidden):
        outbox.resend(small, who, id)


# --- sending again ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "kind", "again"),
    [
        (MailState.FAILED, "notice", True),
        (MailState.SHOWN, "notice", True),
        (MailState.FAILED, "digest", True),
        (MailState.QUEUED, "notice", False),
        (MailState.SENT, "notice", False),
        (MailState.DROPPED, "digest", False),
        (MailState.FAILED, "account", False),
        (MailState.SHOWN, "account", False),
    ],
)
def test_only_what_failed_or_was_only_shown_is_sent_again_and_no_link_ever(
    small: Data, admin: Scope, state: MailState, kind: str, again: bool
) -> None:
    id = a_mail(small, state, kind=kind)
    assert outbox.may_resend(one(small, admin, id)) == again
    if not again:
        with pytest.raises(Conflict):
            outbox.resend(small, admin, id)
        assert one(small, admin, id).state == state
        return
    outbox.resend(small, admin, id)
    assert one(small, admin, id).state == MailState.QUEUED


def test_a_mail_sent_again_keeps_its_message_id_and_loses_its_error(
    small: Data, admin: Scope
) -> None:
    id = a_mail(small, MailState.FAILED)
    with small.transaction() as connection:
        mail_rows.change(connection, id, error="550 no such user")
    before = one(small, admin, id)
    outbox.resend(small, admin, id)
    after = one(small, admin, id)
    assert (before.error, after.error) == ("550 no such user", None)
    assert after.message_id == before.message_id
    with pytest.raises(Conflict):
        outbox.resend(small, admin, id)


def test_the_operator_reads_what_is_ordinary_and_nothing_above_it(small: Data) -> None:
    person(small, "rina")
    assert one(small, operator(), a_mail(small)).subject == "Perihal"
    assert one(small, operator(), about(small, "restricted")).hidden
