"""A worker: a separate program that does the work of topics for Tindak, over HTTP.

    from web.worker import BpmnError, Failure, Worker

    worker = Worker("https://tindak.example.go.id", token_file="token", name="pdf-1")

    @worker.task("render-pdf", lease=60, retries=3, back_off=[10, 60, 300], variables=["title"])
    def render(task):
        return {"url": ...}

    worker.run()

Imports the standard library only, nothing of the product: a copy of this folder runs anywhere. It
speaks the shapes of Camunda 7 (`/engine-rest/external-task`). `tindak worker` is different: it is
the product's own scheduler.
"""

from web.worker.task import BpmnError, Done, Escalation, Failure, Task
from web.worker.worker import Worker

__all__ = ["BpmnError", "Done", "Escalation", "Failure", "Task", "Worker"]
