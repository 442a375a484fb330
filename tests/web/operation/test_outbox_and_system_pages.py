"""The sent mail, and the health of the product."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, update
from uuid_utils.compat import uuid7

from processes.storage.cases.follow_up_detail import Escalation, escalations
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import NewMail
from processes.storage.tables.people import user
from tests.web.conftest import Office, mail_server, text


def put(office: Office, state: str, error: str | None = None) -> UUID:
    new = NewMail("notice", "kemhan", "kemhan@contoh.go.id", "id", f"Perihal {state}", "Teks")
    with office.service.transaction() as connection:
        now = office.service.engine.on(connection).now()
        id = mail_rows.insert_mail(connection, new, "contoh", now)
        mail_rows.change(connection, id, state=state, error=error, tries=3)
    return id


def test_without_a_mail_server_the_page_says_so(office: Office) -> None:
    admin = office.enter("admin")
    said = "SMTP belum diatur: surel hanya ditampilkan di sini."
    assert said in text(admin.get("/outbox"))


def test_who_is_written_to_is_shown_by_name(office: Office) -> None:
    id, admin = put(office, "sent"), office.enter("admin")
    assert '<td role="cell" class="block-table__meta">Kemhan</td>' in text(admin.get("/outbox"))
    assert "<dd>Kemhan (kemhan@contoh.go.id)</dd>" in text(admin.get(f"/outbox/{id}"))


def test_mails_are_narrowed_by_state(office: Office) -> None:
    admin = office.enter("admin")
    put(office, "failed")
    put(office, "sent")
    page = text(admin.get("/outbox?state=failed"))
    assert "Perihal failed" in page
    assert "Perihal sent" not in page
    assert admin.get("/outbox?state=lost").status_code == 422


def test_a_failed_mail_shows_why_and_is_sent_again(office: Office) -> None:
    mail_server(office)
    admin, id = office.enter("admin"), put(office, "failed", "550 no such <user>")
    page = text(admin.get(f"/outbox/{id}"))
    assert "550 no such &lt;user&gt;" in page
    assert "Kirim ulang" in page

    admin.post(f"/outbox/{id}/resend")

    with office.service.reading() as connection:
        found = mail_rows.find(connection, id)
    assert found is not None
    assert found.state == "queued"
    assert admin.post(f"/outbox/{id}/resend").status_code == 409


def test_only_administrators_read_mail(office: Office) -> None:
    id = put(office, "sent")
    assert office.enter("coordinator").get("/outbox").status_code == 403
    assert office.enter("coordinator").get(f"/outbox/{id}").status_code == 403


def clear(office: Office, clearance: str) -> None:
    """Up to which classification the administrator may read; the second case is restricted."""
    with office.service.transaction() as connection:
        connection.execute(
            update(user).where(user.c.username == "admin").values(clearance=clearance)
        )


def about(office: Office, recommendation: UUID) -> UUID:
    """A mail about a case, as the product writes it."""
    new = NewMail(
        "notice", "kemhan", "kemhan@contoh.go.id", "id", "REK-1", "Buka: https://contoh/rek",
        recommendation_id=recommendation,
    )  # fmt: skip
    with office.service.transaction() as connection:
        now = office.service.engine.on(connection).now()
        return mail_rows.insert_mail(connection, new, "contoh", now)


def test_where_a_classified_case_is_found_is_not_in_the_outbox(office: Office) -> None:
    """An administrator is not cleared for it: neither its number nor its link is shown."""
    clear(office, "ordinary")
    secret, admin = about(office, office.cases.second), office.enter("admin")

    for page in (text(admin.get("/outbox")), text(admin.get(f"/outbox/{secret}"))):
        assert "Surel tentang kasus berklasifikasi" in page
        assert "REK-1" not in page
        assert "https://contoh/rek" not in page
    assert text(admin.get(f"/outbox/{secret}")).count(str(office.cases.second)) == 0

    open_one = about(office, office.cases.first)
    assert "https://contoh/rek" in text(admin.get(f"/outbox/{open_one}"))


def test_an_administrator_who_is_cleared_for_a_case_reads_its_mail(office: Office) -> None:
    secret = about(office, office.cases.second)
    clear(office, "restricted")

    assert "https://contoh/rek" in text(office.enter("admin").get(f"/outbox/{secret}"))


def test_a_digest_that_lists_a_classified_case_among_others_is_hidden_as_a_whole(
    office: Office,
) -> None:
    clear(office, "ordinary")
    new = NewMail("digest", "menko", "menko@contoh.go.id", "id", "Ringkasan", "Buka: https://x/1")
    with office.service.transaction() as connection:
        now = office.service.engine.on(connection).now()
        id = mail_rows.insert_mail(connection, new, "contoh", now)
        for case in (office.cases.first, office.cases.second):
            mail_rows.add_item(connection, id, escalated(connection, case, now))

    page = text(office.enter("admin").get(f"/outbox/{id}"))

    assert "Surel tentang kasus berklasifikasi" in page
    assert "https://x/1" not in page


def escalated(connection: Connection, recommendation: UUID, now: datetime) -> UUID:
    """An escalation of a case, as the table leaves one."""
    one = Escalation(
        id=uuid7(), recommendation_id=recommendation, follow_up_id=None, instance_id=uuid7(),
        task_id=uuid7(), element_id="implement", element_name="Laksanakan", level=1,
        level_name="Asdep", due_at=None, overdue=1, holder="Kemhan", planned=None, fired=now,
        late_seconds=0, told=[], no_recipient=False,
    )  # fmt: skip
    escalations.add(connection, one)
    return one.id


def test_the_system_page_says_in_words_what_is_not_well(office: Office) -> None:
    page = text(office.enter("admin").get("/system"))
    assert "Penjadwal belum pernah berjalan." in page
    assert "Perlu perhatian" in page
    assert "Periksa lagi" in page
    assert office.enter("owner").get("/system").status_code == 403
