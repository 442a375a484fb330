"""Real servers of these tests: found on the machine, run in their own folder on loopback.

`python -m tests.world.servers` names the missing Debian packages.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_SECONDS, LOOK_SECONDS = 180, 0.1
PACKAGES: Mapping[str, str] = {
    "etcd": "etcd-server",
    "patroni": "patroni",
    "pgbouncer": "pgbouncer",
    "pg_ctl": "postgresql",
}
"""Program -> the Debian package that brings it; `.ci/run` installs them."""
USR = Path("/usr")
"""Where packages lie."""
SERVANT = "postgres"
"""Whom the package of PostgreSQL makes: its servers refuse to run as root."""


class NotInstalled(Exception):
    """A server these tests need is missing; the text says how to get it."""


def program(name: str) -> Path:
    """Where a program is. Raises NotInstalled."""
    # PostgreSQL's own folder first: on the path lie single programs of it at most.
    own = sorted((str(one) for one in USR.glob("lib/postgresql/*/bin")), reverse=True)
    folders = [*own, os.environ.get("PATH", ""), str(USR / "sbin")]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        raise NotInstalled(
            f"{name} is missing: apt-get install {PACKAGES[name]} (all of them: "
            f"apt-get install {' '.join(sorted(PACKAGES.values()))})"
        )
    return Path(found)


def missing() -> list[str]:
    """Debian packages to install before these tests can run."""
    found = []
    for name, package in PACKAGES.items():
        try:
            program(name)
        except NotInstalled:
            found.append(package)
    return found


def servant() -> str | None:
    """The account servers run under; None: one's own."""
    if os.getuid():
        return None
    program("pg_ctl")
    return SERVANT


@contextmanager
def folder_of(account: str | None) -> Iterator[Path]:
    """A folder that servers of this account may write to. Not below pytest's, which nobody else
    may enter."""
    with tempfile.TemporaryDirectory(prefix="world", ignore_cleanup_errors=True) as name:
        if account:
            entry = pwd.getpwnam(account)
            os.chown(name, entry.pw_uid, entry.pw_gid)
        yield Path(name)


def settings_of(place: Path, name: str, text: str) -> Path:
    """The file of settings that a server of another account reads: readable whatever the umask,
    which the product narrows for the process it runs in."""
    file = place / name
    file.write_text(text)
    file.chmod(0o644)
    return file


class Server:
    """A running program; `log` is what it says. Ended with everything it started."""

    def __init__(self, command: Sequence[str | Path], log: Path, account: str | None) -> None:
        self.log = log
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                command,
                stdout=stream,
                stderr=stream,
                cwd=log.parent,
                start_new_session=True,
                user=account,
                group=account and pwd.getpwnam(account).pw_gid,
                extra_groups=[] if account else None,
            )

    def wait(self, what: str, look: Callable[[], bool]) -> None:
        """Until `look` is true; an error with the log when it never is, or when it has ended."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not look():
            assert self._process.poll() is None and time.monotonic() < give_up, (
                f"{what}: {self.log.read_text()[-4000:]}"
            )
            time.sleep(LOOK_SECONDS)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, or (SIGKILL) let it fall with all of its group."""
        send = os.killpg if number == signal.SIGKILL else os.kill
        with suppress(ProcessLookupError):
            send(self._process.pid, number)
        try:
            self._process.wait(PATIENCE_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.stdout.write(" ".join(missing()))
