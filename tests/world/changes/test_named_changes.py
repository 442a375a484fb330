"""How many files a change touches: each is made in a copy of the tree, and played there.

Counted is what a developer writes: code, models, templates and catalogues. The page of states is
written by its command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.world.changes.applying import CATALOGUES, Copy, choice_of, copied, siblings_of

VERDICTS = "processes/follow_up/verdicts.json"
FORMS = {"processes/follow_up/evaluate.form": "verdict",
         "processes/follow_up/report.form": "claimed_status"}  # fmt: skip
MODELS_IN_ENGLISH = "web/translations/en/LC_MESSAGES/models.po"
SENTENCES_IN_INDONESIAN = "web/translations/id/LC_MESSAGES/messages.po"
STATES = "processes/register/states.py"
VERSIONS = "processes/storage/migrations/versions"
MIGRATION = '''"""How many pages a report has"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("pages", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("report", "pages")
'''

pytestmark = pytest.mark.long


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the tree."""
    return copied(tmp_path)


def add_verdict(copy: Copy, kind: str) -> None:
    """Give the file, the two forms that offer verdicts, and the catalogue of models one more."""
    copy.rewrite_json(VERDICTS, lambda found: found.append(verdict(kind)))
    label = "Sebagian sesuai"
    offered = {"label": label, "value": "conforms_in_part"}
    for form, key in FORMS.items():
        copy.rewrite_json(form, lambda found, key=key: choice_of(found, key).append(offered))
    copy.translate(MODELS_IN_ENGLISH, label, "Conforms in part, as offered")


def verdict(kind: str) -> dict[str, Any]:
    """An entry of the file of verdicts."""
    return {
        "verdict": "conforms_in_part",
        "kind": kind,
        "name": {"en": "Conforms in part", "id": "Sesuai sebagian"},
        "mailed": {"en": "conforms in part", "id": "sesuai sebagian"},
        "in_timeline": {"en": "Verdict: conforms in part", "id": "Hasil: sesuai sebagian"},
    }


def code(files: set[str]) -> set[str]:
    """Those that are no catalogue."""
    return {one for one in files if not one.endswith(CATALOGUES)}


def test_a_new_verdict_of_a_known_kind_touches_no_python_file(copy: Copy) -> None:
    add_verdict(copy, "returned")
    # The form asks for the date by which the work is corrected where a verdict returns it.
    copy.replace(
        "processes/follow_up/evaluate.form",
        r'"=verdict != \"not_yet_conforms\""',
        r'"=verdict != \"not_yet_conforms\" and verdict != \"conforms_in_part\""',
    )
    copy.run("tests.web.docs.state_pages")
    copy.play(
        "tests/world/changes/played_verdict.py", "tests/processes/register/test_verdicts.py",
        "tests/web/docs/test_state_pages.py", "tests/web/words/test_translations.py",
    )  # fmt: skip
    touched = copy.touched()
    assert not any(one.endswith(".py") for one in touched)
    assert touched == {VERDICTS, *FORMS, MODELS_IN_ENGLISH}


def test_a_new_kind_of_verdict_touches_four_files_beside_the_catalogues(copy: Copy) -> None:
    """It leads back to the work, where the diagram sends what it knows no other way for."""
    add_verdict(copy, "partial")
    copy.replace(
        STATES,
        "    @property\n    def sends_back",
        '    PARTIAL = "partial", "late", say("Accepted in part")\n\n'
        "    @property\n    def sends_back",
    )
    copy.replace(
        STATES,
        "    _by(VerdictKind.EMPTY, ",
        "    _by(VerdictKind.PARTIAL, Stage.IMPLEMENT, Stage.EVALUATE),\n"
        "    _by(VerdictKind.EMPTY, ",
    )
    copy.translate(SENTENCES_IN_INDONESIAN, "Accepted in part", "Diterima sebagian")
    copy.run("tests.web.docs.state_pages")
    copy.play(
        "tests/world/changes/played_verdict.py", "tests/processes/register/test_verdicts.py",
        "tests/processes/register/test_states.py", "tests/web/docs/test_state_pages.py",
        "tests/web/words/test_translations.py",
    )  # fmt: skip
    assert code(copy.touched()) == {STATES, VERDICTS, *FORMS}


def test_a_new_field_of_the_report_touches_six_files(copy: Copy) -> None:
    label, last = "Jumlah halaman", newest_migration(copy)
    field = {
        "label": label, "type": "number", "id": "field_pages", "key": "pages",
        "layout": {"row": "row_pages", "columns": None}, "decimalDigits": 0,
    }  # fmt: skip
    report = "processes/follow_up/report.form"
    copy.rewrite_json(report, lambda found: siblings_of(found, "summary").append(field))
    copy.translate(MODELS_IN_ENGLISH, label, "Number of pages")
    reports = "processes/storage/tables/reports.py"
    copy.replace(reports, '    Column("at", ', '    Column("pages", Integer),\n    Column("at", ')
    copy.replace(reports, "\n\n\nreports =", "\n    pages: int | None = None\n\n\nreports =")
    migration = f"{VERSIONS}/{int(last) + 1:04d}_pages_of_a_report.py"
    (copy.root / migration).write_text(MIGRATION.format(next=f"{int(last) + 1:04d}", last=last))
    handlers = "processes/follow_up/handlers.py"
    copy.replace(
        handlers,
        '        summary=form.required("summary"),\n',
        '        summary=form.required("summary"),\n'
        '        pages=form.whole("pages", 1, 10_000) if form.text("pages") else None,\n',
    )
    shown = "web/templates/parts/report.html"
    copy.replace(
        shown,
        "{%- endmacro %}",
        '{% if report.pages %}<div><dt>{{ "Jumlah halaman"|model_text }}</dt>'
        "<dd>{{ report.pages|number }}</dd></div>{% endif %}\n{%- endmacro %}",
    )
    copy.play(
        "tests/world/changes/played_field.py", "tests/test_migrations.py",
        "tests/web/words/test_translations.py",
    )  # fmt: skip
    assert copy.touched() == {report, MODELS_IN_ENGLISH, reports, migration, handlers, shown}


def newest_migration(copy: Copy) -> str:
    """The number of the newest migration of the register."""
    return max(file.name[:4] for file in (copy.root / VERSIONS).glob("[0-9]*.py"))
