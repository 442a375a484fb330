"""The browser of the end-to-end tests: found on the machine, else fetched into `.browser/`.

`python -m tests.e2e.browser` finds or fetches it before the tests and prints which one it is.
Order: $CHROMIUM, a chromium or google-chrome on PATH, else npm's @sparticuz/chromium (pinned by
chromium/package-lock.json), which contains its libraries: no root, no system package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from web.assets.build import BuildFailed, find_node, install_packages, run

HERE = Path(__file__).resolve().parent
FETCHED = HERE.parent.parent / ".browser"
RECIPE = ("package.json", "package-lock.json", ".npmrc", "unpack.js")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox: containers and CI forbid it, and the only pages opened are our own.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
)
# Playwright's own node wants libatomic, which a bare machine lacks; the wheel's node wants nothing.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(find_node()))
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fetched}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{fetched}/font-cache</cachedir>
</fontconfig>
"""


class NoBrowser(Exception):
    """No browser that starts; the text says what to do."""


@dataclass(frozen=True)
class Chromium:
    """A browser that starts: its program and what its environment needs besides."""

    program: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def version(self) -> str | None:
        """What it says of itself, None when it does not start (a stub, missing libraries)."""
        try:
            said = subprocess.run(
                [self.program, "--version", "--no-sandbox"],
                env={**os.environ, **self.environment},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        except OSError:
            return None
        return said.stdout.strip() if said.returncode == 0 and said.stdout.strip() else None


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium. Raises NoBrowser when there is none and none can be fetched."""
    chromium = provide()
    return playwright.chromium.launch(
        executable_path=chromium.program,
        args=list(ARGUMENTS),
        env={**os.environ, **chromium.environment},
    )


def provide() -> Chromium:
    """The browser to use; fetches one (80 MB, under a minute) when the machine has none."""
    return find(os.environ) or fetched() or fetch()


def find(environment: Mapping[str, str]) -> Chromium | None:
    """The browser that CHROMIUM names, else the first on PATH that starts.

    Raises NoBrowser when CHROMIUM names one that does not start.
    """
    if named := environment.get("CHROMIUM"):
        chosen = Chromium(Path(named))
        if chosen.version() is None:
            raise NoBrowser(f"CHROMIUM names {named}, which does not start.")
        return chosen
    paths = (shutil.which(name, path=environment.get("PATH", "")) for name in NAMES)
    candidates = (Chromium(Path(path)) for path in paths if path)
    return next((chromium for chromium in candidates if chromium.version()), None)


def fetched(folder: Path = FETCHED) -> Chromium | None:
    """The browser fetched earlier, None when there is none or it is of another version."""
    lock = folder / "package-lock.json"
    complete = folder / "complete"
    if not (
        complete.is_file() and lock.read_bytes() == (HERE / "chromium" / lock.name).read_bytes()
    ):
        return None
    environment = {
        "LD_LIBRARY_PATH": f"{folder / 'lib'}",
        "FONTCONFIG_FILE": f"{folder / 'fonts.conf'}",
    }
    return Chromium(folder / "bin" / "chromium", environment)


def fetch(folder: Path = FETCHED) -> Chromium:
    """Fetches the pinned browser into `folder`. Raises NoBrowser when that fails."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in RECIPE:
        shutil.copy(HERE / "chromium" / name, folder / name)
    try:
        node = find_node()
        install_packages(node, folder)
        run(node, folder, ["unpack.js"])
    except BuildFailed as failure:
        raise NoBrowser(
            f"No browser for the tests: {failure}\nInstall Chromium or set CHROMIUM to one."
        ) from failure
    shutil.rmtree(folder / "node_modules")
    (folder / "fonts.conf").write_text(FONTS.format(fetched=folder))
    (folder / "complete").touch()
    chromium = fetched(folder)
    if chromium is None or chromium.version() is None:
        raise NoBrowser("The fetched browser does not start here: install Chromium.")
    return chromium


def main() -> int:
    """Finds or fetches the browser and says which; 1 when there is none."""
    try:
        chromium = provide()
    except NoBrowser as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write(f"Browser for the tests: {chromium.program} ({chromium.version()})\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
