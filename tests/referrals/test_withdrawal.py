"""A family takes its consent back: what stops at once, what is erased when, and what is left."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, select

from portal.accounts import guests
from portal.core import clock as portal_clock
from portal.core.audit import AuditEvent, broken_links
from portal.core.db import Model, db
from portal.core.documents import Document
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMessage
from portal.directory.reference import load_reference
from portal.referrals import (
    attachments,
    family_door,
    family_requests,
    follow,
    messages,
    notes,
    withdrawal,
)
from portal.referrals.consents import Said, current, history
from portal.referrals.models import Family, Match, Referral, ReferralEvent, Status
from portal.referrals.submission import submit
from portal.referrals.trajectory import closing
from portal.referrals.trajectory.closing import Closing
from tests import make
from tests.accounts import make_guest
from tests.accounts.make_guest import at_work, mails_to
from tests.browser import Browser, Page
from tests.core.files import PNG
from tests.referrals.conftest import World, build_world
from tests.referrals.make_referral import moved_to, submission, submitted
from tests.test_canary import _raw_database as raw_database


def said(**other: Any) -> Said:
    known = {"given_by": "mother", "given_on": portal_clock.today(), "manner": "phone"}
    return Said(**{**known, "language": "tr", "text_version": "2026-11", **other})


def full(world: World, phone: str = "0470 12 34 56", last_name: str = "Şahin") -> Referral:
    """A family with something in every table: matched, written about, with files and a letter."""
    identity = {"phone": phone, "last_name": last_name}
    referral = submitted(world.branch, world.referrer, identity=identity)
    moved_to(referral, Status.RUNNING, world.coordinator)
    follow.correct_contact(
        world.coordinator, referral, phone=phone, email="", street="Kerkstraat 1",
        note="Verhuisde.",
    )  # fmt: skip
    messages.write(world.referrer, referral, "Hoe gaat het met Nadia?")
    notes.add(world.coordinator, referral, "Belt liefst niet.")
    attachments.add(world.coordinator, referral, PNG, "tekening.png")
    family_door.new_code(world.coordinator, referral)
    family_requests.ask(referral, family_requests.RequestKind.COPY, "Graag.")
    db.session.commit()
    return referral


@pytest.fixture
def referral(world: World) -> Referral:
    return full(world)


@pytest.fixture
def hilde(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


def show(browser: Browser, referral: Referral) -> Page:
    return browser.get("referrals.show", reference=referral.reference)


def withdrawn(referral: Referral, **other: Any) -> Referral:
    withdrawal.withdraw(None, referral, said(given_by="self", manner="online", **other))
    db.session.commit()
    return referral


def test_the_coordinator_notes_a_withdrawal_and_reads_what_is_to_be_done(
    hilde: Browser, world: World, referral: Referral
) -> None:
    place = {"reference": referral.reference}
    page = hilde.get("referrals.withdraw_consent", **place)
    answer = hilde.submit(
        page,
        "referrals.withdraw_consent",
        {
            "given_by": "mother",
            "manner": "phone",
            "given_on": portal_clock.today().isoformat(),
            "language": "tr",
            "note": "Marleen opbellen.",
        },
        **place,
    )
    page = hilde.follow(answer)
    assert "Het gezin trok zijn toestemming in op" in page.text
    assert "Marleen" in page.text, "the volunteer to be told, and the note of it"
    assert "Nadia Şahin" in page.text, "whom to call"
    for gone in ("adem komen", "psychische", "Verhuisde.", "Graag."):
        assert gone not in page.text
    db.session.refresh(referral)
    assert (referral.status, referral.shared) == (Status.WITHDRAWN, False)
    assert referral.consent is not None
    assert referral.consent.withdrawn_at is not None
    assert {one.answer for one in current(history(referral)).values()} == {"no", "none"}


def test_the_referrer_sees_at_once_that_it_was_handled_and_nothing_else(
    browser: Browser, world: World, referral: Referral
) -> None:
    els = browser.sign_in(world.referrer_account)
    assert "Nadia" in show(els, referral).text
    before = len(mails_to(world.referrer_account.email))
    withdrawn(referral)
    page = show(els, referral)
    assert "Afgehandeld" in page.text
    for gone in ("Nadia", "Şahin", "0470", "toestemming", "Lopend traject", "Marleen"):
        assert gone not in page.text
    listed = els.get("referrals.index")
    assert referral.reference in listed.text
    assert "N.Ş." not in listed.text
    place = {"reference": referral.reference}
    for endpoint in ("referrals.messages", "referrals.attachments", "referrals.letter"):
        assert els.get(endpoint, **place).status == 404
    found = els.get("referrals.search", q="Nadia Şahin")
    assert referral.reference not in found.text
    assert len(mails_to(world.referrer_account.email)) == before, "no mail"
    for form in ("csv", "xlsx"):
        assert "Şahin".encode() not in els.send("GET", f"/verwijzingen/?formaat={form}").data


def test_the_link_of_a_guest_shows_no_family_any_more(browser: Browser, world: World) -> None:
    guest = make_guest.guest("lien@wieg.example")
    referral = submitted(world.branch, guests.actor_of(guest))
    visit = at_work(browser, guest)
    assert "Nadia" in show(visit, referral).text
    withdrawn(referral)
    page = show(visit, referral)
    assert page.status == 200
    assert "Nadia" not in page.text


def test_the_coordinators_are_told_without_a_word_of_the_family(
    world: World, referral: Referral
) -> None:
    withdrawn(referral)
    told = mails_to(world.coordinator_account.email)[-1]
    assert told["subject"].endswith("het gezin trekt zijn toestemming in")
    assert "Nadia" not in str(told)


def test_what_it_told_goes_at_once_and_the_rest_when_the_plan_says(
    world: World, referral: Referral, clock: Any
) -> None:
    withdrawn(referral)
    family = referral.family
    assert family is not None
    assert family.identity["first_name"] == "Nadia"
    assert (family.situation["question"], family.health) == ("", [])
    for model in (messages.Message, notes.BranchNote, attachments.Attachment):
        assert make.number_of(model) == 0
    assert make.only(Match).volunteer_name == "Marleen"
    clock.shift(timedelta(days=6))
    assert withdrawal.carry_out() == 0
    clock.shift(timedelta(days=1))
    assert withdrawal.carry_out() == 1
    assert withdrawal.carry_out() == 0, "once"
    db.session.commit()
    assert make.number_of(Family) == 0
    assert make.only(Match).volunteer_name is None
    assert make.only(Referral).reference == referral.reference, "the count stays"


def test_the_coordinator_erases_without_waiting(hilde: Browser, referral: Referral) -> None:
    place = {"reference": referral.reference}
    assert hilde.get("referrals.erase", **place).status == 302, "there is no plan"
    assert hilde.post("referrals.erase", reference=referral.reference).status == 404
    withdrawn(referral)
    page = hilde.get("referrals.erase", **place)
    done = hilde.follow(hilde.submit(page, "referrals.erase", {}, **place))
    assert "Alles van dit gezin is gewist." in done.text
    assert "De gegevens van dit gezin zijn gewist" in done.text
    assert "Nadia" not in done.text


def test_the_parent_stops_on_her_own_page_in_two_steps(browser: Browser, world: World) -> None:
    referral = full(world)
    code, _until = family_door.new_code(world.coordinator, referral)
    db.session.commit()
    page = browser.get("referrals.family_door")
    browser.submit(page, "referrals.family_door", {"code": code, "answer": "3456"})
    page = browser.get("referrals.family_stop")
    assert "Wil je stoppen?" in page.heading
    db.session.refresh(referral)
    assert referral.shared, "looking stops nothing"
    page = browser.submit(page, "referrals.family_stop", {})
    assert page.heading == "Het is gestopt"
    db.session.refresh(referral)
    assert not referral.shared
    assert browser.get("referrals.family_page").status == 303, "the page is closed"


def test_nobody_writes_to_the_referrer_any_more(
    hilde: Browser, world: World, referral: Referral
) -> None:
    withdrawn(referral)
    assert "Zeg de vrijwilliger en de afspraken met dit gezin af." in show(hilde, referral).text
    with pytest.raises(DomainError, match="niets meer over gedeeld"):
        messages.write(world.coordinator, referral, "Weet je dat ze stoppen?")


def test_it_is_withdrawn_once(world: World, referral: Referral) -> None:
    withdrawn(referral)
    with pytest.raises(DomainError, match="al ingetrokken"):
        withdrawal.withdraw(world.coordinator, referral, said())


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.DECLINED])
def test_what_ended_keeps_its_ending(world: World, status: Status) -> None:
    referral = submitted(world.branch, world.referrer)
    moved_to(referral, status, world.coordinator)
    withdrawn(referral)
    assert referral.status == status
    assert not referral.shared


def test_a_family_on_the_list_of_the_unserved_is_erased_at_once(world: World) -> None:
    own = submission(
        nis="11002",
        postcode="2000",
        consent={"given_by": "self", "manner": "online", "kept_when_unserved": True},
        identity={"email": "nadia@familie.example"},
    )
    referral = submit(None, own)
    db.session.commit()
    assert referral.status == Status.NOT_SERVED
    assert mails_to("nadia@familie.example")
    withdrawn(referral)
    assert make.number_of(Family) == 0
    assert mails_to("nadia@familie.example") == [], "the mails to her are gone too"


@pytest.mark.parametrize(("status", "kept_days"), [(Status.DECLINED, 180), (Status.WITHDRAWN, 180)])
def test_who_was_not_helped_is_forgotten_when_the_text_promises(
    world: World, clock: Any, status: Status, kept_days: int
) -> None:
    # From noon on: summer time would else make a day of an evening in winter begin too early.
    clock.move_to(datetime.combine(portal_clock.today() + timedelta(days=1), time(12), UTC))
    referral = moved_to(submitted(world.branch, world.referrer), status, world.coordinator)
    clock.shift(timedelta(days=kept_days - 1))
    assert withdrawal.keep_terms() == 0
    clock.shift(timedelta(days=1))
    assert withdrawal.keep_terms() == 1
    assert withdrawal.keep_terms() == 0
    assert referral.family is None


def test_after_a_trajectory_what_was_told_goes_in_a_year_and_the_rest_in_five(
    world: World, clock: Any
) -> None:
    referral = full(world)
    done = Closing(portal_clock.today(), "moved", "Verhuisd.")
    closing.complete(world.coordinator, referral, done)
    db.session.commit()
    clock.shift(timedelta(days=364))
    assert withdrawal.keep_terms() == 0
    clock.shift(timedelta(days=1))
    assert withdrawal.keep_terms() == 1
    assert withdrawal.keep_terms() == 0, "once"
    assert referral.family is not None
    assert referral.family.situation["question"] == ""
    assert make.number_of(messages.Message) == 0
    clock.shift(timedelta(days=1826 - 366))
    assert withdrawal.keep_terms() == 0
    clock.shift(timedelta(days=1))
    assert withdrawal.keep_terms() == 1
    assert make.number_of(Family) == 0


def test_a_running_trajectory_is_never_forgotten(
    world: World, referral: Referral, clock: Any
) -> None:
    clock.shift(timedelta(days=4000))
    assert withdrawal.keep_terms() == 0
    assert referral.family is not None


def _pointing_at(target: str) -> list[Any]:
    return [
        pointer
        for table in db.metadata.sorted_tables
        for pointer in table.foreign_keys
        if pointer.target_fullname == target
    ]


def test_every_table_on_a_family_goes_with_it() -> None:
    """What hangs on the family, and what hangs on that, cascades in the database itself."""
    reached, frontier = set(), ["referral_family.id"]
    while frontier:
        for pointer in _pointing_at(frontier.pop()):
            table = pointer.parent.table
            nullable = pointer.ondelete == "SET NULL" and pointer.parent.nullable
            assert pointer.ondelete == "CASCADE" or nullable, f"{table.name}.{pointer.parent.name}"
            if table.name not in reached:
                reached.add(table.name)
                frontier.append(f"{table.name}.id")
    assert len(reached) >= 8


def test_a_table_on_a_referral_holds_no_open_text_that_would_outlive_the_family() -> None:
    """Text about a family is sealed; a sealed column on a referral is emptied with the family."""
    from sqlalchemy import Enum, String

    codes = {"reason", "action", "before", "after", "text_version", "given_by", "manner", "side"}
    codes |= {"language", "answer", "reference", "postcode", "municipality_nis", "referrer_kind"}
    for pointer in _pointing_at("referral.id"):
        table = pointer.parent.table
        if any(one.target_fullname == "referral_family.id" for one in table.foreign_keys):
            continue
        for column in table.columns:
            if isinstance(column.type, String) and not isinstance(column.type, Enum):
                length = column.type.length or 10_000
                assert column.name in codes or length <= 20, f"{table.name}.{column.name}"


def _sealed_bytes(family_id: int, referral_id: int) -> list[bytes]:
    """Every sealed value that is about a family, as it stands in the database."""
    found = []
    for mapper in Model.registry.mappers:
        table: Any = mapper.local_table
        mine = [
            column == (family_id if column.references(Family.__table__.c.id) else referral_id)
            for column in table.columns
            if column.references(Family.__table__.c.id)
            or (column.references(Referral.__table__.c.id))
        ]
        if table.name == "referral_family":
            mine = [table.c.id == family_id]
        for column in table.columns:
            if mine and isinstance(column.type, LargeBinary):
                found += [bytes(v) for v in db.session.scalars(select(column).where(*mine)) if v]
    return found


def test_no_byte_of_a_family_is_left_in_file_log_store_or_outbox(live_app: Flask) -> None:
    """Not the names, which were sealed anyway: the very ciphertexts, marks, codes and documents."""
    with live_app.app_context():
        load_reference(db.session())
        db.session.commit()
        world = build_world()
        referral = full(world)
        kept = full(world, "0499 88 77 66", "Peeters")
        assert referral.family is not None
        assert kept.family is not None
        sealed = _sealed_bytes(referral.family.id, referral.id)
        others = _sealed_bytes(kept.family.id, kept.id)
        names = {d.digest.hex()[2:] for d in db.session.scalars(select(Document))}
        assert len(sealed) > 15
        db.session.commit()
        withdrawn(referral)
        withdrawal.erase_now(world.coordinator, referral)
        db.session.commit()
        db.session.remove()
        raw = raw_database(live_app)
        assert [one for one in sealed if one in raw] == []
        assert all(one in raw for one in others), "another family keeps everything"
        store = Path(live_app.config["STORE"])
        left = [f for f in store.rglob("*") if f.is_file() and f.name.split("-")[0] in names]
        assert len(left) == 3, "two receipts, which name nobody, and the file of the other"
        assert make.number_of(ReferralEvent) > 0
        assert list(broken_links()) == [], "the trail still holds: it never held a value"
        events = db.session.scalars(select(AuditEvent)).all()
        assert all("Nadia" not in str(e.fields) + e.object_id for e in events)
        mails = db.session.scalars(select(OutboxMessage)).all()
        assert all("Nadia" not in str(m.payload) + m.key + m.subject for m in mails)
