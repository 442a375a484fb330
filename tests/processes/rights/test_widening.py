"""Rights that one administrator may give alone: none beyond the ordinary, and not the right to give
rights.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.grants import granted
from processes.rights.widening import NOTHING, Rights, alone, guarded, needs_second, rights_from
from processes.storage.people.users import Grants, Membership
from processes.storage.tables.people import MEMBERSHIPS, RANKS, ROLES

COORDINATOR = granted("coordinator")
CONTACT = granted(contact_of="kemhan")
RIGHTS = st.builds(
    Rights,
    st.sampled_from(CLASSIFICATIONS),
    st.builds(
        Grants,
        st.fixed_dictionaries(
            {},
            optional={
                role: st.sampled_from((None, *RANKS)) if role == "supervisor" else st.none()
                for role in ROLES
            },
        ),
        st.frozensets(
            st.builds(Membership, st.sampled_from(("kemhan", "tni")), st.sampled_from(MEMBERSHIPS))
        ),
    ),
)


@pytest.mark.parametrize(
    ("before", "after", "second"),
    [
        (NOTHING, Rights("ordinary", granted("supervisor", rank="menko")), False),
        (NOTHING, Rights("ordinary", granted(head_of="kemhan")), False),
        (NOTHING, Rights("restricted", granted()), True),
        (NOTHING, Rights("ordinary", granted("admin")), True),
        (Rights("secret", COORDINATOR), Rights("top_secret", COORDINATOR), True),
        (Rights("secret", COORDINATOR), Rights("restricted", COORDINATOR), False),
        (Rights("secret", granted()), Rights("secret", COORDINATOR), True),
        (Rights("secret", granted()), Rights("secret", CONTACT), True),
        (Rights("secret", CONTACT), Rights("secret", granted(contact_of="tni")), True),
        (Rights("secret", CONTACT), Rights("secret", granted(head_of="kemhan")), True),
        (Rights("secret", CONTACT), Rights("secret", granted()), False),
        (Rights("secret", CONTACT), Rights("ordinary", granted("coordinator")), False),
        (Rights("ordinary", granted("admin")), Rights("ordinary", granted("admin")), False),
        (Rights("ordinary", granted("admin")), Rights("ordinary", granted()), False),
        (
            Rights("secret", granted("supervisor", rank="asdep")),
            Rights("secret", granted("supervisor", rank="deputi")),
            True,
        ),
        (
            Rights("secret", granted("supervisor", rank="deputi")),
            Rights("secret", granted("supervisor", rank="asdep")),
            False,
        ),
    ],
)
def test_a_second_one_is_needed_where_somebody_sees_more_beyond_the_ordinary(
    before: Rights, after: Rights, second: bool
) -> None:
    assert needs_second(before, after) is second


@given(RIGHTS)
def test_the_part_given_alone_needs_nobody_and_taking_everything_away_needs_nobody(
    rights: Rights,
) -> None:
    assert not guarded(alone(rights))
    assert not needs_second(rights, rights)
    assert not needs_second(rights, NOTHING)
    assert rights_from(rights.written()) == rights


@given(RIGHTS, RIGHTS, RIGHTS)
def test_what_is_given_in_two_steps_alone_could_be_given_in_one(
    first: Rights, middle: Rights, last: Rights
) -> None:
    """No detour of one administrator leads where the straight way needs two."""
    if not needs_second(first, middle) and not needs_second(middle, last):
        assert not needs_second(first, last)
