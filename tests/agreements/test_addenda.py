"""Addenda: what they may change, what they leave be, who says yes, and what comes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.agreements import (
    addenda,
    addendum_checks,
    addendum_present,
    addendum_signing,
    addendum_talk,
    addendum_text,
    deadlines,
    following,
    in_force,
    promised,
)
from portal.agreements.addenda import Ground
from portal.agreements.models import (
    Addendum,
    AddendumStatus,
    Agreement,
    FileKind,
    RenewalOutcome,
    RenewalRound,
    Status,
)
from portal.agreements.terms import Place, Renewal, Share
from portal.core import clock as time
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from portal.directory.branches import branch_serving
from tests import make
from tests.agreements import make_addendum, make_living
from tests.agreements.make_negotiation import World
from tests.browser import Browser

JULY = date(2028, 7, 1)


@pytest.fixture
def spring(clock: Any) -> None:
    clock.move_to(datetime(2028, 4, 10, 9, tzinfo=UTC))


def _on(clock: Any, day: date) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def _said(addendum: Addendum) -> list[str]:
    return [one.message % dict(one.values) for one in addendum_checks.blocking(addendum)]


@pytest.fixture
def agreement(world: World, spring: None) -> Agreement:
    return make_living.active(world, world.gent, world.melle, starts_on=date(2028, 1, 1))


def test_one_at_a_time_and_the_draft_is_gone_on_with(world: World, agreement: Agreement) -> None:
    manager = make_addendum.manager(world)
    draft = addenda.start(manager, agreement)
    db.session.commit()
    assert addenda.start(manager, agreement) is draft
    proposed = make_addendum.proposed(world, agreement, families=30)
    with pytest.raises(DomainError, match="loopt nog"):
        addenda.start(manager, agreement)
    addendum_talk.withdraw(manager, proposed, proposed.version, "Later.")
    db.session.commit()
    assert make_addendum.proposed(world, agreement, families=31).number == 2


def test_the_database_refuses_a_second_open_addendum(world: World, agreement: Agreement) -> None:
    make_addendum.drafted(world, agreement)
    twin = Addendum(
        agreement_id=agreement.id,
        status=AddendumStatus.DRAFT,
        terms=agreement.terms,
        opened_by_id=world.manager.account.id,
        opened_at=time.now(),
        changed_at=time.now(),
    )
    db.session.add(twin)
    with pytest.raises(DatabaseError):
        db.session.flush()
    db.session.rollback()


def test_only_an_agreement_in_force_is_changed_and_only_by_hsv(
    world: World, agreement: Agreement
) -> None:
    with pytest.raises(NotAllowedError):
        addenda.start(make.actor(world.gent_people), agreement)
    agreement.status = Status.ENDED
    db.session.commit()
    with pytest.raises(ConflictError):
        addenda.start(make_addendum.manager(world), agreement)


@pytest.mark.parametrize(
    "changes",
    [
        {"formula": "C"},
        {"starts_on": date(2028, 2, 1)},
        {"partners": ()},
        {"legal_grounds": ("Een ander decreet",)},
    ],
    ids=["package", "first day", "parties", "legal grounds"],
)
def test_what_an_addendum_leaves_be(
    world: World, agreement: Agreement, changes: dict[str, Any]
) -> None:
    addendum = make_addendum.drafted(world, agreement)
    with pytest.raises(NotAllowedError, match="nieuwe overeenkomst"):
        addenda.save(make_addendum.manager(world), addendum, addendum.terms.with_(**changes), None)


def test_what_is_missing_is_said_step_by_step(world: World, agreement: Agreement) -> None:
    manager = make_addendum.manager(world)
    addendum = addenda.start(manager, agreement)
    assert _said(addendum) == [
        "Schrijf waarom de overeenkomst wijzigt.",
        "Kies vanaf welke dag het addendum geldt.",
        "Er is nog niets gewijzigd. Kies een stap en pas de afspraken aan.",
    ]
    with pytest.raises(DomainError, match="niet in voor vandaag"):
        addenda.set_ground(manager, addendum, Ground("Groei", date(2028, 4, 9)), None)
    addenda.set_ground(manager, addendum, Ground("Groei", date(2031, 1, 2)), None)
    addenda.save(manager, addendum, addendum.terms.with_(families=30), None)
    assert _said(addendum)[0].startswith("De overeenkomst eindigt op 31 december 2030.")
    with pytest.raises(DomainError, match="ontbreekt nog iets"):
        addendum_talk.prepare(addendum)


def test_a_year_that_is_over_keeps_its_amounts_and_its_shares(
    world: World, clock: Any, agreement: Agreement
) -> None:
    _on(clock, date(2028, 11, 3))
    base = in_force.concluded(agreement)
    first, *rest = base.lines
    dearer = replace(first, cents=tuple(cents + 10_000 for cents in first.cents))
    from_on = date(2029, 1, 1)
    addendum = make_addendum.drafted(world, agreement, from_on=from_on, lines=(dearer, *rest))
    assert _said(addendum) == [
        "De bedragen van 2028 liggen vast: dat jaar is voorbij als dit ingaat."
    ]
    partners = tuple(
        replace(party, share=Share(party.share.kind, value))
        for party, value in zip(base.partners, (7_000, 3_000), strict=True)
    )
    manager = make_addendum.manager(world)
    addenda.save(manager, addendum, base.with_(partners=partners), None)
    assert _said(addendum) == []
    assert [one.year for one in addendum.terms.settled] == [2028]
    old, new = (in_force.Layer(t, from_on).terms for t in (base, addendum.terms))
    assert addendum_text.compute.totals(new)[0] == addendum_text.compute.totals(old)[0]
    assert addendum_text.compute.totals(new)[1] != addendum_text.compute.totals(old)[1]


def test_a_contribution_cannot_drop_below_what_fell_due(
    world: World, clock: Any, agreement: Agreement
) -> None:
    _on(clock, date(2028, 11, 3))
    base = in_force.concluded(agreement)
    lines = tuple(replace(one, cents=(1, *one.cents[1:])) for one in base.lines)
    addendum = make_addendum.drafted(
        world, agreement, from_on=date(2028, 12, 1), lines=lines, income=()
    )
    assert any("De nieuwe bijdrage van dat jaar kan niet lager zijn" in s for s in _said(addendum))


def test_locked_articles_stay_locked(world: World, agreement: Agreement) -> None:
    deadlines_of = replace(in_force.terms(agreement).deadlines, improvement_months=9)
    addendum = make_addendum.drafted(world, agreement, deadlines=deadlines_of)
    with pytest.raises(DomainError, match="liggen vast") as refused:
        addendum_talk.prepare(addendum)
    assert refused.value.values["which"] == "17"


def test_the_articles_it_names_are_those_that_read_otherwise(
    world: World, agreement: Agreement
) -> None:
    addendum = make_addendum.proposed(world, agreement, families=33, notice_months=9)
    version = addendum.latest
    assert version is not None
    changed = {one["article"] for one in version.changes_json if one["article"]}
    assert 25 in changed
    assert changed <= {10, 25}
    text_of = addendum_talk.read(version, FileKind.WORD)[0]
    assert addendum_talk.read(version, FileKind.PDF)[0].startswith(b"%PDF-")
    assert text_of != addendum_talk.read(version, FileKind.TEXT_WORD)[0]
    assert version.finance == addendum_text.NOTHING_CHANGES


def test_the_money_is_said_in_a_sentence(world: World, agreement: Agreement) -> None:
    addendum = make_addendum.proposed(world, agreement, ends_on=date(2031, 12, 31))
    assert addendum.latest is not None
    said = addendum.latest.finance
    assert said.startswith("De partners dragen samen bij: €")
    assert said.endswith("in 2031.")
    named = addendum_present.what_changes(addendum.latest)
    assert "Bijlage 2" in named


def test_a_yes_is_about_one_version_and_a_no_stops_it(
    world: World, agreement: Agreement, subjects_to: Any
) -> None:
    addendum = make_addendum.proposed(world, agreement, families=30)
    karel, lies = (make.actor(one) for one in (world.gent_people, world.melle_people))
    addendum_talk.accept(karel, addendum, 1)
    manager = make_addendum.manager(world)
    addenda.save(manager, addendum, addendum.terms.with_(families=31), None)
    make_addendum.propose(world, addendum)
    with pytest.raises(ConflictError, match="aangepast addendum"):
        addendum_talk.accept(lies, addendum, 1)
    waiting = {one.organisation_id for one in addendum_talk.outstanding(addendum)}
    assert waiting == {world.gent.id, world.melle.id}
    with pytest.raises(DomainError, match="Schrijf kort waarom"):
        addendum_talk.decline(lies, addendum, addendum.version, "")
    addendum_talk.decline(lies, addendum, addendum.version, "Te duur.")
    db.session.commit()
    assert addendum.status == AddendumStatus.DECLINED
    assert in_force.terms(agreement).families == agreement.versions[0].terms.families
    assert any("Niet akkoord met addendum 1" in s for s in subjects_to(karel.email))


def test_who_is_no_party_says_nothing(world: World, agreement: Agreement) -> None:
    addendum = make_addendum.proposed(world, agreement, families=30)
    with pytest.raises((NotFoundError, NotAllowedError)):
        addendum_talk.accept(make.actor(world.vzw_people), addendum, 1)


def test_written_anew_it_is_decided_anew(world: World, agreement: Agreement) -> None:
    addendum = make_addendum.approved(world, agreement, families=30)
    manager = make_addendum.manager(world)
    addendum_talk.reopen(manager, addendum, addendum.version, "Eerst het advies afwachten.")
    addenda.save(manager, addendum, addendum.terms.with_(families=29), None)
    make_addendum.propose(world, addendum)
    assert addendum.latest is not None
    assert addendum_talk.accepted(addendum.latest) == set()
    for one in (world.gent_people, world.melle_people):
        addendum_talk.accept(make.actor(one), addendum, 2)
    assert addendum.status == AddendumStatus.AGREED, "the councils decide on this version"


def test_what_was_signed_never_changes(world: World, agreement: Agreement) -> None:
    addendum = make_addendum.concluded(world, agreement, from_on=JULY, families=30)
    for statement in (
        "UPDATE addendum SET reason = 'iets anders'",
        "DELETE FROM addendum",
        "UPDATE addendum_version SET finance = ''",
        "DELETE FROM addendum_file",
        "UPDATE addendum_answer SET accepts = accepts",
    ):
        with pytest.raises(DatabaseError):
            db.session.execute(text(statement))
        db.session.rollback()
    assert addendum.in_force_on == JULY


def test_signed_late_it_applies_from_that_day(
    world: World, clock: Any, agreement: Agreement
) -> None:
    addendum = make_addendum.approved(world, agreement, from_on=JULY, families=30)
    _on(clock, date(2028, 7, 20))
    make_addendum.conclude(addendum)
    assert addendum.in_force_on == date(2028, 7, 20)
    assert in_force.terms(agreement, date(2028, 7, 19)).families != 30
    assert in_force.terms(agreement).families == 30


def test_stopped_signing_leaves_it_approved(world: World, agreement: Agreement) -> None:
    from portal.agreements import envelope_answers

    out = make_addendum.out(world, agreement, families=30)
    manager = make_addendum.manager(world)
    envelope_answers.cancel(manager, out.envelope, "Fout adres.", out.envelope.version)
    db.session.commit()
    assert out.addendum.status == AddendumStatus.APPROVED
    assert len(in_force.layers(agreement)) == 1


def test_with_the_agreement_ends_what_was_not_signed(
    world: World, clock: Any, agreement: Agreement, subjects_to: Any
) -> None:
    out = make_addendum.out(world, agreement, families=30)
    _on(clock, date(2031, 1, 1))
    following.follow()
    db.session.commit()
    assert agreement.status == Status.ENDED
    assert out.addendum.status == AddendumStatus.EXPIRED
    assert any("is vervallen" in s for s in subjects_to(world.gent_people.account.email))


def test_the_area_follows_and_nothing_closes_by_itself(world: World, agreement: Agreement) -> None:
    aalst = Place("41002", "Aalst", 90_000, 2026)
    kept = in_force.terms(agreement).area[:1]
    addendum = make_addendum.concluded(world, agreement, from_on=JULY, area=(*kept, aalst))
    branch = branch_serving("41002", JULY)
    assert branch is not None
    assert branch.id == agreement.branch_id
    assert branch_serving("41002", date(2028, 6, 30)) is None
    told = next(e for e in addendum.events if e.action == "conclude").note
    assert "Merelbeke-Melle" in told
    assert "Beslis wat er gebeurt" in told
    assert "41002" in agreement.area


def test_an_express_renewal_is_answered_by_an_addendum(
    world: World, clock: Any, agreement: Agreement
) -> None:
    _on(clock, date(2030, 6, 30))
    assert following.follow() == 1
    draft = addenda.start(make_addendum.manager(world), agreement, longer=True)
    assert (draft.from_on, draft.terms.ends_on) == (date(2031, 1, 1), date(2031, 12, 31))
    make_addendum.propose(world, draft)
    for one in (world.gent_people, world.melle_people):
        addendum_talk.accept(make.actor(one), draft, 1)
    make_addendum.decide(world, draft)
    make_addendum.conclude(draft)
    assert make.only(RenewalRound).outcome == RenewalOutcome.ADDENDUM
    _on(clock, date(2031, 1, 1))
    following.follow()
    assert agreement.status == Status.ACTIVE, "it goes on after the old end"
    ends = [d.on for d in deadlines.upcoming(agreement, time.today()) if d.topic == "end"]
    assert ends == [date(2031, 12, 31)]


def test_a_tacit_renewal_lengthens_an_addendum_that_was_drawn_before_it(
    world: World, clock: Any, spring: None
) -> None:
    agreement = make_living.active(
        world, starts_on=date(2028, 1, 1), renewal=Renewal.TACIT, renewal_years=2
    )
    make_addendum.concluded(world, agreement, from_on=JULY, notice_months=9)
    for day in (date(2030, 5, 31), date(2030, 7, 1)):
        _on(clock, day)
        following.follow()
    assert agreement.ends_on == date(2032, 12, 31)
    later = in_force.concluded(agreement)
    assert (later.ends_on, later.notice_months, later.renewal) == (
        date(2032, 12, 31),
        9,
        Renewal.EXPRESS,
    )
    draft = make_addendum.concluded(
        world, agreement, ends_on=date(2031, 12, 31), renewal=Renewal.TACIT, renewal_years=1
    )
    assert draft.renewed_until == date(2032, 12, 31)
    shorter = in_force.concluded(agreement)
    assert (shorter.ends_on, shorter.renewal) == (date(2031, 12, 31), Renewal.TACIT)


def test_promises_count_by_the_terms_of_their_own_year(
    world: World, clock: Any, agreement: Agreement
) -> None:
    talks = in_force.terms(agreement).coaching_talks
    make_addendum.concluded(world, agreement, from_on=date(2029, 1, 1), coaching_talks=talks + 5)
    _on(clock, date(2029, 3, 1))
    [line] = [
        one for one in promised.overview(agreement).promises if one.label == "Coachingsgesprekken"
    ]
    assert [cell.promised for cell in line.cells] == [talks, talks + 5]


def test_a_draft_is_hsvs_alone_and_thrown_away_without_a_trace(
    app: Flask, world: World, agreement: Agreement
) -> None:
    make_addendum.drafted(world, agreement, families=30)
    here = {"reference": agreement.reference}
    karel = Browser(app).sign_in(world.gent_people.account)
    assert "Nog geen wijzigingen" in karel.get("agreements.addenda_list", **here).text
    ann = Browser(app).sign_in(world.manager.account)
    page = ann.get("agreements.amend", **here, step="nakijken")
    thrown = ann.submit(page, "agreements.discard_addendum", page.hidden(), **here)
    assert "weggegooid" in ann.follow(thrown).text
    assert addenda.open_one(agreement) is None
    assert "Nog geen wijzigingen" in ann.get("agreements.addenda_list", **here).text


def test_nonsense_is_said_on_the_form_and_nothing_typed_is_lost(
    app: Flask, world: World, agreement: Agreement
) -> None:
    addenda.start(make_addendum.manager(world), agreement)
    db.session.commit()
    ann = Browser(app).sign_in(world.manager.account)
    here = {"reference": agreement.reference}
    page = ann.get("agreements.ground", **here)
    empty = ann.submit(page, "agreements.ground", {**page.hidden()}, **here)
    assert len(empty.errors) == 2
    past = {**page.hidden(), "reason": "Groei", "from_on": "2020-01-01"}
    refused = ann.submit(page, "agreements.ground", past, **here)
    assert refused.errors == [
        "Geldt vanaf: Een addendum gaat niet in voor vandaag: wat al liep, blijft zoals het was."
    ]
    assert refused.value("reason") == "Groei"
    preview = ann.get("agreements.preview_addendum", **here)
    assert "Kies eerst vanaf welke dag" in ann.follow(preview).text


def test_of_two_who_save_one_is_told(world: World, agreement: Agreement) -> None:
    addendum = make_addendum.drafted(world, agreement)
    seen = addendum.version
    manager = make_addendum.manager(world)
    addenda.save(manager, addendum, addendum.terms.with_(families=30), seen)
    db.session.commit()
    with pytest.raises(ConflictError):
        addenda.save(manager, addendum, addendum.terms.with_(families=31), seen)


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    world: World, agreement: Agreement, queries: Any
) -> None:
    manager = make_addendum.manager(world)

    def listed() -> None:
        db.session.expire_all()
        found = addenda.readable(manager, agreement)
        assert [one.latest for one in found]

    make_addendum.concluded(world, agreement, from_on=JULY, families=30)
    one = queries(listed)
    make_addendum.concluded(world, agreement, from_on=JULY, families=31)
    assert queries(listed) <= one + 1


def test_expected_signatories_are_those_of_the_bodies_that_decided(
    world: World, agreement: Agreement
) -> None:
    addendum = make_addendum.approved(world, agreement, families=30)
    capacities = {one.capacity for one in addendum_signing.expected(addendum)}
    assert "voorzitter van de gemeenteraad" in capacities
    assert addendum_signing.expected(addendum)[-1].ours


def test_an_answer_and_a_decision_are_expected_by_a_day(
    world: World, clock: Any, agreement: Agreement
) -> None:
    addendum = make_addendum.proposed(world, agreement, from_on=JULY, families=30)
    addendum_talk.accept(make.actor(world.gent_people), addendum, 1)
    [due] = [d for d in deadlines.upcoming(agreement, time.today()) if d.topic == "answer"]
    assert (due.on, due.organisation_ids) == (date(2028, 5, 1), (world.melle.id,))
    addendum_talk.accept(make.actor(world.melle_people), addendum, 1)
    db.session.commit()
    found = [d for d in deadlines.upcoming(agreement, time.today()) if d.topic == "decision"]
    assert {d.organisation_ids for d in found} == {(world.gent.id,), (world.melle.id,)}
    assert {d.on for d in found} == {date(2028, 6, 9)}
    make_addendum.decide(world, addendum)
    topics = {d.topic for d in deadlines.upcoming(agreement, time.today())}
    assert not topics & {"answer", "decision"}


def test_the_start_page_says_who_is_to_act_on_an_addendum(
    app: Flask, world: World, agreement: Agreement
) -> None:
    make_addendum.proposed(world, agreement, families=30)
    karel = Browser(app).sign_in(world.gent_people.account)
    page = karel.get("home.start")
    assert "Lees wat er wijzigt." in page.text
    assert f"/overeenkomsten/{agreement.reference}/addenda/1" in page.links()
    stranger = Browser(app).sign_in(world.vzw_people.account)
    assert "Lees wat er wijzigt." not in stranger.get("home.start").text
    assert (
        stranger.get("agreements.addendum", reference=agreement.reference, number=1).status == 404
    )
