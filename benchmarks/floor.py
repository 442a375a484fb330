"""The stock floor: SpiffWorkflow's own serializer, the whole workflow as JSON in one SQLite row.

It has no task list, no timers and no history. It loads, completes, runs engine steps, saves and
commits, with the same durability as ours (WAL, synchronous FULL).
"""

from __future__ import annotations

import copy
import sqlite3
from collections import deque
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from benchmarks.measure import Subject
from benchmarks.model import DATA, KEY, lifecycle
from benchmarks.ours import INSTANCES


def completing(name: str, file: Path) -> Subject:
    """Completes the open task of one instance after the other. Each goes round once and is then
    replaced, because the stock engine grows with every round (8.6 KB each)."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(lifecycle(quoted_timers=True)))
    spec, subs = parser.get_spec(KEY), parser.get_subprocess_specs(KEY)
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")

    def fresh(id: int) -> None:
        workflow = BpmnWorkflow(spec, subs)
        workflow.get_next_task(state=TaskState.READY).data.update(copy.deepcopy(DATA))
        workflow.do_engine_steps()
        save = "INSERT OR REPLACE INTO instance VALUES (?, ?)"
        database.execute(save, (id, serializer.serialize_json(workflow)))

    queue: deque[tuple[int, int]] = deque((id, 0) for id in range(INSTANCES))
    for id, _ in queue:
        fresh(id)

    def act() -> None:
        id, done = queue.popleft()
        if done == 5:
            fresh(id)
            done = 0
        database.execute("BEGIN IMMEDIATE")
        (state,) = database.execute("SELECT state FROM instance WHERE id = ?", (id,)).fetchone()
        workflow: Any = serializer.deserialize_json(state)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data.update({"send_back": True, "comment": "z" * 200})
        task.run()
        workflow.do_engine_steps()
        text = serializer.serialize_json(workflow)
        database.execute("UPDATE instance SET state = ? WHERE id = ?", (text, id))
        database.execute("COMMIT")
        queue.append((id, done + 1))

    return Subject(name, act, database.close)
