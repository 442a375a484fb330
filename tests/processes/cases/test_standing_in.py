"""Who decided as a stand-in is named with plt. or plh. in the timeline."""

from __future__ import annotations

from processes.cases.recommendation import recommendation_case, recommendation_timeline
from processes.people import stand_ins
from processes.people.stand_ins import Wanted
from tests.processes.stories.world import REGISTRATION, World


def test_a_decision_bears_the_sign_of_who_stood_in_then(world: World) -> None:
    deputi, other = (world.person(one).user_id for one in ("deputi", "coordinator"))
    days = (world.today(), world.today())
    wanted = Wanted("supervisor", deputi, other, "plh", *days, "Prin/7/2026", "Dinas.")
    stand_ins.name(world.service, world.person("deputi"), wanted)
    id = world.propose()
    world.register(id)
    for who in ("kemhan", "kemenperin"):
        world.comment(who, id, stance="agree")
    world.finalise(id, final_text=REGISTRATION["text"], responses=[])
    world.do("coordinator", "approve", id, approved="no", notes="Pertajam.")
    world.finalise(id, final_text=REGISTRATION["text"], responses=[])
    world.wait_days(1)
    world.do("asdep", "approve", id, approved="yes")
    with world.service.reading() as connection:
        scope, now = world.person("coordinator"), world.clock.now
        found = recommendation_case.detail(connection, scope, id, now)
        entries = recommendation_timeline.history(connection, scope, found, {}).entries
    signs = {
        (one.by, one.sign.template if one.sign else None)
        for one in entries
        if one.kind == "decision" and one.post
    }
    assert signs == {("coordinator", "plh."), ("asdep", None)}
    assert {one.sign for one in entries if not one.post} == {None}
