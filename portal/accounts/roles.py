"""What each role is called, and where somebody who holds it belongs."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.i18n import N_
from portal.core.permissions import Role


class Seat(StrEnum):
    """Where a membership sits."""

    REFERRER = "referrer"  # an organisation that refers families
    PARTNER = "partner"  # an organisation that may be a party to an agreement
    BRANCH = "branch"
    HSV = "hsv"  # Home-Start Vlaanderen itself


SEATS: Mapping[Role, Seat] = {
    Role.REFERRER: Seat.REFERRER,
    Role.NEGOTIATOR: Seat.PARTNER,
    Role.SIGNATORY: Seat.PARTNER,
    Role.PARTNER_FINANCE: Seat.PARTNER,
    Role.COORDINATOR: Seat.BRANCH,
    Role.AGREEMENTS_MANAGER: Seat.HSV,
    Role.FINANCE_OFFICER: Seat.HSV,
    Role.ADMINISTRATOR: Seat.HSV,
    Role.DPO: Seat.HSV,
}

LABELS: Mapping[Role, str] = {
    Role.REFERRER: N_("Verwijzer"),
    Role.NEGOTIATOR: N_("Contactpersoon van een partner"),
    Role.SIGNATORY: N_("Ondertekenaar voor een partner"),
    Role.PARTNER_FINANCE: N_("Financieel contact van een partner"),
    Role.COORDINATOR: N_("Coördinator"),
    Role.AGREEMENTS_MANAGER: N_("Verantwoordelijke overeenkomsten"),
    Role.FINANCE_OFFICER: N_("Financieel medewerker"),
    Role.ADMINISTRATOR: N_("Beheerder"),
    Role.DPO: N_("Functionaris voor gegevensbescherming"),
}


def label(role: Role | None) -> str:
    """Return the Dutch name of a role (a message id)."""
    return N_("Geen rol") if role is None else LABELS[role]
