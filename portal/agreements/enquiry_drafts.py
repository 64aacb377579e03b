"""From an enquiry to a draft agreement: its municipalities and scenario, who could be partner."""

from collections.abc import Sequence
from datetime import date

from portal.agreements import drafting, drafting_parties, packages, pricing, scenarios
from portal.agreements.drafting import Opening
from portal.agreements.enquiry_states import workflow
from portal.agreements.models import Agreement, Enquiry
from portal.agreements.opening import open_draft
from portal.agreements.scenarios import INHABITANTS, Snapshot
from portal.agreements.terms import Formula, Terms
from portal.core.errors import DomainError
from portal.core.permissions import Actor
from portal.core.plain import from_plain
from portal.directory import organisations
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation


def snapshot_of(enquiry: Enquiry) -> Snapshot | None:
    """Return the scenario as it was shown when the question was asked, if there was one."""
    return from_plain(Snapshot, enquiry.scenario) if enquiry.scenario else None


def possible_partners(enquiry: Enquiry) -> list[Organisation]:
    """Return the local governments of the municipalities, and who asked when that is known."""
    found = [
        one for nis in enquiry.municipalities for one in organisations.local_governments_of(nis)
    ]
    asker = enquiry.organisation
    if asker is not None and asker.active and asker.kind.may_be_partner and asker not in found:
        found.insert(0, asker)
    return found


def likely_partners(enquiry: Enquiry, possible: Sequence[Organisation]) -> list[Organisation]:
    """Return who would sign most likely: who asked, and the municipalities (not their OCMW)."""
    return [
        one
        for one in possible
        if one.id == enquiry.organisation_id or one.kind == OrganisationKind.GEMEENTE
    ]


def open_from(
    actor: Actor,
    enquiry: Enquiry,
    opening: Opening,
    version: int | None,
) -> Agreement:
    """Open a draft with the parties, area and size of an enquiry, and tell who asked.

    The cost is shared as in the scenario when that can be. Raises DomainError, ConflictError.
    """
    workflow.expect(enquiry, version)
    edition = packages.active_edition()
    offer = packages.offer_of(edition)
    terms = drafting.first_terms(opening).with_(edition=edition.number)
    snapshot = snapshot_of(enquiry)
    if snapshot is None:
        terms = pricing.fill_in(terms, offer)
    else:
        package = offer.package(opening.formula)
        size = scenarios.size_of(snapshot.scenario, package)
        services = scenarios.services_of(snapshot.scenario, package)
        terms = pricing.fill_in(terms, offer, size, services or package.services)
        terms = _shared(terms, snapshot)
    agreement = open_draft(terms, actor, edition=edition, enquiry=enquiry)
    workflow.fire(enquiry, "open_draft", actor)
    return agreement


def _shared(terms: Terms, snapshot: Snapshot) -> Terms:
    if snapshot.scenario.sharing != INHABITANTS:
        return terms
    try:
        return drafting_parties.share_by_inhabitants(terms)
    except DomainError:  # two partners of one municipality, or a partner of none
        return terms


def usual_opening(
    enquiry: Enquiry, partners: Sequence[Organisation], years: int = scenarios.YEARS
) -> Opening:
    """Return how a draft from an enquiry would begin, for somebody to change."""
    snapshot = snapshot_of(enquiry)
    starts_on: date = (snapshot.scenario if snapshot else scenarios.usual()).starts_on
    return Opening(
        formula=Formula(enquiry.formula or Formula.COORDINATOR),
        organisations=tuple(partners),
        starts_on=starts_on,
        years=years,
        area=tuple(enquiry.municipalities),
    )
