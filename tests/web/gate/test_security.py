"""The conditions of every answer and every request."""

from __future__ import annotations

import re
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from engine.time.clock import ManualClock
from processes.composition import open_service
from tests.processes.stories.world import MONDAY, options
from tests.web.conftest import Cases, Office, text
from web.app import create_app
from web.configuration.settings import read_settings
from web.gate.security import signing_key

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
TAG = re.compile(r"<[a-z][^>]*>")
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
INLINE = re.compile(r"\s(style|on[a-z]+|hx-on[^=]*)=", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)


@pytest.mark.parametrize(
    "file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: str(file.relative_to(TEMPLATES))
)
def test_no_template_holds_what_the_policy_forbids(file: Path) -> None:
    markup = EXPRESSION.sub("", file.read_text())
    assert [tag for tag in TAG.findall(markup) if INLINE.search(tag)] == []
    assert not SCRIPT.search(markup)


def test_every_answer_carries_the_strict_policy(office: Office) -> None:
    person = office.enter("kemhan")
    for url in ("/inbox", office.task("acknowledge"), "/nowhere", "/healthz"):
        headers = person.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'; script-src 'self'; style-src 'self'; " in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts(demo_office: Office) -> None:
    stranger = demo_office.stranger()
    answer = stranger.post("/login/as", {"username": "kemhan"})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("tindak="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_under_https_cookies_are_bound_to_the_host(played: Cases, tmp_path: Path) -> None:
    shutil.copy(played.database, tmp_path / "tindak.db")
    clock = ManualClock(MONDAY + timedelta(days=10))
    service = open_service(f"sqlite:///{tmp_path / 'tindak.db'}", options(tmp_path), clock)
    settings = read_settings(
        {"TINDAK_DATA_DIR": str(tmp_path), "TINDAK_BASE_URL": "https://tindak.go.id"}
    )
    app = create_app(service, settings)
    answer = app.test_client().get("/login", base_url="https://tindak.go.id")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tindak-form=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    foreign = app.test_client().get("/login", base_url="https://evil.example")
    assert foreign.status_code == 400
    service.close()


def test_the_signing_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    settings = read_settings({"TINDAK_DATA_DIR": str(tmp_path / "new")})
    assert signing_key(settings) == signing_key(settings)
    assert len(signing_key(settings)) >= 32
    file = tmp_path / "new" / "secret-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_forwarded_addresses_are_believed_only_from_trusted_proxies(office: Office) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = office.app.test_client().get("/inbox", headers=forged)
    assert "evil.example" not in answer.location


def test_built_files_are_kept_for_good_and_sent_compressed(office: Office) -> None:
    page = text(office.stranger().get("/login"))
    found = re.search(r'href="(/static/dist/[^"]+\.css)"', page)
    assert found
    answer = office.app.test_client().get(found[1], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_page_is_not_compressed_since_it_holds_secrets(office: Office) -> None:
    answer = office.app.test_client().get("/login", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("below", [False, True])
def test_names_below_this_one_stay_on_https_only_by_setting(
    played: Cases, tmp_path: Path, below: bool
) -> None:
    shutil.copy(played.database, tmp_path / "tindak.db")
    clock = ManualClock(MONDAY + timedelta(days=10))
    service = open_service(f"sqlite:///{tmp_path / 'tindak.db'}", options(tmp_path), clock)
    more = {"TINDAK_HSTS_SUBDOMAINS": "1"} if below else {}
    settings = read_settings(
        {"TINDAK_DATA_DIR": str(tmp_path), "TINDAK_BASE_URL": "https://tindak.go.id", **more}
    )
    answer = (
        create_app(service, settings).test_client().get("/login", base_url="https://tindak.go.id")
    )
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert ("includeSubDomains" in answer.headers["Strict-Transport-Security"]) is below
    service.close()


def test_signing_out_has_the_browser_forget_what_it_kept(office: Office) -> None:
    answer = office.enter("kemhan").post("/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in office.stranger().get("/login").headers


@pytest.mark.parametrize("host", ["evil.example", "[", "a b", "localhost:99999999"])
def test_whatever_is_asked_of_a_host_that_is_not_ours_is_a_bad_request(
    office: Office, host: str
) -> None:
    """Before anything else: no page can be drawn for it, not even one that refuses a form."""
    client = office.app.test_client()
    asked = [("GET", "/login"), ("GET", "/link/x%00"), ("POST", "/login"), ("POST", "/tasks/x")]
    for method, path in asked:
        answer = client.open(path, method=method, headers={"Host": host})
        assert (answer.status_code, answer.text) == (400, "Unknown host.\n"), path
