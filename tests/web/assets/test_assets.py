"""Building and naming of the front end: the stamp, the manifest, pins without addresses, weight."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from web.assets.build import (
    ASSETS,
    BANNER,
    DIST,
    LINE,
    NOTICES,
    BuildFailed,
    build,
    explain,
    install_packages,
    notices,
    stamp_of,
)
from web.assets.manifest import AssetsMissing, asset_reader

ROOT = ASSETS.parent.parent
APACHE_2_0 = "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4"
"""SHA-256 of the text as its authors publish it."""
TOOLS = [ROOT / "tests" / name for name in ("e2e/chromium", "scripts", "world/clients/javascript")]
"""Folders of npm packages that tests use."""
MANIFEST = {
    "src/user.js": {
        "file": "a/user-1.js",
        "name": "user",
        "isEntry": True,
        "css": ["a/user-1.css"],
    },
    "_core.js": {"file": "a/core-2.js", "name": "core", "css": ["a/core-2.css"]},
    "_shapes.js": {"file": "a/shapes-3.js", "name": "shapes", "imports": ["_core.js"]},
    "src/diagram.js": {
        "file": "a/diagram-4.js",
        "name": "diagram",
        "isEntry": True,
        "imports": ["_shapes.js", "_core.js"],
        "css": ["a/diagram-4.css"],
    },
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A folder as a build leaves it."""
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / NOTICES).write_text("licences")
    return tmp_path


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A front end with one source."""
    folder = tmp_path / "assets"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "user.js").write_text("one")
    (folder / "package-lock.json").write_text("{}")
    return folder


def test_an_entry_brings_what_it_imports_in_the_order_it_is_needed(dist: Path) -> None:
    diagram = asset_reader(dist, "/static/dist/")("diagram")
    assert diagram.js == "/static/dist/a/diagram-4.js"
    assert diagram.css == ("/static/dist/a/core-2.css", "/static/dist/a/diagram-4.css")
    assert diagram.preload == ("/static/dist/a/core-2.js", "/static/dist/a/shapes-3.js")


def test_a_shared_chunk_is_no_entry(dist: Path) -> None:
    with pytest.raises(AssetsMissing, match="'core'"):
        asset_reader(dist, "/")("core")


def test_a_front_end_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="make setup"):
        asset_reader(tmp_path, "/")("user")


def test_the_manifest_is_read_when_the_first_page_asks(tmp_path: Path) -> None:
    asset = asset_reader(tmp_path, "/")
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    assert asset("user").js == "/a/user-1.js"


@pytest.mark.parametrize("name", ["src/user.js", "src/new.css", "package-lock.json", ".npmrc"])
def test_the_stamp_changes_with_every_source(sources: Path, name: str) -> None:
    before = stamp_of(sources)
    (sources / name).write_text("two")
    assert stamp_of(sources) != before


def test_the_stamp_tells_a_renamed_source(sources: Path) -> None:
    before = stamp_of(sources)
    (sources / "src" / "user.js").rename(sources / "src" / "user2.js")
    assert stamp_of(sources) != before


def test_installed_packages_leave_the_stamp_alone(sources: Path) -> None:
    before = stamp_of(sources)
    (sources / "node_modules").mkdir()
    (sources / "node_modules" / "x.js").write_text("x")
    assert stamp_of(sources) == before


def test_nothing_is_built_when_the_stamp_is_current(sources: Path, dist: Path) -> None:
    (dist / "stamp").write_text(stamp_of(sources))
    assert build(sources, dist) is False


# --- licences -----------------------------------------------------------------------------------


def packages() -> dict[str, str]:
    """Name -> version of each package from which scripts and styles are built."""
    lock = json.loads((ASSETS / "package-lock.json").read_text())["packages"]
    return {
        place.rpartition("node_modules/")[2]: facts["version"]
        for place, facts in lock.items()
        if place and not facts.get("dev") and not facts.get("optional")
    }


def test_the_licence_of_each_package_in_the_pages_is_told_by_its_own_file() -> None:
    written = (DIST / NOTICES).read_text("utf-8")
    parts = re.split(rf"^{LINE}\n(.+)\n{LINE}\n\n", written, flags=re.MULTILINE)[1:]
    told = dict(zip(parts[::2], parts[1::2], strict=True))
    assert told.keys() == {f"{name} {version}" for name, version in packages().items()}
    assert all(re.search(r"licen[cs]e|permission", terms, re.IGNORECASE) for terms in told.values())
    assert "Camunda Services GmbH" in told[f"bpmn-js {packages()['bpmn-js']}"]
    assert "vite" not in {name.partition(" ")[0] for name in told}, "it only helps to build"


def test_what_has_no_licence_file_says_it_by_its_own_word(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "small"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"license": "MIT", "author": {"name": "Ani"}}')
    (package / "Readme.md").write_text("# Small\n\nText.\n\n## License\n\nMIT, by Ani\n")
    lock = {"packages": {"": {}, "node_modules/small": {"version": "1.0"}}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    told = notices(tmp_path)
    assert "small 1.0" in told
    assert told.endswith("Licence: MIT\n\nAuthor: Ani\n\n## License\n\nMIT, by Ani")


def test_each_built_file_leads_to_the_licences() -> None:
    built = [one for one in (DIST / "assets").iterdir() if one.suffix in (".js", ".css")]
    assert built
    assert all(one.read_bytes().startswith(BANNER) for one in built)


def test_the_product_has_the_licence_that_it_declares() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (declared["license"], declared["license-files"]) == ("Apache-2.0", ["LICENSE"])
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest() == APACHE_2_0


def test_packages_of_the_same_lock_are_not_installed_again(sources: Path) -> None:
    node = sources / "no-such-node"
    with pytest.raises(FileNotFoundError):
        install_packages(node, sources)
    (sources / "node_modules").mkdir()
    lock = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    (sources / "node_modules" / ".lock-sha256").write_text(lock)
    install_packages(node, sources)


def test_a_registry_out_of_reach_is_told_in_words() -> None:
    told = explain("npm error code ENOTFOUND\nnpm error network request failed")
    assert "registry cannot be reached" in told
    assert "npm error" not in told


def test_any_other_failure_shows_its_last_lines() -> None:
    assert explain("\n".join(f"line {n}" for n in range(99))).endswith("line 97\nline 98")


def test_a_failing_script_is_a_failed_build(tmp_path: Path) -> None:
    from web.assets.build import run

    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho went wrong; exit 3\n")
    node.chmod(0o755)
    with pytest.raises(BuildFailed, match="went wrong"):
        run(node, tmp_path, ["x.js"])


@pytest.mark.parametrize("folder", [ASSETS, *TOOLS])
def test_npm_packages_are_pinned_exactly_and_without_addresses(folder: Path) -> None:
    package = json.loads((folder / "package.json").read_text())
    wanted = package.get("dependencies", {}) | package.get("devDependencies", {})
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = json.loads((folder / "package-lock.json").read_text())
    assert not any("resolved" in entry for entry in lock["packages"].values())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_python_packages_are_pinned_by_hash_and_without_addresses(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    assert all("==" in line for line in lock.splitlines() if re.match(r"[a-z]", line))
    assert "--hash=sha256:" in lock


def test_scripts_say_everything_in_both_languages() -> None:
    keys = [
        re.findall(r'^  "([^"]+)":', (ASSETS / "src" / "words" / name).read_text(), re.MULTILINE)
        for name in ("id.js", "en.js")
    ]
    assert keys[0] == keys[1]


def weight_of(files: tuple[str, ...]) -> int:
    """Bytes over the line: each file compressed."""
    return sum(len(gzip.compress((DIST / file).read_bytes(), 9)) for file in files)


@pytest.mark.parametrize(
    ("name", "limit_kb"), [("user", 42), ("diagram", 75), ("modeler", 480), ("decisions", 400)]
)
def test_a_page_stays_light(name: str, limit_kb: int) -> None:
    """User pages have 50 kB in all, so 42 for what every page loads."""
    entry = asset_reader(DIST, "")(name)
    assert weight_of((entry.js, *entry.css, *entry.preload)) < limit_kb * 1024
