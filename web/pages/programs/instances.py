"""Instances without a case: the running ones of a process, the history of one, ending it, and
choosing its next activity."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import ModelText, Sentence, say
from processes.desk import models
from processes.programs import (
    engine_acts,
    engine_view,
    instance_history,
    instance_list,
    steering,
)
from processes.storage.programs.instance_list import OLDEST, Wanted
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.own import OwnField
from web.forms.submission import Texts
from web.frame import lists, paging
from web.frame.lists import ListOf, day_of, days_words, searched, span_of
from web.frame.received import say_what_came
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.programs import instance_story
from web.words import people_names

page = Blueprint("instances", __name__)

LIST = ListOf(
    "instances",
    "instances.listed",
    ("q", "from", "to"),
    {"started": say("Started"), "key": say("Business key"), "by": say("By")},
    OLDEST,
    path=("key",),
)
ENTRIES = (
    OwnField("reason", say("Reason"), kind="textarea", max_length=engine_acts.LONGEST_REASON),
)

WAITS = say("Received, but the case does not go on yet: a step behind it is being repaired.")
RUNS_ON = say("The instance has not ended: a step failed and is being repaired.")


@page.get("/processes/<key>/instances")
def listed(key: str) -> ResponseReturnValue:
    """Running instances, with the filters and the sorting in the address."""
    at, (since, until) = reading(), span_of("from", "to")
    wanted = Wanted(searched(), since, until)
    newest = models.versions(at, key)[0]
    found = instance_list.page(at, key, wanted, sort=LIST.sort(), **paging.place())
    people_names.look_up(one.started_by for one in found.items if one.started_by)
    return render_template(
        "instances/list.html",
        version=newest,
        instances=found.items,
        number=instance_list.count(at, key, wanted),
        wanted=wanted,
        days=(day_of("from"), day_of("to")),
        chips=_chips(wanted),
        listing=lists.shown(LIST),
        offering=steering.offering(at, [one.id for one in found.items], {"keeper"}),
        pages=paging.of(found),
    )


def _chips(wanted: Wanted) -> list[tuple[str, str]]:
    words = {"q": wanted.searched, **days_words("from", "to")}
    return [(text, LIST.address(**{name: None})) for name, text in words.items() if text]


@page.get("/instances/<uuid:instance_id>/activities")
def activities(instance_id: UUID) -> ResponseReturnValue:
    """The activities that can be chosen."""
    return _choosing(instance_id)


@page.post("/instances/<uuid:instance_id>/activities/<uuid:token>")
def start_activity(instance_id: UUID, token: UUID) -> ResponseReturnValue:
    """Start the chosen activity."""
    redraw_on_error(lambda error: _choosing(instance_id, error))
    activity = own.text(own.typed(), "activity")
    if own.is_checked():
        rehearse(service(), scope(), steering.start, instance_id, activity, token=token)
        return _check_start(instance_id, token, activity)
    received = steering.start(service(), scope(), instance_id, activity, token=token)
    kept = say("It failed and was reported. What you chose is kept.")
    say_what_came(received, say("The activity has begun."), kept)
    return redirect(url_for("instances.activities", instance_id=instance_id))


@page.post("/instances/<uuid:instance_id>/activities/<uuid:token>/complete")
def complete_ad_hoc(instance_id: UUID, token: UUID) -> ResponseReturnValue:
    """Complete the ad-hoc sub-process."""
    redraw_on_error(lambda error: _choosing(instance_id, error))
    if own.is_checked():
        rehearse(service(), scope(), steering.complete, instance_id, token)
        return _check_enough(instance_id, token)
    received = steering.complete(service(), scope(), instance_id, token)
    say_what_came(received, _after(instance_id), WAITS)
    return redirect(url_for("instances.activities", instance_id=instance_id))


def _after(instance_id: UUID) -> Sentence:
    """Whether the instance runs on; it ends where nothing is drawn behind the sub-process."""
    at = reading()
    ended = engine_view.instance(at.connection, at.scope, instance_id).instance.ended_at
    return say("The case has ended.") if ended else say("The case goes on.")


def _check_start(instance_id: UUID, token: UUID, activity: str) -> str:
    name = _offered(instance_id, token)[1][activity]
    effects = [
        say("“{activity}” begins and waits for whoever does it.", activity=name),
        say("What has begun ends only when it is done."),
    ]
    words = say("Start: {activity}", activity=name)
    return own.check((), own.typed(), words, effects, back=_activities(instance_id))


def _check_enough(instance_id: UUID, token: UUID) -> str:
    name, _ = _offered(instance_id, token)
    effects = [
        say("“{activity}” is over: nothing more can be chosen in it.", activity=name),
        say("The case goes on behind it, or ends where nothing follows."),
    ]
    words = say("Enough has been done")
    return own.check((), {}, words, effects, back=_activities(instance_id))


def _offered(instance_id: UUID, token: UUID) -> tuple[ModelText, Mapping[str, ModelText]]:
    """The name of the choice that waits with this token, and those of what it offers, by id."""
    found = steering.choices(reading(), instance_id)
    choice = next(one for one in found.open if one.token == token)
    names = {one.id: ModelText(one.name or one.id) for one in choice.activities}
    return ModelText(choice.element.name or choice.element.id), names


def _activities(instance_id: UUID) -> str:
    return url_for("instances.activities", instance_id=instance_id)


def _choosing(instance_id: UUID, error: TindakError | None = None) -> str:
    found = steering.choices(reading(), instance_id)
    return own.page("instances/activities.html", (), {}, error, found=found)


@page.get("/instances/<uuid:instance_id>")
def show(instance_id: UUID) -> ResponseReturnValue:
    """The history of an instance, and the writes of its steps."""
    found = instance_history.of_instance(reading(), instance_id)
    return render_template(
        "instances/history.html", found=found.row, days=instance_story.drawn(found)
    )


@page.get("/instances/<uuid:instance_id>/end")
def check_end(instance_id: UUID) -> ResponseReturnValue:
    """The form for ending an instance, with a reason."""
    return _drawn(instance_id, {})


@page.post("/instances/<uuid:instance_id>/end")
def end(instance_id: UUID) -> ResponseReturnValue:
    """End an instance, whatever it waits for."""
    typed = own.typed()
    redraw_on_error(lambda error: _drawn(instance_id, typed, error))
    own.refuse_longer(ENTRIES, typed)
    at = reading()
    found = engine_acts.cancellable(at.connection, at.scope, instance_id)
    received = engine_acts.cancel(service(), scope(), instance_id, own.text(typed, "reason"))
    say_what_came(received, say("The instance has ended."), RUNS_ON)
    return redirect(url_for("instances.listed", key=found.instance.key))


def _drawn(instance_id: UUID, typed: Texts, error: TindakError | None = None) -> str:
    at = reading()
    found = engine_acts.cancellable(at.connection, at.scope, instance_id)
    people_names.look_up([found.instance.started_by] if found.instance.started_by else ())
    return own.page("instances/end.html", ENTRIES, typed, error, found=found)
