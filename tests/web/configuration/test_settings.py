"""Settings: read once, refused together, keys named, secrets never shown."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from web.configuration.settings import SettingsError, read_settings, serving_findings


def findings_of(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    return caught.value.findings


def test_without_any_setting_the_product_starts_on_this_machine_only() -> None:
    settings = read_settings({})
    assert settings.origin == "http://127.0.0.1:8000"
    assert settings.engine_url.startswith("sqlite:///")
    assert settings.on_loopback
    assert not settings.demo
    assert not settings.https


def test_every_wrong_setting_is_named_at_once() -> None:
    findings = findings_of(
        {
            "TINDAK_PORT": "eighty",
            "TINDAK_BASE_URL": "tindak.go.id",
            "TINDAK_TIME_ZONE": "Jakarta",
            "TINDAK_COLOUR": "red",
        }
    )
    assert [line.split(":")[0] for line in findings] == [
        "TINDAK_COLOUR",
        "TINDAK_PORT",
        "TINDAK_BASE_URL",
        "TINDAK_TIME_ZONE",
    ]


def test_settings_that_contradict_each_other_are_all_named() -> None:
    findings = findings_of(
        {
            "TINDAK_DEMO": "1",
            "TINDAK_HOST": "0.0.0.0",
            "TINDAK_SMTP_URL": "smtp://mail",
            "TINDAK_WORKERS": "4",
        }
    )
    assert [line.split(":")[0] for line in findings] == [
        "TINDAK_MAIL_FROM",
        "TINDAK_DEMO_PASSWORD",
        "TINDAK_WORKERS",
    ]


def test_a_refused_url_is_not_repeated_since_it_may_hold_a_password() -> None:
    (finding,) = findings_of({"TINDAK_DATABASE_URL": "mysql://root:geheim@db/x"})
    assert "geheim" not in finding


def test_demo_accounts_are_served_to_the_outside_only_with_a_password_of_ones_own() -> None:
    environment = {"TINDAK_DEMO": "1", "TINDAK_HOST": "0.0.0.0"}
    settings = read_settings(environment | {"TINDAK_DEMO_PASSWORD": "hujan bulan Juni"})
    assert settings.demo
    assert "hujan" not in repr(settings)


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(ValidationError):
        read_settings({}).port = 1  # type: ignore[misc]


def test_an_empty_value_counts_as_not_set() -> None:
    assert read_settings({"TINDAK_PORT": " "}).port == 8000


def test_former_keys_are_separated_by_blanks() -> None:
    settings = read_settings({"TINDAK_SECRET_KEY_FALLBACKS": "first second"})
    assert [key.get_secret_value() for key in settings.secret_key_fallbacks] == ["first", "second"]


def test_an_embedded_database_is_served_with_a_key_of_its_own_folder() -> None:
    assert serving_findings(read_settings({"TINDAK_HOST": "0.0.0.0"})) == []


def test_a_database_server_is_served_with_the_operators_key() -> None:
    environment = {"TINDAK_DATABASE_URL": "postgresql://db/tindak"}
    assert serving_findings(read_settings(environment | {"TINDAK_SECRET_KEY": "x" * 40})) == []
    (finding,) = serving_findings(read_settings(environment))
    assert finding.startswith("TINDAK_SECRET_KEY: ")


POSTGRESQL = "postgresql://tindak@db.example/tindak"


@pytest.mark.parametrize(
    ("url", "spoken"),
    [
        (POSTGRESQL, f"{POSTGRESQL}?sslmode=verify-full"),
        (f"{POSTGRESQL}?sslrootcert=/ca", f"{POSTGRESQL}?sslmode=verify-full&sslrootcert=%2Fca"),
        (f"{POSTGRESQL}?sslmode=verify-ca", f"{POSTGRESQL}?sslmode=verify-ca"),
    ],
)
def test_a_database_that_must_be_spoken_to_encrypted_has_to_prove_who_it_is(
    url: str, spoken: str
) -> None:
    assert read_settings({"TINDAK_DATABASE_URL": url}).engine_url == url
    demanded = {"TINDAK_DATABASE_URL": url, "TINDAK_DATABASE_TLS": "1"}
    assert read_settings(demanded).engine_url == spoken


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require"])
def test_what_proves_nothing_is_refused_where_encryption_is_demanded(mode: str) -> None:
    url = f"{POSTGRESQL}?sslmode={mode}"
    (finding,) = findings_of({"TINDAK_DATABASE_URL": url, "TINDAK_DATABASE_TLS": "1"})
    assert finding.startswith("TINDAK_DATABASE_URL: write sslmode=verify-full or verify-ca")


def test_a_demand_without_anything_to_demand_it_of_is_refused() -> None:
    findings = findings_of({"TINDAK_DATABASE_TLS": "1", "TINDAK_SMTP_TLS": "1"})
    assert [line.split(":")[0] for line in findings] == [
        "TINDAK_SMTP_TLS",
        "TINDAK_DATABASE_TLS",
    ]


def test_a_quota_below_one_file_is_refused() -> None:
    (finding,) = findings_of({"TINDAK_UPLOAD_QUOTA_MB": "10"})
    assert finding.startswith("TINDAK_UPLOAD_QUOTA_MB:")


def test_a_pooler_is_told_to_the_engine_and_stands_before_postgresql_only() -> None:
    pooled = {"TINDAK_DATABASE_POOLER": "1"}
    url = "postgresql://tindak:rahasia@pooler:6432/tindak"
    settings = read_settings({**pooled, "TINDAK_DATABASE_URL": url})
    assert settings.engine_url == f"{url}?pooler=transaction"
    assert [line.split(":")[0] for line in findings_of(pooled)] == ["TINDAK_DATABASE_POOLER"]
