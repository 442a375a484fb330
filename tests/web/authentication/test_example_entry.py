"""The one-click accounts of the demo open to this machine only, in every combination."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from werkzeug.test import EnvironBuilder

from tests.web.conftest import Office, Person, text
from web.app import create_app
from web.configuration.settings import Settings, SettingsError, read_settings
from web.pages.authentication import example_entry

DEMO = {"TINDAK_DEMO": "1", "TINDAK_DEMO_PASSWORD": "sandi contoh"}
HOSTS = {"127.0.0.1": True, "::1": True, "0.0.0.0": False, "192.0.2.7": False}
BASE_URLS = {"": True, "http://localhost:8000": True, "https://tindak.example.go.id": False}
PROXIES = {"0": True, "1": False}
PEERS = {
    "127.0.0.1": True, "::1": True, "::ffff:127.0.0.1": True, "192.0.2.9": False, "": False,
}  # fmt: skip
NAMES = {
    "127.0.0.1:8000": True, "localhost:8000": True, "[::1]:8000": True, "": False,
    "tindak.example.go.id": False, "localhost.example.go.id": False, "[": False,
}  # fmt: skip
TRACES: dict[tuple[str, str], bool] = {
    ("Accept-Language", "id"): True,
    ("Origin", "http://127.0.0.1:8000"): True,
    ("Origin", "https://tindak.example.go.id"): False,
    ("Origin", "null"): False,
    ("Forwarded", "for=192.0.2.9"): False,
    ("X-Forwarded-For", "127.0.0.1"): False,
    ("X-Forwarded-Host", "localhost"): False,
    ("X-Forwarded-Proto", "http"): False,
    ("X-Forwarded-Anything", ""): False,
    ("X-Real-IP", "127.0.0.1"): False,
    ("Via", "1.1 proxy"): False,
    ("CF-Connecting-IP", "127.0.0.1"): False,
    ("CF-Ray", "1"): False,
    ("CDN-Loop", "x"): False,
    ("True-Client-IP", "127.0.0.1"): False,
    ("Fastly-Client-IP", "127.0.0.1"): False,
    ("X-Client-IP", "127.0.0.1"): False,
    ("Client-IP", "127.0.0.1"): False,
    ("X-Cluster-Client-IP", "127.0.0.1"): False,
    ("X-Original-Forwarded-For", "127.0.0.1"): False,
    ("X-Envoy-External-Address", "127.0.0.1"): False,
    ("X-Amzn-Trace-Id", "x"): False,
    ("Proxy-Connection", "keep-alive"): False,
    ("X-Remote-Addr", "127.0.0.1"): False,
}


def every_setting() -> Iterator[tuple[Settings, bool]]:
    for (host, a), (base, b), (proxies, c), demo in product(
        HOSTS.items(), BASE_URLS.items(), PROXIES.items(), (True, False)
    ):
        given = {"TINDAK_HOST": host, "TINDAK_BASE_URL": base, "TINDAK_TRUSTED_PROXIES": proxies}
        yield read_settings(given | (DEMO if demo else {})), a and b and c and demo


def every_request() -> Iterator[tuple[dict[str, object], bool]]:
    for (peer, a), (name, b), (trace, c), protocol in product(
        PEERS.items(), NAMES.items(), TRACES.items(), ("HTTP/1.1", "HTTP/1.0", "HTTP/1")
    ):
        builder = EnvironBuilder("/login", headers=[trace], environ_base={"REMOTE_ADDR": peer})
        environ = {**builder.get_environ(), "HTTP_HOST": name, "SERVER_PROTOCOL": protocol}
        yield environ, a and b and c and protocol == "HTTP/1.1"


def test_every_combination_of_settings_and_requests_but_those_of_this_machine_is_closed() -> None:
    requests = list(every_request())
    opened = 0
    for settings, private in every_setting():
        for environ, direct in requests:
            assert example_entry.opens(settings, environ) is (private and direct), environ
            opened += private and direct
    assert opened


def test_what_the_shell_of_the_server_is_set_to_closes_nothing() -> None:
    # The server mixes the variables of its shell into every request.
    environ = EnvironBuilder("/login", base_url="http://localhost").get_environ()
    shell = {"REMOTE_ADDR": "127.0.0.1", "HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "localhost"}
    assert example_entry.opens(read_settings(DEMO), environ | shell)


def door(office: Office, environment: dict[str, str]) -> Person:
    folder = {"TINDAK_DATA_DIR": str(office.service.options.data_dir)}
    app = create_app(office.service, read_settings({**folder, **environment}))
    return Person(app.test_client())


@pytest.mark.parametrize(
    ("environment", "base", "headers", "peer"),
    [
        ({}, "http://localhost", {}, "192.0.2.9"),
        ({}, "http://localhost", {"X-Forwarded-For": "192.0.2.9"}, "127.0.0.1"),
        ({}, "http://localhost", {"Via": "1.1 proxy"}, "127.0.0.1"),
        ({"TINDAK_HOST": "0.0.0.0"}, "http://tindak.example.go.id", {}, "127.0.0.1"),
        ({"TINDAK_HOST": "0.0.0.0"}, "http://localhost", {}, "127.0.0.1"),
        ({"TINDAK_TRUSTED_PROXIES": "1"}, "http://localhost", {}, "127.0.0.1"),
        ({"TINDAK_BASE_URL": "http://tindak.example.go.id"}, "http://localhost", {}, "127.0.0.1"),
    ],
)
def test_the_door_behind_the_buttons_is_closed_with_them(
    office: Office, environment: dict[str, str], base: str, headers: dict[str, str], peer: str
) -> None:
    stranger = door(office, DEMO | environment)
    sent = {"base_url": base, "headers": headers, "environ_base": {"REMOTE_ADDR": peer}}
    page = stranger.get("/login", **sent)
    assert page.status_code == 200
    assert "Akun contoh" not in text(page)
    assert stranger.post("/login/as", {"username": "admin"}, **sent).status_code == 404


def test_from_this_machine_it_opens(office: Office) -> None:
    stranger = door(office, DEMO)
    assert "Akun contoh" in text(stranger.get("/login"))
    origin = {"Origin": "http://localhost:8000"}
    entered = stranger.post("/login/as", {"username": "coordinator"}, headers=origin)
    assert entered.status_code == 302


@pytest.mark.parametrize(
    "opens_it",
    [
        {"TINDAK_HOST": "0.0.0.0"},
        {"TINDAK_BASE_URL": "https://tindak.example.go.id"},
        {"TINDAK_TRUSTED_PROXIES": "1"},
    ],
)
def test_a_demo_that_others_reach_starts_only_with_a_password_of_its_own(
    opens_it: dict[str, str],
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"TINDAK_DEMO": "1", **opens_it})
    (finding,) = refused.value.findings
    assert finding.startswith("TINDAK_DEMO_PASSWORD: ")
    assert read_settings(DEMO | opens_it).demo
    assert not read_settings(opens_it).demo
