"""People who sign in to look at the directory."""

from sqlalchemy import select

from portal.accounts import memberships, people
from portal.accounts.models import Account
from portal.core.db import db
from portal.core.permissions import Role
from portal.directory import organisations
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation
from portal.directory.organisations import OrganisationDetails

PASSWORD = "een lang wachtwoord voor de test"


def somebody(role: Role) -> Account:
    """Return an account with a role at HSV, or at the OCMW of Gent."""
    name = "Home-Start Vlaanderen" if role == Role.ADMINISTRATOR else "OCMW Gent"
    place = db.session.scalar(select(Organisation).where(Organisation.name == name))
    if place is None:
        details = OrganisationDetails(name, OrganisationKind.HSV)
        place = organisations.create_organisation(details, None)
    account = people.create_account(f"{role}@voorbeeld.example", "An Peeters", PASSWORD)
    memberships.add_membership(account, role, place)
    db.session.commit()
    return account
