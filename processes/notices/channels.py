"""The channels of an escalation: the column `channel` of its decision table.

Owns the words of that column and the drafting of a reminder letter in the step. Knows neither mails
nor what a letter says (`processes.papers.reminder_letter_text`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from engine.ports.handlers import Step
from engine.storage.cases.worklist import Task
from processes.notices.recipients import institutions_of, words_of
from processes.notices.texts.letters import Lateness
from processes.storage.cases.case_heads import CaseHead
from processes.storage.notices import reminder_letters
from processes.storage.tables.people import RANKS

NONE: Final = "none"
"""Nobody gets a notice, whatever the row says of recipients."""
DIGEST: Final = "digest"
"""Everybody gets a notice once a day, including the holder of the task."""
LETTER: Final = "letter"
"""Inside as "inbox"; for the institution a letter is drafted for signature."""
INBOX: Final = "inbox"
"""The holder of the task gets a mail, leaders get their digest."""


def channel_of(level: Mapping[str, object]) -> str:
    """The channel of a row. An empty or unknown word means "inbox", so that a slip in a table
    suppresses no notice."""
    word = str(level.get("channel") or INBOX)
    return word if word in (NONE, DIGEST, LETTER) else INBOX


def draft_letter(
    step: Step,
    head: CaseHead,
    task: Task,
    late: Lateness,
    level: Mapping[str, object],
    escalation_id: UUID,
) -> None:
    """Draft a letter to the institution that has the task. Work inside the ministry needs no
    letter."""
    if head.follow_up_id is None or not institutions_of(task):
        return
    reminder_letters.insert_draft(
        step.connection,
        task.id,
        step.now,
        follow_up_id=head.follow_up_id,
        escalation_id=escalation_id,
        signatory=_signatory(level),
        level_name=str(level.get("level_name") or ""),
        task_name=task.name,
        due=late.due,
        overdue=late.timing.overdue,
    )


def _signatory(level: Mapping[str, object]) -> str:
    """The highest rank in the row; in a row without a rank the lowest one signs."""
    named = set(words_of(level.get("recipients")))
    return next((rank for rank in reversed(RANKS) if rank in named), RANKS[0])
