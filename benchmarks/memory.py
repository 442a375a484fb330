"""Memory of a process with the whole web product loaded that works on many instances."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.databases import Databases
from benchmarks.model import DATA, KEY, lifecycle
from benchmarks.report import Line
from engine import Engine

SECTION = "memory"
INSTANCES = 10_000


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section: resident bytes at the end, beside the same process without any work."""
    count = max(100, int(INSTANCES * scale))
    url = databases.sqlite_url()
    engine = Engine.open(url)
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "benchmark")
    for _ in range(count):
        engine.start(KEY, DATA)
    engine.close()
    command = [sys.executable, "-m", "benchmarks.memory", url]
    before, after = [], []
    for _ in range(runs):
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        begun, ended = (int(kilobytes) / 1024 for kilobytes in told)
        before.append(begun)
        after.append(ended)
    what = f"resident after completing tasks of {count:,} different instances"
    return [
        Line.of(
            SECTION, what, after, "MB", reference="(after start)", beside=median(before),
            goal="< 250 MB",
        )
    ]  # fmt: skip


def work(url: str) -> None:
    """The measured process: prints its resident kilobytes before and after."""
    import web.app  # what every web process has loaded  # noqa: F401

    engine = Engine.open(url)
    before = resident()
    for task in engine.tasks(limit=INSTANCES):
        engine.complete(task.id, {"send_back": True}, "ani")
    sys.stdout.write(f"{before} {resident()}\n")
    engine.close()


def resident() -> int:
    """Resident kilobytes of this process, by proc(5)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("this system does not say how much memory a process has")


if __name__ == "__main__":
    work(sys.argv[1])
