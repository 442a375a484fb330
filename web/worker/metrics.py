"""Counters and durations by topic, as plain numbers and in the text format of Prometheus."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COUNTED = ("fetched", "completed", "failed", "errors", "lease_lost")
"""`errors`: BPMN errors and escalations; `lease_lost`: taken away before the report was
accepted."""
FIELDS = (*COUNTED, "in_progress", "seconds")
Snapshot = dict[str, dict[str, float]]


class Metrics:
    """Counters of the topics of a worker; any thread may count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._topics: Snapshot = {}

    def know(self, topic: str) -> None:
        """Show the topic's counters from the start, as zeros."""
        with self._lock:
            self._topics[topic] = dict.fromkeys(FIELDS, 0)

    def add(self, topic: str, name: str, much: float = 1) -> None:
        """Count one of FIELDS."""
        with self._lock:
            self._topics[topic][name] += much

    def snapshot(self) -> Snapshot:
        """topic -> name of the counter -> its value; `seconds` is the time in functions."""
        with self._lock:
            return {topic: dict(counters) for topic, counters in self._topics.items()}


def prometheus(snapshot: Snapshot) -> str:
    """The text format of Prometheus, version 0.0.4."""
    return "".join(f"{line}\n" for line in _lines(snapshot))


def _lines(snapshot: Snapshot) -> Iterable[str]:
    for name in FIELDS:
        full = f"tindak_worker_{name}{'' if name == 'in_progress' else '_total'}"
        yield f"# TYPE {full} {'gauge' if name == 'in_progress' else 'counter'}"
        for topic, counters in sorted(snapshot.items()):
            yield f'{full}{{topic="{_escaped(topic)}"}} {counters[name]:.10g}'


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


class Page(ThreadingHTTPServer):
    """Serves the metrics at http://127.0.0.1:PORT/metrics in threads of its own, until closed."""

    def __init__(self, metrics: Metrics, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Answering)
        self.metrics = metrics
        threading.Thread(target=self.serve_forever, name="worker-metrics", daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()


class _Answering(BaseHTTPRequestHandler):
    server: Page

    def do_GET(self) -> None:
        found = self.path == "/metrics"
        content = prometheus(self.server.metrics.snapshot()).encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Log nothing: requests come every few seconds."""
