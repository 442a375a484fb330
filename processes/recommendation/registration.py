"""Registering a recommendation: its content, its deadlines, its institutions.

Owns the record of the task `register`. As in `processes.recommendation.handlers`: rows of the
instance's own case only.
"""

from __future__ import annotations

from engine.ports.handlers import Step
from processes.ground.outcomes import Outcome
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.numbers import Series, next_number
from processes.lifecycle.own_case import own_recommendation, year_of
from processes.recommendation import drafting
from processes.register.states import RecommendationDeed
from processes.register.vocabulary import OWING_ROLES
from processes.storage.cases import recommendation_rows
from processes.storage.cases.recommendation_rows import Columns


def record_registration(step: Step) -> Outcome:
    """The draft with its deadlines and institutions; it gets its number here.

    {"institutions": [code, ...]}: the institutions that owe a follow-up, and so comment on
    the draft.
    """
    form = Answers(step.answers)
    deadline = drafting.deadline(step, form)
    columns: Columns = {
        **drafting.content(step, form),
        "text": form.required("text"),
        **deadline,
        **drafting.comment_deadline(step, form, deadline["deadline"]),
        **drafting.rollup(form),
    }
    roles = drafting.addressed(step, form)
    form.finish()
    case = own_recommendation(step)
    columns["number"] = case.number or next_number(step, Series.RECOMMENDATION, year_of(step))
    columns["registered_at"] = case.registered_at or step.now
    recommendation_rows.move(
        step.connection, case, RecommendationDeed.REGISTER, step.now, **columns
    )
    recommendation_rows.replace_institutions(step.connection, case.id, roles)
    owing = [code for code, role in roles.items() if role in OWING_ROLES]
    return Outcome({"institutions": owing})
