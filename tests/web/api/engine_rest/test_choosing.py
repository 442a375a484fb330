"""Choosing the next activity of an instance, on its page and over the API."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, true, update

from engine import Engine
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from tests.engine.models.building import (
    ad_hoc,
    bpmn,
    end,
    multi_instance,
    node,
    process,
    script_task,
    start,
    user_task,
)
from tests.engine.models_of_tests import open_elements
from tests.web.api.conftest import Api
from tests.web.conftest import Office, text

INSTANCE = "/engine-rest/process-instance"
TASKS = (user_task("ask"), user_task("visit"), script_task("divide", "x = 1 / n"))


def running(
    office: Office, *, key: str = "survey", behind: bool = True, **attributes: object
) -> UUID:
    """An instance that waits for a choice, with or without a task behind it; of a real case it is
    begun by an engine that knows of none."""
    work = ad_hoc("work", *TASKS, **attributes)  # type: ignore[arg-type]
    after = (user_task("after"),) if behind else ()
    model = bpmn(process(key, start(), work, *after, end(), name="Survey"))
    url = office.service.engine.database.url.render_as_string(hide_password=False)
    engine = Engine.open(url, clock=office.clock)
    engine.deploy({f"{key}.bpmn": model}, "owner")
    instance = engine.start(key, {"n": 0}, "S-1", "owner")
    engine.close()
    return instance


def begin(activity: str, **more: object) -> dict[str, object]:
    return {"instructions": [{"type": "startBeforeActivity", "activityId": activity, **more}]}


class TestPage:
    def test_a_keeper_finds_it_chooses_and_says_when_it_is_enough(self, office: Office) -> None:
        case, owner = running(office), office.enter("owner")
        address = f"/instances/{case}/activities"
        assert f'href="{address}"' in text(owner.get("/processes/survey/instances"))
        page = text(owner.get(address))
        assert "Mulai: Ask" in page
        assert "Mulai: Visit" in page
        assert 'href="/processes/survey/instances"' in page
        [choice] = office.service.engine.choices(case)
        begun = owner.post(f"{address}/{choice.token}", {"activity": "ask"}, follow_redirects=True)
        assert "Aktivitas sudah dimulai." in text(begun)
        assert "Sudah cukup" not in text(begun)
        assert open_elements(office.service.engine, case) == ["ask"]
        [task] = office.service.engine.tasks(case)
        office.service.engine.complete(task.id, {}, "owner")
        done = owner.post(f"{address}/{choice.token}/complete", follow_redirects=True)
        assert "tidak ada yang dapat dipilih" in text(done)
        assert open_elements(office.service.engine, case) == ["after"]
        assert f'href="{address}"' not in text(owner.get("/processes/survey/instances"))
        assert office.service.engine.history(case)[-1].by == "owner"
        told = text(owner.get(f"/instances/{case}"))
        assert told.index("diteruskan") < told.index("Ask: selesai") < told.index("Ask: dimulai")

    @pytest.mark.parametrize(
        ("behind", "said", "unsaid"),
        [
            (True, "Kasus berlanjut.", "Kasus sudah selesai."),
            (False, "Kasus sudah selesai.", "Kasus berlanjut."),
        ],
    )
    def test_a_case_goes_on_or_has_ended_when_it_is_enough(
        self, office: Office, *, behind: bool, said: str, unsaid: str
    ) -> None:
        case, owner = running(office, behind=behind), office.enter("owner")
        [choice] = office.service.engine.choices(case)
        address = f"/instances/{case}/activities/{choice.token}/complete"
        assert "atau selesai jika tidak ada langkah lagi" in text(
            owner.post(address, {"act": "check"})
        )
        page = text(owner.post(address, follow_redirects=True))
        assert said in page
        assert unsaid not in page

    def test_it_is_offered_however_many_wait_elsewhere(self, office: Office) -> None:
        """More wait for a word than any list is long, in instances that were begun before."""
        told = node("receiveTask", "told", multi_instance("[0] * 900"))
        crowd = bpmn(process("survey", start(), told, end()))
        office.service.engine.deploy({"crowd.bpmn": crowd}, "owner")
        office.service.engine.start("survey", by="owner")
        addresses = {f"/instances/{running(office)}/activities" for _ in range(4)}
        page = text(office.enter("owner").get("/processes/survey/instances"))
        assert {address for address in addresses if f'href="{address}"' in page} == addresses

    def test_what_cannot_be_is_refused_on_the_page_in_words(self, office: Office) -> None:
        case, owner = running(office, ordering="Sequential", until="enough"), office.enter("owner")
        address = f"/instances/{case}/activities"
        [choice] = office.service.engine.choices(case)
        refused = owner.post(f"{address}/{choice.token}/complete")
        assert (refused.status_code, "Syarat selesainya" in text(refused)) == (422, True)
        owner.post(f"{address}/{choice.token}", {"activity": "ask"})
        assert "satu per satu" in text(owner.get(address))
        again = owner.post(f"{address}/{choice.token}", {"activity": "visit"})
        assert (again.status_code, "satu per satu" in text(again)) == (422, True)
        gone = owner.post(f"{address}/{uuid4()}/complete")
        assert gone.status_code == 409
        assert open_elements(office.service.engine, case) == ["ask"]

    def test_what_fails_is_reported_and_can_be_repaired(self, office: Office) -> None:
        case, owner = running(office), office.enter("owner")
        [choice] = office.service.engine.choices(case)
        address = f"/instances/{case}/activities/{choice.token}"
        failed = owner.post(address, {"activity": "divide"}, follow_redirects=True)
        assert "Gagal dan sudah dilaporkan" in text(failed)
        assert "Memulai aktivitas" in text(owner.get("/incidents"))

    def test_an_instance_without_a_choice_says_so(self, office: Office) -> None:
        case, owner = running(office), office.enter("owner")
        office.service.engine.cancel(case, "x", "owner")
        assert "tidak ada yang dapat dipilih" in text(owner.get(f"/instances/{case}/activities"))

    @pytest.mark.parametrize("who", ["coordinator", "asdep", "kemhan", "kemhan-head"])
    def test_nobody_else_sees_or_chooses(self, office: Office, office_api: Api, who: str) -> None:
        case, person = running(office), office.enter(who)
        [choice] = office.service.engine.choices(case)
        address = f"/instances/{case}/activities"
        assert person.get(address).status_code == 404
        assert person.post(f"{address}/{choice.token}", {"activity": "ask"}).status_code == 404
        assert person.post(f"{address}/{choice.token}/complete").status_code == 404
        answer = office_api.post(who, f"{INSTANCE}/{case}/modification", begin("ask"))
        assert answer.status_code == 404
        assert open_elements(office.service.engine, case) == []


class TestRealCase:
    """A process owner may draw an ad-hoc sub-process into the work of a case."""

    @pytest.fixture(params=["follow_up", "recommendation"])
    def case(self, request: pytest.FixtureRequest, office: Office) -> tuple[str, UUID]:
        """The page of a case, and its instance, which now waits for a choice."""
        instance = running(office, key=request.param)
        table = follow_up if request.param == "follow_up" else recommendation
        with office.service.transaction() as connection:
            ours = table.c.institution == "kemhan" if table is follow_up else true()
            id = connection.scalars(select(table.c.id).where(ours)).first()
            mine = update(table).where(table.c.id == id)
            connection.execute(mine.values(instance_id=instance))
        return f"/{request.param.replace('_', '-')}s/{id}", instance

    def test_the_coordinator_finds_it_on_the_page_of_the_case_and_chooses(
        self, office: Office, case: tuple[str, UUID]
    ) -> None:
        page, instance = case
        coordinator, address = office.enter("coordinator"), f"/instances/{case[1]}/activities"
        assert f'href="{address}"' in text(coordinator.get(page))
        assert f'href="{page}"' in text(coordinator.get(address))
        [choice] = office.service.engine.choices(instance)
        coordinator.post(f"{address}/{choice.token}", {"activity": "visit"})
        [task] = office.service.engine.tasks(instance)
        assert task.element_id == "visit"
        office.service.engine.complete(task.id, {}, "coordinator")
        coordinator.post(f"{address}/{choice.token}/complete")
        assert open_elements(office.service.engine, instance) == ["after"]
        assert office.service.engine.history(instance)[-1].by == "coordinator"

    @pytest.mark.parametrize(
        ("who", "status"), [("asdep", 403), ("kemhan", 403), ("owner", 404), ("kemenkeu", 404)]
    )
    def test_nobody_else_does(
        self, office: Office, case: tuple[str, UUID], who: str, status: int
    ) -> None:
        page, instance = case
        person, address = office.enter(who), f"/instances/{instance}/activities"
        assert address not in text(person.get(page))
        [choice] = office.service.engine.choices(instance)
        for path in (address, f"{address}/{choice.token}", f"{address}/{choice.token}/complete"):
            answer = person.post(path) if path != address else person.get(path)
            assert answer.status_code == status, path


class TestApi:
    def test_a_program_starts_an_activity_and_completes_the_whole(
        self, office: Office, office_api: Api
    ) -> None:
        case = running(office)
        body = begin("visit", variables={"who": {"value": "budi"}})
        answer = office_api.post("owner", f"{INSTANCE}/{case}/modification", body)
        assert (answer.status_code, answer.data) == (204, b"")
        engine = office.service.engine
        assert (open_elements(engine, case), engine.data(case)["who"]) == (["visit"], "budi")
        [execution] = office_api.get(
            "owner", "/engine-rest/execution", processInstanceId=str(case), activityId="work"
        )
        signal = f"/engine-rest/execution/{execution['id']}/signal"
        busy = office_api.post("owner", signal, {})
        assert (busy.status_code, "still goes on" in busy.get_json()["message"]) == (400, True)
        [task] = engine.tasks(case)
        engine.complete(task.id, {}, "owner")
        assert office_api.post("owner", signal, {}).status_code == 204
        assert open_elements(engine, case) == ["after"]

    def test_an_execution_names_one_of_several(self, office: Office, office_api: Api) -> None:
        case = running(office, ordering="Sequential")
        address = f"{INSTANCE}/{case}/modification"
        other = begin("ask", ancestorActivityInstanceId=str(uuid4()))
        assert office_api.post("owner", address, other).status_code == 409
        [choice] = office.service.engine.choices(case)
        named = begin("ask", ancestorActivityInstanceId=str(choice.token))
        assert office_api.post("owner", address, named).status_code == 204
        assert office_api.post("owner", address, named).status_code == 400

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"instructions": []},
            {"instructions": begin("ask")["instructions"] * 2},  # type: ignore[operator]
            {"instructions": [{"type": "cancel", "activityId": "ask"}]},
            {"instructions": [{"type": "startAfterActivity", "activityId": "ask"}]},
            {**begin("ask"), "skipIoMappings": True},
            begin("ask", variables={"n": {"value": 1, "local": True}}),
            begin("after"),
            begin("nothing"),
        ],
        ids=str,
    )
    def test_any_other_change_is_refused(
        self, office: Office, office_api: Api, body: dict[str, object]
    ) -> None:
        case = running(office)
        answer = office_api.post("owner", f"{INSTANCE}/{case}/modification", body)
        assert answer.status_code == 400
        assert open_elements(office.service.engine, case) == []

    def test_what_fails_is_taken_in_and_named(self, office: Office, office_api: Api) -> None:
        case = running(office)
        answer = office_api.post("owner", f"{INSTANCE}/{case}/modification", begin("divide"))
        assert answer.status_code == 204
        [stuck] = office.service.engine.incidents("survey")
        assert answer.headers["Tindak-Incident"] == str(stuck.id)
