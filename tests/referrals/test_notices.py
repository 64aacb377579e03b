"""Who gets which mail, and that no mail or subject says anything about a family."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.core.permissions import Actor
from portal.referrals import follow
from portal.referrals.choices import Feedback
from portal.referrals.models import Referral
from portal.referrals.submission import submit
from portal.referrals.trajectory import closing
from portal.referrals.trajectory.closing import Closing
from tests import make
from tests.referrals.conftest import World
from tests.referrals.make_referral import submission, submitted

CANARY = "Kanariewoord"


def mails(to: str | None = None) -> list[OutboxMessage]:
    rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [row for row in rows if to is None or row.payload["to"] == to]


def since(before: list[OutboxMessage]) -> list[tuple[str, str]]:
    """Return (to, subject) of the mails written after those."""
    seen = {row.id for row in before}
    return [(row.payload["to"], row.subject) for row in mails() if row.id not in seen]


def test_a_new_referral_is_told_to_every_coordinator_and_to_its_referrer(world: World) -> None:
    second = make.coordinator(world.branch)
    left = make.coordinator(world.branch)
    left.ended_at = clock.now()
    make.coordinator(make.branch(["24062"]))
    make.referrer(world.organisation)
    referral = submitted(world.branch, world.referrer)
    assert sorted((m.payload["to"], m.subject) for m in mails()) == sorted(
        [
            (world.coordinator_account.email, f"Nieuwe verwijzing {referral.reference}"),
            (second.account.email, f"Nieuwe verwijzing {referral.reference}"),
            (
                world.referrer_account.email,
                f"Je verwijzing {referral.reference} is ontvangen",
            ),
        ]
    )
    [mail] = mails(world.coordinator_account.email)
    assert mail.payload["button_url"] == f"/verwijzingen/{referral.reference}"
    assert mail.payload["greeting"] == "Dag Hilde Claes,"


@pytest.mark.parametrize("hears", [True, False])
@pytest.mark.parametrize("level", list(Feedback))
def test_a_coordinator_reads_what_to_do_whatever_the_referrer_may_hear(
    world: World, level: Feedback, hears: bool
) -> None:
    submit(
        world.referrer,
        submission(consent={"feedback": level}, referrer={"wants_feedback": hears}),
    )
    db.session.commit()
    [to_branch] = mails(world.coordinator_account.email)
    assert to_branch.payload["paragraphs"][-1].startswith("Neem ten laatste op")
    [to_referrer] = mails(world.referrer_account.email)
    promised = "Je hoort van ons" in to_referrer.payload["paragraphs"][-1]
    assert promised == (hears and level != Feedback.NONE)


def _both_yes(who: Actor, referral: Referral, **_: Any) -> None:
    follow.propose_match(who, referral, CANARY, clock.today())
    follow.answer_match(who, referral, clock.today(), clock.today())


def _known_and_started(who: Actor, referral: Referral) -> None:
    follow.introduce(who, referral, clock.today())
    follow.start(who, referral, clock.today())


def test_each_step_tells_who_must_know_and_nobody_else(world: World) -> None:
    referral, who, today = submitted(world.branch, world.referrer), world.coordinator, clock.today()
    at, ref = world.referrer_account.email, referral.reference
    steps: list[tuple[Any, list[tuple[str, str]]]] = [
        (lambda: follow.record_contact(who, referral, today), []),
        (lambda: follow.plan_intake(who, referral, clock.now() + timedelta(days=1)), []),
        (
            lambda: follow.accept(who, referral, today),
            [(at, f"Verwijzing {ref}: intake gebeurd")],
        ),
        (lambda: follow.record_visit(who, referral, today), []),
        (lambda: _both_yes(who, referral), [(at, f"Verwijzing {ref}: er is een match")]),
        (
            lambda: _known_and_started(who, referral),
            [(at, f"Verwijzing {ref}: het traject is gestart")],
        ),
        (lambda: follow.end_match(who, referral, today, "practical"), []),
        (
            lambda: follow.withdraw(world.referrer, referral, "moved"),
            [
                (world.coordinator_account.email, f"Verwijzing {ref} is ingetrokken"),
                (at, f"Verwijzing {ref} is ingetrokken"),
            ],
        ),
    ]
    for step, told in steps:
        before = mails()
        step()
        db.session.commit()
        assert sorted(since(before)) == sorted(told)


@pytest.mark.parametrize("served", [True, False])
def test_no_mail_holds_a_word_about_the_family(world: World, served: bool) -> None:
    words = dict.fromkeys(("first_name", "last_name", "call_moment", "email"), CANARY)
    filled = submission(
        **({} if served else {"nis": "11002", "postcode": "2000"}),
        identity={**words, "phone": "0470 99 99 99"},
        situation={"question": CANARY, "strengths": CANARY},
        practical={"access": CANARY},
        consent={"kept_when_unserved": True},
    )
    referral = submit(world.referrer, filled)
    if served:
        follow.accept(world.coordinator, referral, clock.today(), CANARY, street=CANARY)
        _both_yes(world.coordinator, referral)
        _known_and_started(world.coordinator, referral)
        closing.complete(world.coordinator, referral, Closing(clock.today(), "moved", CANARY))
    else:
        follow.leave_list(world.referrer, referral)
    db.session.commit()
    told = mails()
    assert len(told) >= 2
    for mail in told:
        assert CANARY not in mail.subject + str(mail.payload)
        assert "0470" not in str(mail.payload)
        assert "{" not in mail.subject + "".join(mail.payload["paragraphs"])
        assert referral.reference in mail.subject


def test_a_decision_that_is_taken_back_mails_nobody(world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    before = mails()
    follow.decline(world.coordinator, referral, "other_offer")
    db.session.rollback()
    assert since(before) == []


def test_a_reader_gets_the_mail_in_her_own_language(world: World) -> None:
    world.referrer_account.locale = "en"
    db.session.commit()
    submitted(world.branch, world.referrer)
    [mail] = mails(world.referrer_account.email)
    assert mail.payload["locale"] == "en"
