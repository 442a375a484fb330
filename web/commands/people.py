"""`tindak user`, `tindak token` and `tindak service-account`: accounts from the console, for the
first administrator, for a product without SMTP, and for programs."""

from __future__ import annotations

import getpass
import json
from datetime import timedelta
from typing import Literal, get_args
from uuid import UUID

import click

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.acts.reading import opened
from processes.acts.service import Service
from processes.authentication import tokens
from processes.people import account_desk, accounts, approvals, leaving
from processes.people.accounts import NewUser
from processes.people.links import account_links
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import Scope, operator
from processes.storage.people import users
from processes.storage.people.users import Grants, Membership, User
from web.composition import service_from_environment
from web.words.admin_labels import RANKS
from web.words.labels import GROUPS

Kind = Literal["read", "act"]
MOST_LISTED = 200


@click.group()
def user() -> None:
    """Create, approve and close accounts."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--post", default="", help="Post of the person.")
@click.option("--email", default="", help="Address for mails.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(list(GROUPS)),
    help="May be given several times.",
)
@click.option("--rank", type=click.Choice(list(RANKS)), help="Of a supervisor.")
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
    """Create an account and print its invitation link. The link works for 24 hours, once."""
    grants = Grants(
        roles={role: rank if role == "supervisor" else None for role in roles},
        memberships=frozenset(
            {Membership(code, "contact") for code in contacts}
            | {Membership(code, "head") for code in heads}
        ),
    )
    new = NewUser(username, name, post, email, clearance, grants)
    with service_from_environment() as service:
        click.echo(account_links.show_new(service, console(), new).url)


@user.command()
@click.argument("username")
def link(username: str) -> None:
    """Print a link by which USERNAME chooses a password. It works for 24 hours, once."""
    with service_from_environment() as service:
        click.echo(account_links.show(service, console(), username).url)


@user.command()
@click.argument("username")
@click.option("--to", default=None, help="The colleague who gets its tasks; else they go back.")
def deactivate(username: str, to: str | None) -> None:
    """Close an account, end its sessions and hand its tasks over."""
    with service_from_environment() as service:
        leaving.close_account(service, console(), _person(service, username).id, to)


@user.command()
def requests() -> None:
    """List what waits for a second administrator."""
    with service_from_environment() as service, opened(service, console()) as at:
        found = approvals.page(
            at.connection, at.scope, waiting_at=at.real_now, limit=MOST_LISTED
        ).items
        people = accounts.several(at.connection, at.scope, {one.user_id for one in found})
        for one in found:
            person = people[one.user_id]
            click.echo(f"{one.id}  {one.act}  {person.username}  by {one.proposed_by}")
            for name in ("name", "before", "after", "rights"):
                if name in one.details:
                    click.echo(f"    {name}: {json.dumps(one.details[name])}")


@user.command()
@click.argument("request", type=click.UUID)
def approve(request: UUID) -> None:
    """Approve a REQUEST for a second administrator. A link that is shown once is printed."""
    with service_from_environment() as service:
        outcome = account_desk.approve(service, console(), request)
    if outcome.link and outcome.link.url:
        click.echo(outcome.link.url)


@user.command()
@click.argument("request", type=click.UUID)
@click.option("--reason", required=True, help="Why; whoever asked reads it.")
def refuse(request: UUID, reason: str) -> None:
    """Refuse a REQUEST."""
    with service_from_environment() as service:
        account_desk.refuse(service, console(), request, reason)


@click.group()
def token() -> None:
    """Make tokens for programs that act for an account."""


@token.command("create")
@click.argument("username")
@click.option("--name", required=True, help="Which program uses it.")
@click.option("--kind", default="read", type=click.Choice(get_args(Kind)))
@click.option("--days", default=90, type=click.IntRange(1, 366))
def create_token(username: str, name: str, kind: Kind, days: int) -> None:
    """Print a new token of USERNAME. It is shown once."""
    lasts = timedelta(days=days)
    with service_from_environment() as service:
        key = tokens.create_for(service, console(), username, name=name, kind=kind, lasts=lasts)
        click.echo(key)


@click.command("service-account")
@click.argument("username")
@click.option("--topic", "topics", multiple=True, required=True, help="What it works on.")
@click.option("--case-topic", "case_topics", multiple=True, help="Of these, in real cases too.")
@click.option("--name", default="", help="What the program does.")
@click.option("--days", default=90, type=click.IntRange(1, 366))
def service_account(
    username: str, topics: tuple[str, ...], case_topics: tuple[str, ...], name: str, days: int
) -> None:
    """Print a new token of the service account USERNAME. The account is made if there is none yet.
    Its program works on these topics; the token is shown once."""
    with service_from_environment() as service:
        made = account_desk.provide_service_token(
            service,
            console(),
            username,
            name=name or username,
            topics=topics,
            case_topics=case_topics,
            lasts=timedelta(days=days),
        )
        click.echo(made.key)


def console() -> Scope:
    """The operator's scope, under the name of the account on this machine. The name has a colon,
    which no account of the product has."""
    return operator(f"console:{getpass.getuser()}"[:60])


def _person(service: Service, username: str) -> User:
    with service.reading() as connection:
        found = users.by_username(connection, username)
    if found is None:
        raise NotFound(say("There is no such account."))
    return found
