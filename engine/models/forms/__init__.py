"""Forms: form-js JSON and embedded fields, read at deployment and checked at each submission."""

from engine.models.forms.answer import MAX_TEXT
from engine.models.forms.conditions import Comparison, Condition
from engine.models.forms.embedded import embedded_form, form_of
from engine.models.forms.field import Answers, Choice, Field, Json, Options, walk
from engine.models.forms.form import Form, Submitted
from engine.models.forms.reading import canonical_form, read_form
from engine.models.forms.rows import rows_of
from engine.models.forms.typed import TwoReadings, parse_date, parse_number, spelled

__all__ = [
    "MAX_TEXT",
    "Answers",
    "Choice",
    "Comparison",
    "Condition",
    "Field",
    "Form",
    "Json",
    "Options",
    "Submitted",
    "TwoReadings",
    "canonical_form",
    "embedded_form",
    "form_of",
    "parse_date",
    "parse_number",
    "read_form",
    "rows_of",
    "spelled",
    "walk",
]
