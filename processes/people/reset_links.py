"""A forgotten password: from the wish to the mail, if there is somebody to send one to.

Owns what the loop does with such a wish. `processes.people.account_links` takes it in without a
look at who it is for, so that the time of an answer does not tell which names exist; the questions
are asked here, the same for nobody. Must not know pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from processes.acts.service import Service
from processes.ground.payloads import SendResetLink
from processes.people import invitations, link_mail


@dataclass(frozen=True, slots=True)
class ResetLinks:
    """`engine.later.loop.Sender` for jobs of the kind `payloads.SendResetLink`."""

    service: Service

    def prepare(self, connection: Connection, payload: Mapping[str, Any]) -> UUID:
        """Whose account it is, or would be."""
        return SendResetLink.decode(payload).user_id

    def send(self, prepared: UUID) -> None:
        """No network: the mail is a job of its own."""

    def sent(
        self, connection: Connection, payload: Mapping[str, Any], prepared: UUID, now: datetime
    ) -> None:
        """Make the link and queue its mail, in the transaction that ends the job."""
        real_now = self.service.engine.on(connection).real_now()
        made = invitations.ask_for_reset(connection, prepared, now=real_now)
        if made:
            link_mail.post(connection, self.service, made, now)

    def failed(
        self,
        connection: Connection,
        payload: Mapping[str, Any],
        error: str,
        now: datetime,
        final: bool,
    ) -> None:
        """Nothing to write: nothing is sent here that could fail."""
