"""The part of a name that an expression reads: the name itself, or an entry inside it."""

from __future__ import annotations

import ast

Path = tuple[str | int, ...]
"""A name, and the entries read inside it, by key or by place."""


def constant(node: ast.expr) -> object:
    """The written value; None for a computed one."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        named = node.id if isinstance(node, ast.Name) else ""
        return {"true": True, "false": False}.get(named)
    return list(value) if isinstance(value, tuple | set) else value


def path_of(node: ast.expr) -> Path:
    """The name that is read, with its entries; None for anything else."""
    if isinstance(node, ast.Name):
        return () if node.id in ("true", "false", "null", "execution") else (node.id,)
    if isinstance(node, ast.Attribute):
        inner = path_of(node.value)
        return (*inner, node.attr) if inner else ()
    if isinstance(node, ast.Subscript):
        inner, key = path_of(node.value), constant(node.slice)
        if isinstance(key, int) and not 0 <= key < 10:
            return ()
        return (*inner, key) if inner and isinstance(key, int | str) else ()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        name = constant(node.args[0])
        if node.func.attr == "getVariable" and isinstance(name, str):
            return (name,)
    return ()
