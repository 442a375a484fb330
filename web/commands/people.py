"""`tindak user` and `tindak token`: accounts from the console, for the first administrator and
for a product without SMTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, get_args

import click

from engine.errors import NotFound
from engine.words import say
from processes import accounts, confirming, invitations, leaving, tokens
from processes.access import operator, scope_of
from processes.accounts import NewUser
from processes.service import Service
from processes.storage import users
from processes.storage.users import Grants, Membership, User
from processes.vocabulary import CLASSIFICATIONS
from web.composition import service_from_environment

Kind = Literal["read", "act"]


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--post", default="", help="Post of the person.")
@click.option("--email", default="", help="Address for mails.")
@click.option(
    "--role", "roles", multiple=True, help="coordinator, supervisor, process-owner, admin."
)
@click.option("--rank", help="Of a supervisor: asdep, deputi or menko.")
@click.option("--contact", "contacts", multiple=True, help="Code of an institution served.")
@click.option("--head", "heads", multiple=True, help="Code of an institution headed.")
@click.option("--clearance", default="ordinary", type=click.Choice(CLASSIFICATIONS))
def add(
    username: str,
    name: str,
    post: str,
    email: str,
    roles: tuple[str, ...],
    rank: str | None,
    contacts: tuple[str, ...],
    heads: tuple[str, ...],
    clearance: str,
) -> None:
    """Create an account and print its invitation link (24 hours, used once)."""
    grants = Grants(
        roles={role: rank if role == "supervisor" else None for role in roles},
        memberships=frozenset(
            {Membership(code, "contact") for code in contacts}
            | {Membership(code, "head") for code in heads}
        ),
    )
    new = NewUser(username, name, post, email, clearance, grants)
    with service_from_environment() as service, service.transaction() as connection:
        now = service.engine.real_now_on(connection)
        user_id = accounts.create(connection, operator(), new, now=now)
        invitation = invitations.invite(connection, operator(), user_id, now=now)
        click.echo(address(service, invitation.key))


@user.command()
@click.argument("username")
def link(username: str) -> None:
    """Print a new single-use link by which USERNAME chooses a password (24 hours)."""
    with service_from_environment() as service, service.transaction() as connection:
        person = _person(service, username)
        now = service.engine.real_now_on(connection)
        invitation = invitations.invite(connection, operator(), person.id, now=now)
        click.echo(address(service, invitation.key))


@user.command()
@click.argument("username")
def deactivate(username: str) -> None:
    """Close an account, end its sessions and give its tasks back."""
    with service_from_environment() as service:
        leaving.close_account(service, operator(), _person(service, username).id)


@click.group()
def token() -> None:
    """Bearer tokens for programs."""


@token.command("create")
@click.argument("username")
@click.option("--name", required=True, help="Which program uses it.")
@click.option("--kind", default="read", type=click.Choice(get_args(Kind)))
@click.option("--days", default=90, type=click.IntRange(1, 366))
def create_token(username: str, name: str, kind: Kind, days: int) -> None:
    """Print a new token of USERNAME. It is shown once."""
    with service_from_environment() as service, service.transaction() as connection:
        person = _person(service, username)
        now = service.engine.real_now_on(connection)
        scope = confirming.vouched(connection, scope_of(connection, person.id))
        lasts = timedelta(days=days)
        click.echo(tokens.create(connection, scope, name=name, kind=kind, lasts=lasts, now=now))


def address(service: Service, key: str) -> str:
    """Where an invitation or reset link leads."""
    return service.options.base_url + invitations.path(key)


def _person(service: Service, username: str) -> User:
    with service.reading() as connection:
        found = users.by_username(connection, username)
    if found is None:
        raise NotFound(say("There is no such account."))
    return found
