"""Models that hold many of one kind of thing, and what a check of them costs.

Owns the kinds: for each, a number of it that a check bears easily, and how a model with n is made.
"""

from benchmarks.scaled import elements, extensions, flows, forms, tables, texts, xml
from benchmarks.scaled.making import Kinds

KINDS: Kinds = {
    **xml.KINDS, **flows.KINDS, **elements.KINDS, **extensions.KINDS, **texts.KINDS,
    **tables.KINDS, **forms.KINDS,
}  # fmt: skip
