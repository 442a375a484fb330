"""The shipped models fit the engine that runs them and the handlers that they call."""

from __future__ import annotations

import pytest

from engine.models.bundle import files_of, read_bundle
from engine.models.checks import Known, check_bundle
from processes.composition import shipped_files, topics
from processes.ground.letter_language import untranslated
from processes.notices.notify import Notifier
from processes.notices.texts.letters import Stationery
from processes.rights.performers import WITHOUT_DATABASE
from tests.processes.lifecycle.models.drawn import (
    KEYS,
    PROCESSES,
    Drawn,
    attribute,
    camunda_property,
    model_files,
)
from web.addresses import ADDRESSES

PAPER = Stationery("https://tindak.example", ADDRESSES, demo=False)
TOPICS = topics(Notifier(PAPER, untranslated, "tindak.example"))


FORMER = {"record_report", "record_progress_report", "record_meeting"}
"""Those that only the versions before call, which running cases stay on."""


@pytest.mark.parametrize("key", KEYS)
def test_a_version_of_a_process_holds_all_its_forms_and_tables(key: str) -> None:
    files = {path.name: path.read_bytes() for path in model_files(".bpmn", ".dmn", ".form")}
    bundle = read_bundle(files)
    assert bundle.problems == ()
    own = {path.name for path in (PROCESSES / key).iterdir() if path.name in files}
    assert files_of(bundle, key) == own | {"escalation.dmn"}


@pytest.mark.parametrize("key", KEYS)
def test_the_checks_of_a_deployment_find_nothing_to_say(key: str) -> None:
    known = Known(
        topics={name: topic.processes for name, topic in TOPICS.items()},
        performers=WITHOUT_DATABASE,
    )
    assert check_bundle(read_bundle(shipped_files(key)), known) == []


def test_every_handler_of_the_product_is_called_by_a_model_that_may() -> None:
    called: dict[str, set[str]] = {}
    for drawn in map(Drawn, KEYS):
        for node in drawn.nodes.values():
            for topic in (attribute(node, "topic"), camunda_property(node, "onComplete")):
                called.setdefault(topic, set()).add(drawn.key)
    del called[""]
    assert called == {
        name: set(topic.processes) for name, topic in TOPICS.items() if name not in FORMER
    }
