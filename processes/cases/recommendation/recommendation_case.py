"""One recommendation in full: its facts, positions, comments, chain and open tasks.

Owns collecting the parts that a reader may read. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import Program
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.acts.reading import Reading
from processes.cases import carried
from processes.cases.carried import Former
from processes.cases.recommendation.discussed import Discussed, discussed
from processes.cases.recommendation.draft_changes import DraftChanges, compared
from processes.cases.recommendation.recommendations import RecommendationRow, readable, rows_of
from processes.cases.statements import Spoken, said
from processes.register.groups import Group
from processes.register.states import ENDED, DecisionKind
from processes.rights.access import Scope, allows
from processes.rights.visibility import visible_meetings, visible_recommendations
from processes.storage.cases import draft_rounds, recommendation_detail, recommendation_rows
from processes.storage.cases.follow_up_detail import Decision, Remaining
from processes.storage.cases.lists import recommendation_lists
from processes.storage.cases.lists.matrix_rows import Cell
from processes.storage.cases.lists.recommendation_lists import ListedRecommendation
from processes.storage.cases.recommendation_detail import (
    Comment,
    Compilation,
    Covering,
    OverallEvaluation,
    RecipientsChange,
)
from processes.storage.cases.recommendation_rows import Addressed, Recommendation
from processes.storage.cases.record import Record
from processes.storage.notices.mail_rows import Mail
from processes.storage.people import institutions
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask
from processes.work.inbox import relations_of


@dataclass(frozen=True, slots=True)
class About:
    """The content of a recommendation, and the decisions about it. `relations`: the reader's
    relations to it, for `allows`."""

    case: Recommendation
    relations: frozenset[str]
    decisions: Sequence[Decision]

    @property
    def text(self) -> str:
        """The recommended text: the final one, else the draft."""
        return self.case.final_text or self.case.text

    @property
    def pending_withdrawal(self) -> Decision | None:
        """The proposal to withdraw it that waits for a decision."""
        waiting = (one for one in self.decisions if one.approved is None and not one.lapsed_at)
        return next(waiting, None)

    @property
    def refusal(self) -> Decision | None:
        """The supervisor's refusal that the coordinator has to answer with a new text."""
        asked = [one for one in self.decisions if one.kind is DecisionKind.ISSUE]
        return asked[-1] if asked and asked[-1].approved is False else None


@dataclass(frozen=True, slots=True)
class Draft(About):
    """A recommendation in preparation. `institutions`: code -> role of its addressees; `names`:
    code -> short name, of those too that were addressed or commented before; `changes`: since the
    last round of comments; None in the first one."""

    institutions: Mapping[str, str]
    names: Mapping[str, str]
    comments: Sequence[Comment]
    predecessor: ListedRecommendation | None
    former: Sequence[Former]
    changes: DraftChanges | None


@dataclass(frozen=True, slots=True)
class Running(About):
    """An issued recommendation. `statements`: oral statements on the positions that the reader may
    read; `rakor`: those that covered it and that the reader may read; `remaining`: what was
    proposed for open follow-ups, by evaluation; `recipients_changes`: of its institutions since the
    issue; `names`: code -> short name."""

    row: RecommendationRow
    statements: Sequence[Spoken]
    rakor: Sequence[Covering]
    evaluations: Sequence[OverallEvaluation]
    remaining: Sequence[Remaining]

    @property
    def sent_back(self) -> Decision | None:
        """The supervisor's refusal of what was proposed for the open follow-ups."""
        asked = [one for one in self.decisions if one.kind is DecisionKind.REMAINING]
        return asked[-1] if asked and asked[-1].approved is False else None

    @property
    def still_open(self) -> Sequence[Cell]:
        """The positions that have not ended."""
        return [cell for cell in self.row.cells if cell.status not in ENDED]

    recipients_changes: Sequence[RecipientsChange]
    names: Mapping[str, str]

    @property
    def pending_change(self) -> RecipientsChange | None:
        """The change of its institutions that waits for a decision."""
        return next((one for one in self.recipients_changes if one.is_pending), None)

    @property
    def spoken_by(self) -> Mapping[UUID, str]:
        """Follow-up id -> short name of its institution."""
        return {one.id: one.short_name for one in self.row.cells}


@dataclass(frozen=True, slots=True)
class Evaluating(Running):
    """An issued recommendation that is evaluated as a whole. `discussed`: every rakor that covered
    it, with what was said and settled about it there."""

    discussed: Sequence[Discussed]


@dataclass(frozen=True, slots=True)
class Detail(Running):
    """One recommendation in full. `mine`: the open task that the reader may complete; `chain`: the
    recommendations it comes from, as far back as the reader may read, the first one first;
    `endings`: how far the follow-ups of those and of the successors came; `mails`: about itself;
    institutions, names, comments, predecessor and `former` as in a `Draft`."""

    institutions: Mapping[str, str]
    comments: Sequence[Comment]
    predecessor: ListedRecommendation | None
    tasks: Sequence[OpenTask]
    mine: OpenTask | None
    compilations: Sequence[Compilation]
    mails: Sequence[Mail]
    chain: Sequence[ListedRecommendation]
    successors: Sequence[ListedRecommendation]
    endings: Mapping[UUID, Mapping[Group, int]]
    former: Sequence[Former]


def draft(connection: Connection, scope: Scope, id: UUID) -> Draft:
    """The subject of a task before the issue. Raises `NotFound`."""
    case, relations = readable(connection, scope, id)
    record = recommendation_detail.WRITTEN.of_one(connection, id)
    roles = recommendation_rows.institutions_of(connection, id)
    changes, comments = _changes(connection, case, roles), _comments(record, scope, id)
    former = [case.predecessor_id] if case.predecessor_id else []
    visible = visible_recommendations(scope)
    predecessor = recommendation_lists.by_ids(connection, visible, former) if former else []
    return Draft(
        case=case,
        relations=relations,
        decisions=_decisions(record, scope, id),
        institutions=roles,
        names=institutions.short_names(connection, _named(roles, comments, changes)),
        comments=comments,
        predecessor=predecessor[0] if predecessor else None,
        former=carried.into_draft(connection, scope, case),
        changes=changes,
    )


def _changes(
    connection: Connection, case: Recommendation, roles: Mapping[str, str]
) -> DraftChanges | None:
    last = draft_rounds.last(connection, case.id)
    if last is None:
        return None
    return compared(last.round, last.content, draft_rounds.content_of(case, roles))


def _named(
    roles: Mapping[str, str], comments: Sequence[Comment], changes: DraftChanges | None
) -> set[str]:
    """Codes of all institutions that a draft speaks of."""
    changed = changes.roles if changes else ()
    return {*roles, *(c.institution for c in comments), *(c.institution for c in changed)}


def running(connection: Connection, scope: Scope, id: UUID, now: datetime) -> Running:
    """The subject of a task after the issue. Raises `NotFound`."""
    case, relations = readable(connection, scope, id)
    question = recommendation_detail.DISCUSSED if scope.oversees else recommendation_detail.WRITTEN
    record = question.of_one(connection, id)
    row = rows_of(connection, scope, [_listed(case)], now)[0]
    changed = _recipients_changes(record, scope, id)
    named = set[str]().union(*(one.institutions for one in changed))
    return Running(
        case=case,
        relations=relations,
        decisions=_decisions(record, scope, id),
        row=row,
        statements=said(connection, [one.id for one in row.cells]),
        rakor=_rakor(connection, scope, record, id),
        evaluations=record.of(OverallEvaluation, id),
        remaining=_remaining(record, scope, id, row),
        recipients_changes=changed,
        names=institutions.short_names(connection, named) if named else {},
    )


def evaluating(connection: Connection, scope: Scope, id: UUID, now: datetime) -> Evaluating:
    """The subject of an overall evaluation. Raises `NotFound`."""
    found = running(connection, scope, id, now)
    same = {field.name: getattr(found, field.name) for field in fields(Running)}
    return Evaluating(**same, discussed=discussed(connection, scope, id, found.rakor))


def detail(connection: Connection, scope: Scope, id: UUID, now: datetime) -> Detail:
    """One recommendation; an institution reads only its own position, task and comment. Raises
    `NotFound`."""
    case, relations = readable(connection, scope, id)
    inside = scope.oversees
    question = recommendation_detail.WHOLE if inside else recommendation_detail.WRITTEN
    record = question.of_one(connection, id)
    related = recommendation_lists.related(connection, visible_recommendations(scope), id)
    chain = _chain(related, id)
    if not chain:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    addressed = recommendation_rows.addressed(connection, id)
    roles = {one.code: one.role for one in addressed}
    comments, changed = _comments(record, scope, id), _recipients_changes(record, scope, id)
    named = _named(roles, comments, None).union(*(one.institutions for one in changed))
    tasks = _tasks(connection, scope, case)
    rows = {one.id: one for one in rows_of(connection, scope, related, now)}
    row = rows[id]
    return Detail(
        case=case,
        relations=relations,
        decisions=_decisions(record, scope, id),
        row=row,
        statements=said(connection, [one.id for one in row.cells]),
        rakor=_rakor(connection, scope, record, id),
        institutions=roles,
        names=_names(connection, addressed, named),
        comments=comments,
        recipients_changes=changed,
        predecessor=chain[-2] if len(chain) > 1 else None,
        tasks=tasks,
        mine=_mine(scope, tasks),
        evaluations=record.of(OverallEvaluation, id),
        compilations=record.of(Compilation, id),
        mails=record.of(Mail, id),
        chain=chain,
        successors=sorted(
            (one for one in related if one.predecessor_id == id), key=lambda one: one.id
        ),
        remaining=_remaining(record, scope, id, row),
        endings={one.id: one.groups for one in rows.values()},
        former=carried.into_draft(connection, scope, case),
    )


def _rakor(connection: Connection, scope: Scope, record: Record, id: UUID) -> list[Covering]:
    """An overseer's stand in the record, so that they cost no statement."""
    if not scope.oversees:
        return recommendation_detail.covering(connection, visible_meetings(scope), id)
    return [one for one in record.of(Covering, id) if one.classification in scope.cleared_for]


def _names(
    connection: Connection, addressed: Sequence[Addressed], named: Set[str]
) -> Mapping[str, str]:
    """Code -> short name; those who are no addressees any more are looked up."""
    known = {one.code: one.short_name for one in addressed}
    others = named - known.keys()
    return known | (institutions.short_names(connection, others) if others else {})


def _listed(case: Recommendation) -> ListedRecommendation:
    return ListedRecommendation(
        *(getattr(case, field.name) for field in fields(ListedRecommendation))
    )


def _chain(related: Sequence[ListedRecommendation], id: UUID) -> list[ListedRecommendation]:
    """Those that lead to a recommendation, the one asked for last; none where it is not seen."""
    known = {one.id: one for one in related}
    found: list[ListedRecommendation] = []
    wanted: UUID | None = id
    while wanted in known and known[wanted] not in found:
        found.insert(0, known[wanted])
        wanted = found[0].predecessor_id
    return found


def _remaining(record: Record, scope: Scope, id: UUID, row: RecommendationRow) -> list[Remaining]:
    """An institution reads what was agreed of its own follow-up."""
    mine = {cell.id for cell in row.cells}
    return [
        one
        for one in record.of(Remaining, id)
        if scope.oversees or (one.approved_at is not None and one.follow_up_id in mine)
    ]


def _comments(record: Record, scope: Scope, id: UUID) -> list[Comment]:
    comments = record.of(Comment, id)
    return [one for one in comments if scope.oversees or one.institution in scope.institutions]


def _recipients_changes(record: Record, scope: Scope, id: UUID) -> list[RecipientsChange]:
    """Only readers inside the ministry read whom a change names besides themselves."""
    return record.of(RecipientsChange, id) if scope.oversees else []


def _decisions(record: Record, scope: Scope, id: UUID) -> list[Decision]:
    return [one for one in record.of(Decision, id) if _may_see(scope, one)]


def _tasks(connection: Connection, scope: Scope, case: Recommendation) -> list[OpenTask]:
    """The open tasks; an institution reads its own comment task, not the others."""
    found = task_rows.of_instances(connection, [case.instance_id])
    if scope.oversees:
        return found
    return [one for one in found if scope.groups.intersection(one.candidate_groups)]


def _may_see(scope: Scope, one: Decision) -> bool:
    """Proposals and approvals inside the ministry are only for readers inside it."""
    if one.kind is DecisionKind.NOT_FEASIBLE:
        return False
    of_the_whole = one.kind is DecisionKind.WITHDRAWAL and one.follow_up_id is None
    return scope.oversees or (of_the_whole and bool(one.approved))


def _mine(scope: Scope, tasks: Sequence[OpenTask]) -> OpenTask | None:
    able = (
        one
        for one in tasks
        if not one.repairing and allows(scope, "complete_task", relations_of(scope, one))
    )
    return next(able, None)


def program_of(at: Reading, case: Recommendation) -> Program:
    """The drawing of the case's version. The reader has found the case."""
    return at.ask.program(at.ask.instance(case.instance_id).definition_id)


def element_names(program: Program) -> dict[str, str]:
    """Element id -> its name on the drawing."""
    return {id: element.name for id, element in program.elements.items()}
