"""The texts of mails: subject and text of each notice, as sentences.

Pure: the case and the event go in, sentences come out. A mail about a case above the ordinary
classification has only number and link, because mail servers are not cleared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from engine.sentences.sentence import ModelText, Sentence, say
from engine.time.calendar import Timing
from processes.ground.letter_language import Wording
from processes.notices.addresses import Addresses
from processes.register.verdicts import VERDICTS
from processes.register.vocabulary import Classification

KEY: Final = r"[\w-]+"
"""What the key of a single-use link is written with."""
RIBBON = say("EXAMPLE DATA - fictitious people and figures")


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a mail. `path`: its page, from the root of the site."""

    number: str
    title: str
    classification: Classification
    institution: str | None
    verdict: str | None
    path: str

    @property
    def name(self) -> Sentence:
        """Number and institution, and the title if a mail may carry it."""
        parts = [self.number]
        if self.institution:
            parts.append(self.institution)
        if self.classification == "ordinary" and self.title:
            parts.append(self.title)
        return Sentence(" · ".join(f"{{p{n}}}" for n in range(len(parts))), _numbered(parts))


def _numbered(parts: Sequence[str]) -> dict[str, object]:
    return {f"p{n}": part for n, part in enumerate(parts)}


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a task stands to its deadline, and who has it since when."""

    task_name: str
    due: date
    timing: Timing
    holder: str
    since: date


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in sentences, one for each paragraph."""

    subject: Sentence
    paragraphs: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Stationery:
    """What every mail carries. `base_url` without a slash at its end; `addresses`: of the pages
    that mails lead to."""

    base_url: str
    addresses: Addresses
    demo: bool

    def write(self, letter: Letter, words: Wording) -> tuple[str, str]:
        """Subject line and text in the reader's language."""
        paragraphs = [words(paragraph) for paragraph in letter.paragraphs]
        if self.demo:
            paragraphs.insert(0, words(RIBBON))
        paragraphs.append(words(say("This mail was written by Tindak. Please do not reply to it.")))
        return words(letter.subject), "\n\n".join(paragraphs) + "\n"

    def link(self, path: str) -> Sentence:
        """The link to the page."""
        return say("Open: {url}", url=f"{self.base_url}{path}")


Write: TypeAlias = Callable[[Subject, Stationery], Letter]
"""What a letter to the contacts is written by; its last paragraph leads to the case."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the contacts of an institution are told of a case."""

    write: Write
    institution: str


def without_key(text: str, pages: Addresses) -> str:
    """A text with its single-use link made useless: how a mail is kept once it went out."""
    before = pages.password("")
    return re.sub(re.escape(before) + KEY, lambda _: f"{before}...", text)


def lateness(late: Lateness) -> Sentence:
    """The late task, since when it is late, and its holder; or its due date."""
    facts = {
        "task": ModelText(late.task_name),
        "due": late.due,
        "holder": late.holder,
        "since": late.since,
    }
    if late.timing.overdue == 1:
        return say(
            "{task}: 1 working day overdue (due {due}). Held by {holder} since {since}.", **facts
        )
    if late.timing.overdue > 0:
        return say(
            "{task}: {n} working days overdue (due {due}). Held by {holder} since {since}.",
            n=late.timing.overdue,
            **facts,
        )
    if late.timing.late:
        return say("{task} was due on {due}. Held by {holder} since {since}.", **facts)
    return say("{task} is due on {due}. Held by {holder} since {since}.", **facts)


def issued(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: there is a recommendation to follow up."""
    return Letter(
        say("Recommendation to follow up: {about}", about=about.name),
        (
            say("A recommendation was issued to your institution: {about}.", about=about.name),
            say("Please confirm that you have received it, ask for clarification, or disagree."),
            paper.link(about.path),
        ),
    )


def report_requested(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: an official written report on progress is asked for."""
    return Letter(
        say("Report on progress asked for: {about}", about=about.name),
        (
            say("Your institution is asked for an official written report on its progress."),
            say("One letter answers for all recommendations that are asked about."),
            paper.link(about.path),
        ),
    )


def request_dropped(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the report is not asked for any more."""
    return Letter(
        say("Report no longer asked for: {about}", about=about.name),
        (
            say("The report on progress that was asked for is not due any more."),
            say("What you have written stays readable on the page of the task."),
            paper.link(about.path),
        ),
    )


def copied(about: Subject, paper: Stationery) -> Letter:
    """To the contacts of an institution that is informed: the recommendation was issued."""
    return Letter(
        say("Copy for information: {about}", about=about.name),
        (
            say("A recommendation was issued, and your institution gets a copy of it."),
            say("Nothing has to be done for it."),
            paper.link(about.path),
        ),
    )


def answered(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: their question was answered."""
    return Letter(
        say("Your request for clarification was answered: {about}", about=about.name),
        (say("Please read the answer and confirm receipt."), paper.link(about.path)),
    )


def evaluated(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the coordinator's verdict."""
    verdict = VERDICTS[about.verdict].mailed if about.verdict else say("no verdict yet")
    return Letter(
        say("Your report was evaluated: {about}", about=about.name),
        (say("Status of the follow-up: {verdict}.", verdict=verdict), paper.link(about.path)),
    )


def reminded(about: Subject, late: Lateness, paper: Stationery, level: str) -> Letter:
    """To the holder of the task: it is due soon, or late."""
    heading = (
        say("Overdue: {about}", about=about.name)
        if late.timing.late
        else say("Reminder: {about}", about=about.name)
    )
    told = (
        (say("Escalation: {level}.", level=ModelText(level)),) if level and late.timing.late else ()
    )
    return Letter(heading, (lateness(late), *told, paper.link(about.path)))


def asked_to_hurry(about: Subject, late: Lateness, paper: Stationery, by: str) -> Letter:
    """To the holder of the task: a supervisor sends a reminder."""
    return Letter(
        say("Reminder: {about}", about=about.name),
        (say("{by} asks you to act on this.", by=by), lateness(late), paper.link(about.path)),
    )


def left_behind(about: Subject, paper: Stationery, task_name: str, person: str) -> Letter:
    """To an institution's heads: the holder of one of its tasks cannot act any more."""
    return Letter(
        say("Task without its holder: {about}", about=about.name),
        (
            say("The account of {name} was closed.", name=person),
            say(
                "{task} was given back. Please see to it that a colleague takes it.",
                task=ModelText(task_name),
            ),
            paper.link(about.path),
        ),
    )


HANDED: Final[Mapping[str, Callable[[int], Sentence]]] = {
    "follow_ups": lambda n: say(
        "Follow-ups that are handed over with all they hold: {count}.", count=n
    ),
    "agreements": lambda n: say("Agreements of rakor that are handed over: {count}.", count=n),
    "addressed": lambda n: say(
        "Recommendations of which it comments on the draft or gets a copy: {count}.", count=n
    ),
    "requests": lambda n: say(
        "Requests for reports that it answers from now on: {count}.", count=n
    ),
}
"""What goes over to a successor, each kind counted by itself."""


def succeeded(
    former: str, successor: str, letter: str, handed: Mapping[str, int], paper: Stationery
) -> Letter:
    """To the people of a successor: the work of the former institution is theirs now. `handed`: how
    many of each kind of `HANDED` there are."""
    merging = say(
        "Where you follow up the same recommendation, the case is carried over into yours."
    )
    return Letter(
        say("{successor} succeeds {former}", successor=successor, former=former),
        (
            say(
                "{successor} succeeds {former} ({letter}).",
                successor=successor,
                former=former,
                letter=letter,
            ),
            *(HANDED[kind](count) for kind, count in handed.items() if count),
            *([merging] if handed.get("follow_ups") else []),
            paper.link(paper.addresses.follow_ups()),
        ),
    )


def extension_decided(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: their request for a later deadline was decided."""
    return Letter(
        say("Your request for an extension was decided: {about}", about=about.name),
        (say("The decision and its reason stand on the page of the case."), paper.link(about.path)),
    )


def not_feasible_refused(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the ministry does not agree that it cannot be followed up."""
    return Letter(
        say("Evaluated again: {about}", about=about.name),
        (
            say("It was proposed to close your follow-up as one that cannot be followed up."),
            say("The supervisor did not agree, so it is evaluated again."),
            paper.link(about.path),
        ),
    )


def report_taken_back(about: Subject, paper: Stationery) -> Letter:
    """To who had the report in hand: its institution corrects it first."""
    return Letter(
        say("Report taken back: {about}", about=about.name),
        (
            say("The institution has taken back its report, which you need not evaluate any more."),
            say("You are asked again when the next one comes. What you have written is kept."),
            paper.link(about.path),
        ),
    )


def report_taken_back_here(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: a colleague has taken back what one of them handed in."""
    return Letter(
        say("Report taken back: {about}", about=about.name),
        (
            say("A colleague of your institution has taken back the report, to correct it."),
            say("The former receipt stays and says so; the report has to be handed in again."),
            paper.link(about.path),
        ),
    )


def report_released(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the head of the institution has released what one of them wrote."""
    return Letter(
        say("Report released and handed in: {about}", about=about.name),
        (
            say("The head of your institution has released the report: it is handed in."),
            say("Its receipt is on the page of the case."),
            paper.link(about.path),
        ),
    )


def report_sent_back(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the head of the institution wants it corrected first."""
    return Letter(
        say("Report not released: {about}", about=about.name),
        (
            say("The head of your institution did not release the report, so it is not handed in."),
            say("Why stands on the page of its task; the form begins with what was written."),
            paper.link(about.path),
        ),
    )


def dated(letter: Letter, due: date) -> Letter:
    """A letter about a follow-up that says its deadline, before it leads there."""
    *said, link = letter.paragraphs
    return replace(letter, paragraphs=(*said, say("The follow-up is due on {due}.", due=due), link))


def with_reason(letter: Letter, reason: str) -> Letter:
    """A letter about a decision that says why, before it leads to the case."""
    *said, link = letter.paragraphs
    return replace(letter, paragraphs=(*said, say("Reason: {reason}", reason=reason), link))


def unserved(about: Subject, paper: Stationery, late: Lateness | None = None) -> Letter:
    """To the administrators: nobody could be notified."""
    return Letter(
        say("Nobody to tell: {about}", about=about.name),
        (
            say("Something had to be told about this case, but no active account is to be told."),
            *((lateness(late),) if late else ()),
            say("Please give the institution or the role an active account."),
            paper.link(about.path),
        ),
    )
