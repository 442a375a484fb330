"""Forms of process models as accessible HTML and as words.

`values` turns known values of a field into text, `view` makes the fields of a page, `words` the
answers of the check page, `submission` reads a posted page. `engine.models.forms` has the rules of
answers; `parts/fields.html` has the templates.
"""
