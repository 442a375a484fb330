"""A PostgreSQL with or without TLS."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import trustme

from tests.e2e.product import free_port
from tests.world.servers import Server, folder_of, program, servant

NAME = "localhost"
USER = "postgres"


@contextmanager
def postgres(authority: trustme.CA | None) -> Iterator[str]:
    """The URL of an empty database on a server whose certificate the authority signed; None: on
    one without TLS."""
    account, port, programs = servant(), free_port(), program("pg_ctl").parent
    with folder_of(account) as place:
        data = place / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, cwd=place, user=account, group=account,
            extra_groups=[] if account else None,
        )  # fmt: skip
        options = {"port": str(port), "listen_addresses": "127.0.0.1"}
        options["unix_socket_directories"] = str(place)
        if authority is not None:
            options |= _certificate(authority, data)
        words = [word for one in options.items() for word in ("-c", "=".join(one))]
        server = Server([programs / "postgres", "-D", data, *words], place / "log", account)
        try:
            server.wait("PostgreSQL does not answer", lambda: _answers(port))
            yield f"postgresql://{USER}@{NAME}:{port}/postgres"
        finally:
            server.end()


def _certificate(authority: trustme.CA, folder: Path) -> dict[str, str]:
    issued = authority.issue_cert(NAME)
    key, chain = folder / "server.key", folder / "server.crt"
    issued.private_key_pem.write_to_path(str(key))
    issued.cert_chain_pems[0].write_to_path(str(chain))
    owner = folder.stat()
    for file in (key, chain):
        os.chown(file, owner.st_uid, owner.st_gid)
        file.chmod(0o600)
    return {"ssl": "on", "ssl_cert_file": str(chain), "ssl_key_file": str(key)}


def _answers(port: int) -> bool:
    where = f"host={NAME} port={port} user={USER} dbname=postgres sslmode=prefer"
    with suppress(psycopg.OperationalError), psycopg.connect(where, connect_timeout=5):
        return True
    return False
