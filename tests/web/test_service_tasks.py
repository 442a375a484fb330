"""A service task that no handler does is told of before it is deployed, and while a case waits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from processes import audit
from processes.access import operator
from tests.engine.models.building import bpmn, end, process, service_task, start
from tests.web.api.conftest import Api
from tests.web.conftest import Office, Person, text
from tests.web.test_commands import folder, run, unwell  # noqa: F401  (folder: a fixture)
from tests.web.test_deployments import carried, check
from web.commands.people import console
from web.composition import service_from_environment

LOAN = bpmn(process("loan", start(), service_task("ask_the_bank", "bank"), end()))
RECEIVED = bpmn(process("received", start(), end()))


@pytest.fixture
def loan(tmp_path: Path) -> Path:
    file = tmp_path / "loan.bpmn"
    file.write_bytes(LOAN)
    return file


def finding(person: Person) -> tuple[str, bool]:
    """What the system page says of service tasks, and whether it finds that well."""
    page = text(person.get("/system"))
    row = page[page.index(">Tugas layanan<") :].split("</tr>")[0]
    return row, "Perlu perhatian" not in row


def test_the_page_of_a_deployment_says_that_a_case_would_wait_for_ever(office: Office) -> None:
    page = check(office.enter("owner"), loan=LOAN)
    assert "Tidak ada penangan bernama bank, dan belum ada panggilan dari luar" in page
    assert carried(page)["name"] == ["loan.bpmn"], "it may be deployed all the same"
    assert "belum ada panggilan" not in check(office.enter("owner"), received=RECEIVED)


def test_a_modeler_is_warned_by_the_answer_of_its_deployment(office: Office) -> None:
    answer = Api(office.app, office.service).deploy("owner", {"loan.bpmn": LOAN})
    assert answer.status_code == 200
    assert "no call from outside can finish the task" in text(answer)


@pytest.mark.parametrize("command", ["deploy", "check"])
def test_the_console_warns_of_it_and_goes_on(
    folder: Path,  # noqa: F811
    loan: Path,
    command: str,
) -> None:
    run("migrate")
    answer = run(command, str(loan))
    assert answer.exit_code == 0
    assert re.search(
        r"loan.bpmn:\d+: warning: .*\(ask_the_bank\) No handler is called bank, and no call from "
        r"outside can finish the task",
        answer.output,
    )
    assert ("loan: version 1" in answer.output) == (command == "deploy")


def test_what_the_console_deploys_is_recorded_as_the_operators_act(
    folder: Path,  # noqa: F811
    loan: Path,
) -> None:
    run("migrate")
    run("deploy", str(loan))
    with service_from_environment() as service, service.reading() as connection:
        (told,) = audit.read(connection, operator(), subject="process:loan")
        (version,) = [one for one in service.engine.versions() if one.key == "loan"]
    assert (told.act, told.by) == ("deploy", console().username)
    assert version.by == console().username


def test_the_doctor_names_service_tasks_that_nobody_does(
    folder: Path,  # noqa: F811
    loan: Path,
) -> None:
    run("migrate")
    run("deploy", str(loan))
    assert not [line for line in unwell() if "Service tasks" in line]
    with service_from_environment() as service:
        case, _ = service.engine.start("loan"), service.engine.start("loan")
    said = "!!  Service tasks: Cases that stay at service tasks which no handler does"
    assert [line for line in unwell() if line.startswith(said) and line.endswith(": 2 (bank).")]
    assert run("doctor").exit_code == 1
    with service_from_environment() as service:
        service.engine.cancel(case, "given up", "owner")
    assert [line for line in unwell() if line.startswith(said) and line.endswith(": 1 (bank).")]


def test_the_system_page_names_them_too(office: Office) -> None:
    admin = office.enter("admin")
    assert finding(admin)[1]
    office.service.engine.deploy({"loan.bpmn": LOAN}, "owner")
    office.service.engine.start("loan")
    row, well = finding(admin)
    assert "bank" in row
    assert not well
