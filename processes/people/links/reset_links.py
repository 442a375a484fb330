"""A forgotten password: from the request to the mail, if the account exists.

Owns the work of the job loop on such a request. `processes.people.links.account_links` accepts it
without looking at the account, so that the time of an answer does not reveal which names exist. The
questions are asked here, also for unknown names. Must not know pages.
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
from processes.people.links import invitations, link_mail


@dataclass(frozen=True, slots=True)
class ResetLinks:
    """`engine.later.loop.Sender` for jobs of the kind `payloads.SendResetLink`."""

    service: Service

    def prepare(self, connection: Connection, payload: Mapping[str, Any]) -> UUID:
        """The id of the account, which may not exist."""
        return SendResetLink.decode(payload).user_id

    def send(self, prepared: UUID) -> None:
        """No network is used: the mail is a job of its own."""

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
        """Nothing to write, because no sending here can fail."""
