"""What the news of a task is about: a case, or an instance of a process that an owner has drawn.

Owns what letters need of either: the subject, who may hear of it, and by which calendar its
deadlines are counted. Knows neither mails nor recipients.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.ports.news import News
from engine.sentences.sentence import ModelText
from engine.time.calendar import Calendar
from processes.days.calendars import common_calendar
from processes.notices import about
from processes.notices.addresses import Addresses
from processes.notices.texts.letters import Subject
from processes.register.vocabulary import CLASSIFICATIONS, Classification
from processes.rights.access import CASE_PROCESSES
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.notices import process_names

ORDINARY: Final = CLASSIFICATIONS[0]


class Place(Protocol):
    """Where a task belongs. `head`: the case, if it is of one."""

    @property
    def head(self) -> CaseHead | None: ...
    @property
    def classification(self) -> Classification: ...
    def calendar(self, connection: Connection) -> Calendar: ...
    def of_task(self, task_id: UUID, pages: Addresses) -> Subject: ...


@dataclass(frozen=True, slots=True)
class OfCase:
    """The task of a case."""

    head: CaseHead

    @property
    def classification(self) -> Classification:
        return self.head.classification

    def calendar(self, connection: Connection) -> Calendar:
        return about.calendar_for(connection, self.head)

    def of_task(self, task_id: UUID, pages: Addresses) -> Subject:
        return about.of_task(self.head, task_id, pages)


@dataclass(frozen=True)
class OfOwner:
    """The task of a process of an owner's own, which bears no classification. What its instance
    holds is on the page of the task alone."""

    connection: Connection
    process_key: str
    head: None = None

    @cached_property
    def process(self) -> str:
        """Its name, read for the first letter: most steps write none."""
        return process_names.newest(self.connection, self.process_key)

    @property
    def classification(self) -> Classification:
        return ORDINARY

    def calendar(self, connection: Connection) -> Calendar:
        return common_calendar(connection)

    def of_task(self, task_id: UUID, pages: Addresses) -> Subject:
        path = pages.task(task_id)
        name = ModelText(self.process)
        return Subject(name, "", self.classification, None, None, path)


def find(connection: Connection, news: News) -> Place | None:
    """What the news is about; None for an instance of a process of cases that owns none."""
    head = case_heads.of_instance(connection, news.process_key, news.instance_id)
    if head is not None:
        return OfCase(head)
    if news.process_key in CASE_PROCESSES:
        return None
    return OfOwner(connection, news.process_key)
