"""The end-to-end tests choose a browser in a fixed order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import browser
from tests.e2e.browser import NoBrowser, fetched, find


def program(path: Path, *, starts: bool) -> Path:
    """A program that says a version, or a stub that only fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{'echo Chromium 1.2.3' if starts else 'exit 10'}\n")
    path.chmod(0o755)
    return path


@pytest.mark.long
def test_the_named_browser_is_taken_before_any_other(tmp_path: Path) -> None:
    named = program(tmp_path / "named", starts=True)
    program(tmp_path / "bin" / "chromium", starts=True)
    found = find({"CHROMIUM": str(named), "PATH": str(tmp_path / "bin")})
    assert found is not None
    assert found.program == named


def test_a_named_browser_that_does_not_start_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser, match="does not start"):
        find({"CHROMIUM": str(tmp_path / "missing")})


def test_a_stub_on_the_path_is_passed_over(tmp_path: Path) -> None:
    """Ubuntu's `chromium-browser` only tells how to install something else."""
    program(tmp_path / "chromium", starts=False)
    chrome = program(tmp_path / "google-chrome", starts=True)
    found = find({"PATH": str(tmp_path)})
    assert found is not None
    assert found.program == chrome


def test_a_machine_without_a_browser_has_none(tmp_path: Path) -> None:
    assert find({"PATH": str(tmp_path)}) is None


def test_a_half_fetched_browser_is_not_used(tmp_path: Path) -> None:
    lock = browser.HERE / "chromium" / "package-lock.json"
    (tmp_path / "package-lock.json").write_bytes(lock.read_bytes())
    assert fetched(tmp_path) is None
    (tmp_path / "complete").touch()
    assert fetched(tmp_path) is not None


def test_a_fetched_browser_of_another_version_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "complete").touch()
    assert fetched(tmp_path) is None
