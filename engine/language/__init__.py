"""The bounded language of process owners: conditions, scripts, texts, timers, cells of tables.

Pure: it is given names and functions and gives values. It runs no Python of an author, reaches
nothing that is not handed in, and stops within its budget. Knows no database, no process and no
SpiffWorkflow. `timers` and `functions` are modules of their own beside these names; decisions are
a room of their own above, `engine.decisions`.
"""

from engine.language.errors import LanguageError
from engine.language.expressions import Expression, compile_attribute, compile_expression
from engine.language.scripts import Script, compile_script
from engine.language.templates import Template, compile_template
from engine.language.values import Namespace

__all__ = [
    "Expression",
    "LanguageError",
    "Namespace",
    "Script",
    "Template",
    "compile_attribute",
    "compile_expression",
    "compile_script",
    "compile_template",
]
