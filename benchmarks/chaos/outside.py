"""`python -m benchmarks.chaos.outside PORT TOKEN LEDGER`: an external worker that runs until it is
killed.

It fetches a few tasks under a short lease, works, and completes them. For a task whose lease has
ended (the worker was frozen meanwhile) it notes that in its ledger, and tries to complete it all
the same.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.chaos.ledger import Act, Ledger
from benchmarks.chaos.load import Caller
from benchmarks.chaos.model import TOPIC

LEASE_SECONDS = 4.0
WAIT_SECONDS = 2.0
AT_ONCE = 3
LONGEST_THOUGHT = 0.4
PATIENCE_SECONDS = 60.0
BASE = "/engine-rest/external-task"


def work(caller: Caller, ledger: Ledger, name: str) -> None:
    """Fetch and complete once."""
    wanted = {"topicName": TOPIC, "lockDuration": int(LEASE_SECONDS * 1000)}
    body: dict[str, Any] = {"workerId": name, "maxTasks": AT_ONCE, "topics": [wanted]}
    body["asyncResponseTimeout"] = int(WAIT_SECONDS * 1000)
    found = caller.ask("POST", f"{BASE}/fetchAndLock", body)
    if found.status != 200:
        time.sleep(WAIT_SECONDS)
        return
    until = time.monotonic() + LEASE_SECONDS
    for task in found.body:
        time.sleep(random.uniform(0, LONGEST_THOUGHT))
        path = f"{BASE}/{task['id']}/complete"
        late = time.monotonic() > until
        act = Act(uuid4().hex, "external", path, task["id"], late=late)
        ledger.write(act)
        answer = caller.ask("POST", path, {"workerId": name}, act.request)
        ledger.answered(act, answer.status, answer.tries)


def main() -> None:
    """Work until the process is killed."""
    port, token, file = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    caller, ledger = Caller(port, token, PATIENCE_SECONDS), Ledger(file)
    while True:
        work(caller, ledger, f"outside-{os.getpid()}")


if __name__ == "__main__":
    main()
