"""The demonstration: branches, organisations, one person per role, and a few hundred families."""

from datetime import date

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.agreements import reference as agreements
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Role
from portal.demo import (
    addenda,
    answers,
    bank,
    budgets,
    consents,
    enquiries,
    families,
    followed,
    living,
    signing,
    without_account,
)
from portal.demo import agreements as negotiations
from portal.demo import invoices as billing
from portal.directory import areas, branches, organisations
from portal.directory.branches import BranchDetails
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, Municipality, Organisation
from portal.directory.organisations import OrganisationDetails
from portal.directory.reference import load_reference

PASSWORD = "demo met een lang wachtwoord"  # noqa: S105 - printed by `portal demo`, refused elsewhere
REFERRALS = 480
LATELY = 90  # of the last weeks, so that every list has something to do

# branch → families at the same time, coordinator, municipalities
BRANCHES = {
    "Home-Start Waasland": (
        24, "Griet Verhelst",
        ("Sint-Niklaas", "Lokeren", "Temse", "Beveren-Kruibeke-Zwijndrecht", "Stekene"),
    ),
    "Home-Start Gent en Leiestreek": (
        30, "Pieter Coene",
        ("Gent", "Merelbeke-Melle", "Deinze", "Nazareth-De Pinte", "Sint-Martens-Latem"),
    ),
    "Home-Start Leuven": (26, "Nathalie Swinnen", ("Leuven", "Herent", "Bierbeek", "Kortenberg")),
    "Home-Start Herkenrode": (22, "Dominique Nijs", ("Hasselt", "Diepenbeek", "Zonhoven")),
    "Home-Start Kempen": (20, "Evi Dams", ("Turnhout", "Geel", "Herentals", "Mol")),
    "Home-Start Brussel": (
        28, "Rachida Bouzid", ("Sint-Jans-Molenbeek", "Anderlecht", "Schaarbeek", "Jette"),
    ),
    "Home-Start Antwerpen": (34, "Kris Verstappen", ("Antwerpen", "Mortsel")),
    "Home-Start Westhoek": (16, "Lieve Deprez", ("Ieper", "Poperinge", "Diksmuide")),
}  # fmt: skip

# organisation, kind, municipality
REFERRING = (
    ("Huis van het Kind Waasland", OrganisationKind.HUIS_VAN_HET_KIND, "Sint-Niklaas"),
    ("CLB De Brug", OrganisationKind.CLB, "Sint-Niklaas"),
    ("Kind en Gezin, consultatiebureau Lokeren", OrganisationKind.KIND_EN_GEZIN, "Lokeren"),
    ("Vroedvrouwenpraktijk De Wieg", OrganisationKind.VROEDVROUW, "Temse"),
    ("CAW De Schakel", OrganisationKind.CAW, "Gent"),
    ("Wijkgezondheidscentrum De Linde", OrganisationKind.WIJKGEZONDHEIDSCENTRUM, "Gent"),
    ("Basisschool De Regenboog", OrganisationKind.SCHOOL, "Leuven"),
    ("Huisartsenpraktijk Dijlezicht", OrganisationKind.HUISARTS, "Leuven"),
    ("CKG De Schommel", OrganisationKind.CKG, "Hasselt"),
    ("Buurtwerk 't Pleintje", OrganisationKind.BUURTWERK, "Antwerpen"),
    ("Perinataal netwerk Kempen", OrganisationKind.PERINATAAL_NETWERK, "Turnhout"),
    ("Kinderdagverblijf De Ketjes", OrganisationKind.KINDEROPVANG, "Anderlecht"),
    ("Huis van het Kind Ieper", OrganisationKind.HUIS_VAN_HET_KIND, "Ieper"),
)

# name, address before the @, role, where, function
PEOPLE = (
    ("Sofie Maertens", "verwijzer", Role.REFERRER, "OCMW Sint-Niklaas", "Maatschappelijk werker"),
    ("Karel Bruneel", "collega", Role.REFERRER, "OCMW Sint-Niklaas", "Maatschappelijk werker"),
    ("Lien De Pauw", "vroedvrouw", Role.REFERRER, "Vroedvrouwenpraktijk De Wieg", "Vroedvrouw"),
    ("Jo Cornelis", "gemeente", Role.NEGOTIATOR, "Gemeente Sint-Niklaas", "Diensthoofd welzijn"),
    ("Els Van Goethem", "ondertekenaar", Role.SIGNATORY, "Gemeente Sint-Niklaas", "Burgemeester"),
    ("Dirk Smet", "financien", Role.PARTNER_FINANCE, "Gemeente Sint-Niklaas", "Financiële dienst"),
    ("Mieke Aelbrecht", "overeenkomsten", Role.AGREEMENTS_MANAGER, "", "Stafmedewerker"),
    ("Wim Heyns", "boekhouding", Role.FINANCE_OFFICER, "", "Financieel medewerker"),
    ("Annelies Roels", "beheerder", Role.ADMINISTRATOR, "", "Directie"),
    ("Bert Lauwers", "privacy", Role.DPO, "", "Functionaris voor gegevensbescherming"),
)
COORDINATOR = "coordinator@portal.test"
BUDGETED_BY = ("overeenkomsten", "boekhouding", "gemeente", "financien")


def build() -> bool:
    """Fill an empty portal, once. Returns False when there are people in it already."""
    if db.session.scalar(select(Account.id).limit(1)) is not None:
        return False
    load_reference(db.session())
    agreements.load_reference()
    opened = [_branch(name, *rest) for name, rest in BRANCHES.items()]
    _organisations()
    for name, address, role, where, function in PEOPLE:
        account = accounts.create_account(f"{address}@portal.test", name, PASSWORD)
        place = _organisation(where) if where else None
        accounts.add_membership(account, role, place, function=function)
    _two_hats(opened[0])
    db.session.commit()
    families.make(REFERRALS - LATELY - without_account.NUMBER, years=2.5)
    families.make(LATELY, seed=11, years=0.09)
    followed.make()
    without_account.build()
    answers.build()
    consents.build(COORDINATOR, "beheerder@portal.test")
    enquiries.build("overeenkomsten@portal.test")
    negotiations.build("overeenkomsten@portal.test", "gemeente@portal.test", PASSWORD)
    signing.people(PASSWORD)
    billing.build("boekhouding@portal.test", "financien@portal.test")
    bank.build("boekhouding@portal.test")
    living.build("overeenkomsten@portal.test", "gemeente@portal.test")
    addenda.build("overeenkomsten@portal.test", "gemeente@portal.test")
    budgets.build(*(f"{who}@portal.test" for who in BUDGETED_BY))
    signing.build(*(f"{who}@portal.test" for who in ("overeenkomsten", "gemeente", "temse")))
    db.session.commit()
    return True


def sign_ins() -> list[tuple[str, str]]:
    """Return (role, e-mail address) of the people one can sign in as."""
    people = [(accounts.role_label(role), f"{who}@portal.test") for _, who, role, *_ in PEOPLE]
    people.insert(2, (accounts.role_label(Role.COORDINATOR), COORDINATOR))
    return [one for n, one in enumerate(people) if one[0] not in {p[0] for p in people[:n]}]


def _municipality(name: str) -> Municipality:
    return db.session.scalars(select(Municipality).where(Municipality.name == name)).one()


def _nis(name: str) -> str:
    return _municipality(name).nis


def _branch(name: str, places: int, coordinator: str, municipalities: tuple[str, ...]) -> Branch:
    slug = name.removeprefix("Home-Start ").lower().replace(" ", "-")
    begun = date(clock.today().year - 4, 1, 1)
    details = BranchDetails(
        name=name,
        email=f"{slug}@homestart.portal.test",
        active_from=begun,
        places_capacity=places,
        phone="02 000 00 00",
    )
    branch = branches.open_branch(details, None)
    for municipality in municipalities:
        place = _municipality(municipality)
        since = max(begun, date(2025, 1, 1)) if place.predecessors else begun
        areas.add_municipality(branch, place.nis, since, None)
    email = COORDINATOR if name == next(iter(BRANCHES)) else f"coordinator.{slug}@portal.test"
    account = accounts.create_account(email, coordinator, PASSWORD)
    accounts.add_membership(account, Role.COORDINATOR, branch=branch, function="Coördinator")
    return branch


def _organisations() -> None:
    home_start = OrganisationDetails(
        name="Home-Start Vlaanderen vzw",
        kind=OrganisationKind.HSV,
        nis=_nis("Leuven"),
        kbo="0400000086",
    )
    organisations.create_organisation(home_start, None)
    for number, (name, kind, municipality) in enumerate(REFERRING):
        details = OrganisationDetails(name=name, kind=kind, nis=_nis(municipality))
        created = organisations.create_organisation(details, None)
        if kind != OrganisationKind.VROEDVROUW:
            account = accounts.create_account(
                f"dienst{number}@portal.test", f"Team {name}", PASSWORD
            )
            accounts.add_membership(account, Role.REFERRER, created)


def _organisation(name: str) -> Organisation:
    kind = {"OCMW": OrganisationKind.OCMW, "Gemeente": OrganisationKind.GEMEENTE}.get(
        name.split()[0]
    )
    if kind is None:
        query = select(Organisation).where(Organisation.name == name)
    else:
        nis = _nis(name.split(maxsplit=1)[1])
        query = select(Organisation).where(Organisation.nis == nis, Organisation.kind == kind)
    return db.session.execute(query).scalar_one()


def _two_hats(branch: Branch) -> None:
    """Somebody with two roles, to show how one switches between them."""
    account = accounts.find_account("collega@portal.test")
    assert account is not None
    accounts.add_membership(account, Role.COORDINATOR, branch=branch, function="Vervanging")
