"""The parties of a draft: copied from the directory, so that a later move changes no contract."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from portal.agreements import signatories
from portal.agreements.models import Agreement
from portal.agreements.terms import (
    ALL_BP,
    Party,
    Place,
    Share,
    ShareKind,
    Terms,
)
from portal.core import clock, money
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.directory.gazetteer import places
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation

MOST_PARTNERS = 12


def party_of(organisation: Organisation) -> Party:
    """Return an organisation as a party: what the directory knows, and who usually decides."""
    party = Party(
        organisation_id=organisation.id,
        name=organisation.name,
        kind=organisation.kind,
        address=_address(organisation),
        kbo=organisation.kbo or "",
        deciding_body=signatories.bodies(organisation.kind)[0],
        contact_email=organisation.email,
    )
    return replace(party, signatories=signatories.following_rule(party, clock.today()))


def home_start() -> Party:
    """Return HSV as a party: as it stood in the newest agreement, else from the directory."""
    newest = db.session.scalar(select(Agreement).order_by(Agreement.id.desc()).limit(1))
    if newest is not None:
        return newest.terms.hsv
    organisation = db.session.scalar(
        select(Organisation).where(Organisation.kind == OrganisationKind.HSV, Organisation.active)
    )
    if organisation is None:
        raise DomainError(N_("Maak eerst de organisatie Home-Start Vlaanderen aan."))
    return party_of(organisation)


def with_partner(terms: Terms, organisation: Organisation) -> Terms:
    """Return the terms with one partner more; the cost is shared out anew. Raises DomainError."""
    if not organisation.kind.may_be_partner or not organisation.active:
        raise DomainError(N_("Deze organisatie kan geen partner zijn."), "partner")
    if any(p.organisation_id == organisation.id for p in terms.partners):
        raise DomainError(N_("Deze organisatie is al een partij."), "partner")
    if len(terms.partners) >= MOST_PARTNERS:
        raise DomainError(N_("Een overeenkomst telt hoogstens twaalf partners."), "partner")
    terms = terms.with_(partners=(*terms.partners, party_of(organisation)))
    if organisation.nis and organisation.kind.is_local_government:
        terms = with_place(terms, organisation.nis)
    return share_equally(terms)


def without_partner(terms: Terms, position: int) -> Terms:
    """Return the terms without the partner at a position; the cost is shared out anew."""
    kept = tuple(p for n, p in enumerate(terms.partners) if n != position)
    return share_equally(terms.with_(partners=kept))


def with_place(terms: Terms, nis: str) -> Terms:
    """Return the terms with a municipality in the area, once."""
    if any(place.nis == nis for place in terms.area):
        return terms
    found = places()[nis]
    added = Place(nis, found.name, found.inhabitants, found.inhabitants_year)
    return terms.with_(area=(*terms.area, added))


def share_equally(terms: Terms) -> Terms:
    """Return the terms with the cost in equal percentages, which sum to all of it."""
    if not terms.partners:
        return terms
    parts = money.allocate(ALL_BP, [1] * len(terms.partners))
    return _with_shares(terms, [Share(ShareKind.PERCENTAGE, value) for value in parts])


def share_by_inhabitants(terms: Terms) -> Terms:
    """Return the terms with the cost shared by the inhabitants of each partner's municipality.

    Of two partners in the same municipality the first bears its part. Raises DomainError when a
    partner is of no municipality in the area.
    """
    counted = {place.nis: place.inhabitants for place in terms.area}
    taken: set[str] = set()
    shares = []
    for party in terms.partners:
        organisation = db.session.get(Organisation, party.organisation_id)
        nis = organisation.nis if organisation else None
        if nis not in counted or nis in taken:
            raise DomainError(
                N_(
                    "Voor %(name)s is er geen eigen gemeente in het werkingsgebied. "
                    "Vul het aantal inwoners zelf in of kies een andere verdeling."
                ),
                None,
                name=party.name,
            )
        taken.add(nis)
        shares.append(Share(ShareKind.INHABITANTS, counted[nis]))
    return _with_shares(terms, shares)


def _with_shares(terms: Terms, shares: Sequence[Share]) -> Terms:
    pairs = zip(terms.partners, shares, strict=True)
    return terms.with_(partners=tuple(replace(party, share=share) for party, share in pairs))


def _address(organisation: Organisation) -> str:
    place = f"{organisation.postcode} {organisation.city}".strip()
    return ", ".join(part for part in (organisation.street, place) if part)
