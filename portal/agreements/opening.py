"""A new agreement: a draft that only HSV sees until it is proposed."""

from collections.abc import Sequence

from portal.agreements.models import (
    Agreement,
    AgreementParty,
    Enquiry,
    PackageEdition,
    Status,
    Turn,
)
from portal.agreements.states import workflow
from portal.agreements.terms import Terms
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.core.references import new_reference

LETTER = "O"


def open_draft(
    terms: Terms,
    by: Actor,
    *,
    edition: PackageEdition | None = None,
    enquiry: Enquiry | None = None,
) -> Agreement:
    """Make a draft agreement with these terms, managed by who opens it."""
    now = clock.now()
    agreement = Agreement(
        reference=new_reference(LETTER),
        status=Status.DRAFT,
        turn=Turn.HSV,
        terms=terms,
        package_edition_id=edition.id if edition else None,
        enquiry_id=enquiry.id if enquiry else None,
        manager_id=by.account_id,
        created_at=now,
        changed_at=now,
    )
    agreement.parties = parties_of(terms)
    db.session.add(agreement)
    db.session.flush()
    workflow.fire(agreement, "open", by)
    return agreement


def parties_of(terms: Terms) -> list[AgreementParty]:
    """Return the rows that let the partners of these terms see the agreement."""
    ids: Sequence[int] = [p.organisation_id for p in terms.partners if p.organisation_id]
    return [
        AgreementParty(organisation_id=one, position=position)
        for position, one in enumerate(dict.fromkeys(ids))
    ]
