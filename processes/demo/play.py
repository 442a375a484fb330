"""Playing the demo: a story on a clock that moves from some weeks ago to now.

Owns when each person acts: the holder of a new task looks it up in the script and notes when to do
it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Final
from uuid import UUID

from engine.records.states import TaskStatus
from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from engine.storage.later import jobs
from engine.storage.models import definitions
from engine.time.calendar import Calendar
from engine.time.clock import ManualClock
from processes.acts.service import Service
from processes.authentication.credentials import chosen
from processes.cases.recommendation import (
    recommendation_case,
    recommendation_tasks,
    recommendations,
)
from processes.days.calendars import common_calendar
from processes.demo import asked, crowd, deeds, people, rakor
from processes.demo.acts import TEXT, TODAY, Act, Deed, Recommendation
from processes.demo.answers import Desk
from processes.demo.bodies import bodies
from processes.demo.crowd import Size
from processes.demo.script import STORY
from processes.operation.readiness import DEMO_COMPLETE
from processes.people import institutions
from processes.people.seed import INSTITUTIONS, seed_institutions
from processes.rights import groups
from processes.rights.scope import Scope, operator, scope_of
from processes.storage.cases import case_heads, follow_up_rows, recommendation_rows
from processes.storage.operation.settings import write_setting
from processes.storage.people import users
from processes.work import tasks
from processes.written_report.asking import PROCESS

Tell = Callable[[str], None]

WAKING: Final = (time(9, 30), time(14, 30))
"""Times of a working day, at the ministry, at which all people look at their tasks."""
BATCH: Final = 10_000
LARGE: Final = "large"
"""The size recorded for a finished demo that is larger than the script."""
FIRST_NUMBER: Final = 411
"""The first number of the demo's letters."""
LATER_NUMBERS: Final = 400
"""So much later come the letters of the recommendations that others led to."""


RELEASING: Final = "kemhan"
"""The head of this institution releases its reports,"""
RELEASED: Final = 3
"""since so many working days, so that one of them waits for that."""


@dataclass
class Part:
    """A running recommendation. `own`, `follow_ups`: the acts still to come."""

    script: Recommendation
    number: int
    id: UUID
    own: list[Act]
    follow_ups: dict[str, list[Act]]

    def next_act(self, task: Task, institution: str | None) -> Act | None:
        """The act for a new task; None: the task stays open."""
        if task.element_id == "comment":
            return self._comment(task)
        coming = self.own if institution is None else self.follow_ups[institution]
        found = next((act for act in coming if act.element == task.element_id), None)
        if found is not None:
            coming.remove(found)
        return found

    def _comment(self, task: Task) -> Act | None:
        said = self.script.comments.get(institution_of(task) or "")
        return Act("comment", 2, said) if said else None


def _begun(script: Recommendation, number: int, id: UUID) -> Part:
    coming = {code: list(acts) for code, acts in script.follow_ups.items()}
    return Part(script, number, id, list(script.own), coming)


@dataclass
class Play:
    """A running story. `agenda`: the time, the order, and the work."""

    service: Service
    clock: ManualClock
    calendar: Calendar
    end: date
    scopes: dict[str, Scope] = field(default_factory=dict)
    parts: dict[UUID, Part] = field(default_factory=dict)
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    places: Iterator[int] = field(default_factory=count)
    last_seen: UUID | None = None

    def __post_init__(self) -> None:
        self.asked = asked.Asked(self.service)
        self.rakor = rakor.Rakor(self.service, self.calendar, self.person, lambda: self.today)

    @property
    def today(self) -> date:
        return self.calendar.today(self.clock.now)

    def person(self, username: str) -> Scope:
        """A person of the demo."""
        if username not in self.scopes:
            with self.service.reading() as connection:
                person = users.by_username(connection, username)
                assert person is not None, f"{username} is an account of the demo"
                self.scopes[username] = scope_of(connection, person.id)
        return self.scopes[username]

    # --- the agenda -----------------------------------------------------------------------------

    def note(self, day: date, work: Callable[[], None]) -> None:
        """Note work for the morning of a working day, or for now if that has passed."""
        when = max(self.calendar.moment(day, WAKING[0]).astimezone(UTC), self.clock.now)
        heapq.heappush(self.agenda, (when, next(self.places), work))

    def note_story(self, story: Sequence[Recommendation]) -> None:
        """Note when each recommendation begins, each rakor, and when reports are asked for."""
        for before in rakor.BEFORE:
            self.note(self.calendar.add(self.end, -before), self.rakor.begin)
        self.note(self.calendar.add(self.end, -asked.BEFORE), self._ask)
        self.note(self.calendar.add(self.end, -RELEASED), self._ask_for_releases)
        for number, script in enumerate(story, start=FIRST_NUMBER):
            self.note(
                self.calendar.add(self.end, -script.begins),
                lambda script=script, number=number: self._begin(script, number),  # type: ignore[misc]  # bound now
            )

    def live_through(self) -> None:
        """Do everything that people do at this moment of a working day."""
        self._do_what_is_due()  # recommendations begin before people look at their tasks
        with self.service.reading() as connection:
            new = worklist.all_open(connection, BATCH, self.last_seen)
        for task in new:
            self.last_seen = task.id
            self._plan(task)
        self._do_what_is_due()

    def _do_what_is_due(self) -> None:
        while self.agenda and self.agenda[0][0] <= self.clock.now:
            heapq.heappop(self.agenda)[2]()

    # --- recommendations and their tasks --------------------------------------------------------

    def _begin(self, script: Recommendation, number: int) -> None:
        id = recommendations.propose(self.service, self.person("coordinator"))
        self.parts[id] = _begun(script, number, id)
        for institution, wanted in script.deeds.items():
            for deed in wanted:
                day = self.calendar.add(self.end, -deed.before)
                self.note(day, lambda code=institution, deed=deed: self._do(id, code, deed))  # type: ignore[misc]  # bound now

    def _ask(self) -> None:
        deadline = self.calendar.add(self.today, asked.TIME)
        self.asked.ask(self.person("coordinator"), self.today, deadline)

    def _ask_for_releases(self) -> None:
        institutions.set_approval(self.service, self.person(f"{RELEASING}-head"), RELEASING, True)

    def _plan_answer(self, task: Task) -> None:
        if self.asked.is_done():
            number, contact = self.asked.seen, self.person(str(institution_of(task)))
            coordinator = self.person("coordinator")
            self.note(
                self.calendar.add(self.today, asked.AFTER),
                lambda: self.asked.do(number, task, contact, coordinator, self.today),
            )

    def _plan(self, task: Task) -> None:
        if task.process_key == PROCESS:
            self._plan_answer(task)
            return
        if task.process_key in rakor.PROCESSES:
            self._plan_rakor(task)
            return
        part, institution = self._part_of(task)
        act = part.next_act(task, institution) if part else None
        if part is None or act is None:
            return
        opened = self.calendar.today(task.created_at)
        day = self.calendar.add(opened, act.after) if act.after else self.today
        self.note(day, lambda: self._complete(task.id, part, act))

    def _plan_rakor(self, task: Task) -> None:
        institution = institution_of(task)
        day = self.rakor.day_of(task, institution)
        if day is not None:
            self.note(day, lambda: self.rakor.do(task, institution))

    def _part_of(self, task: Task) -> tuple[Part | None, str | None]:
        """The part of a task, with the institution of its follow-up; None for a recommendation that
        another one led to and that nobody works on."""
        with self.service.reading() as connection:
            head = case_heads.of_instance(connection, task.process_key, task.instance_id)
        assert head is not None, "it is a task of a recommendation or of a follow-up"
        assert head.recommendation_id is not None, "as its processes are"
        found = self.parts.get(head.recommendation_id)
        return found or self._led_to(head.recommendation_id), head.institution

    def _led_to(self, id: UUID) -> Part | None:
        """The part of a recommendation that another one led to, from its first task on."""
        with self.service.reading() as connection:
            draft = recommendation_rows.find(connection, id)
        before = self.parts.get(draft.predecessor_id) if draft and draft.predecessor_id else None
        if before is None or before.script.following is None:
            return None
        self.parts[id] = _begun(before.script.following, before.number + LATER_NUMBERS, id)
        return self.parts[id]

    def _complete(self, task_id: UUID, part: Part, act: Act) -> None:
        task = self.service.engine.task(task_id)
        if task.status != TaskStatus.OPEN:
            return  # the comment deadline or a withdrawal came first
        scope = self.person(task.assignee or institution_of(task) or task.candidate_groups[0])
        texts = {
            TODAY: self.today.isoformat(),
            TEXT: str(part.script.registration["text"]),
            "{n}": str(part.number),
        }
        desk = Desk(self.service, scope, task, self.today, texts)
        answers = {**self._begun(scope, task), **desk.filled(act.answers)}
        tasks.hand_in(self.service, scope, task.id, answers)

    def _begun(self, scope: Scope, task: Task) -> Mapping[str, object]:
        """What the form starts with, where the script only says what changes."""
        if task.element_id != "finalise":
            return {}
        with self.service.reading() as connection:
            draft = recommendation_case.draft(connection, scope, UUID(str(task.business_key)))
        return recommendation_tasks.finalising(draft)

    def _do(self, recommendation: UUID, institution: str, deed: Deed) -> None:
        if not institution:
            person = self.person("coordinator")
            deeds.propose_withdrawal(self.service, person, recommendation, deed)
            return
        with self.service.reading() as connection:
            found = follow_up_rows.of_recommendation(connection, recommendation)
        for case in found:
            if case.institution == institution:
                deeds.do(self.service, self.person, self.today, case.id, deed)


def institution_of(task: Task) -> str | None:
    """Whose task this is; None for the ministry's own."""
    return next(iter(groups.contacted(task.candidate_groups)), None)


def play(
    service: Service,
    clock: ManualClock,
    until: datetime,
    password: str,
    tell: Tell,
    size: Size | None = None,
) -> None:
    """Play the whole script up to `until`; `clock` must be the service's. With a `size` more cases
    are added."""
    more = bodies(size.institutions - len(INSTITUTIONS)) if size else {}
    extra = crowd.story(size, [*INSTITUTIONS, *more]) if size else []
    told = (*STORY, *extra)
    whole = sum(1 + bool(one.following) for one in told)
    with service.reading() as connection:
        calendar = common_calendar(connection)
    end = calendar.today(until)
    begin = calendar.add(end, -max(one.begins for one in told))
    clock.now = calendar.moment(begin, time(8)).astimezone(UTC)
    with service.transaction() as connection:
        definitions.date_deployments(connection, clock.now)
    seed_institutions(service, operator())
    people.add_all(service, operator(), more, chosen(password))
    stage = Play(service, clock, calendar, end)
    stage.note_story(told)
    for moment in _moments(calendar, begin, until):
        pass_time(service, clock, moment)
        if calendar.is_working(stage.today):
            stage.live_through()
        local = moment.astimezone(calendar.zone)
        if local.weekday() == 0 and local.time() == WAKING[0]:
            tell(f"  {stage.today:%d.%m.%Y}: {len(stage.parts)} of {whole} recommendations")
    pass_time(service, clock, until)
    with service.transaction() as connection:
        write_setting(connection, DEMO_COMPLETE, LARGE if size else True, "demo", clock.now)


def pass_time(service: Service, clock: ManualClock, moment: datetime) -> None:
    """Move the clock to `moment`, with a stop at each due job, so that it is done on time as by a
    running scheduler."""
    engine, moment = service.engine, moment.astimezone(UTC)
    while True:
        with engine.reading() as connection:
            due = jobs.earliest(connection)
        if due is None or due > moment:
            break
        clock.now = max(clock.now, due)
        if not engine.run_due():
            break
    clock.now = moment


def _moments(calendar: Calendar, begin: date, until: datetime) -> Iterator[datetime]:
    day = begin
    while day <= calendar.today(until):
        for at in WAKING:
            moment = calendar.moment(day, at)
            if moment < until:
                yield moment
        day += timedelta(days=1)
