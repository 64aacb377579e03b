"""One agreement: where it stands, who is to act, and what one may do."""

from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.agreements import (
    deadlines,
    decisions,
    drafting,
    drafting_checks,
    envelope_present,
    in_force,
    listing,
    meetings,
    notices,
    present,
    present_money,
)
from portal.agreements.drafting_checks import CHECK, PARTIES
from portal.agreements.forms.steps import QUALIFICATIONS, NoteForm
from portal.agreements.models import (
    Agreement,
    AgreementVersion,
    Delegation,
    Side,
    VersionComment,
)
from portal.agreements.models.agreement import NEGOTIABLE
from portal.agreements.states import workflow
from portal.agreements.views import blueprint, living
from portal.agreements.views.notes import notes
from portal.core import clock, guard
from portal.core.db import db
from portal.core.permissions import Actor, Permission
from portal.core.references import read_reference


@dataclass(frozen=True)
class Step:
    """A button or link of the page."""

    label: str
    url: str
    method: str = "get"
    tone: str = "secondary"
    fields: dict[str, Any] = field(default_factory=dict)


@blueprint.get("/overeenkomsten/<reference>")
@guard.requires(Permission.AGREEMENT_READ)
def show(reference: str) -> str | Response:
    """Show an agreement to whom it is visible."""
    actor = guard.actor()
    typed = read_reference(listing.LETTER, reference)
    if typed is not None and typed != reference:
        found = listing.find(actor, typed)
        return redirect(url_for("agreements.show", reference=found.reference))
    agreement = listing.find(actor, reference)
    if agreement.status in in_force.LIVED:
        return living.page(agreement, actor)
    return _page(agreement, actor)


@blueprint.get("/overeenkomsten/<reference>/totstandkoming")
@guard.requires(Permission.AGREEMENT_READ)
def coming_about(reference: str) -> str:
    """Show how an agreement came about: its versions, decisions and who signs."""
    actor = guard.actor()
    return _page(listing.find(actor, reference), actor)


def _page(agreement: Agreement, actor: Actor) -> str:
    terms = present.shown_terms(agreement, actor)
    inside = actor.can(Permission.AGREEMENT_READ_ALL)
    return render_template(
        "agreements/show.html",
        agreement=agreement,
        terms=terms,
        inside=inside,
        badge=present.badge(agreement),
        expectation=present.expectation(agreement, actor),
        steps=_steps(agreement, actor),
        facts=present.facts(terms),
        today=clock.today(),
        decisions=decisions.current(agreement) if agreement.agreed_number else {},
        delegations=_delegations(agreement),
        standings=present.standings(agreement, terms, actor),
        money=present_money.table(terms),
        versions=list(reversed(agreement.versions)),
        names=present.organisation_names(agreement),
        people=_people(agreement),
        proposer=present.proposer,
        questions=_open_comments(agreement),
        counter=drafting.counter_of(actor, agreement),
        dates=deadlines.upcoming(agreement, clock.today())[:6],
        meetings=meetings.planned(agreement),
        timeline=present.timeline(agreement, actor),
        may=_may(agreement, actor),
        qualification=gettext(QUALIFICATIONS.get(agreement.qualification or "", "")),
        notes=notes(agreement) if inside else [],
        note_form=NoteForm(formdata=None),
        draft_differs=inside and _draft_differs(agreement),
        envelopes=envelope_present.lines(agreement),
        blocking=len(drafting_checks.blocking(agreement.terms)) if inside else 0,
    )


def _draft_differs(agreement: Agreement) -> bool:
    """Say whether HSV is writing something that no version says yet."""
    if agreement.latest is None or agreement.status not in NEGOTIABLE:
        return False
    return all(version.terms_json != agreement.terms_json for version in agreement.versions)


def _may(agreement: Agreement, actor: Actor) -> dict[str, bool]:
    """Return which of the actions of the workflow this person may do now."""
    return {row.action: True for row in workflow.allowed(agreement, actor)}


def _steps(agreement: Agreement, actor: Actor) -> list[Step]:
    """Return what this person may do now, the likeliest first."""
    may = _may(agreement, actor)
    reference, latest = agreement.reference, agreement.latest
    found: list[Step] = []

    def add(label: str, endpoint: str, *, when: bool, tone: str = "secondary", **more: Any) -> None:
        if when:
            found.append(Step(label, url_for(endpoint, reference=reference, **more), tone=tone))

    if "take_over" in may and latest is not None:
        url = url_for("agreements.take_over", reference=reference)
        label = gettext("Versie %(number)s overnemen", number=latest.number)
        found.append(Step(label, url, "post", "primary", {"number": latest.number}))
        url = url_for("agreements.continue_from", reference=reference, number=latest.number)
        label = gettext("Verder schrijven vanaf versie %(number)s", number=latest.number)
        found.append(Step(label, url, "post", fields={"version": agreement.version}))
    ours = agreement.turn == "hsv" and "take_over" not in may
    label = gettext("Ontwerp afwerken") if latest is None else gettext("Volgende versie opstellen")
    step = CHECK if latest is None and not drafting_checks.blocking(agreement.terms) else PARTIES
    add(
        label,
        "agreements.edit",
        when="edit" in may,
        tone="primary" if ours else "secondary",
        step=step,
    )
    if latest is not None and agreement.status in NEGOTIABLE and "comment" in may:
        add(
            gettext("Lees versie %(n)s", n=latest.number),
            "agreements.version",
            when=True,
            tone="primary",
            number=latest.number,
        )
        agreed = any(
            p.organisation_id == actor.organisation_id and p.accepted_number == latest.number
            for p in agreement.parties
        )
        add(gettext("Akkoord geven"), "agreements.accept", when="accept" in may and not agreed)
        mine = any(
            c.organisation_id == actor.organisation_id and c.version_id == latest.id
            for c in _open_comments(agreement)
        )
        add(
            gettext("Opmerkingen doorgeven"),
            "agreements.hand_over",
            when=mine and agreement.turn != "hsv",
        )
        counter = drafting.counter_of(actor, agreement)
        if counter is not None:
            add(
                gettext("Tegenvoorstel verder schrijven"),
                "agreements.counter",
                when=True,
                step=PARTIES,
            )
        else:
            url = url_for("agreements.start_counter", reference=reference)
            found.append(Step(gettext("Tegenvoorstel schrijven"), url, "post"))
        add(gettext("Eigen Word-versie bezorgen"), "agreements.upload", when=True)
    add(
        gettext("Beslissing registreren"),
        "agreements.record_decision",
        when="record_decision" in may,
        tone="primary",
    )
    add(
        gettext("Ter ondertekening sturen"),
        "agreements.send_for_signature",
        when="send_for_signature" in may,
        tone="primary",
    )
    add(
        gettext("Delegatie registreren"),
        "agreements.record_delegation",
        when="record_delegation" in may,
    )
    return found


def _open_comments(agreement: Agreement) -> list[VersionComment]:
    """Return the comments HSV has not answered, on whatever version they were made."""
    if agreement.latest is None or agreement.status not in NEGOTIABLE:
        return []
    rows = db.session.scalars(
        select(VersionComment)
        .join(AgreementVersion, AgreementVersion.id == VersionComment.version_id)
        .where(AgreementVersion.agreement_id == agreement.id)
        .where(VersionComment.answered_at.is_(None), VersionComment.side == Side.PARTNER)
        .order_by(AgreementVersion.number, VersionComment.article, VersionComment.id)
    )
    return list(rows)


def _delegations(agreement: Agreement) -> dict[int, list[Delegation]]:
    ids = [row.organisation_id for row in agreement.parties]
    return {one: decisions.delegations(agreement, one) for one in ids}


def _people(agreement: Agreement) -> dict[int | None, str]:
    ids = [version.proposed_by_id for version in agreement.versions]
    return notices.names_of([*ids, agreement.manager_id])
