"""Tindak's engine: runs BPMN models, keeps tasks, timers, messages and history.

Knows nothing of recommendations, rights or the web.
"""

from engine.engine import Engine
from engine.sentences.errors import (
    BadInput,
    Conflict,
    Forbidden,
    ModelError,
    NotFound,
    TindakError,
    Unavailable,
)

__all__ = [
    "BadInput",
    "Conflict",
    "Engine",
    "Forbidden",
    "ModelError",
    "NotFound",
    "TindakError",
    "Unavailable",
]
