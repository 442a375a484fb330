"""Renders letters into files: a worker of Tindak, in Python.

TINDAK_URL, TINDAK_TOKEN: where, and as whom. LETTERS: the folder the letters go to.
"""

import logging
import os
from html import escape
from pathlib import Path

from web.worker import BpmnError, Task, Worker

FOLDER = Path(os.environ.get("LETTERS", "letters"))
TEMPLATES = {"plain": "<h1>{title}</h1>", "formal": "<p>Yth.</p><h1>{title}</h1>"}

logging.basicConfig(level=logging.INFO)
FOLDER.mkdir(exist_ok=True)
worker = Worker()


@worker.task("render-letter", lease=30, retries=2, back_off=[1, 5], variables=["title", "template"])
def render(task: Task) -> dict[str, object]:
    """The name of the file and its size in bytes."""
    template = TEMPLATES.get(task.variables.get("template", "plain"))
    if template is None:
        raise BpmnError("no_template", "This worker does not have that template.")
    # Named by the task: should it be done twice, the second letter replaces the first.
    file = FOLDER / f"{task.id}.html"
    file.write_text(template.format(title=escape(task.variables["title"])))
    return {"file": file.name, "size": file.stat().st_size}


worker.run()
