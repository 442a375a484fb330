"""The product has everything that documents, advice and pages name: a route that answers 404 is not
promised.

A route, a command with its options, a setting, a target, a module, a file of the repository, a word
of a model, a function: each is found in the texts by its spelling, and looked up at its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from engine.language.closures.builtins import BUILTINS
from engine.language.functions import owner_functions
from engine.models.bpmn.vocabulary import ATTRIBUTES, ELEMENTS
from engine.time.calendar import Calendar
from tests.test_docs import ROOT, commands, first, options, tracked
from tests.web.conftest import Office
from web.cli import main
from web.configuration.settings import PREFIX, Settings
from web.translations.update import sentences
from web.worker.worker import ENVIRONMENT

PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "processes").rglob("README.md")),
]
QUOTED = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"```\w*\n.*?```", re.DOTALL)
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
ROUTE = re.compile(rf"(?:({'|'.join(METHODS)}) )?(/[a-z][\w{{}}./-]*)")
FILE = re.compile(r"[\w./-]*\w\.(?:py|bpmn|dmn|form|md|toml|lock|cfg|sh|yml)")
FOLDER = re.compile(r"^    ([a-z_]+/) ", re.MULTILINE)
FOREIGN_FUNCTIONS = frozenset({"not", "say"})
"""A word of decision tables that is written like a function, and one of our own sources."""


@cache
def texts() -> dict[str, str]:
    """Every text for people by where it stands: documents as they are, and each sentence that the
    product may say (advice, problems, pages), by itself."""
    found = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in PAGES}
    return {**found, "sentences": "\n".join(first(entry.id) for entry in sentences() if entry.id)}


def quoted(text: str) -> list[str]:
    """What a text writes as code, within its lines."""
    return QUOTED.findall(FENCED.sub("", text))


def named(find: Callable[[str], Iterable[str]]) -> Iterator[tuple[str, str]]:
    """(where it stands, what is named) for everything `find` finds."""
    for place, text in texts().items():
        yield from ((place, found) for found in find(text))


def unknown(find: Callable[[str], Iterable[str]], known: Callable[[str], bool]) -> set[str]:
    found = list(named(find))
    assert found, "nothing is named: this looks for nothing"
    return {f"{place}: {name}" for place, name in found if not known(name)}


# --- routes ---------------------------------------------------------------------------------------


def routes_in(text: str) -> list[str]:
    return [
        f"{found[1] or 'GET'} {found[2]}"
        for code in quoted(text)
        if (found := ROUTE.fullmatch(code)) and not (ROOT / found[2][1:]).exists()
    ]


def answers(app: Flask, route: str) -> bool:
    """Whether some address of this form is served, or anything below it."""
    method, _, path = route.partition(" ")
    below = path.rstrip("/") + "/"
    if any(rule.rule.startswith(below) for rule in app.url_map.iter_rules()):
        return True
    asked = re.sub(r"\{\w+\}", str(uuid4()), path)
    try:
        app.url_map.bind("localhost").match(asked, method)
    except RequestRedirect:
        return True
    except (NotFound, MethodNotAllowed):
        return False
    return True


def test_every_route_that_is_named_is_served(office: Office) -> None:
    assert unknown(routes_in, lambda route: answers(office.app, route)) == set()


def test_the_call_that_does_not_exist_yet_would_be_noticed(office: Office) -> None:
    text = "Fetch them by `POST /engine-rest/external-task/retries-async`."
    [route] = routes_in(text)
    assert not answers(office.app, route)


# --- commands -------------------------------------------------------------------------------------

COMMANDS = {path: options(command) for path, command in commands(main, "tindak")}
TYPED = re.compile(r"(?<![\w/.-])tindak ([a-z].*)")


def commands_in(text: str) -> Iterator[str]:
    """Typed in a document, or in backticks or at the beginning of a sentence of the product."""
    for code in [*quoted(text), *"\n".join(FENCED.findall(text)).splitlines()]:
        found = TYPED.search(code)
        if found:
            yield f"tindak {found[1]}"
    yield from re.findall(r"(?:command|perintah) (tindak [a-z]+)", text)


def is_command(typed: str) -> bool:
    """A command of the tree, with no options but its own."""
    words = typed.split("#")[0].split()
    for count in (3, 2):
        path = " ".join(words[:count])
        if path in COMMANDS:
            given = {word.split("=")[0] for word in words[count:] if word.startswith("--")}
            return given <= COMMANDS[path]
    return len(words) == 2 and any(path.startswith(f"{typed} ") for path in COMMANDS)


def test_every_command_that_is_named_can_be_typed() -> None:
    assert unknown(commands_in, is_command) == set()


def test_a_command_or_an_option_that_does_not_exist_would_be_noticed() -> None:
    assert not is_command("tindak worker --external")
    assert not is_command("tindak fetch")
    assert is_command("tindak token create NAME --name PROGRAM --kind act")


# --- settings, targets, modules -------------------------------------------------------------------


def test_every_setting_that_is_named_can_be_set() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {*ENVIRONMENT}
    assert unknown(re.compile(rf"\b{PREFIX}[A-Z][A-Z_]*").findall, known.__contains__) == set()


def test_every_target_that_is_named_can_be_made() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)

    def made_in(text: str) -> list[str]:
        lines = [*quoted(text), *"\n".join(FENCED.findall(text)).splitlines()]
        return [found[1] for line in lines if (found := re.match(r"\s*make ([a-z]+)", line))]

    assert unknown(made_in, targets.__contains__) == set()


def test_every_module_that_is_run_is_there() -> None:
    run_in = re.compile(r"python -m ((?:benchmarks|tests|web|engine|processes)[\w.]*)").findall
    assert unknown(run_in, lambda name: find_spec(name.rstrip(".")) is not None) == set()


# --- files ----------------------------------------------------------------------------------------

TRACKED = frozenset(tracked())
BARE_NAMES = frozenset(Path(name).name for name in TRACKED)


def is_tracked(place: str, name: str) -> bool:
    """From the folder of the text, from the root, or, without a folder, anywhere."""
    near = (ROOT / place).parent / name
    return near.exists() or (ROOT / name).exists() or name in BARE_NAMES


def test_every_file_that_is_named_is_there() -> None:
    found = named(lambda text: [code for code in quoted(text) if FILE.fullmatch(code)])
    assert {f"{place}: {name}" for place, name in found if not is_tracked(place, name)} == set()


def test_every_folder_of_the_layout_is_there() -> None:
    assert unknown(FOLDER.findall, lambda name: (ROOT / name).is_dir()) == set()


# --- words of models ------------------------------------------------------------------------------


def test_every_word_of_a_model_that_is_named_is_read() -> None:
    known = (ATTRIBUTES | ELEMENTS) - {"resource", "script"}
    assert unknown(re.compile(r"camunda:(\w+)").findall, known.__contains__) == set()


@pytest.mark.parametrize("name", ["externalTaskPriority", "class", "delegateExpression"])
def test_a_word_that_is_not_read_would_be_noticed(name: str) -> None:
    assert name not in ATTRIBUTES


def test_every_function_that_is_named_can_be_called() -> None:
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    known = {*BUILTINS, *owner_functions(moment, Calendar(), None), *FOREIGN_FUNCTIONS}
    called = re.compile(r"([a-z][a-z_]*)\(.*\)")

    def calls_in(text: str) -> list[str]:
        return [found[1] for code in quoted(text) if (found := called.fullmatch(code))]

    assert unknown(calls_in, known.__contains__) == set()


# --- what a program outside can do ----------------------------------------------------------------


def test_nobody_is_told_any_more_that_no_program_outside_can_do_a_task(office: Office) -> None:
    assert answers(office.app, "POST /engine-rest/external-task/{id}/complete")
    told = [
        texts()["sentences"],
        *(text for path, text in texts().items() if path.startswith("docs/")),
    ]
    outside = re.compile(r"outside worker|program outside|external task|call from outside")
    never = re.compile(r"\b(no|cannot)\b.*\byet\b|\bno (call|program)\b.*\bcan\b")
    sentences_with = [
        sentence
        for text in told
        for sentence in re.split(r"(?<=[.!])\s|\n", text)
        if outside.search(sentence)
    ]
    assert len(sentences_with) >= 4
    assert [one for one in sentences_with if never.search(one)] == []
