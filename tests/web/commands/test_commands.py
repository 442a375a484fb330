"""The command line of an operator: a sentence says what prevents a command."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

import pytest
import structlog
import trustme
from click.testing import CliRunner, Result
from sqlalchemy import select

from processes.authentication import tokens
from processes.authentication.credentials import chosen, matches
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits, open_session
from processes.operation.readiness import DEMO_COMPLETE
from processes.people import accounts
from processes.people.accounts import NewUser
from processes.rights import audit
from processes.rights.access import operator, scope_of
from processes.storage.authentication import passwords
from processes.storage.people import users
from processes.storage.tables.authentication import session
from tests.engine.models.building import bpmn, end, process, start, timer, user_task
from tests.engine.models_of_tests import REVIEW
from web.cli import main
from web.commands.people import console
from web.composition import service_from_environment


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder that is not there yet, as on a new machine. A command sets up its process,
    which here is that of all tests."""
    folder = tmp_path / "data"
    monkeypatch.setenv("TINDAK_DATA_DIR", str(folder))
    mask, logging = os.umask(0o022), structlog.get_config()
    yield folder
    os.umask(mask)
    structlog.configure(**logging)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def unwell() -> list[str]:
    """What the doctor finds not well."""
    return [line for line in run("doctor").output.splitlines() if line.startswith("!! ")]


def at_the_database(folder: Path, statement: str) -> None:
    """What somebody does who can write to the file itself."""
    with closing(sqlite3.connect(folder / "tindak.db")) as connection, connection:
        connection.execute(statement)


def test_the_first_administrator_gets_a_link_on_an_empty_machine(folder: Path) -> None:
    answer = run("user", "add", "siti", "--name", "Siti Rahma", "--role", "admin")

    assert answer.exit_code == 0
    assert "http://127.0.0.1:8000/link/" in answer.output
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--role", "boss"), ("--role", "'boss'", "coordinator", "supervisor")),
        (("--role", "supervisor", "--rank", "boss"), ("--rank", "'boss'", "asdep", "menko")),
        (("--contact", "nowhere"), ("memberships: There is no such institution.",)),
        (("--name", " "), ("name: Write the person's name",)),
    ],
)
def test_a_wrong_entry_is_named_where_nothing_is_marked(
    folder: Path, given: tuple[str, ...], told: tuple[str, ...]
) -> None:
    answer = run("user", "add", "siti", "--name", "Siti Rahma", *given)
    assert answer.exit_code != 0
    assert "marked" not in answer.output
    for words in told:
        assert words in answer.output


def test_the_operator_approves_or_refuses_what_one_administrator_asked_for(folder: Path) -> None:
    run("user", "add", "siti", "--name", "Siti Rahma", "--role", "admin")
    with service_from_environment() as service:
        for username in ("adi", "budi"):
            with service.reading() as connection:
                found = users.by_username(connection, "siti")
                assert found is not None
                siti = scope_of(connection, found.id)
            new = NewUser(username, username.title(), clearance="secret")
            accounts.create(service, siti, new)
    listed = run("user", "requests").output
    assert "rights  adi  by siti" in listed
    assert '"clearance": "secret"' in listed
    (adi, budi) = reversed(re.findall(r"^[\w-]{36}", listed, re.MULTILINE))

    approved = run("user", "approve", adi)
    assert approved.exit_code == 0
    assert "/link/" in approved.output, "who has no address gets it by hand"
    assert run("user", "refuse", budi, "--reason", "Tidak perlu.").exit_code == 0

    assert run("user", "requests").output == ""
    assert "decided or withdrawn this already" in run("user", "approve", budi).output
    with service_from_environment() as service, service.reading() as connection:
        cleared = [users.by_username(connection, name) for name in ("adi", "budi")]
        told = audit.read(connection, operator(), subject="user:adi")
    assert [one and one.clearance for one in cleared] == ["secret", "ordinary"]
    assert {one.by for one in told if one.act == "approve_request"} == {console().username}
    assert console().username.startswith("console:")


def test_migrating_an_empty_machine_gives_the_tables_that_a_start_expects(folder: Path) -> None:
    assert run("migrate").exit_code == 0
    assert folder.stat().st_mode & 0o077 == 0

    # Well but for what the server and its scheduler do, which have never run, and a backup.
    *found, port = unwell()
    assert found == [
        "!!  Scheduler: No scheduler has ever run.",
        "!!  Records: Never verified; the scheduler does it once a day, `tindak verify` at once.",
        "!!  Backup: Nobody said where backups are put: set TINDAK_BACKUP_DIR to that folder.",
    ]
    assert port.startswith("!!  Port: Nothing answers at port ")


@pytest.mark.parametrize("command", ["serve", "worker", "doctor"])
def test_older_tables_are_refused_with_what_to_do(folder: Path, command: str) -> None:
    run("migrate")
    with sqlite3.connect(folder / "tindak.db") as connection:
        connection.execute("UPDATE engine_version SET version_num = '0000'")

    answer = run(command)

    assert answer.exit_code == 1
    assert "run `tindak migrate`" in answer.output
    assert "Traceback" not in answer.output


def test_a_database_out_of_reach_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINDAK_DATABASE_URL", "postgresql://tindak@127.0.0.1:1/tindak")

    answer = run("migrate")

    assert answer.exit_code == 1
    assert len(answer.output.splitlines()) == 1


def test_a_database_that_offers_no_encryption_is_not_spoken_to_where_it_is_demanded(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(authority))
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=answer_no, args=(server, heard), daemon=True).start()
        url = f"postgresql://tindak:geheim@127.0.0.1:{port}/tindak?sslrootcert={authority}"
        monkeypatch.setenv("TINDAK_DATABASE_URL", url)
        monkeypatch.setenv("TINDAK_DATABASE_TLS", "1")

        answer = run("migrate")

    assert answer.exit_code == 1
    assert "TINDAK_DATABASE_TLS is on" in answer.output
    assert heard
    assert all(len(said) == 8 for said in heard), "asked for encryption, and said nothing else"


def answer_no(server: socket.socket, heard: list[bytes]) -> None:
    """A PostgreSQL server without TLS (protocol 3.0, 55.2.10): N to whoever asks for it."""
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(1024))
                connection.sendall(b"N")
                heard.extend(filter(None, [connection.recv(1024)]))


@pytest.mark.parametrize("command", ["serve", "run"])
def test_pages_of_a_database_server_are_not_served_without_a_key_for_all_hosts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("TINDAK_DATABASE_URL", "postgresql://tindak@127.0.0.1:1/tindak")

    answer = run(command)

    assert answer.exit_code == 2
    assert answer.output.startswith("TINDAK_SECRET_KEY: write one and the same for every host")
    assert "python3 -c" in answer.output
    assert not (folder / "secret-key").exists()


def test_what_the_operator_deploys_is_recorded_as_a_release(folder: Path, tmp_path: Path) -> None:
    [(name, content)] = REVIEW.items()
    (tmp_path / name).write_bytes(content)
    run("migrate")

    assert "review: version 1" in run("deploy", str(tmp_path / name), "--note", "Pertama").output
    assert "review: version 1" in run("deploy", str(tmp_path / name), "--note", "Lagi").output

    with service_from_environment() as service, service.reading() as connection:
        [told] = [one for one in audit.read(connection, operator()) if one.act == "deploy"]
        [version] = service.engine.versions("review")
    facts = {"version": 1, "note": "Pertama", "digest": version.digest}
    assert (told.subject, told.by, told.details) == ("process:review", console().username, facts)


def test_a_process_is_retired_by_its_key_and_the_record_says_by_whom(folder: Path) -> None:
    begin = start("begin", timer("PT10H", "timeDuration"))
    with service_from_environment() as service:
        service.engine.deploy(
            {"daily.bpmn": bpmn(process("daily", begin, user_task("look"), end()))}, "owner"
        )
        assert service.engine.seconds_to_next_job() is not None

    assert run("retire", "daily").output == "daily: no timer starts it any more\n"
    with service_from_environment() as service, service.reading() as connection:
        assert service.engine.seconds_to_next_job() is None
        [told] = [one for one in audit.read(connection, operator()) if one.act == "retire"]
        assert (told.subject, told.by) == ("process:daily", console().username)

    answer = run("retire", "weekly")
    assert (answer.exit_code, answer.output) == (1, "There is no process weekly.\n")


def records(folder: Path) -> str:
    """The doctor's word on the records; AGE: however long ago they were verified."""
    (line,) = (line for line in run("doctor").output.splitlines() if " Records: " in line)
    return re.sub(r"(?<=Verified )(one second|\d+ \w+)(?= ago)", "AGE", line)


@pytest.fixture
def case(folder: Path) -> UUID:
    """A machine with a case of two events and an audit that holds."""
    with service_from_environment() as service:
        service.engine.deploy(REVIEW, "owner")
        id = service.engine.start("review", {}, by="ani")
        service.engine.complete(service.engine.tasks(instance_id=id)[0].id, {}, "ani")
    return id


def test_records_that_hold_are_counted_and_the_doctor_says_since_when(
    folder: Path, case: UUID
) -> None:
    answer = run("verify")

    assert answer.exit_code == 0
    found = re.fullmatch(
        r"2 events of 1 cases, (\d+) entries of the audit; the last one is [0-9a-f]{64}\n",
        answer.stdout,
    )
    assert found
    assert records(folder) == (
        f"ok  Records: Verified AGE ago, and all holds. Cases: 1, their events: 2, entries of the "
        f"audit: {found[1]}."
    )


def test_a_changed_history_and_a_changed_audit_are_named(folder: Path, case: UUID) -> None:
    at_the_database(folder, "UPDATE event SET by = 'budi' WHERE seq = 2")
    at_the_database(folder, "UPDATE audit SET by = 'budi' WHERE seq = 3")

    answer = run("verify")

    assert answer.exit_code == 1
    assert answer.stdout.splitlines()[:2] == [
        f"!!  Case {case}: its history does not hold from event 2 on.",
        "!!  The audit does not hold from entry 3 on.",
    ]
    assert records(folder) == (
        "!!  Records: Verified AGE ago, and not all holds: run `tindak verify`."
    )


def test_events_of_a_case_that_was_removed_are_told(folder: Path, case: UUID) -> None:
    at_the_database(folder, "DELETE FROM instance")

    assert run("verify").stdout.startswith("!!  2 events tell of cases that are not there.")


def test_an_audit_cut_short_with_its_head_shows_at_the_next_verification_and_ever_after(
    folder: Path, case: UUID
) -> None:
    run("verify")
    at_the_database(folder, "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
    at_the_database(
        folder,
        "UPDATE audit_head SET (seq, hash) ="
        " (SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1)",
    )

    for _ in range(2):
        assert "The audit does not hold" in run("verify").stdout


def test_the_scheduler_verifies_once_a_day(folder: Path, case: UUID) -> None:
    with service_from_environment() as service:
        service.engine.maintain()

    assert records(folder).startswith("ok  Records: Verified AGE ago")


def test_a_verification_of_the_day_before_yesterday_is_too_old(folder: Path, case: UUID) -> None:
    run("verify")
    at_the_database(
        folder,
        "UPDATE register_setting SET value = json_set(value, '$.at', '2026-01-01T00:00:00+00:00')"
        " WHERE key = 'verification'",
    )

    assert records(folder).startswith("!!  Records: Verified AGE ago, and all holds. Cases: 1,")


def test_a_token_that_the_operator_makes_is_recorded_as_the_operators_act(folder: Path) -> None:
    run("user", "add", "siti", "--name", "Siti Rahma", "--role", "admin")
    assert run("token", "create", "siti", "--name", "skrip").exit_code == 0
    with service_from_environment() as service, service.reading() as connection:
        (told,) = [e for e in audit.read(connection, operator()) if e.act == "create_token"]
    assert (told.by, told.details["user"]) == (console().username, "siti")


def test_the_operator_makes_an_account_for_a_program_and_prints_its_token(folder: Path) -> None:
    wish = ("service-account", "rates-worker", "--topic", "invoice", "--topic", "send")
    first = run(*wish, "--name", "Rates", "--days", "30")
    second = run(*wish, "--case-topic", "send")
    assert (first.exit_code, second.exit_code) == (0, 0)

    with service_from_environment() as service, service.reading() as connection:
        found = users.by_username(connection, "rates-worker")
        told = audit.read(connection, operator(), subject="user:rates-worker")
        bearers = [tokens.verify(connection, one.output.strip()) for one in (first, second)]
        scopes = [one and tokens.scope_of(connection, one) for one in bearers]
    assert found is not None
    assert found.name == "Rates"
    assert [one and (one.topics, one.case_topics) for one in scopes] == [
        ({"invoice", "send"}, set()), ({"invoice", "send"}, {"send"}),
    ]  # fmt: skip
    assert [entry.act for entry in reversed(told)] == [
        "create_service_account", "create_service_token",
        "create_service_token", "change_case_topics",
    ]  # fmt: skip
    assert {entry.by for entry in told} == {console().username}


def test_programs_and_persons_get_their_own_kind_of_token_from_the_operator(folder: Path) -> None:
    run("user", "add", "siti", "--name", "Siti Rahma")
    run("service-account", "rates-worker", "--topic", "invoice")
    for wish, told in (
        (("service-account", "siti", "--topic", "invoice"), "account of a person"),
        (("service-account", "rates-worker"), "--topic"),
        (
            ("service-account", "rates-worker", "--topic", "a", "--case-topic", "b"),
            "Choose among the topics",
        ),
        (("token", "create", "rates-worker", "--name", "x"), "service account"),
        (("user", "link", "rates-worker"), "service account"),
    ):
        answer = run(*wish)
        assert answer.exit_code != 0, wish
        assert told in answer.output, answer.output


def finish_demo(folder: Path) -> None:
    """A database that says it holds the small demo."""
    run("migrate")
    with sqlite3.connect(folder / "tindak.db") as connection:
        connection.execute(
            "INSERT INTO register_setting VALUES (?, 'true', '2026-11-27 00:00:00.000000', 'demo')",
            [DEMO_COMPLETE],
        )


def test_a_large_demo_is_not_mixed_with_a_small_one(folder: Path) -> None:
    finish_demo(folder)
    assert run("demo").exit_code == 0, "the small one is there"

    answer = run("demo", "--large")

    assert answer.exit_code == 1
    assert "choose an empty one for the large demo" in answer.output


def test_a_demo_is_filled_or_goes_on_not_both(folder: Path) -> None:
    answer = run("demo", "--large", "--fast")

    assert answer.exit_code == 2
    assert "--fast goes on in a filled database" in answer.output
    assert not folder.exists()


def test_a_filled_demo_takes_the_password_that_is_set_later_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_demo(folder)
    with service_from_environment() as service:
        for name, fictitious in (("kemhan", True), ("owner", True), ("siti", False)):
            password = chosen("kuda lumping di pasar")
            new = NewUser(name, name, password=password, fictitious=fictitious)
            accounts.create(service, operator(), new)
        with service.transaction() as connection:
            now = service.engine.on(connection).real_now()
            for name in ("kemhan", "siti"):
                found = users.by_username(connection, name)
                assert found is not None
                open_session(connection, found.id, visitor=Visitor(""), now=now, limits=Limits())
    monkeypatch.setenv("TINDAK_DEMO_PASSWORD", "hujan bulan Juni")
    assert "The demo accounts have a new password" in run("demo").output
    assert run("demo").output == "", "nothing is done a second time"
    with service_from_environment() as service, service.reading() as connection:
        for name, password in (
            ("kemhan", "hujan bulan Juni"),
            ("owner", "hujan bulan Juni"),
            ("siti", "kuda lumping di pasar"),
        ):
            known = passwords.credentials(connection, name)
            assert known is not None
            assert matches(known.password_hash, password), name
        assert set(connection.scalars(select(session.c.user_id))) == {known.user_id}, "siti's"
        told = audit.read(connection, operator(), subject="user:kemhan")
    assert told[0].act == "set_demo_password"


@pytest.mark.parametrize("group", [[], ["user"], ["token"]])
def test_each_command_is_told_in_a_whole_sentence(group: list[str]) -> None:
    told = CliRunner().invoke(main, [*group, "--help"], terminal_width=80).output
    commands = told.partition("Commands:\n")[2].strip().splitlines()
    assert commands
    cut = [line for line in commands if not re.fullmatch(r"\s*[a-z-]+  +[A-Z].*[^.]\.", line)]
    assert cut == [], "a list of commands has one line for each: longer sentences are cut"
