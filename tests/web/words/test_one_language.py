"""Every page speaks one language: the reader's. Proper names and what people typed are theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from sqlalchemy import JSON, String, select, update

from engine.storage import tables as engine_tables
from engine.time.clock import ManualClock
from processes.composition import open_service
from processes.storage.schema import metadata as register
from processes.storage.tables.notices import mail
from processes.storage.tables.people import user
from tests.processes.stories.world import MONDAY, options
from tests.web.compiled import application
from tests.web.conftest import Office, text
from tests.web.gate.test_page_budget import opens, pages_of, scope_of_person
from tests.web.gate.test_policy import PEOPLE
from tests.web.large_office import addresses, founded
from web.configuration.settings import read_settings
from web.translations import LOCALES
from web.translations.update import read

WORD: Final = re.compile(r"\b[A-Za-z]{4,}\b")
PLACE: Final = re.compile(r"%\(\w+\)s|\{[^}]*\}|<[^>]+>|`[^`]*`|[\w-]+\.(?:form|dmn|bpmn)\b")
SPOKEN: Final = ("title", "alt", "aria-label", "placeholder")
"""Attributes that are read to people."""
SILENT: Final = frozenset({"script", "style", "code", "pre", "svg"})
VOID: Final = frozenset({"br", "img", "input", "link", "meta", "hr", "col", "wbr"})


class Speech(HTMLParser):
    """What a page says in its own language: not what is marked as said in another one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._language = self._language or given.get("lang", "")
        foreign = given.get("lang", self._language) != self._language
        quiet = foreign or tag in SILENT or self._is_quiet
        if not quiet:
            self.said += [given[name] for name in SPOKEN if name in given]
        if tag not in VOID:
            self._open.append((tag, quiet))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_quiet and data.strip():
            self.said.append(data)

    @property
    def _is_quiet(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def words(texts: Iterator[str] | list[str]) -> set[str]:
    return {word.lower() for one in texts for word in WORD.findall(PLACE.sub(" ", one))}


def _ids(catalogue: Catalog) -> list[str]:
    return [one for message in catalogue for one in _several(message.id)]


def _strings(catalogue: Catalog) -> list[str]:
    return [one for message in catalogue for one in _several(message.string)]


def _several(text: object) -> list[str]:
    """A message has one form, or one for each number."""
    return [str(one) for one in text] if isinstance(text, list | tuple) else [str(text or "")]


@dataclass(frozen=True)
class Own:
    """What only one language has: words, and whole texts."""

    words: set[str]
    texts: set[str]


@cache
def only(code: str) -> Own:
    """Of product and models together."""
    product, models = read("id"), read("en", "models")
    english = [*_ids(product), *_strings(models)]
    indonesian = [*_strings(product), *_ids(models)]
    mine, others = (english, indonesian) if code == "en" else (indonesian, english)
    whole = {one for one in mine if not PLACE.search(one)} - set(others)
    return Own(words(mine) - words(others), whole)


def typed(office: Office) -> list[str]:
    """What people have typed, and the names of people and institutions. Calendars are named by the
    product."""
    written = {"mail", "escalation", "reminder_letter", "calendar"}
    chosen = [one for name, one in register.tables.items() if name not in written]
    chosen += [engine_tables.task_draft, engine_tables.instance]
    columns = [c for one in chosen for c in one.c if isinstance(c.type, String | JSON)]
    with office.service.reading() as connection:
        found = [str(one) for c in columns for one in connection.scalars(select(c).distinct())]
    return [*found, "Work", *LOCALES.values()]  # an owner's own activity; languages by themselves


@contextmanager
def read_in(code: str, folder: Path) -> Iterator[tuple[Office, dict[str, list[str]]]]:
    """One of everything, all of whose readers have this language."""
    url = f"sqlite:///{folder / 'tindak.db'}"
    known = founded(url, folder)
    service = open_service(url, options(folder), ManualClock(MONDAY + timedelta(days=25)))
    with service.transaction() as connection:
        connection.execute(update(user).values(locale=code))
        # The example writes mails without a catalogue; what they say is tried in `test_mail_words`.
        connection.execute(update(mail).values(locale=code, subject="B-1", body="B-1"))
    settings = read_settings({"TINDAK_DATA_DIR": str(folder), "TINDAK_DEMO": "1"})
    office = Office(application(service, settings), service, ManualClock(MONDAY), known.cases)
    yield office, addresses(office, known)
    service.close()


@pytest.mark.parametrize(("code", "other"), [("en", "id"), ("id", "en")])
def test_no_page_says_anything_in_the_other_language(tmp_path: Path, code: str, other: str) -> None:
    with read_in(code, tmp_path) as (office, named):
        written, strange = typed(office), only(other)
        strange = Own(strange.words - words(written), strange.texts - set(written))
        found: dict[str, set[str]] = defaultdict(set)
        for username in PEOPLE:
            for endpoint, address in opened(office, username, named):
                answer = office.enter(username).client.get(address)
                if answer.mimetype == "text/html" and not answer.location:
                    found[endpoint] |= set(said_in(strange, text(answer)))
        assert {endpoint: said for endpoint, said in found.items() if said} == {}


def opened(
    office: Office, username: str, named: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """The pages that somebody may open, and where."""
    scope = scope_of_person(office, username)
    for endpoint, rule in pages_of(office.app).items():
        if opens(scope, endpoint):
            yield from ((endpoint, address) for address in named.get(endpoint, [rule]))


def said_in(strange: Own, page: str) -> Iterator[str]:
    """What a page says that only another language has."""
    for one in Speech(page).said:
        wrong = words([one]) & strange.words
        if wrong or one.strip() in strange.texts:
            yield f"{sorted(wrong)}: {one.strip()[:90]}"
