"""An operator's demand on the mail server holds for every sent mail."""

from __future__ import annotations

import ssl
from pathlib import Path
from uuid import UUID

import pytest
import trustme
from sqlalchemy import insert

from engine.storage.later import jobs
from engine.storage.tables import job
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import Mail
from tests.processes.notices.test_sending import (  # noqa: F401  (fixtures)
    NEW,
    Postbox,
    authority,
    encrypting,
    postbox,
)
from web.composition import open_service
from web.configuration.settings import read_settings


def sent(folder: Path, url: str, tls: str) -> Mail:
    """A mail of the outbox after its job was due once, as the settings of an operator have it."""
    settings = read_settings(
        {
            "TINDAK_DATA_DIR": str(folder),
            "TINDAK_SMTP_URL": url,
            "TINDAK_MAIL_FROM": "tindak@tindak.example",
            "TINDAK_SMTP_TLS": tls,
        }
    )
    service = open_service(settings)
    with service.transaction() as connection:
        now = service.engine.on(connection).now()
        id: UUID = mail_rows.insert_mail(connection, NEW, "tindak.example", now)
        connection.execute(insert(job), jobs.job_row("mail", now, {"mail_id": str(id)}))
    service.engine.run_due()
    with service.reading() as connection:
        found = mail_rows.find(connection, id)
    service.close()
    assert found is not None
    return found


def test_with_the_demand_a_mail_goes_to_a_server_that_proves_its_name(
    authority: trustme.CA,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box = Postbox()
    controller = encrypting(box, authority, directly=False)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    controller.start()
    url = f"smtp://localhost:{controller.port}"
    try:
        refused = sent(tmp_path / "doubting", url, "1")
        assert "CERTIFICATE_VERIFY_FAILED" in (refused.error or "")
        assert box.received == []
        monkeypatch.setenv(ssl.get_default_verify_paths().openssl_cafile_env, f"{tmp_path}/ca.pem")
        assert sent(tmp_path / "trusting", url, "1").state == "sent"
    finally:
        controller.stop()
    assert len(box.received) == 1


def test_with_the_demand_no_mail_goes_to_a_server_without_encryption(
    postbox: tuple[Postbox, str],  # noqa: F811
    tmp_path: Path,
) -> None:
    box, url = postbox
    refused = sent(tmp_path / "demanding", url, "1")
    assert refused.state == "queued"
    assert "SMTP_TLS is on" in (refused.error or "")
    assert box.received == []
    assert sent(tmp_path / "easy", url, "0").state == "sent"
    assert len(box.received) == 1
