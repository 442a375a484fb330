"""`python -m benchmarks.worker URL MOMENT`: a worker process that fires due timers.

Its clock stands at MOMENT until it reads the line with the common start (seconds since the epoch),
and then runs; the process ends when nothing is due any more.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from benchmarks import escalating
from web.composition import keep_what_is_loaded


def main() -> None:
    """Say "ready", wait for the start, work, end."""
    moment, began = datetime.fromisoformat(sys.argv[2]), time.time()

    def clock() -> datetime:
        return moment + timedelta(seconds=time.time() - began)

    engine = escalating.opened(sys.argv[1], clock)
    engine.seconds_to_next_job()  # connected, like a worker that has waited
    keep_what_is_loaded()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    began = float(sys.stdin.readline())
    engine.run_due()
    engine.close()


if __name__ == "__main__":
    main()
