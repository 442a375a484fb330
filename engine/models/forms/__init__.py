"""Forms: form-js JSON and embedded fields, read at deployment and checked at each submission."""

from engine.models.forms.embedded import embedded_form
from engine.models.forms.field import Answers, Choice, Field, Json, Options, walk
from engine.models.forms.form import Form, Submitted
from engine.models.forms.reading import canonical_form, read_form
from engine.models.forms.rows import rows_of

__all__ = [
    "Answers",
    "Choice",
    "Field",
    "Form",
    "Json",
    "Options",
    "Submitted",
    "canonical_form",
    "embedded_form",
    "read_form",
    "rows_of",
    "walk",
]
