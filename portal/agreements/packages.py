"""Editions of the offer: one in use, perhaps one being made, and all that were.

A new edition starts as a copy of the one in use; somebody else than its last writer activates it.
"""

from sqlalchemy import func, select

from portal.agreements.first_offer import first_offer
from portal.agreements.models import EditionState, PackageEdition
from portal.agreements.offer import Offer
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.i18n import N_


def active_edition() -> PackageEdition:
    """Return the edition in use. Raises NotFoundError before the portal was filled."""
    found = db.session.scalar(
        select(PackageEdition).where(PackageEdition.state == EditionState.ACTIVE)
    )
    if found is None:
        raise NotFoundError()
    return found


def offer_of(edition: PackageEdition) -> Offer:
    """Return what an edition says."""
    return Offer.from_json(edition.offer_json)


def load_first_edition() -> bool:
    """Put the offer shipped with the portal in use, when there is none yet. Says whether it did."""
    if db.session.scalar(select(func.count()).select_from(PackageEdition)):
        return False
    title, offer = first_offer()
    now = clock.now()
    db.session.add(
        PackageEdition(
            number=1,
            title=title,
            state=EditionState.ACTIVE,
            offer_json=offer.to_json(),
            reason=N_("Ramingen in euro van 2026, meegeleverd met het portaal."),
            made_at=now,
            changed_at=now,
            activated_at=now,
        )
    )
    db.session.flush()
    return True
