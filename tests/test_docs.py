"""The documents describe the product: settings, commands, labels, and nothing of its making.

There is no list of exceptions: a difference is corrected in the document or in the product.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from pydantic import SecretStr

from web.cli import main
from web.configuration.settings import PREFIX, Settings
from web.translations import catalogue_file
from web.words.markdown import HELP_LINK, Document, document
from web.worker.worker import ENVIRONMENT

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NAMES = sorted({page.name.split(".")[0] for page in DOCS.glob("*.md")})
PAGES = sorted(DOCS.glob("*.md"))
LANGUAGES = ("", ".en")
README = (ROOT / "README.md").read_text("utf-8")
README_LINK = re.compile(r"\]\(docs/([a-z-]+)(?:\.en)?\.md\)")
CITED = re.compile(r"\bdecisions?[ /](\d{4})\b")

ROW = re.compile(rf"^\| `({PREFIX}\w+)` \| (.*?) \| (.+) \|$", re.MULTILINE)
OPTION = re.compile(r"`(--[a-z]+(?:-[a-z]+)*)`")
CODE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
LABEL = re.compile(r"(?<!\*)\*([^*`\n]+)\*(?!\*)")
MOST_LINES_OF_A_DECISION = 40


def text(name: str, language: str) -> str:
    return (DOCS / f"{name}{language}.md").read_text("utf-8")


def page_id(page: Path) -> str:
    return page.name


class TestSettings:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_setting_stands_in_the_table_with_its_default(self, language: str) -> None:
        rows = {name: default for name, default, _ in ROW.findall(text("operator", language))}
        fields = Settings.model_fields.items()

        assert rows == {f"{PREFIX}{name.upper()}": shown(field.default) for name, field in fields}

    def test_the_english_meaning_is_the_one_of_the_code(self) -> None:
        rows = {name: meaning for name, _, meaning in ROW.findall(text("operator", ".en"))}
        fields = Settings.model_fields.items()

        assert rows == {f"{PREFIX}{name.upper()}": field.description for name, field in fields}

    @pytest.mark.parametrize("page", PAGES, ids=page_id)
    def test_no_page_names_a_setting_that_does_not_exist(self, page: Path) -> None:
        named = set(re.findall(rf"{PREFIX}([A-Z_]+)", page.read_text("utf-8")))

        known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
        assert {f"{PREFIX}{name}" for name in named} <= known | set(ENVIRONMENT)


def shown(default: object) -> str:
    """A default as the table writes it: what somebody would type, nothing for an empty one."""
    plain = default.get_secret_value() if isinstance(default, SecretStr) else default
    typed = int(plain) if isinstance(plain, bool) else plain
    return "" if typed in ("", (), None) else f"`{typed}`"


class TestCommands:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_command_has_a_row_that_names_exactly_its_options(self, language: str) -> None:
        table = [line for line in text("operator", language).splitlines() if line[:3] == "| `"]
        for path, command in commands(main, "tindak"):
            row = next((line for line in table if line.startswith(f"| `{path}")), None)

            assert row is not None, path
            assert set(OPTION.findall(row)) == options(command), path

    @pytest.mark.parametrize("page", PAGES, ids=page_id)
    def test_no_page_names_a_command_that_does_not_exist(self, page: Path) -> None:
        known = {path.split()[1] for path, _ in commands(main, "tindak")}

        assert set(re.findall(r"`tindak ([a-z-]+)", page.read_text("utf-8"))) <= known

    @pytest.mark.parametrize("page", PAGES, ids=page_id)
    def test_what_pages_ask_to_make_can_be_made(self, page: Path) -> None:
        targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)

        assert set(re.findall(r"`make ([a-z]+)", page.read_text("utf-8"))) <= set(targets)


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Each command that does something, under the words people type."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from commands(below, f"{path} {name}")


def options(command: click.Command) -> set[str]:
    """What an operator may write; a hidden option is said by the product to itself."""
    found = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    return {option for parameter in found for option in parameter.opts}


class TestHelp:
    @pytest.mark.parametrize("name", NAMES)
    def test_each_page_is_there_in_both_languages_with_the_same_sections(self, name: str) -> None:
        there = {language: (DOCS / f"{name}{language}.md").is_file() for language in LANGUAGES}
        assert all(there.values()), there

        sections = [len(drawn(text(name, language)).sections) for language in LANGUAGES]
        assert sections[0] == sections[1]

    @pytest.mark.parametrize("name", NAMES)
    def test_both_languages_have_the_same_examples(self, name: str) -> None:
        here, there = (CODE.findall(text(name, language)) for language in LANGUAGES)

        assert here == there

    @pytest.mark.parametrize("page", PAGES, ids=page_id)
    def test_each_page_has_a_title_and_links_to_pages_that_exist(self, page: Path) -> None:
        source = page.read_text("utf-8")
        targets = [HELP_LINK.match(link) for link in re.findall(r"\]\(([^)]+)\)", source)]

        assert drawn(source).title
        assert all(target and target[1] in NAMES for target in targets)

    @pytest.mark.parametrize("page", PAGES, ids=page_id)
    def test_words_in_italics_are_labels_of_the_product(self, page: Path) -> None:
        known = labels("en" if page.name.endswith(".en.md") else "id")
        named = {plain(label) for label in LABEL.findall(CODE.sub("", page.read_text("utf-8")))}

        assert named - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_reached_from_the_readme(language: str) -> None:
    reached, ways = set[str](), set(README_LINK.findall(README))
    while ways:
        reached |= ways
        ways = {one for name in ways for one in linked(text(name, language))} - reached

    assert set(NAMES) - reached == set()


def linked(source: str) -> set[str]:
    """The pages that a page leads to."""
    targets = (HELP_LINK.match(link) for link in re.findall(r"\]\(([^)]+)\)", source))
    return {target[1] for target in targets if target}


def drawn(source: str) -> Document:
    return document(source, "/help/")


def labels(language: str) -> set[str]:
    """Every text of the product and of the shipped models in this language."""
    messages, models = read("id", "messages"), read("en", "models")
    if language == "id":
        return set(messages.values()) | set(models)
    return set(messages) | set(models.values())


def read(locale: str, domain: str) -> dict[str, str]:
    """Message id -> translation, both as `plain` texts; of plurals the first form."""
    with catalogue_file(locale, domain).open("rb") as file:
        return {plain(first(entry.id)): plain(first(entry.string)) for entry in read_po(file)}


def first(words: object) -> str:
    return str(words[0] if isinstance(words, (tuple, list)) else words)


def plain(words: str) -> str:
    """Case does not matter within a sentence; a placeholder is written as its name in capitals."""
    return re.sub(r"%\((\w+)\)\w", r"\1", words).casefold().strip(" :")


@pytest.mark.parametrize("record", sorted((DOCS / "decisions").glob("*.md")), ids=page_id)
def test_a_decision_fits_on_a_page_and_says_what_would_change_it(record: Path) -> None:
    lines = record.read_text("utf-8").splitlines()
    number = record.name[:4]

    assert lines[0].startswith(f"# {number} ")
    assert len(lines) <= MOST_LINES_OF_A_DECISION
    headings = {line for line in lines if line.startswith("## ")}
    wanted = {"## Context", "## Decision", "## What it costs", "## What would change our mind"}
    assert wanted <= headings


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(record.name[:4] for record in (DOCS / "decisions").glob("*.md"))

    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]


def test_a_decision_that_is_cited_is_there() -> None:
    written = {record.name[:4] for record in (DOCS / "decisions").glob("*.md")}
    texts = [ROOT / name for name in tracked() if name.endswith((".py", ".md", ".toml"))]
    there = (file.read_text("utf-8") for file in texts if file.is_file())
    cited = {number for words in there for number in CITED.findall(words)}

    assert cited
    assert cited - written == set()


def test_each_process_has_its_readme_beside_it() -> None:
    folders = {model.parent for model in (ROOT / "processes").rglob("*.bpmn")}

    assert folders
    assert {folder.name for folder in folders if not (folder / "README.md").is_file()} == set()


# Written in two parts, so that this file does not find itself.
FORBIDDEN = [
    re.compile(first + second, re.IGNORECASE)
    for first, second in (
        (r"(?<!\w)/wo", r"rk/"),
        ("/home", r"/\w"),
        ("pypi", r"\.org"),
        ("python", r"hosted\.org"),
        ("registry", r"\.npmjs"),
        (r"--(extra-)?index", r"-url\b"),
        (r"\b(language|AI)[ -]", r"(model|assistant)\b"),
        (r"\b(previous|earlier|coding)[ ]", r"sessions?\b"),
        (r"\bsub-?", r"agents?\b"),
        (r"\bas an ", r"AI\b"),
        (r"\bTO", r"DO\b"),
        (r"\bFIX", r"ME\b"),
    )
]


def test_no_file_names_a_machine_a_registry_or_how_it_was_made() -> None:
    found = {name: forbidden(ROOT / name) for name in tracked()}

    assert {name: words for name, words in found.items() if words} == {}


def forbidden(file: Path) -> list[str]:
    content = file.read_bytes() if file.is_file() else b""
    if b"\0" in content:  # a font or a picture
        return []
    return [match[0] for word in FORBIDDEN if (match := word.search(content.decode("utf-8")))]


def tracked() -> list[str]:
    """Files of the repository; of an unpacked distribution, the documents."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return [str(page.relative_to(ROOT)) for page in DOCS.rglob("*.md")]
    return [name for name in listed.stdout.split("\0") if name]
