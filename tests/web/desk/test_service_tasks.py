"""A service task without a handler is reported before it is deployed, and while a case waits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from engine.storage.later.externals import TopicWanted
from engine.storage.tables import worker
from tests.engine.models.building import bpmn, end, process, service_task, start
from tests.web.api.conftest import Api
from tests.web.commands.test_commands import folder, run, unwell  # noqa: F401  (folder: a fixture)
from tests.web.conftest import Office, Person, text
from tests.web.desk.test_deployments import carried, check
from web.composition import service_from_environment

LOAN = bpmn(process("loan", start(), service_task("ask_the_bank", "bank"), end()))
BANK = TopicWanted(topic="bank", lease=timedelta(minutes=5))
RECEIVED = bpmn(process("received", start(), end()))


@pytest.fixture
def loan(tmp_path: Path) -> Path:
    file = tmp_path / "loan.bpmn"
    file.write_bytes(LOAN)
    return file


def finding(person: Person, subject: str) -> tuple[str, bool]:
    """What the system page says of a subject, and whether it finds that well."""
    page = text(person.get("/system"))
    row = page[page.index(f">{subject}</td>") :].split("</tr>")[0]
    return row, "Perlu perhatian" not in row


def test_the_page_of_a_deployment_says_that_a_case_would_wait_for_a_worker(office: Office) -> None:
    told = "belakangan ini tidak ada pekerja luar yang meminta topik ini"
    page = check(office.enter("owner"), loan=LOAN)
    assert f"Tidak ada penangan bernama bank, dan {told}" in page
    assert carried(page)["name"] == ["loan.bpmn"], "it may be deployed all the same"
    assert told not in check(office.enter("owner"), received=RECEIVED)
    office.service.engine.external.fetch("w", [BANK])
    assert told not in check(office.enter("owner"), loan=LOAN)


def test_the_page_of_a_deployment_names_the_topic_that_foreign_code_could_be(
    office: Office,
) -> None:
    foreign = LOAN.replace(b'camunda:topic="bank"', b'camunda:class="org.x.AskBankDelegate"')
    page = check(office.enter("owner"), loan=foreign.replace(b'camunda:type="external"', b""))
    assert "Topiknya dapat bernama ask-bank." in page


def test_the_editor_and_the_release_of_a_draft_tell_it_too(office: Office) -> None:
    engine, owner = office.service.engine, office.enter("owner")
    engine.deploy({"loan.bpmn": LOAN}, "owner")
    engine.save_model_draft("loan", "loan.bpmn", LOAN.replace(b'"bank"', b'"purse"'), "owner")
    for address in ("/processes/loan/draft/check", "/processes/loan/draft/release"):
        page = text(owner.get(address))
        assert "Tidak ada penangan bernama purse" in page
        assert "Ask the bank" in page


def test_a_modeler_is_warned_by_the_answer_of_its_deployment(office: Office) -> None:
    api = Api(office.app, office.service)
    answer = api.deploy("owner", {"loan.bpmn": LOAN})
    assert answer.status_code == 200
    [warning] = answer.get_json()["details"]["loan.bpmn"]["warnings"]
    assert warning["mainElementId"] == "ask_the_bank"
    assert "no worker has asked for this topic lately" in warning["message"]
    office.service.engine.external.fetch("w", [BANK])
    again = api.deploy("owner", {"loan.bpmn": LOAN.replace(b"Ask the bank", b"Ask")})
    assert "no worker has asked" not in text(again)


def test_the_console_warns_of_it_and_goes_on(
    folder: Path,  # noqa: F811
    loan: Path,
) -> None:
    run("migrate")
    answer = run("deploy", str(loan))
    assert answer.exit_code == 0
    assert "loan: version 1" in answer.output
    assert re.search(
        r"loan.bpmn:\d+: warning: .*\(ask_the_bank\) No handler is called bank, and no worker has "
        r"asked for this topic lately",
        answer.output,
    )


def test_without_a_database_only_a_topic_like_that_of_a_handler_is_told(loan: Path) -> None:
    assert "handler" not in run("check", str(loan)).output
    loan.write_bytes(LOAN.replace(b'"bank"', b'"notfy"'))
    answer = run("check", str(loan))
    assert answer.exit_code == 0
    assert "No handler is called notfy; one is called notify." in answer.output


def test_the_doctor_names_topics_that_no_worker_has_asked_for(
    folder: Path,  # noqa: F811
    loan: Path,
) -> None:
    run("migrate")
    run("deploy", str(loan))
    assert not [line for line in unwell() if "Workers" in line]
    with service_from_environment() as service:
        service.engine.start("loan")
    said = "!!  Workers: External tasks wait, and no worker has asked for their topics"
    assert [line for line in unwell() if line.startswith(said) and "bank" in line]
    assert run("doctor").exit_code == 1
    with service_from_environment() as service:
        service.engine.external.fetch("w", [BANK])
    assert not [line for line in unwell() if "Workers" in line]


def test_a_worker_that_was_heard_of_two_hours_ago_is_none(office: Office) -> None:
    engine, admin = office.service.engine, office.enter("admin")
    engine.deploy({"loan.bpmn": LOAN}, "owner")
    for _ in range(2):
        engine.start("loan")
    engine.external.fetch("w", [BANK])
    assert finding(admin, "Pekerja luar")[1]
    with office.service.transaction() as connection:
        long_ago = engine.on(connection).real_now() - timedelta(hours=2)
        connection.execute(update(worker).values(seen_at=long_ago))
    row, well = finding(admin, "Pekerja luar")
    assert "bank" in row
    assert not well


def test_a_worker_that_works_for_two_hours_needs_no_other(office: Office) -> None:
    engine, admin = office.service.engine, office.enter("admin")
    engine.deploy({"loan.bpmn": LOAN}, "owner")
    engine.start("loan")
    engine.external.fetch("w", [replace(BANK, lease=timedelta(hours=3))])
    with office.service.transaction() as connection:
        long_ago = engine.on(connection).real_now() - timedelta(hours=2)
        connection.execute(update(worker).values(seen_at=long_ago))
    assert finding(admin, "Pekerja luar")[1]


def test_what_workers_gave_up_needs_attention_and_no_worker(office: Office) -> None:
    engine, admin = office.service.engine, office.enter("admin")
    assert finding(admin, "Tugas luar")[1]
    engine.deploy({"loan.bpmn": LOAN}, "owner")
    engine.start("loan")
    [work] = engine.external.fetch("w", [BANK])
    engine.external.fail(work.task.id, "w", "tutup", retries=0)
    row, well = finding(admin, "Tugas luar")
    assert "dihentikan pekerja luar: 1 (bank)" in row
    assert not well
    with office.service.transaction() as connection:
        connection.execute(delete(worker))
    assert finding(admin, "Pekerja luar")[1], "none could do anything now"
