"""The addresses of the pages that mails lead to: what `processes.notices.addresses` asks for.

Owns these paths. A test opens each of them; who serves them is `web.pages`.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Flask

from processes.notices import addresses
from processes.notices.addresses import Addresses
from processes.storage.cases.case_heads import CaseHead


class PageAddresses:
    """The pages of this web, from the root of the site."""

    def task(self, id: UUID) -> str:
        """The page of a task."""
        return f"/tasks/{id}"

    def follow_up(self, id: UUID) -> str:
        """The page of a follow-up."""
        return f"/follow-ups/{id}"

    def recommendation(self, id: UUID) -> str:
        """The page of a recommendation."""
        return f"/recommendations/{id}"

    def agreement(self, id: UUID) -> str:
        """The page of an agreement of a rakor."""
        return f"/agreements/{id}"

    def meeting(self, id: UUID) -> str:
        """The page of a rakor."""
        return f"/meetings/{id}"

    def report_request(self, id: UUID) -> str:
        """The page of a request for reports."""
        return f"/requests/{id}"

    def request(self, id: UUID) -> str:
        """The page of a request to a second administrator."""
        return f"/approvals/{id}"

    def password(self, key: str) -> str:
        """The page on which somebody chooses a password."""
        return f"/link/{key}"

    def follow_ups(self) -> str:
        """The list of follow-ups."""
        return "/follow-ups"

    def decisions(self) -> str:
        """The list of what waits for the reader's decision."""
        return "/inbox?tab=decide"

    def escalations(self) -> str:
        """The page of everything that is late."""
        return "/escalations"

    def account(self) -> str:
        """The page of the reader's own account."""
        return "/account"


ADDRESSES: Final[Addresses] = PageAddresses()


def register(app: Flask) -> None:
    """Teach templates where a case has its page."""
    app.jinja_env.filters["case_address"] = of_case


def of_case(head: CaseHead) -> str:
    """The page of a case."""
    if head.request_id is not None:
        return ADDRESSES.report_request(head.request_id)
    return addresses.of_case(ADDRESSES, head)
