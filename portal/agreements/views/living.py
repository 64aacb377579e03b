"""The page of an agreement in force, for every party: everything in one glance."""

from flask import render_template, url_for
from flask_babel import gettext

from portal.agreements import (
    addenda,
    addendum_present,
    deadlines,
    decisions,
    deliveries,
    ending,
    envelope_present,
    in_force,
    meeting_reports,
    meetings,
    present,
    present_living,
    present_money,
    promised,
    renewal,
)
from portal.agreements.forms.steps import NoteForm
from portal.agreements.models import Agreement
from portal.agreements.states import workflow
from portal.agreements.views.notes import notes
from portal.core import clock
from portal.core.permissions import Actor, Permission


def page(agreement: Agreement, actor: Actor) -> str:
    """Return the page as this person reads it."""
    terms = in_force.terms(agreement)
    inside = actor.can(Permission.AGREEMENT_READ_ALL)
    planned = meetings.planned(agreement)
    asked = renewal.open_round(agreement)
    dues = present_living.instalments(agreement, actor)
    return render_template(
        "agreements/living.html",
        agreement=agreement,
        envelopes=envelope_present.lines(agreement),
        terms=terms,
        inside=inside,
        badge=present.badge(agreement),
        standing=present_living.standing(agreement),
        steps=_steps(agreement, actor),
        asked=asked,
        waiting=present_living.waiting_names(agreement, asked),
        notices=ending.standing(agreement),
        agreed=decisions.agreed_version(agreement),
        lines=addendum_present.lines(agreement, addenda.readable(actor, agreement)),
        newest=next(reversed(in_force.concluded_addenda(agreement)), None),
        may_amend=addenda.may_open(actor, agreement),
        decisions=[d for d in decisions.current(agreement).values() if d.document_id],
        names=present.organisation_names(agreement),
        facts=present.facts(terms),
        contacts=present_living.people(agreement, terms),
        money=present_money.table(terms),
        instalments=dues,
        next_instalment=present_living.next_instalment(dues),
        overview=promised.overview(agreement),
        latest=present_living.latest_deliveries(agreement),
        meetings=planned,
        reports=meeting_reports.of_meetings(actor, planned),
        next_meeting=present_living.next_meeting(agreement),
        now=clock.now(),
        today=clock.today(),
        dates=deadlines.upcoming(agreement, clock.today())[:8],
        timeline=present.timeline(agreement, actor),
        may={row.action: True for row in workflow.allowed(agreement, actor)},
        notes=notes(agreement) if inside else [],
        note_form=NoteForm(formdata=None),
    )


def _steps(agreement: Agreement, actor: Actor) -> list[dict[str, str]]:
    """Return what this person may do now, the likeliest first."""
    reference, found = agreement.reference, []
    if deliveries.may_record(actor, agreement):
        url = url_for("agreements.record_delivery", reference=reference)
        found.append({"label": gettext("Dienst noteren"), "url": url, "tone": "primary"})
    if workflow.can(agreement, "assign", actor):
        url = url_for("agreements.plan_meeting", reference=reference)
        found.append({"label": gettext("Overleg plannen"), "url": url})
    if addenda.may_open(actor, agreement):
        url = url_for("agreements.start_addendum", reference=reference)
        found.append({"label": gettext("Overeenkomst wijzigen"), "url": url, "method": "post"})
    if workflow.can(agreement, "give_notice", actor):
        url = url_for("agreements.give_notice", reference=reference)
        found.append({"label": gettext("Opzeggen"), "url": url})
    return found
