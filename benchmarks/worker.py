"""`python -m benchmarks.worker URL FOLDER MOMENT`: a worker process that fires what is due.

Its clock stands at MOMENT when the line with the common start (seconds since the epoch) comes in,
and then runs; it ends when nothing is due any more.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from processes.service import Options, open_service


def main() -> None:
    """Say "ready", wait for the start, work, end."""
    url, folder, text = sys.argv[1:4]
    moment, began = datetime.fromisoformat(text), time.time()

    def clock() -> datetime:
        return moment + timedelta(seconds=time.time() - began)

    service = open_service(url, Options(Path(folder), "https://tindak.example"), clock)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    began = float(sys.stdin.readline())
    service.engine.run_due()
    service.close()


if __name__ == "__main__":
    main()
