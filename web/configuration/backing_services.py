"""The operator's settings of backing services: data folder, database and mail server.

Owns names, defaults and their consistency; they are part of `web.configuration.settings.Settings`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings
from sqlalchemy import make_url

SSLMODES = ("verify-full", "verify-ca")
"""libpq's modes in which a PostgreSQL server proves its identity; the first is the default."""


def _database_url(value: str) -> str:
    if value and not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        raise ValueError("write a URL beginning with sqlite: or postgresql:")
    return value


def _smtp_url(value: str) -> str:
    if value and not value.startswith(("smtp://", "smtps://")):
        raise ValueError("write smtp://[user:password@]host[:port] or smtps://...")
    return value


class BackingServiceSettings(BaseSettings):
    """The place of the data, and the servers that the product itself contacts."""

    data_dir: Path = Field(
        Path("var"), description="Folder of the embedded database, evidence and generated keys."
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "", description="SQLAlchemy URL of SQLite or PostgreSQL; empty: SQLite in the data folder."
    )
    database_pooler: bool = Field(
        False, description="DATABASE_URL leads to PgBouncer or another pooler in transaction mode."
    )
    smtp_url: Annotated[str, AfterValidator(_smtp_url)] = Field(
        "", description="Where mails are handed over; empty: they are only listed in the outbox."
    )
    smtp_tls: bool = Field(
        False, description="Mails go out encrypted or not at all, and to a proven server only."
    )
    database_tls: bool = Field(
        False, description="PostgreSQL is spoken to encrypted, and to a proven server, or not."
    )
    backup_dir: Path | None = Field(
        None, description="Folder in which your backups are put; `tindak doctor` looks there."
    )
    mail_from: str = Field("", description="Sender of mails; needed with SMTP_URL.")

    @property
    def engine_url(self) -> str:
        """The database's URL, also without a setting."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'tindak.db').absolute()}"
        wanted = {"pooler": "transaction"} if self.database_pooler else {}
        if self.database_tls and _sslmode(self.database_url) is None:
            wanted["sslmode"] = SSLMODES[0]
        if not wanted:
            return self.database_url
        url = make_url(self.database_url).update_query_dict(wanted)
        return url.render_as_string(hide_password=False)


def backing_service_findings(settings: BackingServiceSettings) -> list[str]:
    """Settings that contradict each other, each with its key first."""
    findings = []
    if settings.smtp_url and not settings.mail_from:
        findings.append("MAIL_FROM: write the sender's address, since SMTP_URL is set")
    if settings.database_pooler and not settings.database_url.startswith("postgresql"):
        findings.append("DATABASE_POOLER: only before PostgreSQL; set DATABASE_URL to the pooler")
    if settings.smtp_tls and not settings.smtp_url:
        findings.append("SMTP_TLS: set SMTP_URL too, or no mail is sent at all")
    return findings + _database_tls(settings)


def _database_tls(settings: BackingServiceSettings) -> list[str]:
    if not settings.database_tls:
        return []
    if not settings.database_url.startswith("postgresql"):
        return ["DATABASE_TLS: set DATABASE_URL to PostgreSQL; SQLite is a file of this machine"]
    mode = _sslmode(settings.database_url)
    if mode in (None, *SSLMODES):
        return []
    names = " or ".join(SSLMODES)
    return [f"DATABASE_URL: write sslmode={names}, or leave it out, since DATABASE_TLS is on"]


def _sslmode(url: str) -> str | None:
    found = make_url(url).query.get("sslmode")
    return found if isinstance(found, str) else None
