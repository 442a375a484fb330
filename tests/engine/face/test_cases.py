"""Cases of an application: each belongs to one instance, and no other reaches it.

`Keeper` stands for a register. A stranger's models here were deployed by an engine without cases,
as in a database older than the rule, so only the step is tested, not the deployment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, select

from engine import BadInput, Conflict, ModelError
from engine.ports.cases import Case, Identity
from engine.ports.handlers import Step, Topic
from engine.storage.cases.worklist import Task
from engine.storage.later.jobs import add, job_row
from engine.storage.tables import job, message
from engine.time.calendar import Calendar
from tests.engine.conftest import Open
from tests.engine.execution.border.events.test_messages import told
from tests.engine.models.building import (
    Part,
    bpmn,
    call,
    catch,
    end,
    event,
    node,
    process,
    properties,
    script_task,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models_of_tests import cases_of, only_task, open_elements

SETTLED, ALARM = event("message", "settled"), event("signal", "alarm")


def keyed(name: str, key: str) -> tuple[Part, Part]:
    """What a message event holds that goes by a key of its own."""
    return told(key), event("message", name)


def recorded(id: str) -> Part:
    return node("userTask", id, properties(onComplete="record"))


CLAIM = {
    "claim.bpmn": bpmn(
        process(
            "claim",
            start(),
            recorded("decide"),
            catch("settled", SETTLED),
            service_task("file", "file"),
            user_task("rest"),
            throw("tell", SETTLED),
            end(),
        )
    ),
    "watchful.bpmn": bpmn(
        process("watchful", start(), catch("heard", ALARM), user_task("look"), end())
    ),
}


class Keeper:
    """Rows in memory: business key -> case, and the process that runs it."""

    processes = frozenset({"claim", "watchful"})
    names = frozenset({"settled"})

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, Case]] = {}

    def family(self, _connection: Connection, asked: Identity) -> str | None:
        process_key, case = self.rows.get(asked.business_key or "", (None, None))
        mine = case is not None and (asked.process_key, asked.id) == (process_key, case.instance_id)
        return case.family if mine and case is not None else None

    def case_of_key(self, _connection: Connection, key: str) -> Case | None:
        assert isinstance(key, str), "an instance without a key is no question"
        return self.rows[key][1] if key in self.rows else None

    def room(self, key: str, family: str, process_key: str = "claim") -> UUID:
        """A row, made before its instance starts; the id of that instance."""
        id = uuid4()
        self.rows[key] = (process_key, Case(family, id))
        return id


class Office:
    """An engine that keeps cases, and one on the same database that knows of none."""

    def __init__(self, open_engine: Open) -> None:
        self.keeper = Keeper()
        self.records: list[tuple[str, UUID]] = []
        self.brought: dict[str, Any] = {}
        self.keys_read: list[str | None] = []
        ours = Topic(self.record, frozenset({"claim"}))
        topics = {"record": ours, "file": ours, "note": Topic(self.record)}
        self.engine = open_engine(topics, case=self.case, cases=self.keeper)
        self.careless = open_engine(dict.fromkeys(topics, self.record))
        self.careless.deploy(CLAIM, "owner")

    def record(self, step: Step) -> None:
        self.records.append((step.element_id, step.instance_id))
        self.brought = dict(step.answers)

    def case(self, _connection: Connection, key: str | None) -> tuple[Mapping[str, Any], Calendar]:
        self.keys_read.append(key)
        return {"secret": f"of {key}"}, Calendar()

    def begin(self, key: str, family: str = "F", process_key: str = "claim") -> UUID:
        """A case with its instance."""
        id = self.keeper.room(key, family, process_key)
        return self.engine.start(process_key, {}, key, "clerk", id=id)

    def stranger(self, *parts: Any, key: str | None, careless: bool = False, **data: Any) -> UUID:
        """A process of somebody else's, deployed and started under a key of their choice."""
        self.careless.deploy({"stranger.bpmn": bpmn(process("stranger", *parts))}, "owner")
        return (self.careless if careless else self.engine).start("stranger", data, key, "owner")

    def only(self, instance_id: UUID) -> Task:
        return only_task(self.engine, instance_id)

    def do(self, instance_id: UUID) -> bool:
        """Complete the one open task; False: what it set off was refused, as an incident tells."""
        return self.engine.complete(self.only(instance_id).id, {}, "ani").incident is None

    def why(self) -> str:
        """What the only incident says."""
        (incident,) = self.engine.incidents()
        return str(incident.what)


@pytest.fixture
def office(open_engine: Open) -> Office:
    return Office(open_engine)


# --- beginning ----------------------------------------------------------------------------------


def test_a_case_begins_as_the_instance_its_keeper_has_made_room_for(office: Office) -> None:
    id = office.keeper.room("C-1", "F")
    for key, other in (("C-1", uuid4()), ("C-2", id), (None, id), ("C-2", uuid4())):
        with pytest.raises(BadInput, match="register"):
            office.engine.start("claim", {}, key, "owner", id=other)
    with pytest.raises(BadInput, match="register"):
        office.engine.start("watchful", {}, "C-1", "owner", id=id)
    assert office.engine.start("claim", {}, "C-1", "clerk", id=id) == id
    assert [one.id for one in cases_of(office.engine, "claim")] == [id]


def test_a_start_that_was_stored_is_asked_too(office: Office) -> None:
    def starting(step: Step) -> None:
        step.start("claim", uuid4(), "C-1", {})

    office.keeper.room("C-1", "F")
    office.engine._stepper.around.handlers["note"] = Topic(starting)  # type: ignore[index]
    office.stranger(start(), service_task("begin", "note"), end(), key=None)
    office.engine.run_due()
    assert cases_of(office.engine, "claim") == []


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_neither_message_nor_signal_begins_a_case(office: Office, kind: str) -> None:
    begun = process("claim", start("begin", event(kind, "go")), user_task("decide"), end())
    office.careless.deploy({"claim.bpmn": bpmn(begun)}, "owner")
    office.keeper.room("C-1", "F")
    office.stranger(start(), throw("go", event(kind, "go")), end(), key="else")
    office.engine.run_due()
    office.engine.deliver("go", "C-1")
    assert cases_of(office.engine, "claim") == []


def test_no_process_calls_one_of_cases(office: Office) -> None:
    office.begin("C-1")
    id = office.stranger(start(), user_task("a"), call("c", "claim"), end(), key="C-1")
    assert not office.do(id)
    assert "register" in office.why()


# --- handlers -----------------------------------------------------------------------------------


def test_a_handler_of_cases_runs_in_the_instance_that_owns_one(office: Office) -> None:
    id = office.begin("C-1")
    assert office.do(id)
    assert office.records == [("decide", id)]


def test_an_instance_of_the_right_process_that_owns_no_case_records_nothing(office: Office) -> None:
    office.begin("C-1")
    for key in ("C-1", None):
        orphan = office.careless.start("claim", {}, key, "owner")
        assert not office.do(orphan)
        assert open_elements(office.engine, orphan) == ["decide"], "the task stays as it was"
    assert office.records == []


def test_what_was_called_before_the_rule_decides_nothing_either(office: Office) -> None:
    office.begin("C-1")
    inside = office.stranger(start(), call("c", "claim"), end(), key="C-1", careless=True)
    assert office.only(inside).element_id == "decide"
    assert not office.do(inside)
    assert "owns none" in office.why()
    assert office.records == []
    office.engine.cancel(inside, "forged", "admin")


def test_the_process_that_holds_the_element_is_asked_not_the_one_that_runs(office: Office) -> None:
    """A case may call a helper; the helper's own elements get no further than the helper might."""
    helper = process("helper", start(), service_task("file_it", "file"), end())
    calling = process("claim", start(), recorded("decide"), call("help", "helper"), end())
    office.careless.deploy({"claim.bpmn": bpmn(calling), "helper.bpmn": bpmn(helper)}, "owner")
    id = office.begin("C-1")
    assert not office.do(id)
    assert office.why() == "The handler file works for claim only."
    with pytest.raises(ModelError):
        office.engine.start("helper", {}, "C-1", "owner")
    assert ("file_it", id) not in office.records


def test_a_handler_for_every_process_runs_in_every_process(office: Office) -> None:
    id = office.stranger(start(), service_task("write", "note"), end(), key="C-1")
    assert office.records == [("write", id)]


# --- reading ------------------------------------------------------------------------------------


def test_case_is_read_by_the_instance_that_owns_it(office: Office) -> None:
    reading = process("claim", start(), script_task("read", "seen = case.secret"), user_task("a"))
    office.careless.deploy({"claim.bpmn": bpmn(reading)}, "owner")
    assert office.engine.data(office.begin("C-1")) == {"seen": "of C-1"}


@pytest.mark.parametrize("script", ["seen = case.secret", "seen = case['secret']"])
def test_reading_a_case_one_does_not_own_is_an_error_that_names_it(
    office: Office, script: str
) -> None:
    office.begin("C-1")
    id = office.stranger(start(), user_task("a"), script_task("read", script), end(), key="C-1")
    assert not office.do(id)
    assert office.why() == "This instance owns no case of which something could be read."
    assert "C-1" not in office.keys_read[1:]


def test_the_whole_case_is_empty_for_who_owns_none(office: Office) -> None:
    script = "seen = [len(case), [x for x in case], 'secret' in case]"
    id = office.stranger(start(), script_task("read", script), user_task("a"), key="C-1")
    assert office.engine.data(id) == {"seen": [0, [], False]}


# --- messages -----------------------------------------------------------------------------------


def sent(office: Office) -> list[str]:
    """Messages on their way, kept and dropped."""
    with office.engine.reading() as connection:
        waiting = connection.scalars(select(job.c.payload).where(job.c.kind == "message"))
        kept = connection.scalars(select(message.c.name))
        return [content["message"] for content in waiting] + list(kept)


def test_a_message_under_the_key_of_a_case_is_refused_where_it_is_thrown(office: Office) -> None:
    waiting = office.begin("C-1")
    office.do(waiting)
    for thrown in (throw("t", SETTLED), end("t", SETTLED), throw("t", *keyed("settled", "C-1"))):
        parts = (start(), user_task("a"), thrown) + (
            () if thrown.xml.startswith("<end") else (end(),)
        )
        id = office.stranger(*parts, key="C-1")
        assert not office.do(id)
        assert "C-1" in office.why()
        office.engine.discard(office.engine.incidents()[0].id, "admin")
    assert sent(office) == []
    office.engine.run_due()
    assert open_elements(office.engine, waiting) == []


def test_cases_of_one_family_send_each_other_messages(office: Office) -> None:
    waiting, teller = office.begin("C-1", "F"), office.begin("C-2", "F")
    telling = process("claim", start(), user_task("a"), throw("t", *keyed("settled", "C-1")), end())
    office.careless.deploy({"claim.bpmn": bpmn(telling)}, "owner")
    teller = office.begin("C-3", "F")
    office.do(waiting)
    assert office.do(teller)
    office.engine.run_due()
    assert open_elements(office.engine, waiting) == ["rest"]
    assert not office.do(office.begin("C-4", "G")), "another family is told nothing"


def test_under_another_key_a_case_hears_its_family_only(office: Office) -> None:
    """The correlation key is the model's choice, so it says nothing of who may send."""
    waits = catch("settled", *keyed("settled", "shared"))
    listening = process("claim", start(), waits, user_task("rest"), end())
    office.careless.deploy({"claim.bpmn": bpmn(listening)}, "owner")
    waiting = office.begin("C-1")
    office.stranger(start(), throw("t", *keyed("settled", "shared")), end(), key=None)
    office.engine.run_due()
    assert open_elements(office.engine, waiting) == []
    with pytest.raises(Conflict):
        office.engine.deliver("settled", "shared", wait=False, family=None)
    office.engine.deliver("settled", "shared", wait=False, family="F")
    assert open_elements(office.engine, waiting) == ["rest"]


def test_nobody_listens_under_the_key_of_a_case_nor_holds_up_its_messages(office: Office) -> None:
    waiting = office.begin("C-1")
    thief = office.stranger(start(), catch("settled", SETTLED), user_task("got"), key="C-1")
    office.engine.deliver("settled", "C-1", {"secret": 1})
    assert open_elements(office.engine, thief) == []
    office.do(waiting)
    office.engine.run_due()
    assert open_elements(office.engine, waiting) == ["rest"]
    late = office.begin("C-2")
    office.do(late)
    office.stranger(start(), catch("settled", SETTLED), user_task("got"), key="C-2")
    office.engine.deliver("settled", "C-2", wait=False)
    assert open_elements(office.engine, late) == ["rest"]


def test_a_message_for_a_case_begins_nothing_of_somebody_else(office: Office) -> None:
    office.begin("C-1")
    begun = process("thief", start("begin", SETTLED), user_task("got"), end())
    office.careless.deploy({"thief.bpmn": bpmn(begun)}, "owner")
    office.engine.deliver("settled", "C-1", {"secret": 1})
    assert cases_of(office.engine, "thief") == []


def test_what_is_kept_for_a_case_is_neither_taken_nor_dropped_by_another(office: Office) -> None:
    waiting = office.begin("C-1")
    office.engine.deliver("settled", "C-1", {"secret": 1})
    parts = (start(), user_task("a"), catch("settled", SETTLED), user_task("got"), end())
    thief = office.stranger(*parts, key="C-1")
    assert office.do(thief)
    office.engine.run_due()
    assert open_elements(office.engine, thief) == []
    office.engine.cancel(thief, "done", "owner")
    office.stranger(start(), script_task("s", "x = 1"), end(), key="C-1")
    office.do(waiting)
    office.engine.run_due()
    assert office.brought["secret"] == 1


def test_what_is_kept_for_an_instance_without_a_case_is_delivered_past_the_cases(
    office: Office,
) -> None:
    """Both listen under one key that belongs to no case."""
    waits = catch("settled", *keyed("settled", "shared"))
    listening = process("claim", start(), waits, user_task("rest"), end())
    office.careless.deploy({"claim.bpmn": bpmn(listening)}, "owner")
    case = office.begin("C-1")
    parts = (start(), user_task("first"), waits, user_task("got"), end())
    free = office.stranger(*parts, key="shared")
    office.engine.deliver("settled", "shared", family=None)
    assert office.do(free)
    office.engine.run_due()
    assert open_elements(office.engine, free) == ["got"]
    assert open_elements(office.engine, case) == []


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_a_case_tells_is_heard_by_no_instance_without_a_case(
    office: Office, kind: str
) -> None:
    """Whoever draws the process of cases would read in one of their own what they may not see:
    by listening, by beginning with it, or by coming to listen later."""
    news = (told("shared", read="${case.secret}"), event(kind, "news"))
    telling = process("claim", start(), throw("t", *news), user_task("rest"), end())
    hears = catch("heard", told("shared"), event(kind, "news"))
    begins = process("begins", start("begin", event(kind, "news")), user_task("got"), end())
    office.careless.deploy({"claim.bpmn": bpmn(telling), "begins.bpmn": bpmn(begins)}, "owner")
    early = office.stranger(start(), hears, user_task("got"), end(), key="shared")
    late = office.stranger(start(), user_task("a"), hears, user_task("got"), end(), key="shared")

    office.begin("C-1")
    office.engine.run_due()
    assert office.do(late)
    office.engine.run_due()

    assert open_elements(office.engine, early) == open_elements(office.engine, late) == []
    assert cases_of(office.engine, "begins") == []


def test_a_message_for_a_case_that_has_ended_waits_for_nothing(office: Office) -> None:
    office.engine.cancel(office.begin("C-1"), "over", "clerk")
    office.engine.deliver("settled", "C-1")
    with office.engine.reading() as connection:
        assert all(connection.scalars(select(message.c.dropped_at)))


def test_an_instance_without_a_key_ends_without_a_question_to_its_keeper(office: Office) -> None:
    free = office.stranger(start(), user_task("only"), end(), key=None)
    assert office.do(free)
    assert open_elements(office.engine, free) == []


def test_what_a_program_outside_sends_reaches_no_case(office: Office) -> None:
    waiting = office.begin("C-1")
    office.do(waiting)
    with pytest.raises(Conflict):
        office.engine.deliver("settled", "C-1", wait=False, family=None)
    office.engine.deliver("settled", "C-1", family=None)
    office.engine.run_due()
    assert open_elements(office.engine, waiting) == []
    with office.engine.reading() as connection:
        assert all(connection.scalars(select(message.c.dropped_at))), "on record, for nobody"


def test_a_message_stored_before_senders_were_told_apart_arrives(office: Office) -> None:
    waiting = office.begin("C-1")
    office.do(waiting)
    content = {"message": "settled", "key": "C-1", "payload": {"n": 1}, "by": None}
    with office.engine.transaction() as connection:
        now = office.engine.on(connection).now()
        add(connection, [job_row("message", now, content)])
    office.engine.run_due()
    assert office.brought["n"] == 1


# --- signals ------------------------------------------------------------------------------------


def test_a_signal_of_somebody_else_reaches_everybody_but_cases(office: Office) -> None:
    case = office.begin("C-1", process_key="watchful")
    other = process("other", start(), catch("heard", ALARM), user_task("look"), end())
    office.careless.deploy({"other.bpmn": bpmn(other)}, "owner")
    free = office.engine.start("other", {}, "C-1", "owner")
    office.stranger(start(), throw("ring", ALARM), end(), key="C-1")
    office.engine.run_due()
    assert open_elements(office.engine, free) == ["look"]
    assert open_elements(office.engine, case) == []


def test_a_signal_of_a_case_reaches_its_family(office: Office) -> None:
    same = office.begin("C-1", "F", "watchful")
    other = office.begin("C-2", "G", "watchful")
    ringing = process("claim", start(), throw("ring", ALARM), end())
    office.careless.deploy({"claim.bpmn": bpmn(ringing)}, "owner")
    office.begin("C-3", "F")
    office.engine.run_due()
    assert open_elements(office.engine, same) == ["look"]
    assert open_elements(office.engine, other) == []


def test_a_signal_stored_before_senders_were_told_apart_is_heard_by_cases_too(
    office: Office,
) -> None:
    case = office.begin("C-1", process_key="watchful")
    content = {"signal": "alarm", "payload": {}, "by": None}
    with office.engine.transaction() as connection:
        now = office.engine.on(connection).now()
        add(connection, [job_row("signal", now, content)])
    office.engine.run_due()
    assert open_elements(office.engine, case) == ["look"]
