"""Instances: what runs of a process without a case, what happened to one, ending it, and choosing
what is done next."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.errors import TindakError
from engine.words import say
from processes import engine_acts, engine_view, instance_history, models, steering
from processes.storage.engine_rows import InstancesWanted
from processes.storage.engine_tasks import Window
from web import instance_story, people_names
from web.errors import redraw_on_error
from web.forms import own
from web.forms.own import Entry
from web.forms.submission import Texts
from web.i18n import render
from web.visitor import reading, scope, service

page = Blueprint("instances", __name__)

OLDEST = Window(most=50, by="startTime")
ENTRIES = (Entry("reason", say("Reason"), kind="textarea", max_length=engine_acts.LONGEST_REASON),)


@page.get("/processes/<key>/instances")
def listed(key: str) -> ResponseReturnValue:
    """The oldest of those that run; when one is ended, the next comes up."""
    at, wanted = reading(), InstancesWanted(keys=[key], ended=False)
    newest = models.versions(at, key)[0]
    found = [one.instance for one in engine_view.kept(at.connection, at.scope, wanted, OLDEST)]
    offering = steering.offering(at, [one.id for one in found], {"keeper"})
    people_names.look_up(one.started_by for one in found if one.started_by)
    return render_template(
        "instances/list.html", version=newest, instances=found, offering=offering
    )


@page.get("/instances/<uuid:instance_id>/activities")
def activities(instance_id: UUID) -> ResponseReturnValue:
    """What can be chosen in it."""
    return _choosing(instance_id)


@page.post("/instances/<uuid:instance_id>/activities/<uuid:token>")
def start_activity(instance_id: UUID, token: UUID) -> ResponseReturnValue:
    """Start the activity that was chosen."""
    redraw_on_error(lambda error: _choosing(instance_id, error))
    activity = own.text(own.typed(), "activity")
    received = steering.start(service(), scope(), instance_id, activity, token=token)
    if received.incident:
        flash(render(say("It failed and was reported. What you chose is kept.")), "danger")
    else:
        flash(render(say("The activity has begun.")), "done")
    return redirect(url_for("instances.activities", instance_id=instance_id))


@page.post("/instances/<uuid:instance_id>/activities/<uuid:token>/complete")
def complete_ad_hoc(instance_id: UUID, token: UUID) -> ResponseReturnValue:
    """Say that enough has been done."""
    redraw_on_error(lambda error: _choosing(instance_id, error))
    steering.complete(service(), scope(), instance_id, token)
    flash(render(say("The case goes on.")), "done")
    return redirect(url_for("instances.activities", instance_id=instance_id))


def _choosing(instance_id: UUID, error: TindakError | None = None) -> str:
    found = steering.choices(reading(), instance_id)
    return own.page("instances/activities.html", (), {}, error, found=found)


@page.get("/instances/<uuid:instance_id>")
def show(instance_id: UUID) -> ResponseReturnValue:
    """What happened to it, and what its steps have written."""
    found = instance_history.of_instance(reading(), instance_id)
    return render_template(
        "instances/history.html", found=found.row, days=instance_story.told(found)
    )


@page.get("/instances/<uuid:instance_id>/end")
def check_end(instance_id: UUID) -> ResponseReturnValue:
    """What ends, and why."""
    return _drawn(instance_id, {})


@page.post("/instances/<uuid:instance_id>/end")
def end(instance_id: UUID) -> ResponseReturnValue:
    """End it, whatever it waits for."""
    typed = own.typed()
    redraw_on_error(lambda error: _drawn(instance_id, typed, error))
    at = reading()
    found = engine_acts.cancellable(at.connection, at.scope, instance_id)
    engine_acts.cancel(service(), scope(), instance_id, own.text(typed, "reason"))
    flash(render(say("The instance has ended.")), "done")
    return redirect(url_for("instances.listed", key=found.instance.key))


def _drawn(instance_id: UUID, typed: Texts, error: TindakError | None = None) -> str:
    at = reading()
    found = engine_acts.cancellable(at.connection, at.scope, instance_id)
    people_names.look_up([found.instance.started_by] if found.instance.started_by else ())
    return own.page("instances/end.html", ENTRIES, typed, error, found=found)
