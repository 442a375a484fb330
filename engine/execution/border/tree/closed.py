"""The script engine that SpiffWorkflow asks for, closed: it evaluates no text.

Owns nothing else. `engine.language` compiles authors' texts beforehand.
"""

from __future__ import annotations

from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment


class _Closed(BasePythonScriptEngineEnvironment):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """Refuses to evaluate any text."""

    def evaluate(self, expression: Any, context: Any, external_context: Any = None) -> NoReturn:
        raise AssertionError("no text of a model is evaluated by SpiffWorkflow")

    def execute(self, script: Any, context: Any, external_context: Any = None) -> NoReturn:
        raise AssertionError("no text of a model is executed by SpiffWorkflow")

    def call_service(self, context: Any, **kwargs: Any) -> NoReturn:
        raise AssertionError("no service is called by SpiffWorkflow")


CLOSED = PythonScriptEngine(_Closed())
