"""The pages, a room for each subject and a module for each noun; this package only lists them.

To add the pages of a noun, add these four and touch nothing else:

1. `web/pages/<room>/<noun>.py` with `page = Blueprint("<noun>", __name__)` and its views. A view
   does four things in about ten lines: the policy table has authorised already, so it parses the
   request, calls one use case of `processes` through `service()` with `scope()` first, and shapes
   the answer. It holds no try/except: errors are answered by `web/gate/errors.py`. A form that is
   refused is drawn again through `redraw_on_error`.
2. `web/templates/<noun>/*.html`, extending `base.html`, built from the macros in `parts/`.
3. A row in `web/gate/policy.py` for every endpoint; without one the route is refused.
4. The words in `web/translations` (`python -m web.translations.update`, then translate).

A link in the top bar appears by itself once its address answers (`web/frame/navigation.py`).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """The `page` of every module in this package that has one, by name."""
    names = [found.name for found in walk_packages(__path__, f"{__name__}.") if not found.ispkg]
    pages = (getattr(import_module(name), "page", None) for name in names)
    return [page for page in pages if isinstance(page, Blueprint)]
