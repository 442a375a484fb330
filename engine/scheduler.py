"""APScheduler as the clock of the job loop: one timer, always set to the earliest due time.

The rows decide which job is due and which worker runs it; the scheduler only decides when to look.
It looks at once when a commit stores earlier work, and at least every `HEARTBEAT_SECONDS`. That
also covers changes without a report, such as another speed of the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from engine.engine import Engine
from engine.face.waking import HEARTBEAT_SECONDS
from engine.sentences.errors import Unavailable

log = structlog.get_logger(__name__)

BLOCKED_SECONDS = 0.2
"""Pause in seconds after a look at which another worker had locked the earliest job."""
UNTOLD_SECONDS = 2.0
"""Pause in seconds behind a pooler, where processes get no reports of jobs stored by others."""
_JOB = "look"
ASIDE = "aside"


class Scheduler:
    """Calls `engine.run_due()`; several schedulers may run on one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = Lock()
        self._looking = self._stopped = False
        self._next: datetime | None = None
        self._clock = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1), ASIDE: ThreadPoolExecutor(1)},
            timezone=UTC,
            job_defaults={"max_instances": 1, "misfire_grace_time": None, "coalesce": True},
        )

    def start(self) -> None:
        """Start looking; return at once."""
        self._engine.listen(self._wanted_in)
        self._clock.start()
        self._wanted_in(0.0)

    def stop(self) -> None:
        """Finish the running look, then stop. The end of the look must not set the clock again:
        APScheduler waits for the look while it holds the lock that setting the clock needs."""
        self._engine.stopping.set()
        with self._guard:
            self._stopped = True
        self._clock.shutdown(wait=True)

    def _look(self) -> None:
        with self._guard:
            self._looking, self._next = True, None
        pause = HEARTBEAT_SECONDS
        try:
            self._engine.run_due()
            self._engine.maintain(self._beside)
            pause = self._pause()
        except Unavailable as error:
            log.warning("the database cannot be reached", why=str(error))
            pause = 1.0
        finally:
            with self._guard:
                self._looking = False
                wanted, self._next = self._next, None
                moment = _in(pause)
                self._arm(moment if wanted is None else min(moment, wanted))

    def _beside(self, work: Callable[[], None]) -> None:
        """Run the daily work beside the looks: it may take minutes, and no timer may wait for it.
        During shutdown nothing can be added to the clock, so the work runs here and stops soon."""
        with self._guard:
            if not self._stopped:
                self._clock.add_job(work, executor=ASIDE, id=ASIDE, replace_existing=True)
                return
        work()

    def _pause(self) -> float:
        most = UNTOLD_SECONDS if self._engine.database.is_pooled else HEARTBEAT_SECONDS
        seconds = self._engine.seconds_to_next_job()
        return most if seconds is None else min(max(seconds, BLOCKED_SECONDS), most)

    def _wanted_in(self, seconds: float) -> None:
        """Look in `seconds`, because a commit stored work that is due then."""
        moment = _in(max(0.0, seconds))
        with self._guard:
            if self._next is None or moment < self._next:
                self._arm(moment)

    def _arm(self, moment: datetime) -> None:
        """Set the clock; the caller holds the guard. During a look, its end sets the clock."""
        self._next = moment
        if not (self._looking or self._stopped):
            self._clock.add_job(self._look, DateTrigger(moment), id=_JOB, replace_existing=True)


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
