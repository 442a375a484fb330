"""What mail went out, and whether the product is well."""

from __future__ import annotations

from uuid import UUID

from processes.storage import mail_rows
from processes.storage.mail_rows import NewMail
from tests.web.conftest import Office, mail_server, text


def put(office: Office, state: str, error: str | None = None) -> UUID:
    new = NewMail("notice", "kemhan", "kemhan@contoh.go.id", "id", f"Perihal {state}", "Teks")
    with office.service.transaction() as connection:
        now = office.service.engine.now_on(connection)
        id = mail_rows.insert_mail(connection, new, "contoh", now)
        mail_rows.set_columns(connection, id, state=state, error=error, tries=3)
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


def test_the_system_page_says_in_words_what_is_not_well(office: Office) -> None:
    page = text(office.enter("admin").get("/system"))
    assert "Penjadwal belum pernah berjalan." in page
    assert "Perlu perhatian" in page
    assert "Periksa lagi" in page
    assert office.enter("owner").get("/system").status_code == 403
