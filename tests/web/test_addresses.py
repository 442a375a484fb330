"""Where mails lead: the web alone knows the addresses of pages."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

import processes
from tests.web.conftest import Office
from web.addresses import ADDRESSES

ID = UUID(int=7)
PATHS = {
    "task": ADDRESSES.task(ID),
    "follow_up": ADDRESSES.follow_up(ID),
    "recommendation": ADDRESSES.recommendation(ID),
    "request": ADDRESSES.request(ID),
    "password": ADDRESSES.password("some-key_1"),
    "decisions": ADDRESSES.decisions().partition("?")[0],
    "escalations": ADDRESSES.escalations(),
    "account": ADDRESSES.account(),
}
SOURCES = sorted(Path(str(processes.__file__)).parent.rglob("*.py"))


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_every_address_in_a_mail_is_that_of_a_page(office: Office, path: str) -> None:
    endpoint, values = office.app.url_map.bind("localhost").match(path, method="GET")
    assert path in {"/inbox", "/escalations", "/account"} or set(values.values()) <= {
        ID,
        "some-key_1",
    }
    assert endpoint.split(".")[0] != "static"


def test_no_module_of_processes_knows_the_address_of_a_page(office: Office) -> None:
    beginnings = _beginnings(office.app)
    assert "/tasks" in beginnings
    known = {
        f"{file.name}: {text}"
        for file in SOURCES
        for text in _texts(file)
        if (found := re.match("/[a-z-]+", text)) and found[0] in beginnings
    }
    assert known == set()


def _beginnings(app: Flask) -> set[str]:
    """The first parts of all addresses."""
    rules: list[Rule] = list(app.url_map.iter_rules())
    return {found[0] for rule in rules if (found := re.match("/[a-z-]+", rule.rule))}


def _texts(file: Path) -> list[str]:
    """Every string that a module writes out, those with places in them too."""
    tree = ast.parse(file.read_text("utf-8"))
    return [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)
            and isinstance(one.value, str)]  # fmt: skip
