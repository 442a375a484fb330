"""docs/api.en.md: its examples run unchanged in their order, and it names every route."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from werkzeug.test import TestResponse

from tests.processes.stories.world import World
from tests.processes.stories.written_report.asking import ask
from tests.web.api.conftest import Api
from tests.web.api.models import PLAYED
from tests.web.meetings.test_session_pages import world as world

TEXT = (Path(__file__).parents[3] / "docs" / "api.en.md").read_text()
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
EXPECTED = re.compile(r"# (\d{3})(?: (\w+))?")


def examples() -> Iterator[tuple[str, int, str | None]]:
    """Each curl command with the status it must be answered with, and the variable that is the id
    out of its answer."""
    for block in BLOCK.findall(TEXT):
        lines = block.strip().splitlines()
        for command, remark in zip(lines[::2], lines[1::2], strict=True):
            found = EXPECTED.fullmatch(remark)
            assert found, f"say the status after: {command}"
            yield command, int(found[1]), found[2]


@dataclass
class Curl:
    """The few options of curl that the examples use, as a call of the test client."""

    api: Api
    url: str = ""
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    def run(self, command: str) -> TestResponse:
        words = iter(shlex.split(command))
        assert next(words) == "curl"
        for word in words:
            self.take(word, words)
        method = self.method or ("POST" if self.body else "GET")
        return self.api.call(None, method, self.url, headers=self.headers, **self.body)

    def take(self, word: str, words: Iterator[str]) -> None:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            self.headers[name] = value
        elif word == "-X":
            self.method = next(words)
        elif word == "--json":
            self.body = {"data": next(words), "content_type": "application/json"}
        elif word == "-F":
            name, _, value = next(words).partition("=")
            self.body.setdefault("data", {})[name] = self.part(value)
        else:
            assert not word.startswith("-"), f"the test does not know {word}"
            self.url = word

    def part(self, value: str) -> object:
        if not value.startswith("@"):
            return value
        return io.BytesIO(PLAYED[value[1:]]), value[1:]


def id_in(answer: TestResponse) -> str:
    """The id of what was answered, or of the first in a list."""
    found = answer.get_json()
    found = found.get("items", found) if isinstance(found, dict) else found
    id: str = (found[0] if isinstance(found, list) else found)["id"]
    return id


def test_every_example_is_answered_as_the_page_says(office_api: Api, world: World) -> None:
    ask(world)
    known = {
        "URL": "",
        "TOKEN": office_api.token("owner"),
        "READER": office_api.token("asdep", "read"),
        "CONTACT": office_api.token("kemenkeu"),
        "WORKER": office_api.worker_token("weigh"),
    }
    played = 0
    for command, status, name in examples():
        answer = Curl(office_api).run(Template(command).substitute(known))
        assert answer.status_code == status, (command, answer.get_data(as_text=True))
        if name:
            known[name] = id_in(answer)
        played += 1
    assert played > 20


def test_every_resource_of_the_engine_is_named(still_api: Api) -> None:
    table = TEXT[TEXT.index("### Resources") : TEXT.index("### Who may what")]
    rules = [rule for rule in still_api.app.url_map.iter_rules() if "/engine-rest/" in rule.rule]
    for rule in rules:
        _, _, resource, *rest = rule.rule.split("/")
        call = re.sub(r"<(\w+)>", r"{\1}", "/".join(rest))
        row = next(line for line in table.splitlines() if line.startswith(f"| `{resource}`"))
        assert not call or call in row, rule.rule


def test_every_noun_of_the_domain_is_named(still_api: Api) -> None:
    for rule in still_api.app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            assert rule.rule.split("<")[0].rstrip("/") in TEXT, rule.rule
            assert rule.rule.split(">")[-1] in TEXT, rule.rule
