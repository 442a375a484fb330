"""Forms of process models as accessible HTML and as words.

`values` turns what is known of a field into text, `view` makes the fields of a page, `words` the
answers of the check page, `submission` reads a posted page. Rules of the answers are
`engine.models.forms`; templates are `parts/fields.html`.
"""
