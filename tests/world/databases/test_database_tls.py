"""If encryption of the database is demanded, the product works with a server that proves its name,
and with no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.engine.models_of_tests import REVIEW
from tests.web.commands.test_commands import folder, run  # noqa: F401  (folder: a fixture)
from tests.world.databases.encrypted import postgres
from web.composition import service_from_environment

OF_THE_PRODUCT = """
SELECT count(*), count(*) FILTER (WHERE s.ssl) FROM pg_stat_activity a
JOIN pg_stat_ssl s USING (pid) WHERE a.backend_type = 'client backend'
"""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def encrypted(authority: trustme.CA) -> Iterator[str]:
    with postgres(authority) as url:
        yield url


@pytest.fixture
def demand(
    folder: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> pytest.MonkeyPatch:
    """An operator's environment with the demand in it."""
    monkeypatch.setenv("TINDAK_DATABASE_TLS", "1")
    return monkeypatch


def trusting(url: str, authority: trustme.CA, folder: Path) -> str:  # noqa: F811
    """The URL with the authority that the product is told to believe."""
    file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return f"{url}?sslrootcert={file}"


def is_refused(*words: str) -> bool:
    """Whether commands that need the database say in one line which setting is in the way."""
    for command in ("migrate", "doctor"):
        answer = run(command)
        assert answer.exit_code == 1, answer.output
        assert len(answer.output.splitlines()) == 1, answer.output
        assert "TINDAK_DATABASE_TLS is on" in answer.output
        assert any(word in answer.output for word in words), answer.output
    return True


def test_the_product_migrates_and_works_encrypted(
    encrypted: str, authority: trustme.CA, demand: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demand.setenv("TINDAK_DATABASE_URL", trusting(encrypted, authority, tmp_path))
    assert run("migrate").exit_code == 0
    with service_from_environment() as service:
        service.engine.deploy(REVIEW, "owner")
        case = service.engine.start("review", {"amount": 10}, by="ani")
        (task,) = service.engine.tasks(instance_id=case)
        service.engine.complete(task.id, {"verdict": "good"}, by="budi")
        assert len(service.engine.history(case)) == 2
        with service.reading() as connection:
            connections, safe = connection.exec_driver_sql(OF_THE_PRODUCT).one()
    assert connections == safe > 0


def test_a_server_that_another_authority_vouches_for_is_not_spoken_to(
    encrypted: str, demand: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demand.setenv("TINDAK_DATABASE_URL", trusting(encrypted, trustme.CA(), tmp_path))
    assert is_refused("certificate verify failed")


def test_a_server_with_another_name_is_not_spoken_to(
    encrypted: str, authority: trustme.CA, demand: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = encrypted.replace("@localhost:", "@127.0.0.1:")
    demand.setenv("TINDAK_DATABASE_URL", trusting(elsewhere, authority, tmp_path))
    assert is_refused("does not match host name", "IP address")


def test_a_server_without_encryption_is_not_spoken_to(
    authority: trustme.CA, demand: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with postgres(None) as url:
        demand.setenv("TINDAK_DATABASE_URL", trusting(url, authority, tmp_path))
        assert is_refused("does not support SSL")
        demand.delenv("TINDAK_DATABASE_TLS")
        demand.setenv("TINDAK_DATABASE_URL", url)
        assert run("migrate").exit_code == 0, "without the demand it is"
