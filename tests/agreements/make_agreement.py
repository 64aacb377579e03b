"""Builders of agreements: the offer in use, terms of any size, drafts and who works on them.

`load_offer()` first; reference data (municipalities) come from `load_reference(session)`.
"""

from datetime import date
from typing import Any

from portal.accounts.models import Membership
from portal.agreements import enquiries, opening, packages, pricing
from portal.agreements.enquiries import Question
from portal.agreements.models import Agreement, Enquiry, PackageEdition
from portal.agreements.offer import Offer
from portal.agreements.terms import (
    ALL_BP,
    DecidingBody,
    Formula,
    Party,
    Person,
    Place,
    Share,
    ShareKind,
    Terms,
)
from portal.core import money
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation
from tests import make

GENT, MERELBEKE_MELLE, AALST = "44021", "44088", "41002"
STARTS_ON = date(2027, 1, 1)


def load_offer() -> PackageEdition:
    """The edition shipped with the portal, in use."""
    packages.load_first_edition()
    db.session.commit()
    return packages.active_edition()


def offer() -> Offer:
    return packages.offer_of(load_offer())


def manager(name: str = "Ann Claes", **values: Any) -> Membership:
    """An agreements manager of HSV; `.account` signs in."""
    return make.membership(Role.AGREEMENTS_MANAGER, make.home_start(), _person(name), **values)


def finance_officer(name: str = "Bram Nys") -> Membership:
    return make.membership(Role.FINANCE_OFFICER, make.home_start(), _person(name))


def negotiator(organisation: Organisation | None = None, name: str = "Karel Maes") -> Membership:
    """Somebody who negotiates for a partner (a new municipality by default)."""
    place = organisation or make.organisation("gemeente")
    return make.membership(Role.NEGOTIATOR, place, _person(name))


def _person(name: str) -> Any:
    return make.account(name=name)


def party(
    organisation: Organisation | None = None,
    name: str = "Gemeente Merelbeke-Melle",
    kind: OrganisationKind = OrganisationKind.GEMEENTE,
    share: Share | None = None,
    **values: Any,
) -> Party:
    """A partner as the contract names it; of an organisation when one is given."""
    body = {
        OrganisationKind.GEMEENTE: DecidingBody.COUNCIL,
        OrganisationKind.OCMW: DecidingBody.WELFARE_COUNCIL,
        OrganisationKind.VGC: DecidingBody.VGC_COLLEGE,
    }
    if organisation is not None:
        name, kind = organisation.name, organisation.kind
    filled = {
        "address": "Dorpsstraat 1, 9820 Merelbeke-Melle",
        "kbo": "0207451227",
        "representatives": (Person("Jan Janssens", "voorzitter van de gemeenteraad"),),
        "signatories": (
            Person("Jan Janssens", "voorzitter van de gemeenteraad"),
            Person("Mia Willems", "algemeen directeur"),
        ),
        "deciding_body": body.get(kind, DecidingBody.BOARD),
        "contact": Person("Karel Maes", "diensthoofd sociale zaken"),
        **values,
    }
    return Party(
        organisation_id=organisation.id if organisation else None,
        name=name,
        kind=kind,
        share=share or Share(ShareKind.PERCENTAGE, ALL_BP),
        **filled,
    )


def parties(organisations: list[Organisation]) -> tuple[Party, ...]:
    """Partners who share by percentage, as equally as basis points allow."""
    parts = money.allocate(ALL_BP, [1] * len(organisations))
    return tuple(
        party(one, share=Share(ShareKind.PERCENTAGE, part))
        for one, part in zip(organisations, parts, strict=True)
    )


def make_terms(
    partners: int | list[Organisation] = 3,
    years: int = 3,
    formula: Formula = Formula.COORDINATOR,
    starts_on: date = STARTS_ON,
    **changes: Any,
) -> Terms:
    """Complete terms of a package as shipped: so many partners, so many years.

    partners: a number (made up, unknown to the directory) or organisations that are.
    """
    if isinstance(partners, int):
        parts = money.allocate(ALL_BP, [1] * partners)
        known: tuple[Party, ...] = tuple(
            party(name=f"Gemeente {number}", share=Share(ShareKind.PERCENTAGE, part))
            for number, part in enumerate(parts, 1)
        )
    else:
        known = parties(partners)
    terms = Terms(
        formula=formula,
        title="Home-Start Merelbeke-Melle",
        partners=known,
        area=(Place(MERELBEKE_MELLE, "Merelbeke-Melle", 36_000, 2020),),
        starts_on=starts_on,
        ends_on=date(starts_on.year + years, starts_on.month, starts_on.day) - date.resolution,
        legal_grounds=("Decreet van 9 februari 2018 betreffende het lokaal sociaal beleid",),
        sdgs=(1, 3, 4, 10, 11, 17),
        court="Rechtbank van eerste aanleg Oost-Vlaanderen, afdeling Gent",
        place="Gent",
    )
    return pricing.fill_in(terms, offer()).with_(**changes)


def draft(
    partners: list[Organisation] | None = None, by: Actor | None = None, **values: Any
) -> Agreement:
    """A draft agreement with these partners (one new municipality by default)."""
    partners = partners or [make.organisation("gemeente", "Gemeente Merelbeke-Melle")]
    by = by or make.actor(manager())
    made = opening.open_draft(make_terms(partners, **values), by, edition=packages.active_edition())
    db.session.commit()
    return made


def edition_in_preparation() -> Actor:
    """A draft edition of the offer beside the one in use; returns who wrote it."""
    writer = make.actor(manager("Rik Schrijver"))
    packages.begin_draft("Aanbod in voorbereiding", "Voor de test", writer)
    db.session.commit()
    return writer


def question(**changes: Any) -> Question:
    """What somebody of a municipality asks."""
    values: dict[str, Any] = {
        "name": "An De Smet",
        "function": "Schepen van welzijn",
        "email": "an@merelbeke.example",
        "organisation_name": "Gemeente Merelbeke-Melle",
        "organisation_kind": "gemeente",
        "municipalities": (MERELBEKE_MELLE,),
        "support": "carried",
        "budget": "sought",
    }
    return Question(**{**values, **changes})


def enquiry(**changes: Any) -> Enquiry:
    """A question that is not confirmed yet."""
    asked = enquiries.ask(question(**changes), None)
    db.session.commit()
    return asked
