"""Posts that can be stood in for, and who stands in: what is asked before anybody is named.

Owns whose post it is, who can stand in, and the words of both. The acts are
`processes.people.stand_ins`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import Forbidden, NotFound
from engine.sentences.sentence import Sentence, say
from processes.notices.texts.stand_in_letters import Standing
from processes.register.posts import SUPERVISOR
from processes.rights import groups
from processes.rights.access import Scope, may
from processes.storage.people import institutions, stand_ins, users
from processes.storage.people.stand_ins import StandIn
from processes.storage.people.users import Grants, Membership, User


def administers(scope: Scope) -> bool:
    """Whether they may name and end any stand-in."""
    return "admin" in scope.roles


def allowed(connection: Connection, scope: Scope, post: str, holder_id: UUID | None) -> str | None:
    """The rank of the post. Raises `Forbidden`, and `NotFound` for a post that nobody has or, but
    for an administrator, that is not one's own."""
    may(scope, "name_stand_in")
    if not administers(scope) and holder_id != scope.user_id:
        raise NotFound(say("There is no such post."))
    if holder_id is None:
        if part_of(post) is None or not institutions.known_codes(
            connection, groups.institutions([post])
        ):
            raise NotFound(say("There is no such post."))
        return None
    grants = users.grants_of(connection, [holder_id])[holder_id]
    if post not in posts_of(grants):
        raise NotFound(say("There is no such post."))
    return grants.roles.get(post)


def posts_of(grants: Grants) -> list[str]:
    """The posts somebody has of their own, by group."""
    headed = sorted(m.institution_code for m in grants.memberships if m.role == "head")
    return [*([SUPERVISOR] if SUPERVISOR in grants.roles else []), *map(groups.of_heads, headed)]


def part_of(post: str) -> Membership | None:
    """The part in an institution that a post is; None: it is a role."""
    found = groups.parse(post)
    return Membership(found.code, found.role) if found and found.role == "head" else None


def eligible(
    connection: Connection, post: str, rank: str | None, holder: UUID | None
) -> list[User]:
    """Who can stand in, by name: of the same institution; for a supervisor, supervisors of another
    rank and coordinators. Never who has the post already."""
    part = part_of(post)
    if part is None:
        found = users.holding_any(connection, (SUPERVISOR, "coordinator"))
        having = users.holding_role(connection, SUPERVISOR, rank)
    else:
        people = users.people_of(connection, part.institution_code)
        found, having = people["contact"], people["head"]
    having_it = {holder, *(one.id for one in having)}
    return sorted((one for one in found if one.id not in having_it), key=lambda one: one.name)


@dataclass(frozen=True, slots=True)
class Shown:
    """A stand-in that has not ended, in words. `ends`: whether its reader may end it."""

    row: StandIn
    words: Standing
    ends: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """For the form: the post in words, whose it is, and who can stand in."""

    post: Sentence
    holder: User | None
    people: Sequence[User]


def choice(connection: Connection, scope: Scope, post: str, holder_id: UUID | None) -> Choice:
    """What can be chosen for this post. Raises `Forbidden`, `NotFound`."""
    rank = allowed(connection, scope, post, holder_id)
    holder = users.by_ids(connection, [holder_id]).get(holder_id) if holder_id else None
    names = names_of(connection, [post])
    return Choice(
        post_words(post, rank, names), holder, eligible(connection, post, rank, holder_id)
    )


@dataclass(frozen=True, slots=True)
class Own:
    """The reader's own posts with their words, and the stand-ins that concern the reader."""

    posts: Sequence[tuple[str, Sentence]]
    stand_ins: Sequence[Shown]


def own(connection: Connection, scope: Scope, names: Mapping[str, str]) -> Own:
    """What the reader's own page says of posts. `names`: the short names of the reader's
    institutions."""
    rows = stand_ins.about(connection, scope.user_id)
    posts = list[tuple[str, Sentence]]()
    if SUPERVISOR in scope.roles or scope.headed:
        grants = users.grants_of(connection, [scope.user_id])[scope.user_id]
        posts = [
            (post, post_words(post, grants.roles.get(post), names)) for post in posts_of(grants)
        ]
    return Own(posts, _shown(connection, scope, rows, names))


def of_user(connection: Connection, scope: Scope, user_id: UUID) -> list[Shown]:
    """Those of an account, for an administrator. Raises `Forbidden`."""
    may(scope, "read_users")
    return _shown(connection, scope, stand_ins.about(connection, user_id))


def of_institution(connection: Connection, scope: Scope, code: str) -> list[Shown]:
    """Those of the head of an institution. Raises `Forbidden`."""
    may(scope, "read_institutions")
    return _shown(connection, scope, stand_ins.of_post(connection, groups.of_heads(code)))


def one(connection: Connection, scope: Scope, id: UUID) -> Shown:
    """One of them, for whoever ends it. Raises `NotFound`, `Forbidden`."""
    may(scope, "name_stand_in")
    [found] = _shown(connection, scope, [known(connection, id)])
    if not found.ends:
        raise Forbidden(say("Who named the stand-in ends it, or an administrator."))
    return found


def _shown(
    connection: Connection,
    scope: Scope,
    found: Sequence[StandIn],
    names: Mapping[str, str] | None = None,
) -> list[Shown]:
    words = standings(connection, found, names or {})
    return [Shown(row, words[row.id], may_end(scope, row)) for row in found]


def may_end(scope: Scope, row: StandIn) -> bool:
    """Who named it ends it, whose post it is, or an administrator."""
    mine = row.named_by == scope.username or row.holder_id == scope.user_id
    return administers(scope) or mine


def names_of(
    connection: Connection, posts: Iterable[str], known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The short names of the institutions of these posts, beside those that are known."""
    names = dict(known or {})
    wanted = groups.institutions(posts) - names.keys()
    return names | (institutions.short_names(connection, wanted) if wanted else {})


def post_words(post: str, rank: str | None, names: Mapping[str, str]) -> Sentence:
    """A post as people call it. `names`: of its institution at least (`names_of`)."""
    if post == SUPERVISOR:
        return say("supervisor ({rank})", rank=(rank or "-").capitalize())
    here = [names[code] for code in groups.institutions([post])]
    return say("head of {institution}", institution=", ".join(here))


def standing(connection: Connection, row: StandIn) -> Standing:
    """A stand-in in words."""
    return standings(connection, [row], {})[row.id]


def standings(
    connection: Connection, rows: Sequence[StandIn], known: Mapping[str, str]
) -> dict[UUID, Standing]:
    """Stand-ins in words: two statements at most, however many they are."""
    if not rows:
        return {}
    names = names_of(connection, [row.post for row in rows], known)
    ids = {id for row in rows for id in (row.holder_id, row.deputy_id) if id}
    people = {id: one.name for id, one in users.by_ids(connection, list(ids)).items()}
    return {
        row.id: Standing(
            post=post_words(row.post, row.rank, names),
            sign=row.kind.in_timeline,
            deputy=people[row.deputy_id] if row.deputy_id else "",
            holder=people[row.holder_id] if row.holder_id else "",
            from_day=row.from_day,
            to_day=row.to_day,
            letter=row.letter,
            reason=row.reason,
        )
        for row in rows
    }


def known(connection: Connection, id: UUID) -> StandIn:
    """One of them. Raises `NotFound`."""
    found = stand_ins.find(connection, id)
    if found is None:
        raise NotFound(say("There is no such stand-in."))
    return found
