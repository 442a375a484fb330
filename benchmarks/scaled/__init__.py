"""Models with many things of one kind, and the cost of checking them.

Owns the kinds: for each, a number that a check handles easily, and the way to make a model with n
of it.
"""

from benchmarks.scaled import elements, extensions, flows, forms, tables, texts, xml
from benchmarks.scaled.making import Kinds

KINDS: Kinds = {
    **xml.KINDS, **flows.KINDS, **elements.KINDS, **extensions.KINDS, **texts.KINDS,
    **tables.KINDS, **forms.KINDS,
}  # fmt: skip
