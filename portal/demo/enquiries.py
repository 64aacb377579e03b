"""Municipalities that ask for a branch: two that wait, one with an answer, one with a draft."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.agreements import enquiries, enquiry_drafts, packages, scenarios
from portal.agreements.enquiries import Question
from portal.agreements.enquiry_states import workflow
from portal.agreements.models import Enquiry
from portal.agreements.scenarios import Scenario
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor, Role, granted
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation


class Asking(NamedTuple):
    """Who asks, for which municipalities (the first is the asker's own), and how it stands."""

    name: str
    function: str
    nis: tuple[str, ...]
    formula: str
    support: str
    budget: str
    remarks: str
    families: int = 20


ASKING = (
    Asking(
        *("Veerle Maes", "Schepen van welzijn", ("12021", "12014"), "B", "carried", "sought"),
        "Kunnen twee gemeenten samen één coördinator delen?",
    ),
    Asking(
        *("Tom Desmet", "Diensthoofd sociaal huis", ("34022",), "", "discussed", "unknown"),
        "We hebben al een buddywerking voor nieuwkomers en willen weten wat past.",
    ),
    Asking(
        *("Ilse Jacobs", "Coördinator Huis van het Kind", ("71016",), "A", "carried", "planned"),
        "We hebben zelf een halftijdse medewerker.",
    ),
    Asking(
        *("Nele Claeys", "Algemeen directeur", ("44083", "44086"), "B", "carried", "planned"),
        "Onze raden bespreken dit in het voorjaar.",
    ),
)
ANSWER = (
    "Fijn dat jullie aan Home-Start denken. We komen graag langs om te bespreken hoe een expert "
    "jullie medewerker kan ondersteunen. Past dinsdag of donderdag volgende week?"
)


def build(manager_email: str) -> None:
    """Store the enquiries, confirmed; HSV's manager acted on the last two."""
    *_waiting, answered, opened = [_asked(one) for one in ASKING]
    manager = _manager(manager_email)
    enquiries.answer(manager, answered, ANSWER, None)
    possible = enquiry_drafts.possible_partners(opened)
    partners = enquiry_drafts.likely_partners(opened, possible)
    opening = enquiry_drafts.usual_opening(opened, partners)
    enquiry_drafts.open_from(manager, opened, opening, None)


def _asked(asking: Asking) -> Enquiry:
    own = db.session.execute(
        select(Organisation).where(
            Organisation.nis == asking.nis[0], Organisation.kind == OrganisationKind.GEMEENTE
        )
    ).scalar_one()
    edition = packages.active_edition()
    start = date(clock.today().year + 1, 9, 1)
    scenario = Scenario(start, asking.nis, families=asking.families)
    question = Question(
        name=asking.name,
        function=asking.function,
        email=f"{asking.name.split()[0].lower()}@gemeente.portal.test",
        organisation=own,
        organisation_name=own.name,
        organisation_kind=own.kind.value,
        municipalities=asking.nis,
        formula=asking.formula,
        support=asking.support,
        budget=asking.budget,
        remarks=asking.remarks,
    )
    offer = packages.offer_of(edition)
    snapshot = scenarios.price(scenario, offer, edition.number, edition.title)
    enquiry = enquiries.ask(question, snapshot)
    enquiry.confirmed_at, enquiry.token_hash = clock.now(), None
    workflow.fire(enquiry, "confirm", None)
    return enquiry


def _manager(email: str) -> Actor:
    account = accounts.find_account(email)
    assert account is not None
    role = Role.AGREEMENTS_MANAGER
    return Actor(account.id, account.name, account.email, role, permissions=granted(role))
