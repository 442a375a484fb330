"""Finalising a draft after its comments: every field may change, and new institutions are asked.

Owns the record of the task `finalise`. As in `processes.recommendation.handlers`: rows of the
instance's own case only.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports.handlers import Step
from engine.sentences.sentence import say
from processes.ground.outcomes import Outcome, Tiding
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import own_recommendation
from processes.recommendation import drafting
from processes.register.states import RecommendationDeed
from processes.register.vocabulary import OWING_ROLES, InstitutionRole
from processes.storage.cases import draft_rounds, recommendation_rows
from processes.storage.cases.draft_rounds import DraftRound, content_of
from processes.storage.cases.recommendation_rows import Columns, Recommendation
from processes.storage.people import institutions

Response = tuple[str, bool, str | None]
Roles = Mapping[str, InstitutionRole]


def record_finalisation(step: Step) -> Outcome:
    """The draft with all its changes, and an answer to every comment with a request. It goes to the
    supervisor, or round once more if institutions are new. {"institutions": [code, ...]}: those
    that comment first; told are those that it is addressed to no more."""
    case, form = own_recommendation(step), Answers(step.answers)
    text, responses = form.required("final_text"), _responses(step, form, case)
    was = recommendation_rows.institutions_of(step.connection, case.id)
    roles = drafting.addressed(step, form) if form.asks("lead") else was
    new, left_out = _owing(roles) - _owing(was), _owing(was) - _owing(roles)
    columns = _changed(step, form)
    if new:
        deadline = columns.get("deadline", case.deadline)
        columns.update(drafting.comment_deadline(step, form, deadline))
    form.finish()
    draft_rounds.answer_comments(step.connection, case, responses, step.by, step.now)
    draft = DraftRound(case.id, case.round, content_of(case, was), step.now, step.by)
    draft_rounds.keep(step.connection, draft)
    recommendation_rows.replace_institutions(step.connection, case.id, roles)
    _move(step, case, columns, text, further_round=bool(new))
    told = [Tiding("left_out", institution=code) for code in sorted(left_out)]
    return Outcome({"institutions": sorted(new)}, told)


def _owing(roles: Roles) -> set[str]:
    return {code for code, role in roles.items() if role in OWING_ROLES}


def _responses(step: Step, form: Answers, case: Recommendation) -> list[Response]:
    answers = [
        (row.required("institution"), row.yes("accepted"), row.text("reason"))
        for row in form.rows("responses")
    ]
    asked = draft_rounds.unsatisfied(step.connection, case)
    missing = asked - {institution for institution, _, _ in answers}
    if missing:
        short = institutions.short_names(step.connection, missing)
        names = ", ".join(sorted(short.values()))
        form.complain("responses", say("Please answer the comments of {names}.", names=names))
    return answers


def _changed(step: Step, form: Answers) -> Columns:
    """The columns that this form asks for; a form of a former version asks for the text alone."""
    columns: Columns = {}
    if form.asks("title"):
        columns.update(drafting.content(step, form))
    if form.asks("deadline_kind"):
        columns.update(drafting.deadline(step, form))
    if form.asks("rollup_rule"):
        columns.update(drafting.rollup(form))
    return columns


def _move(
    step: Step, case: Recommendation, columns: Columns, text: str, *, further_round: bool
) -> None:
    if further_round:
        # The changed text is the draft for the next round, and nothing is final yet.
        deed = RecommendationDeed.ASK_AGAIN
        columns["text"], columns["final_text"] = text, None
        columns["round"] = case.round + 1
    else:
        deed = RecommendationDeed.FINALISE
        columns["final_text"] = text
    recommendation_rows.move(step.connection, case, deed, step.now, **columns)
