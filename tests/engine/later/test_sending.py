"""Network work is leased, sent without a transaction, and tried again; after too many failures it
is a dead letter.
"""

from __future__ import annotations

from engine import NotFound
from engine.later.retries import MOST_ATTEMPTS
from engine.sentences.sentence import Sentence, say
from engine.storage.later import jobs
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.later.test_scheduler import Post, mail
from tests.engine.models_of_tests import RECORDED, only_task


def test_a_mail_that_fails_is_tried_again_later(open_engine: Open, clock: ManualClock) -> None:
    post = Post(failures=1)
    engine = open_engine({"record": mail}, senders={"mail": post})
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")

    assert engine.run_due() == 0
    assert post.log == ["failed nobody there"]
    assert engine.run_due() == 0
    clock.advance(minutes=1)
    assert engine.run_due() == 1
    assert post.log[-2:] == ["send {'to': 'ani'}", "sent"]


def test_a_hopeless_mail_becomes_a_dead_letter_that_an_operator_revives(
    open_engine: Open, clock: ManualClock
) -> None:
    post = Post(failures=MOST_ATTEMPTS)
    engine = open_engine({"record": mail}, senders={"mail": post})
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")
    for _ in range(MOST_ATTEMPTS + 2):
        engine.run_due()
        clock.advance(hours=12)

    assert len(post.log) == MOST_ATTEMPTS
    with engine.reading() as connection:
        (dead,) = jobs.dead(connection)
    assert (dead.kind, dead.attempts) == ("mail", MOST_ATTEMPTS)
    assert dead.error == say("It could not be sent: {answer}", answer="nobody there")

    with engine.transaction() as connection:
        assert jobs.revive(connection, dead.id, clock.now)
    assert engine.run_due() == 1
    assert post.log[-1] == "sent"


def dead_letter_of(open_engine: Open, clock: ManualClock, error: Exception) -> Sentence:
    """What is kept of a mail whose preparing fails so until it is given up."""

    class Broken(Post):
        def prepare(self, connection: object, payload: object) -> object:
            raise error

    engine = open_engine({"record": mail}, senders={"mail": Broken()})
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")
    for _ in range(MOST_ATTEMPTS + 2):
        engine.run_due()
        clock.advance(hours=12)
    with engine.reading() as connection:
        (dead,) = jobs.dead(connection)
    assert dead.error is not None
    return dead.error


def test_what_somebody_can_act_on_is_kept_to_be_translated(
    open_engine: Open, clock: ManualClock
) -> None:
    error = NotFound(say("There is no process {key}.", key="gone"))
    assert dead_letter_of(open_engine, clock, error) == error.sentence


def test_a_defect_of_ours_is_kept_without_its_own_words(
    open_engine: Open, clock: ManualClock
) -> None:
    kept = str(dead_letter_of(open_engine, clock, RuntimeError("list index")))
    assert "RuntimeError" not in kept
    assert "list index" not in kept


def test_a_mail_another_worker_has_is_not_sent_twice(open_engine: Open, clock: ManualClock) -> None:
    other: list[int] = []

    class Slow(Post):
        def send(self, prepared: object) -> None:
            other.append(elsewhere.run_due())
            super().send(prepared)

    post = Slow()
    engine = open_engine({"record": mail}, senders={"mail": post})
    elsewhere = open_engine({"record": mail}, senders={"mail": post})
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")
    assert engine.run_due() == 1
    assert other == [0]
    assert post.log == ["send {'to': 'ani'}", "sent"]
