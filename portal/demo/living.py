"""Agreements in force: with services delivered, meetings, materials, and one up for renewal.

They were negotiated long ago: the clock is set back while that is told.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.agreements import (
    agreement_signing,
    contract,
    deliveries,
    drafting,
    following,
    materials,
    meeting_reports,
    meetings,
    negotiation,
    renewal,
)
from portal.agreements.contract import TemplateKind
from portal.agreements.deliveries import Done
from portal.agreements.drafting import Opening
from portal.agreements.materials import About
from portal.agreements.meeting_reports import ReportDetails
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import Agreement, DeliveryKind, MaterialKind
from portal.agreements.terms import DecidingBody, Formula
from portal.core import clock, documents
from portal.core.db import db
from portal.core.months import months_later
from portal.core.permissions import Actor
from portal.demo.agreements import (
    CITY,
    actor_of,
    completed,
    decide,
    organisation_named,
    propose,
)
from portal.demo.past import at
from portal.demo.signing import signed_in_the_portal, signed_on_paper

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
YEARS = 3
NEGOTIATING = timedelta(days=90)
EXPERT = "Mieke Aelbrecht"

# days ago, what, how many, how many minutes, in a few words; the course opens the agreement
_COURSE = (DeliveryKind.START_COURSE, 1, 900, "Twee dagen, met drie medewerkers van de stad")
_LOG = (
    (800, DeliveryKind.COACHING_TALK, 2, 180, "Eerste stappen en taakverdeling"),
    (700, DeliveryKind.LEARNING_NETWORK, 1, 180, "Thema: gezinnen bereiken"),
    (470, DeliveryKind.COACHING_TALK, 4, 300, "Werven van vrijwilligers"),
    (400, DeliveryKind.MATERIAL, 150, None, "Folders voor de consultatiebureaus"),
    (350, DeliveryKind.COACHING_TALK, 4, 270, ""),
    (300, DeliveryKind.LEARNING_NETWORK, 1, 180, "Thema: vrijwilligers vinden"),
    (240, DeliveryKind.EXPERT_SUPPORT, 1, 240, "Samen de jaarplanning gemaakt"),
    (180, DeliveryKind.COACHING_TALK, 2, 150, ""),
    (120, DeliveryKind.VISITATION, 1, 240, "Verslag bezorgd aan de stuurgroep"),
    (60, DeliveryKind.LEARNING_NETWORK, 1, 180, "Thema: afscheid nemen van een gezin"),
    (20, DeliveryKind.COACHING_TALK, 1, 75, "Wachtlijst en nieuwe vrijwilligers"),
)
_MET = (860, 640, 510, 330, 150)  # days ago
_REPORT = ReportDetails(
    present="Jo Cornelis, Stad Sint-Niklaas\nMieke Aelbrecht, Home-Start Vlaanderen",
    absent="Dirk Smet, financiële dienst",
    text=(
        "De werking bereikt haar streefdoel voor dit werkjaar.\n"
        "De folder wordt herdrukt met het nieuwe telefoonnummer.\n"
        "Volgende keer: de cijfers van het hele jaar."
    ),
)
_MATERIALS = (
    ("Draaiboek: een lokale werking opstarten", MaterialKind.SCRIPT, 8, "Van draagvlak tot match."),
    ("Intakeformulier voor vrijwilligers", MaterialKind.FORM, 4, "Om samen te overlopen."),
    ("Startcursus: handleiding voor de begeleider", MaterialKind.COURSE, 1, "Zes dagdelen."),
    ("Praktijkomschrijving Home-Start", MaterialKind.PRACTICE, 1, "De methodiek in het kort."),
)


def build(manager_email: str, city_email: str) -> None:
    """Store two agreements in force with what happened since, and the materials."""
    manager, city = actor_of(manager_email), actor_of(city_email)
    first_on = clock.today().replace(day=1)
    running = _active(
        manager, city, Formula.EXPERT, months_later(first_on, -18), signed_in_the_portal
    )
    _lived(manager, running)
    ending_soon = _active(
        manager, city, Formula.COORDINATOR, months_later(first_on, -31), signed_on_paper
    )
    _lived(manager, ending_soon)
    following.follow()  # asks whether to go on
    note = "Onze stad wil zeker verder, liefst met meer gezinnen."
    renewal.answer(city, ending_soon, None, wanted=True, note=note)
    _materials(manager)


def _active(
    manager: Actor,
    city: Actor,
    formula: Formula,
    starts_on: date,
    sign: Callable[[Actor, Agreement, date], None],
) -> Agreement:
    """Return an agreement with the city that all agreed to, decided on, signed and began."""
    with at(starts_on - NEGOTIATING):
        opening = Opening(formula, (organisation_named(CITY),), starts_on, YEARS)
        agreement = drafting.start(manager, opening)
        titles = {
            Formula.EXPERT: "Home-Startexpert voor het Huis van het Kind",
            Formula.COORDINATOR: "Home-Startwerking Sint-Niklaas",
        }
        role = "controller" if formula == Formula.EXPERT else ""
        terms = completed(agreement.terms).with_(title=titles[formula], privacy_role=role)
        agreement.terms = terms
        propose(manager, agreement, "")
    with at(starts_on - NEGOTIATING / 2):
        negotiation.accept(city, agreement, 1)
    with at(starts_on - NEGOTIATING / 3):
        decide(city, agreement, DecidingBody.COUNCIL)
    sign(manager, agreement, starts_on - NEGOTIATING / 4)
    with at(starts_on):
        agreement_signing.start_due()
    return agreement


def _lived(manager: Actor, agreement: Agreement) -> None:
    """Store what was done since the beginning: services, meetings with reports, one to come."""
    today, begun = clock.today(), agreement.starts_on
    assert begun is not None
    _deliver(manager, agreement, begun + timedelta(days=25), _COURSE)
    for days_ago, *what in _LOG:
        if (on := today - timedelta(days=days_ago)) > begun:
            _deliver(manager, agreement, on, tuple(what))
    for days_ago in _MET:
        if (on := today - timedelta(days=days_ago)) > begun:
            _meet(manager, agreement, on)
    soon = clock.now().replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=23)
    details = MeetingDetails("Stuurgroep", soon, 90, "Videogesprek", "Cijfers en begroting")
    meetings.plan(manager, agreement, details)


def _deliver(manager: Actor, agreement: Agreement, on: date, what: tuple[Any, ...]) -> None:
    kind, count, minutes, text = what
    with at(on + timedelta(days=2)):
        deliveries.record(manager, agreement, Done(kind, on, EXPERT, "", count, minutes, text))


def _meet(manager: Actor, agreement: Agreement, on: date) -> None:
    moment = datetime.combine(on, time(13), clock.BRUSSELS)
    place = "Huis van het Kind, Sint-Niklaas"
    details = MeetingDetails("Stuurgroep", moment, 90, place, "Stand van zaken")
    with at(on - timedelta(days=30)):
        meeting = meetings.plan(manager, agreement, details)
    with at(on + timedelta(days=7)):
        report = meeting_reports.write(manager, meeting, _REPORT)
        meeting_reports.share(manager, agreement, report)


def _materials(manager: Actor) -> None:
    """Put up made-up materials; their content is the shipped Word of an annex."""
    content = contract.template(TemplateKind.PROCESSING)
    for title, kind, service, summary in _MATERIALS:
        document = documents.put(content, f"{title}.docx", WORD)
        db.session.flush()
        materials.add(manager, About(title, kind, service, summary), document)
