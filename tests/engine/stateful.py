"""A case in plain Python: the expected behaviour of the engine, without the engine.

The model writes, judges (and sends back), waits for a payment and ships. A reminder comes every day
during the writing. A judgement is taken away at its deadline, three days later unless extended. The
service behind the payment can be made to fail.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from engine.time.calendar import DEFAULT_ZONE
from tests.engine.models.building import (
    boundary,
    bpmn,
    catch,
    end,
    event,
    exclusive,
    flow,
    process,
    service_task,
    start,
    timer,
    user_task,
)

REMINDER = timedelta(days=1)
DAYS_TO_JUDGE = 3
NEXT = {"write": "judge", "rescue": "judge", "ship": "done"}


def journey(edition: int) -> dict[str, bytes]:
    """The model; each edition differs in the name of its last task."""
    file = bpmn(
        process(
            "journey",
            start(),
            user_task("write", camunda_candidateGroups="authors"),
            boundary("remind", "write", timer("R/P1D", "timeCycle"), interrupting=False),
            service_task("send_reminder", "remind"),
            end("sent"),
            user_task(
                "judge",
                camunda_candidateGroups="judges",
                camunda_dueDate="${days(3, task.created)}",
            ),
            boundary("too_late", "judge", timer("${due_at}", "timeDate")),
            user_task("rescue"),
            exclusive("verdict", default="verdict_to_paid"),
            catch("paid", event("message", "payment")),
            service_task("post", "post"),
            user_task("ship", name=f"Ship {edition}"),
            end("done"),
            flow("start", "write"),
            flow("remind", "send_reminder"),
            flow("send_reminder", "sent"),
            flow("write", "judge"),
            flow("too_late", "rescue"),
            flow("rescue", "judge"),
            flow("judge", "verdict"),
            flow("verdict", "write", "verdict == 'again'"),
            flow("verdict", "paid"),
            flow("paid", "post"),
            flow("post", "ship"),
            flow("ship", "done"),
        )
    )
    return {"journey.bpmn": file}


def end_of(day: date) -> datetime:
    """24.00 of a day in Jakarta."""
    after = day + timedelta(days=1)
    return datetime.combine(after, time(0), DEFAULT_ZONE).astimezone(UTC)


@dataclass
class Case:
    """Where a case stands. `due`: when the one timer of its place is; `steps`: kinds of its
    history; `kept`: messages nobody listened to; `on_the_way`: kept ones that a job will deliver;
    `incidents`: payments that were received while the service behind them was broken; they
    end with the case that received them, whether it is done or withdrawn."""

    edition: int
    place: str = ""
    due: datetime | None = None
    steps: list[str] = field(default_factory=lambda: ["start"])
    kept: int = 0
    on_the_way: int = 0
    incidents: int = 0

    @property
    def active(self) -> bool:
        return self.place not in ("done", "withdrawn")

    @property
    def open_task(self) -> str | None:
        return self.place if self.place in ("write", "judge", "rescue", "ship") else None

    def enter(self, place: str, now: datetime) -> None:
        self.place, self.due = place, None
        if place == "done":
            self.incidents = 0
        if place == "write":
            self.due = now + REMINDER
        if place == "judge":
            self.extend(now.astimezone(DEFAULT_ZONE).date() + timedelta(days=DAYS_TO_JUDGE))
        if place == "paid" and self.kept:
            self.kept, self.on_the_way = self.kept - 1, self.on_the_way + 1

    def extend(self, day: date) -> None:
        self.due = end_of(day)

    def complete(self, verdict: str, now: datetime) -> None:
        self.steps.append("complete")
        judged = "write" if verdict == "again" else "paid"
        self.enter(judged if self.place == "judge" else NEXT[self.place], now)

    def withdraw(self) -> None:
        self.steps.append("withdraw")
        self.place, self.due, self.incidents = "withdrawn", None, 0

    def pass_time(self, works: bool, now: datetime) -> None:
        """What is due by now: a timer comes once however many occurrences have gone by."""
        if self.due is not None and self.due <= now:
            self.steps.append("timer")
            if self.place == "judge":
                self.enter("rescue", now)
            else:
                self.due += ((now - self.due) // REMINDER + 1) * REMINDER
        while self.on_the_way:
            self.on_the_way -= 1
            self.deliver(works, now)

    def deliver(self, works: bool, now: datetime) -> None:
        """A payment: taken where one is waited for, else kept while the case runs."""
        if self.place != "paid":
            self.kept += self.active
            return
        self.steps.append("message" if works else "incident")
        self.incidents += not works
        if works:
            self.enter("ship", now)

    def retry(self, works: bool, now: datetime) -> bool:
        """Repeat what failed; where the case has gone on without it, there is nothing to do."""
        if self.place == "paid" and not works:
            return False
        self.incidents -= 1
        if self.place == "paid":
            self.steps.append("message")
            self.enter("ship", now)
        return True
