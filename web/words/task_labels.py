"""What the button of a task says, and what is said once it is done.

Owns the words for the tasks of the shipped models; any other task is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.sentences.sentence import Sentence, say


@dataclass(frozen=True, slots=True)
class Act:
    """The words of the button, and what is said once it is done."""

    words: Sentence
    done: Sentence


SEND = Act(say("Send"), say("Sent."))

ACTS: Mapping[tuple[str, str], Act] = {
    ("follow_up", "acknowledge"): Act(say("Acknowledge"), say("Your answer is recorded.")),
    ("follow_up", "answer_clarification"): Act(say("Send answer"), say("The answer is sent.")),
    ("follow_up", "review_disagreement"): Act(
        say("Hand in review"), say("The review is recorded.")
    ),
    ("follow_up", "plan"): Act(say("Send action plan"), say("The action plan is sent.")),
    ("follow_up", "implement"): Act(say("Record progress"), say("The progress is recorded.")),
    ("follow_up", "report"): Act(say("Hand in report"), say("The report is received.")),
    ("follow_up", "release_report"): Act(say("Hand in decision"), say("The decision is recorded.")),
    ("follow_up", "evaluate"): Act(say("Hand in verdict"), say("The verdict is recorded.")),
    ("follow_up", "decide_not_feasible"): Act(
        say("Hand in decision"), say("The decision is recorded.")
    ),
    ("follow_up", "decide_extension"): Act(
        say("Hand in decision"), say("The decision is recorded.")
    ),
    ("written_report", "progress_report"): Act(
        say("Hand in report"), say("The report is received.")
    ),
    ("written_report", "release_progress"): Act(
        say("Hand in decision"), say("The decision is recorded.")
    ),
    ("agreement", "fulfil"): Act(say("Send"), say("The coordinator checks it.")),
    ("agreement", "fulfil_for"): Act(say("Send"), say("Another step checks it.")),
    ("agreement", "check"): Act(say("Hand in result"), say("The result is recorded.")),
    ("agreement", "decide_void"): Act(say("Hand in decision"), say("The decision is recorded.")),
    ("recommendation", "register"): Act(say("Register"), say("The recommendation is registered.")),
    ("recommendation", "comment"): Act(
        say("Send comment"),
        say("The comment is sent. The coordinator weighs every comment and answers it in writing."),
    ),
    ("recommendation", "finalise"): Act(
        say("Finalise draft"),
        say("The draft is recorded. New institutions comment first; else a supervisor decides."),
    ),
    ("recommendation", "approve"): Act(say("Hand in decision"), say("The decision is recorded.")),
    ("recommendation", "send_out"): Act(
        say("Issue"),
        say("The recommendation is issued. Each institution is asked to confirm receipt."),
    ),
    # Of drawings before the process `rakor`, on which cases still run.
    ("recommendation", "meeting"): Act(say("Send minutes"), say("The minutes are recorded.")),
    ("recommendation", "evaluate_overall"): Act(
        say("Hand in evaluation"), say("The evaluation is recorded.")
    ),
    ("recommendation", "decide_remaining"): Act(
        say("Hand in decision"), say("The decision is recorded.")
    ),
    ("recommendation", "decide_withdrawal"): Act(
        say("Hand in decision"), say("The decision is recorded.")
    ),
    ("recommendation", "decide_recipients"): Act(
        say("Hand in decision"), say("The decision is recorded.")
    ),
    ("rakor", "prepare"): Act(
        say("Hand in for approval"), say("A supervisor decides on the invitations.")
    ),
    ("rakor", "approve_invitation"): Act(say("Hand in decision"), say("The decision is recorded.")),
    ("rakor", "position"): Act(say("Send positions"), say("Your positions stand on the sheet.")),
    ("rakor", "hold"): Act(say("Record the rakor"), say("The rakor is recorded.")),
    ("rakor", "minutes"): Act(say("Send minutes"), say("The minutes are recorded.")),
    ("rakor", "sign_minutes"): Act(say("Hand in decision"), say("The decision is recorded.")),
}
"""(process key, id of the task) -> its act."""


RELEASED_BY: Mapping[tuple[str, str], str] = {
    ("follow_up", "report"): "release_report",
    ("written_report", "progress_report"): "release_progress",
}
"""The task of the institution's head that follows where reports are released."""


def done_of(process_key: str, element_id: str, coming: Collection[str]) -> Sentence:
    """What is said once a task is done. `coming`: ids of the tasks for which the case waits now."""
    if RELEASED_BY.get((process_key, element_id)) in coming:
        return say("The report is sent to the head of your institution, who releases it.")
    return act_of(process_key, element_id).done


def act_of(process_key: str, element_id: str) -> Act:
    """The act of a task."""
    return ACTS.get((process_key, element_id), SEND)
