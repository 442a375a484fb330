"""An act: one transaction that moves a case or changes rows that belong to no case.

`Engine.act` and `Engine.keep` give the caller an `Act`. The caller locks the case, asks under that
lock whether the act is allowed, does the act, and writes its own rows on the same connection. The
transaction keeps all of this or nothing. This module owns the one form of every act; the acts of
`Engine` call it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.deployment import deploying, drafting
from engine.deployment.deploying import Deployment, Plan
from engine.deployment.drafting import Planned, Shipment
from engine.execution import starting
from engine.execution.border import UNNAMED, submitted
from engine.execution.step import Failure, Stepper
from engine.face.small_steps import SmallSteps
from engine.later import delivery, repairs, timer_starts
from engine.later.repairs import Repair
from engine.ports.cases import EVERY_FAMILY
from engine.records.commands import (
    Complete,
    Extend,
    Start,
    StartActivity,
    Withdraw,
)
from engine.records.payloads import Message
from engine.storage.cases import drafts
from engine.storage.cases.drafts import Draft
from engine.storage.models import definitions, model_drafts
from engine.storage.models.definitions import Version
from engine.storage.models.model_drafts import DraftFile
from engine.workers.acts import ExternalActs


class Act(SmallSteps):
    """The acts that a caller can do in one transaction."""

    def __init__(self, stepper: Stepper, connection: Connection, ids: list[UUID]) -> None:
        super().__init__(stepper, connection, ids)
        self.external = ExternalActs(self)
        """The acts on external tasks, in the same transaction."""

    # --- steps ----------------------------------------------------------------------------------

    def start(
        self,
        key: str,
        data: Mapping[str, Any] | None = None,
        business_key: str | None = None,
        by: str | None = None,
        *,
        id: UUID | None = None,
    ) -> UUID:
        """Start the newest version of `key`; starting an existing id again returns it."""
        wanted = Start(
            key=key, id=id or self.new_id(), data=submitted(data or {}),
            business_key=business_key, by=by,
        )  # fmt: skip
        self.done(starting.start(self.stepper, self.connection, wanted, None))
        return wanted.id

    def complete(
        self,
        task_id: UUID,
        data: Mapping[str, Any] | None = None,
        by: str | None = None,
        *,
        request_id: str | None = None,
    ) -> None:
        """Complete a human task. A repeated request id changes nothing.

        Raises NotFound, Conflict (who, when), BadInput (fields), Unavailable. If the model or a
        handler fails, the engine keeps the command as an incident and says so in its answer.
        """
        command = Complete(
            task_id=task_id, data=submitted(data or {}), by=by, request_id=request_id
        )
        self.perform(self.lock_by_task(task_id), command)

    def extend(
        self, task_id: UUID, due: date, reason: str, by: str, *, request_id: str | None = None
    ) -> None:
        """Move the deadline of an open task; its timers and ladder follow. A repeated request id
        changes nothing."""
        command = Extend(task_id=task_id, due=due, reason=reason, by=by, request_id=request_id)
        self.perform(self.lock_by_task(task_id), command)

    def cancel(self, instance_id: UUID, reason: str, by: str) -> None:
        """End an instance as withdrawn, whatever it waits for."""
        self.perform(self.lock(instance_id), Withdraw(reason=reason, by=by))

    def start_activity(
        self,
        instance_id: UUID,
        activity: str,
        data: Mapping[str, Any] | None = None,
        *,
        by: str | None = None,
        request_id: str | None = None,
        token: UUID | None = None,
    ) -> None:
        """Start an activity of an ad-hoc sub-process (`choices` lists the activities) and write
        `data`. `token` names the choice; without it the oldest choice that offers the activity is
        used. A repeated request id changes nothing.

        Raises NotFound, Conflict if no choice is open, BadInput if the activity cannot start now.
        """
        command = StartActivity(
            activity=activity, data=submitted(data or {}), by=by, request_id=request_id, token=token
        )
        self.perform(self.lock(instance_id), command)

    def deliver(
        self,
        message: str,
        key: str,
        payload: Mapping[str, Any] | None = None,
        wait: bool = True,
        *,
        by: str | None = None,
        request_id: str | None = None,
        family: str | None = EVERY_FAMILY,
        token: UUID | None = None,
    ) -> None:
        """Deliver a message to the one instance that waits for it under `key`. In that instance the
        token that has waited longest takes it, or `token` and no other (`awaited` lists the
        tokens). A repeated request id changes nothing.

        If no instance waits: `wait` keeps the message while an instance with that business key
        runs; without `wait`, or with `token`, Conflict is raised. If several instances wait:
        BadInput. `family` is the family of the cases that the message may reach
        (`engine.ports.cases`). A message from an outside program has the family None: it reaches no
        case.
        """
        id = request_id or str(self.new_id())
        sent = Message(message, key, submitted(payload or {}), by, id, family, token)
        self.done(delivery.route(self.stepper, self.connection, sent, wait=wait))

    def signal(
        self,
        token: UUID,
        data: Mapping[str, Any] | None = None,
        *,
        by: str | None = None,
        request_id: str | None = None,
        family: str | None = EVERY_FAMILY,
    ) -> None:
        """Complete a receive task without a message, or an ad-hoc sub-process, and write `data`.
        `token` is the token that waits there (`awaited`, `choices`). Raises Conflict if the token
        does not wait (any more), BadInput for an ad-hoc sub-process in which an activity still runs
        or whose completion condition is false."""
        self.deliver(
            UNNAMED, str(token), data, wait=False, by=by, request_id=request_id, family=family,
            token=token,
        )  # fmt: skip

    # --- repairs --------------------------------------------------------------------------------

    def retry(self, incident_id: UUID, by: str) -> Repair:
        """Repeat the failed command under its first author and time. Raises NotFound, Conflict if
        the incident is closed or its case has ended. If the command fails again, the transaction
        changes nothing (`Failed`); `failed_again` notes the failure in an act of its own."""
        outcome, done = repairs.retry(self.stepper, self.connection, incident_id, by)
        self.done(done)
        return Repair(outcome)

    def failed_again(self, incident_id: UUID, failure: Failure) -> None:
        """Note that a retry failed, and why."""
        repairs.failed_again(self.connection, incident_id, failure)

    def discard(self, incident_id: UUID, by: str) -> None:
        """Give up the stored command; its input becomes the draft of the reopened task. Raises
        Conflict for an external task without retries left."""
        topics = repairs.discard(self.stepper, self.connection, incident_id, by)
        self.forget()
        self.offer(topics)

    # --- drafts and models ----------------------------------------------------------------------

    def save_draft(
        self, task_id: UUID, owner: str, data: Mapping[str, Any], *, aside: bool = False
    ) -> Draft:
        """Keep what somebody typed; outside steps and history. `aside`: what is saved over stays
        in the past of the draft."""
        return drafts.save(self.connection, task_id, owner, submitted(data), self.now, aside=aside)

    def save_model_draft(
        self, key: str, name: str, content: bytes, by: str, *, over: str | None = None
    ) -> datetime:
        """Save a changed file of a process; return the time of saving. Raises BadInput, NotFound,
        and Conflict if `over` is given and is not the SHA-256 of the present file."""
        changed = DraftFile(name, content, self.now, by)
        drafting.save(self.connection, key, changed, over=over)
        return self.now

    def discard_model_draft(self, key: str, name: str | None = None) -> None:
        """Delete the unreleased changes of a process, or of one of its files."""
        model_drafts.discard(self.connection, key, name)

    def retire(self, key: str, by: str) -> None:
        """Stop the timers that start instances of the process, until its next release. Running
        instances go on. Raises NotFound."""
        timer_starts.retire(self.connection, key, by, self.now)

    def deploy(self, planned: Plan, wanted: Deployment) -> list[Version]:
        """Store new versions of the changed processes; return the newest version of each process.
        Raises ModelError, Overtaken if somebody stored versions after the plan was made."""
        return self._armed(lambda: deploying.deploy(self.connection, planned, wanted, self.now))

    def ship(self, planned: Shipment, by: str) -> list[Version]:
        """Deploy the models of the product, or offer them as a draft. Raises the errors of
        `deploy`."""
        return self._armed(lambda: drafting.ship(self.connection, planned, by, self.now))

    def release(self, planned: Planned, note: str, by: str) -> list[Version]:
        """Deploy a draft as planned, then delete it. Raises the errors of `deploy`, BadInput
        without a note, Conflict if somebody else changed the draft or a file that it replaces."""
        return self._armed(lambda: drafting.release(self.connection, planned, note, by, self.now))

    def _armed(self, store: Callable[[], list[Version]]) -> list[Version]:
        """Store versions and arm the timers that start their instances."""
        before = definitions.newest_ids(self.connection)
        stored = store()
        fresh = definitions.newest_ids(self.connection) - before
        if timer_starts.arm(self.stepper, self.connection, fresh, self.now):
            self.wake()
        return stored
