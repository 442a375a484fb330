"""The compilation of one recommendation or several as a document, from its page's reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from engine.sentences.sentence import Sentence, say
from processes.cases.statements import Spoken
from processes.cases.written import Handed, HandedProgress
from processes.documents import values
from processes.papers.compilation import Paper, Part
from processes.register.states import Marked
from processes.storage.cases.follow_up_detail import Evaluation, Progress
from processes.storage.cases.recommendation_detail import Covering, OverallEvaluation
from processes.storage.tables.reports import Report
from processes.storage.tables.written_reports import ProgressReport
from web.documents.positions import standing
from web.documents.reports import paragraphs
from web.documents.spoken import manner
from web.documents.writer import ABOVE, Writer
from web.words import labels

NOTHING = say("No written report has been handed in.")


def compilation(
    write: Writer, papers: Sequence[Paper], selection: Sequence[str] = ()
) -> values.Compilation:
    """All reports of these recommendations, as far as the reader may read them. `selection`: by
    what they were chosen, in words."""
    about = _about(write, papers)
    return values.Compilation(
        title=title(write, papers),
        number=(papers[0].detail.case.number or "") if len(papers) == 1 else about,
        classification=write.highest(secrecy(papers)),
        printed=write.printed,
        about=about,
        selection=selection,
        as_of=write.formats.moment(write.at),
        positions=[
            standing(write, part.position, number(paper))
            for paper in papers
            for part in paper.parts
        ],
        cases=[_case(write, paper) for paper in papers],
        evidence=[row for paper in papers for row in evidence(paper)],
    )


def title(write: Writer, papers: Sequence[Paper]) -> str:
    """What the file is called."""
    return f"{write(say('Compilation of reports'))}: {_about(write, papers)}"


def _about(write: Writer, papers: Sequence[Paper]) -> str:
    if len(papers) == 1:
        return _name(papers[0])
    n = len(papers)
    words = write.language.ngettext("%(n)s recommendation", "%(n)s recommendations", n)
    return words % {"n": write.formats.number(n)}


def _name(paper: Paper) -> str:
    return " – ".join(part for part in (number(paper), paper.detail.case.title) if part)


def number(paper: Paper) -> str:
    """The number of a recommendation."""
    return paper.detail.case.number or ""


def secrecy(papers: Sequence[Paper]) -> list[str]:
    """The classifications of all that stands in them."""
    return [code for paper in papers for code in _secrecy(paper)]


def _secrecy(paper: Paper) -> list[str]:
    reports = [one.classification for part in paper.parts for one in part.reports]
    letters = [one.classification for part in paper.parts for one in part.progress_reports]
    return [*reports, *letters, paper.detail.case.classification]


def _case(write: Writer, paper: Paper) -> values.CompiledCase:
    detail = paper.detail
    case, formats = detail.case, write.formats
    held = formats.day(case.source_date) if case.source_date else None
    return values.CompiledCase(
        name=_name(paper),
        issued=issued(write, paper),
        deadline=formats.long_day(case.deadline) if case.deadline else "",
        classification=write.highest(_secrecy(paper)),
        meeting=", ".join(part for part in (case.source_meeting, held) if part),
        legal_basis=case.legal_basis or "",
        plan=case.rpjmn_reference or "",
        rollup=rolled_up(write, paper),
        text=paragraphs(detail.text),
        outcome=paragraphs(case.expected_outcome or ""),
        chapters=[_chapter(write, part) for part in paper.parts],
        meetings=[_meeting(write, one) for one in reversed(detail.rakor)],
        evaluations=[_evaluation(write, one) for one in reversed(detail.evaluations)]
        or [write(say("Not written yet."))],
    )


def rolled_up(write: Writer, paper: Paper) -> str:
    """How far it is by its own rule, for a reader of every position."""
    return write(paper.detail.row.rollup.sentence) if paper.inside else ""


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
    return values.ReportInShort(
        subject=told.subject,
        state=write(say("Report on progress")),
        receipt=receipt,
        letter=write.letter(told.letter_number, told.letter_date),
        urgency=write(labels.URGENCIES[told.urgency]),
        classification=write(labels.CLASSIFICATIONS[told.classification]),
        signatory=told.signatory,
        claimed=write.formats.percent(told.percent),
        summary=[*paragraphs(told.narrative), *hindering(write, told)],
        findings=(),
    )


def hindering(write: Writer, told: ProgressReport) -> Sequence[str]:
    """What stands in the way, so named; nothing where nothing does."""
    return paragraphs(f"{write(say('Obstacles'))}: {told.obstacles}") if told.obstacles else ()


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
    """What was said, each marked as oral, as said on behalf, and as confirmed or not."""
    return [_statement(write, part.position.cell.short_name, one) for one in part.statements]


def _statement(write: Writer, institution: str, one: Spoken) -> str:
    said = one.statement
    how = manner(write, institution, on_behalf=one.on_behalf, more=_confirmed(one.confirmed))
    where = (said.said_by, write.formats.day(said.said_on), said.occasion)
    return f"{how}: {said.text}\n{', '.join(part for part in where if part)}"


def _confirmed(yes: bool) -> Sentence:
    return say("Oral, report handed in since") if yes else say("Oral, not confirmed in writing")


def _facts(write: Writer, rows: Sequence[tuple[Sentence, str | None]]) -> str:
    return "\n".join(f"{write(words)}: {text}" for words, text in rows if text)


def _meeting(write: Writer, one: Covering) -> str:
    day = write.formats.long_day(one.held_on) if one.held_on else ""
    agreed = [_agreement(write, row) for row in one.agreed_in_words or ()]
    return _facts(
        write,
        (
            (say("Rakor"), f"{one.number or ''} {one.title}".strip()),
            (say("State"), write(one.state.sentence)),
            (say("Held on"), ", ".join(part for part in (day, one.place) if part)),
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


def evidence(paper: Paper) -> list[values.EvidenceRow]:
    """The files of those reports that count, each with its institution and receipt."""
    return [
        values.EvidenceRow(
            number(paper), part.position.cell.short_name, receipts[id], one.name, one.sha256
        )
        for part in paper.parts
        if (receipts := _receipts(part))
        for one in part.evidence
        if (id := one.report_id or one.answer_id) in receipts
    ]


def _receipts(part: Part) -> dict[UUID, str]:
    """Report -> its receipt's number, of final reports and those on progress."""
    final = {one.id: one.receipt_number or "" for one in part.reports}
    return final | {one.id: one.receipt_number or "" for one in part.progress_reports}
