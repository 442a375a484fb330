"""External tasks: workers fetch them under a lease, then complete them, fail them or give them
back.

Owns fetching; `engine.workers.acts` owns the acts that follow. This module asks for no rights.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.step import Stepper
from engine.face.act import Act
from engine.face.alone import Actor, alone, received
from engine.later import repairs
from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.clock_time import read_time
from engine.storage.later import externals, workers
from engine.storage.later.externals import ExternalTask, TopicWanted
from engine.workers.acts import LONGEST_NAME, MOST, ExternalActs, check_text, check_wait, unfit
from engine.workers.offers import Offers
from engine.workers.work_data import Work, read_work

T = TypeVar("T")

HEARD_EVERY: Final = 60.0
"""Seconds between two notes that a worker has asked for a topic."""
PAGE: Final = 100
"""Number of tasks read together to check the variables of their processes."""


class ExternalTasks:
    """The external tasks of an engine. Threads may share it."""

    def __init__(self, stepper: Stepper, offers: Offers, actor: Actor[Act]) -> None:
        self._stepper = stepper
        self._offers = offers
        self._actor = actor
        self._database = stepper.around.database
        self._heard: dict[tuple[str, str], float] = {}

    def listen(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call `listener(topics)` after each commit that lets workers fetch tasks of these topics.
        Commits of other processes count too if the database `tells_others`. An empty list means
        that reports may have been lost."""
        self._offers.listen(listener)

    def fetch(
        self,
        worker: str,
        topics: Sequence[TopicWanted],
        most: int = 1,
        by: str | None = None,
        *,
        ask: Callable[[Connection, datetime], object] = lambda *_: None,
    ) -> list[Work]:
        """Lease up to `most` tasks of these topics to the worker: highest priority first, then the
        oldest. Return an empty list if there are none. `ask` gets the database's time in the
        transaction of the lease, and refuses by raising an error. Raises BadInput."""
        _check_fetch(worker, topics, most)
        fresh = self._not_heard_lately(worker, topics)
        among = {one.topic: self._holding(one, most) for one in topics if one.holding}

        def work(connection: Connection) -> list[ExternalTask]:
            now, _ = read_time(connection)
            ask(connection, now)
            workers.hear(connection, worker, fresh, by, now)
            return externals.lease(connection, worker, topics, among, most, now)

        leased = self._database.repeat(work)
        self._heard.update(dict.fromkeys(((worker, topic) for topic in fresh), time.monotonic()))
        # States are decoded after the commit, so that no lock is held meanwhile.
        with self._database.read() as connection:
            read = read_work(self._stepper.programs, connection, leased, topics)
        for failed in read.unreadable:
            with suppress(NotFound):  # the task was removed meanwhile
                repairs.record(self._stepper, failed)
        for task in read.left:
            with suppress(NotFound, Conflict):  # the worker no longer holds it
                self.release(task.id)
        return read.found

    def _not_heard_lately(self, worker: str, topics: Sequence[TopicWanted]) -> list[str]:
        if len(self._heard) > 100 * MOST:  # names that the workers chose
            self._heard.clear()
        since = time.monotonic() - HEARD_EVERY
        return [one.topic for one in topics if self._heard.get((worker, one.topic), since) <= since]

    def _holding(self, wanted: TopicWanted, most: int) -> list[UUID]:
        """Ids of the first tasks whose process has the wanted variables. Only the states of the
        instances hold them, so the tasks are read page by page until there are enough."""
        found: list[UUID] = []
        last: ExternalTask | None = None
        asked = [replace(wanted, variables=())]
        while len(found) < most:
            with self._database.read() as connection:
                now, _ = read_time(connection)
                page = externals.candidates(connection, wanted, PAGE, now, last)
                read = read_work(self._stepper.programs, connection, page, asked, most_bytes=None)
            found += [one.task.id for one in read.found]
            if len(page) < PAGE:
                break
            last = page[-1]
        return found[:most]

    def act(self, work: Callable[[ExternalActs], T]) -> T:
        """Do all of `work` in one transaction, or nothing (`Engine.act`)."""
        return self._actor.act(lambda act: work(act.external))

    def keep(self, work: Callable[[ExternalActs], T]) -> T:
        """Do the same; keep the command if the model fails (`Engine.keep`)."""
        return self._actor.keep(lambda act: work(act.external))

    # --- acts, each by itself -------------------------------------------------------------------

    complete = received(ExternalActs.complete)
    throw_error = received(ExternalActs.throw_error)
    escalate = received(ExternalActs.escalate)
    fail = alone(ExternalActs.fail)
    extend = alone(ExternalActs.extend)
    lease = alone(ExternalActs.lease)
    release = alone(ExternalActs.release)
    set_retries = alone(ExternalActs.set_retries)
    set_priority = alone(ExternalActs.set_priority)


def _check_fetch(worker: str, topics: Sequence[TopicWanted], most: int) -> None:
    check_text("workerId", worker, LONGEST_NAME)
    if not 1 <= most <= MOST:
        raise unfit("maxTasks", say("Fetch 1 to {most} external tasks at once.", most=MOST))
    names = [one.topic for one in topics]
    if len(set(names)) < len(names):
        raise unfit("topics", say("Name each topic once."))
    for one in topics:
        check_text("topicName", one.topic, 200)
        check_wait("lockDuration", one.lease)
