"""The operator's settings: environment variables `TINDAK_*`, read once into a frozen object.

Owns names, types, defaults and cross-checks. Knows no Flask and reads the environment nowhere else.
All findings are reported together, each with its key and the allowed values.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from web.configuration.backing_services import BackingServiceSettings, backing_service_findings
from web.configuration.front_settings import FrontSettings
from web.configuration.loopback import is_loopback, leads_to_loopback
from web.worker.worker import ENVIRONMENT

PREFIX = "TINDAK_"


class SettingsError(Exception):
    """The start must stop. `findings`: one line for each, key first."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path):
        raise ValueError("write scheme and host without a path, as in https://tindak.example.go.id")
    return value


@cache
def _zones() -> set[str]:
    """Looked up once: a folder of 600 files is walked through."""
    return available_timezones()


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("write a name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura")
    return value


class Settings(FrontSettings, BackingServiceSettings):
    """All settings; the environment variable is the field's name in capitals after `TINDAK_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    base_url: Annotated[str, AfterValidator(_origin)] = Field(
        "", description="Address people use, as in links of mails; empty: http://HOST:PORT."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Number of reverse proxies whose X-Forwarded-* are believed."
    )
    workers: int = Field(1, ge=1, le=64, description="Web processes (PostgreSQL only beyond 1).")
    threads: int = Field(8, ge=1, le=64, description="Threads of each web process.")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs cookies and tokens; empty: made once in the data folder, SQLite only.",
    )
    secret_key_fallbacks: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Former secret keys still accepted, separated by blanks."
    )
    session_idle_minutes: int = Field(
        8 * 60, ge=5, le=7 * 24 * 60, description="A session ends after so many minutes unused."
    )
    session_days: int = Field(
        7, ge=1, le=90, description="A session ends so many days after signing in, used or not."
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "Asia/Jakarta", description="Zone in which a deadline ends at 24.00 and times are shown."
    )
    upload_mb: int = Field(
        25,
        ge=1,
        le=200,
        description="Largest file of evidence, in megabytes of 1,048,576 bytes, as Windows counts.",
    )
    upload_quota_mb: int = Field(
        500,
        ge=1,
        le=100_000,
        description="Megabytes of files one account may keep that no form handed in yet.",
    )
    demo: bool = Field(False, description="Fill an empty database with marked example data.")
    demo_password: SecretStr = Field(
        SecretStr(""),
        description="Password of the demo accounts, needed where others come in; empty: random, "
        "in the data folder.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe line that is logged."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the values that `read_settings` passes: no second, hidden reading of the
        environment."""
        return (init_settings,)

    @model_validator(mode="before")
    @classmethod
    def _split_fallbacks(cls, values: dict[str, object]) -> dict[str, object]:
        keys = values.get("secret_key_fallbacks")
        return values | {"secret_key_fallbacks": keys.split()} if isinstance(keys, str) else values

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if findings := _disagreements(self):
            raise ValueError("\n".join(findings))
        return self

    @property
    def origin(self) -> str:
        """Scheme, host and port in the form that people write, without a final slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url or f"http://{host}:{self.port}"

    @property
    def https(self) -> bool:
        """Whether people reach the product over https."""
        return self.origin.startswith("https:")

    @property
    def zone(self) -> ZoneInfo:
        """The zone of deadlines and, unless a person chose another, of shown times."""
        return ZoneInfo(self.time_zone)

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback(self.host)

    @property
    def beyond_this_machine(self) -> bool:
        """Whether people on other machines are expected, directly or through a proxy, which may be
        on this machine."""
        named = bool(self.base_url) and not leads_to_loopback(self.base_url)
        return not self.on_loopback or named or self.trusted_proxies > 0


def _disagreements(settings: Settings) -> list[str]:
    findings = backing_service_findings(settings)
    own_password = settings.demo_password.get_secret_value()
    if settings.demo and settings.beyond_this_machine and not own_password:
        findings.append(
            "DEMO_PASSWORD: write one, since DEMO is on and HOST, BASE_URL or TRUSTED_PROXIES lets "
            "others in"
        )
    if settings.workers > 1 and settings.engine_url.startswith("sqlite"):
        findings.append("WORKERS: SQLite is served by 1; set DATABASE_URL to PostgreSQL")
    if settings.upload_quota_mb < settings.upload_mb:
        findings.append("UPLOAD_QUOTA_MB: write no less than UPLOAD_MB, or no such file fits in")
    return findings


def serving_findings(settings: Settings) -> list[str]:
    """The settings that web pages need and a command does not. With a database server several hosts
    may serve pages, and each must accept the forms drawn by the others."""
    if settings.secret_key.get_secret_value() or settings.engine_url.startswith("sqlite"):
        return []
    return [
        f"{PREFIX}SECRET_KEY: write one and the same for every host, since DATABASE_URL is "
        "PostgreSQL; make one with: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
    ]


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment` (default: the process's own); `SettingsError` names every key."""
    given = {
        key: value
        for key, value in (os.environ if environment is None else environment).items()
        if key.startswith(PREFIX) and key not in ENVIRONMENT  # perhaps a worker's
    }
    unknown = [
        key for key in given if key.removeprefix(PREFIX).lower() not in Settings.model_fields
    ]
    findings = [f"{key}: no such setting" for key in sorted(unknown)]
    values = {
        key.removeprefix(PREFIX).lower(): value.strip()
        for key, value in given.items()
        if key not in unknown and value.strip()
    }
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(findings + _lines(error)) from None
    if findings:
        raise SettingsError(findings)
    return settings


def _lines(error: ValidationError) -> list[str]:
    lines = []
    for entry in error.errors():
        message = entry["msg"].removeprefix("Value error, ")
        if entry["loc"]:
            lines.append(_line(str(entry["loc"][0]), message, entry["input"]))
        else:
            lines.extend(PREFIX + line for line in message.splitlines())
    return lines


def _line(field: str, message: str, value: object) -> str:
    # Keys, passwords and URLs (which may hold a password) must not appear in a log.
    hidden = any(word in field for word in ("secret", "password", "url"))
    return f"{PREFIX}{field.upper()}: {message}" + ("" if hidden else f" (is: {value})")
