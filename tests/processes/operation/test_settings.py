"""Settings of the register: JSON under a key, the last write wins."""

from __future__ import annotations

from processes.storage.operation.settings import read_setting, write_setting
from tests.processes.conftest import NOW, Data


def test_a_setting_is_none_until_set_and_then_what_was_set_last(data: Data) -> None:
    with data.transaction() as connection:
        assert read_setting(connection, "demo") is None
        write_setting(connection, "demo", {"complete": False}, "tindak", NOW)
        write_setting(connection, "demo", {"complete": True}, "tindak", NOW)

        assert read_setting(connection, "demo") == {"complete": True}
