"""The compilation of a recommendation as a document, from the reading of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from engine.sentences.sentence import Sentence, say
from processes.cases.written import Handed, HandedProgress
from processes.documents import values
from processes.papers.compilation import Paper, Part
from processes.register.states import Marked
from processes.storage.cases.follow_up_detail import Evaluation, Progress
from processes.storage.cases.recommendation_detail import Meeting, OverallEvaluation
from processes.storage.tables.reports import Report
from web.documents.positions import standing
from web.documents.reports import paragraphs
from web.documents.writer import ABOVE, Writer
from web.words import labels

NOTHING = say("No written report has been handed in.")


def compilation(write: Writer, paper: Paper) -> values.Compilation:
    """All reports of a recommendation, as far as the reader may read them."""
    case, formats = paper.detail.case, write.formats
    return values.Compilation(
        title=f"{write(say('Compilation of reports'))}: {case.title}",
        number=case.number or "",
        classification=write.highest(secrecy(paper)),
        printed=write.printed,
        recommendation=" – ".join(part for part in (case.number, case.title) if part),
        issued=issued(write, paper),
        deadline=formats.long_day(case.deadline) if case.deadline else "",
        as_of=formats.moment(write.at),
        text=paragraphs(paper.detail.text),
        positions=[standing(write, part.position) for part in paper.parts],
        chapters=[_chapter(write, part) for part in paper.parts],
        meetings=[_meeting(write, one) for one in reversed(paper.detail.meetings)],
        evaluations=[_evaluation(write, one) for one in reversed(paper.detail.evaluations)]
        or [write(say("Not written yet."))],
        evidence=[row for part in paper.parts for row in evidence(part)],
    )


def secrecy(paper: Paper) -> list[str]:
    """The classifications of all that stands in it."""
    reports = [one.classification for part in paper.parts for one in part.reports]
    letters = [one.classification for part in paper.parts for one in part.progress_reports]
    return [*reports, *letters, paper.detail.case.classification]


def issued(write: Writer, paper: Paper) -> str:
    """When it was issued, and by which letter."""
    case = paper.detail.case
    if case.issued_at is None:
        return ""
    day = write.formats.long_day(case.issued_at)
    if not case.letter_number or not case.letter_date:
        return day
    letter = {"number": case.letter_number, "day": write.formats.day(case.letter_date)}
    return f"{day}, {write.gettext('Letter %(number)s, %(day)s') % letter}"


def _chapter(write: Writer, part: Part) -> values.Chapter:
    return values.Chapter(
        institution=part.position.cell.short_name,
        role=write(labels.ROLES[part.position.cell.role]),
        nothing="" if part.handed_in or part.on_progress else write(NOTHING),
        reports=[
            *(_report(write, part, one) for one in reversed(part.handed_in)),
            *(_on_progress(write, one) for one in reversed(part.on_progress)),
        ],
        progress=_progress(write, part.progress[-1]) if part.progress else [],
        statements=statements(write, part),
    )


def _report(write: Writer, part: Part, handed: Handed) -> values.ReportInShort:
    """A report; one that was taken back or lies above the clearance is named and no more."""
    receipt = f"{handed.receipt_number or '–'}, {write.formats.moment(handed.at)}"
    if handed.report is None:
        return _named(receipt, write(ABOVE))
    if handed.replaced_at is not None:
        told = {"receipt": handed.receipt_number, "day": write.formats.day(handed.at)}
        words = write.gettext("Report %(receipt)s of %(day)s was taken back.") % told
        return _named("", words)
    return _in_full(write, handed.report, receipt, part.evaluations)


def _named(receipt: str, state: str) -> values.ReportInShort:
    nothing: dict[str, str] = dict.fromkeys(
        ("subject", "letter", "urgency", "classification", "signatory", "claimed"), ""
    )
    return values.ReportInShort(**nothing, receipt=receipt, state=state, summary=(), findings=())


def _in_full(
    write: Writer, told: Report, receipt: str, findings: Iterable[Evaluation]
) -> values.ReportInShort:
    return values.ReportInShort(
        subject=told.subject,
        state="",
        receipt=receipt,
        letter=write.letter(told.letter_number, told.letter_date),
        urgency=write(labels.URGENCIES[told.urgency]),
        classification=write(labels.CLASSIFICATIONS[told.classification]),
        signatory=told.signatory,
        claimed=write.verdict(told.claimed_status),
        summary=paragraphs(told.summary),
        findings=[finding(write, one) for one in findings if one.report_id == told.id],
    )


def _on_progress(write: Writer, handed: HandedProgress) -> values.ReportInShort:
    """A report on progress, marked as such; one above the clearance is named and no more."""
    told = handed.report
    receipt = f"{handed.receipt_number or '–'}, {write.formats.moment(handed.at)}"
    if told is None:
        return _named(receipt, write(ABOVE))
    obstacles = f"{write(say('Obstacles'))}: {told.obstacles}" if told.obstacles else ""
    return values.ReportInShort(
        subject=told.subject,
        state=write(say("Report on progress")),
        receipt=receipt,
        letter=write.letter(told.letter_number, told.letter_date),
        urgency=write(labels.URGENCIES[told.urgency]),
        classification=write(labels.CLASSIFICATIONS[told.classification]),
        signatory=told.signatory,
        claimed=write.formats.percent(told.percent),
        summary=[*paragraphs(told.narrative), *paragraphs(obstacles)],
        findings=(),
    )


def finding(write: Writer, one: Evaluation) -> str:
    """The coordinator's finding on a report."""
    words = f"{write(say('Found by the coordinator'))}: {write.verdict(one.verdict)}"
    notes = f"\n{one.notes}" if one.notes else ""
    return f"{words}, {write.formats.day(one.at)}{notes}"


def _progress(write: Writer, last: Progress) -> list[str]:
    told = write.gettext("Last progress: %(percent)s") % {
        "percent": write.formats.percent(last.percent)
    }
    more = ((say("Obstacles"), last.obstacles), (say("Support needed"), last.support_needed))
    return [
        f"{told}, {write.formats.day(last.at)}",
        *paragraphs(last.narrative),
        *(f"{write(words)}: {text}" for words, text in more if text),
    ]


def statements(write: Writer, part: Part) -> list[str]:
    """What was said, each marked as confirmed or not."""
    return [
        f"{write(_confirmed(one.confirmed))}: {one.statement.text}\n"
        f"{one.statement.said_by}, {write.formats.day(one.statement.said_on)}"
        for one in part.statements
    ]


def _confirmed(yes: bool) -> Sentence:
    return say("Report handed in since") if yes else say("Oral, not confirmed in writing")


def _facts(write: Writer, rows: Sequence[tuple[Sentence, str | None]]) -> str:
    return "\n".join(f"{write(words)}: {text}" for words, text in rows if text)


def _meeting(write: Writer, one: Meeting) -> str:
    day = write.formats.long_day(one.held_on)
    agreed = [_agreement(write, row) for row in one.agreements]
    return _facts(
        write,
        (
            (say("Held on"), f"{day}, {one.place}" if one.place else day),
            (say("Chair"), one.chair),
            (say("Invitation"), one.invitation),
            (say("Attendance"), one.attendance),
            (say("Minutes"), one.minutes),
            (say("Agreements"), "\n".join(agreed)),
        ),
    )


def _agreement(write: Writer, row: Mapping[str, str | None]) -> str:
    due = row.get("due")
    return f"{row['item']} – {row['responsible']}" + (f", {planned_day(write, due)}" if due else "")


def planned_day(write: Writer, text: str) -> str:
    """When something is planned for: a date, or the text that earlier forms took."""
    try:
        return write.formats.day(date.fromisoformat(text))
    except ValueError:
        return text


def _evaluation(write: Writer, one: OverallEvaluation) -> str:
    day = one.new_deadline
    decision: Marked = one.decision
    return _facts(
        write,
        (
            (
                say("Overall evaluation"),
                f"{write(decision.sentence)}, {write.formats.moment(one.at)}",
            ),
            (say("Conclusion"), one.conclusion),
            (say("Achievement"), one.achievement),
            (say("General obstacles"), one.obstacles),
            (say("New deadline"), write.formats.long_day(day) if day else None),
            (say("What happens to the rest"), one.remaining_treatment),
        ),
    )


def evidence(part: Part) -> list[values.EvidenceRow]:
    """The files of an institution's reports that count, each with its receipt."""
    receipts = {one.id: one.receipt_number or "" for one in part.reports}
    receipts |= {one.id: one.receipt_number or "" for one in part.progress_reports}
    return [
        values.EvidenceRow(part.position.cell.short_name, receipts[id], one.name, one.sha256)
        for one in part.evidence
        if (id := one.report_id or one.answer_id) in receipts
    ]
