"""Made-up agreements to look at a template with, on screen and in tests.

The names are of the kind that goes wrong: an ampersand, angle brackets, accents, great length.
"""

from datetime import date

from portal.agreements import pricing
from portal.agreements.contract import Imprint
from portal.agreements.first_offer import first_offer
from portal.agreements.terms import (
    ALL_BP,
    DecidingBody,
    Formula,
    IncomeLine,
    Indexation,
    InKind,
    Party,
    PaymentDocument,
    Person,
    Place,
    Share,
    ShareKind,
    Terms,
)
from portal.core import money
from portal.directory.kinds import OrganisationKind

IMPRINT = Imprint("O-VOOR-BEELD", 3, date(2026, 11, 23))

_HOME_START = Party(
    None,
    "Home-Start Vlaanderen vzw",
    OrganisationKind.HSV,
    address="Voorbeeldstraat 1, 3000 Leuven",
    kbo="0400000036",
    register="RPR Leuven",
    representatives=(Person("An Peeters", "voorzitter"), Person("Bert Maes", "directeur")),
    deciding_body=DecidingBody.BOARD,
    signatories=(Person("An Peeters", "voorzitter"), Person("Bert Maes", "directeur")),
    contact=Person("Bert Maes", "directeur"),
    contact_email="samenwerking@homestart.portal.test",
    dpo="privacy@homestart.portal.test",
    iban="BE71 0961 2345 6769",
)
_PARTNERS = (
    ("Gemeente Merelbeke-Melle", OrganisationKind.GEMEENTE, DecidingBody.COUNCIL),
    ("OCMW Destelbergen", OrganisationKind.OCMW, DecidingBody.PERMANENT_BUREAU),
    ("Vriendenkring A & B <vzw>", OrganisationKind.VZW, DecidingBody.BOARD),
    ("Gemeente Sint-Martens-Latem", OrganisationKind.GEMEENTE, DecidingBody.COLLEGE),
    (
        "Intergemeentelijk samenwerkingsverband voor gezinnen, welzijn en gezondheid in de "
        "Vlaamse Ardennen en het Scheldeland",
        OrganisationKind.OTHER,
        DecidingBody.BOARD,
    ),
    ("Huis van het Kind ’t Vlindertje", OrganisationKind.HUIS_VAN_HET_KIND, DecidingBody.BOARD),
    ("Vlaamse Gemeenschapscommissie", OrganisationKind.VGC, DecidingBody.VGC_COLLEGE),
    ("Çocuk ve Aile – Łódź & Ieper vzw", OrganisationKind.VZW, DecidingBody.BOARD),
)
_AREA = (
    Place("44088", "Merelbeke-Melle", 37_125, 2026),
    Place("44013", "Destelbergen", 18_882, 2026),
    Place("44064", "Sint-Martens-Latem", 8_501, 2026),
)
_SUBSIDY = IncomeLine("I10", "Subsidie Opgroeien", (400_000, 480_000, 480_000, 80_000))
_CAPACITIES = {
    DecidingBody.COUNCIL: ("voorzitter van de gemeenteraad", "algemeen directeur"),
    DecidingBody.COLLEGE: ("burgemeester", "algemeen directeur"),
    DecidingBody.PERMANENT_BUREAU: ("voorzitter van het vast bureau", "algemeen directeur"),
    DecidingBody.VGC_COLLEGE: ("collegelid", "leidend ambtenaar"),
    DecidingBody.BOARD: ("voorzitter",),
}
_SIGNING = ("Zoë Van den Bröeck", "Jean-François D’Hondt-Vermeersch")


def sample(formula: Formula, partners: int = 3) -> Terms:
    """Return the terms of a made-up agreement of three years with one to eight partners."""
    bare = Terms(
        formula=formula,
        title="Home-Start in Merelbeke-Melle, Destelbergen en Sint-Martens-Latem",
        hsv=_HOME_START,
        partners=tuple(_partner(i, partners) for i in range(partners)),
        area=_AREA,
        starts_on=date(2027, 3, 1),
        ends_on=date(2030, 2, 28),
        indexation=Indexation(base_month=date(2026, 11, 1), cap_bp=400),
        renewal_years=3,
        severance=formula == Formula.COORDINATOR,
        insurance="polis 12.345.678 bij een erkende verzekeraar",
        rooms="een gespreksruimte in het Huis van het Kind, twee dagen per week",
        income=() if formula == Formula.EXPERT else (_SUBSIDY,),
        in_kind=(
            InKind("Werkplek en vergaderruimte", _PARTNERS[0][0], 240_000),
            InKind("Druk van folders", _PARTNERS[1][0]),
        ),
        legal_grounds=(
            "het decreet van 29 november 2013 houdende de organisatie van preventieve "
            "gezinsondersteuning, en zijn uitvoeringsbesluiten",
            "het decreet van 9 februari 2018 betreffende het lokaal sociaal beleid",
        ),
        sdgs=(1, 3, 4, 10, 11, 17),
        plan_action="Actie 3.2.1: gezinnen met jonge kinderen vinden steun in hun buurt",
        special_clauses="De folder verschijnt ook in het Turks & het Pools.\n"
        "De stuurgroep komt het eerste jaar een keer extra samen.",
        reserve_bp=1000,
        court="de rechtbank van eerste aanleg Oost-Vlaanderen, afdeling Gent",
        place="Merelbeke-Melle",
    )
    _title, offer = first_offer()
    services = (1, 3, 4, 6, 7) if formula == Formula.CUSTOM else None
    return pricing.fill_in(bare, offer, services=services)


def _partner(index: int, count: int) -> Party:
    name, kind, body = _PARTNERS[index]
    people = tuple(Person(n, c) for n, c in zip(_SIGNING, _CAPACITIES[body], strict=False))
    return Party(
        index + 1,
        name,
        kind,
        address=f"Dorpsplein {index + 1}, 98{index}0 Merelbeke-Melle",
        kbo="0207451227",
        register="RPR Gent" if kind in (OrganisationKind.VZW, OrganisationKind.OTHER) else "",
        representatives=people,
        deciding_body=body,
        signatories=people,
        contact=Person("Fatma Yılmaz", "diensthoofd welzijn"),
        contact_email=f"welzijn{index + 1}@partner.portal.test",
        dpo=f"dpo{index + 1}@partner.portal.test",
        pays_by=PaymentDocument.CLAIM if kind.is_local_government else PaymentDocument.INVOICE,
        share=Share(ShareKind.PERCENTAGE, money.allocate(ALL_BP, [1] * count)[index]),
    )
