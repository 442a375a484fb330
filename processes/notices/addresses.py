"""Where people find things: the questions that mails ask of whoever serves the pages.

Owns the questions alone. The web answers them (`web.addresses`), and composition hands its answers
in with the options. Must not know an address itself.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Addresses(Protocol):
    """Paths of pages, from the root of the site."""

    def task(self, id: UUID) -> str:
        """The page of a task."""

    def follow_up(self, id: UUID) -> str:
        """The page of a follow-up."""

    def recommendation(self, id: UUID) -> str:
        """The page of a recommendation."""

    def agreement(self, id: UUID) -> str:
        """The page of an agreement of a rakor."""

    def meeting(self, id: UUID) -> str:
        """The page of a rakor."""

    def report_request(self, id: UUID) -> str:
        """The page of a request for reports."""

    def request(self, id: UUID) -> str:
        """The page of a request to a second administrator."""

    def password(self, key: str) -> str:
        """The page on which somebody chooses a password by a single-use link with this key."""

    def follow_ups(self) -> str:
        """The list of follow-ups."""

    def decisions(self) -> str:
        """The list of what waits for the reader's decision."""

    def escalations(self) -> str:
        """The page of everything that is late."""

    def account(self) -> str:
        """The page of the reader's own account."""


class Place(Protocol):
    """What a case is named by."""

    @property
    def follow_up_id(self) -> UUID | None: ...
    @property
    def recommendation_id(self) -> UUID | None: ...
    @property
    def agreement_id(self) -> UUID | None: ...
    @property
    def meeting_id(self) -> UUID | None: ...


def of_case(addresses: Addresses, case: Place) -> str:
    """The page of a case: of its follow-up, of the recommendation where it is a whole one, of an
    agreement, or of the rakor."""
    if case.follow_up_id is not None:
        return addresses.follow_up(case.follow_up_id)
    if case.agreement_id is not None:
        return addresses.agreement(case.agreement_id)
    if case.meeting_id is not None:
        return addresses.meeting(case.meeting_id)
    assert case.recommendation_id is not None, "a case is one of these"
    return addresses.recommendation(case.recommendation_id)
