"""What `make outdated` says of a package; which versions are out is no matter of a test."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement

from tests.outdated import NEWEST, said


@pytest.mark.parametrize(
    ("at", "newest", "wanted", "words"),
    [
        ("3.1.3", "3.1.3", "flask>=3.1", "flask 3.1.3: the newest"),
        ("3.2.0rc1", "3.1.3", "flask>=3.1", "flask 3.2.0rc1: the newest"),
        ("3.1.3", "3.10.0", "flask>=3.1", "flask 3.1.3: 3.10.0 is out"),
        (
            "3.1.3", "4.0", "flask>=3.1,<4",
            "flask 3.1.3: 4.0 is out, and pyproject.toml asks for <4,>=3.1",
        ),
        ("3.1.3", None, "flask>=3.1", "flask 3.1.3: the index does not say which is the newest"),
    ],
)  # fmt: skip
def test_each_package_is_at_its_newest_or_told_which_is(
    at: str, newest: str | None, wanted: str, words: str
) -> None:
    assert said("flask", at, newest, Requirement(wanted)) == words


def test_the_newest_stands_in_the_first_line_of_the_index() -> None:
    answer = "flask (3.1.3)\nAvailable versions: 3.1.3, 3.1.2\n  INSTALLED: 3.1.2\n"
    assert NEWEST.findall(answer) == ["3.1.3"]
