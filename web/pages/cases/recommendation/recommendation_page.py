"""The page of a recommendation: its state and results on one page.

Owns the parts of the page. `processes.cases.recommendation.recommendation_case` has facts and
rights, `processes.cases.recommendation.recommendation_timeline` the timeline.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import render_template, url_for

from processes.cases.recommendation import recipients, recommendation_case
from processes.cases.recommendation.recommendation_case import Detail
from processes.cases.recommendation.recommendation_timeline import history
from processes.programs import steering
from processes.register.states import RECOMMENDATION_ENDED
from processes.rights.access import allows
from web.frame import timeline_sentences
from web.gate.visitor import reading, scope
from web.words import institution_names, people_names
from web.words.i18n import render
from web.words.task_labels import act_of


def drawn(recommendation_id: UUID) -> str:
    """The page of one recommendation."""
    at, asking = reading(), scope()
    found = recommendation_case.detail(at.connection, asking, recommendation_id, at.now)
    program = recommendation_case.program_of(at, found.case)
    names = recommendation_case.element_names(program)
    told = history(at.connection, asking, found, names)
    institution_names.look_up(found.tasks)
    change = found.pending_change
    shown = [change.proposed_by if change else None, *(one.assignee for one in found.tasks)]
    people_names.look_up(one for one in shown if one)
    return render_template(
        "recommendations/case.html",
        found=found,
        case=found.case,
        chain=found.chain[:-1],
        act=_act(found),
        inside=asking.oversees,
        may_withdraw=allows(asking, "propose_withdrawal", found.relations)
        and found.case.status not in RECOMMENDATION_ENDED
        and found.pending_withdrawal is None,
        may_change_recipients=allows(asking, "propose_recipients", found.relations)
        and recipients.takes_change(program, found.case, found.pending_change),
        chooses=bool(steering.offering(at, [found.case.instance_id], found.relations)),
        story=timeline_sentences.drawn(
            told.entries,
            told.people,
            partial(
                url_for,
                "recommendations.show",
                recommendation_id=recommendation_id,
                _anchor="timeline",
            ),
        ),
    )


def _act(found: Detail) -> str:
    """The words of the one button: the act of the open task that the reader may complete."""
    if found.mine is None:
        return ""
    return render(act_of(found.mine.process_key, found.mine.element_id).words)
