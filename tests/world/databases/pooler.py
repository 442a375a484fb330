"""PgBouncer in transaction mode before the embedded PostgreSQL."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg

from benchmarks.chaos.databases import Postgres
from tests.e2e.product import free_port
from tests.world.servers import Server, folder_of, program, settings_of

SETTINGS = """[databases]
* = host={socket} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
max_client_conn = 400
ignore_startup_parameters = options
server_login_retry = 1
"""
POOLED = "pooler=transaction"
SERVERS = 6
"""Connections to the server, for all clients together: far fewer than there are clients."""


class Pooled(Postgres):
    """An embedded server with its default durability, reached through PgBouncer only: `url`. It is
    read by the checker, and thrown down, past the pooler."""

    def __init__(self, folder: Path) -> None:
        command, self.port = program("pgbouncer"), free_port()
        super().__init__(folder)
        self._stack = ExitStack()
        self._stack.callback(super().close)
        try:
            self._start(command)
        except BaseException:
            self._stack.close()
            raise
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres?{POOLED}"

    def _start(self, command: Path) -> None:
        account = self._server.system_user
        place = self._stack.enter_context(folder_of(account))
        host = psycopg.conninfo.conninfo_to_dict(self._uri)["host"]
        settings = SETTINGS.format(socket=host, port=self.port, servers=SERVERS)
        file = settings_of(place, "pgbouncer.ini", settings)
        pooler = Server([command, file], place / "log", account)
        self._stack.callback(pooler.end)
        pooler.wait("PgBouncer does not answer", self._answers)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5):
            return True
        return False

    def sessions(self) -> int:
        """How many connections the server has from the pooler."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'"
        return int(self.rows(query)[0][0]) - 1

    def close(self) -> None:
        """Stop both."""
        self._stack.close()
