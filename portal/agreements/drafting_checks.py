"""What is still wrong with a draft, step by step: what keeps it from being proposed, and advice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from portal.accounts import service as accounts
from portal.agreements import checks, signatories
from portal.agreements.terms import Formula, Party, Terms
from portal.core import clock
from portal.core.i18n import N_
from portal.core.permissions import Role
from portal.directory.kinds import OrganisationKind

# The steps of the wizard, in order: the word in the address, and what it is called.
PARTIES, AREA, SERVICES, CAPACITY = "partijen", "gebied", "diensten", "capaciteit"
BUDGET, SHARES, PAYMENT = "begroting", "verdeling", "betaling"
DURATION, CLAUSES, CHECK = "duur", "bepalingen", "nakijken"
STEPS = {
    PARTIES: N_("Partijen"),
    AREA: N_("Werkingsgebied"),
    SERVICES: N_("Pakket en diensten"),
    CAPACITY: N_("Capaciteit"),
    BUDGET: N_("Begroting"),
    SHARES: N_("Verdeling"),
    PAYMENT: N_("Betaling en index"),
    DURATION: N_("Duur en opzeg"),
    CLAUSES: N_("Bepalingen"),
    CHECK: N_("Nakijken"),
}
_OF_PART = {
    "dates": DURATION,
    "lines": BUDGET,
    "shares": SHARES,
    "instalments": PAYMENT,
    "indexation": PAYMENT,
}
LOCKED_ARTICLES = (3, 17, 18)
LONGEST_YEARS = 10
TIME_TO_DECIDE = timedelta(days=60)
_SHORT = re.compile(r"\bart\.\s*", re.IGNORECASE)
_NAMES_LOCKED = re.compile(r"\b(?:artikel(?:en)?|art)\s*(?:3|17|18)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"afwijk|wijzig|vervang|verval|geschrapt|schrappen|niet van toepassing|geldt niet|gelden niet"
    r"|in plaats van|buiten toepassing",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Remark:
    """Something to look at on a step; `blocking` ones come before proposing."""

    step: str
    message: str
    values: tuple[tuple[str, object], ...] = ()
    blocking: bool = True


def remarks(terms: Terms) -> list[Remark]:
    """Return everything to look at, in the order of the steps."""
    found = [
        *_parties(terms),
        *_content(terms),
        *_duration(terms),
        *_clauses(terms),
        *(Remark(_OF_PART[p.part], p.message, p.values) for p in checks.money_problems(terms)),
    ]
    order = list(STEPS)
    return sorted(found, key=lambda one: (order.index(one.step), not one.blocking))


def blocking(terms: Terms) -> list[Remark]:
    """Return what keeps the terms from being proposed."""
    return [one for one in remarks(terms) if one.blocking]


def _parties(terms: Terms) -> Iterator[Remark]:
    if not terms.title:
        yield Remark(PARTIES, N_("Geef de overeenkomst een titel."))
    if not terms.partners:
        yield Remark(PARTIES, N_("Voeg minstens één partner toe."))
    for party in terms.parties:
        yield from _party(party)


def _party(party: Party) -> Iterator[Remark]:
    values = (("name", party.name),)
    if party.is_public and party.deciding_body is None:
        yield Remark(PARTIES, N_("Kies welk orgaan beslist voor %(name)s."), values)
    missing = [
        words
        for words, given in (
            (N_("Vul het adres van %(name)s aan."), party.address),
            (N_("Vul het ondernemingsnummer van %(name)s aan."), party.kbo),
        )
        if not given
    ]
    yield from (Remark(PARTIES, words, values, blocking=False) for words in missing)
    if _nobody_reads(party):
        words = N_(
            "Voor %(name)s kan nog niemand het voorstel lezen. Vraag een beheerder om de "
            "onderhandelaar uit te nodigen."
        )
        yield Remark(PARTIES, words, values, blocking=False)
    rule = signatories.rule_for(party, None, clock.today())
    named = [person for person in party.signatories if person.name]
    if rule and tuple(p.capacity for p in party.signatories) != rule.capacities:
        words = N_("De ondertekenaars van %(name)s passen niet bij het orgaan dat beslist.")
        yield Remark(PARTIES, words, values)
    elif len(named) < (len(rule.capacities) if rule else 1):
        words = N_("Vul in wie er voor %(name)s ondertekent, zodra dat bekend is.")
        yield Remark(PARTIES, words, values, blocking=False)


def _nobody_reads(party: Party) -> bool:
    """Say whether nobody of a partner can sign in to negotiate."""
    if party.organisation_id is None or party.kind == OrganisationKind.HSV:
        return False
    return not accounts.members_of_organisation(party.organisation_id, Role.NEGOTIATOR)


def _content(terms: Terms) -> Iterator[Remark]:
    if not terms.area:
        yield Remark(AREA, N_("Kies minstens één gemeente."))
    if not terms.services:
        yield Remark(SERVICES, N_("Kies minstens één dienst."))
    if terms.formula == Formula.COORDINATOR and not terms.coordination.fte_percent:
        yield Remark(SERVICES, N_("Vul in hoeveel VTE de coördinator werkt."))
    if terms.formula == Formula.EXPERT and terms.privacy_role not in ("controller", "joint"):
        words = N_(
            "Kies welke rol de partner heeft voor de gegevens van gezinnen: haar medewerker "
            "coördineert de werking."
        )
        yield Remark(SERVICES, words)
    if terms.formula != Formula.EXPERT and not terms.families:
        yield Remark(CAPACITY, N_("Vul in hoeveel gezinnen tegelijk ondersteund worden."))


def _duration(terms: Terms) -> Iterator[Remark]:
    if terms.starts_on is None or terms.ends_on is None:
        return  # the check on amounts asks for both
    if terms.ends_on < terms.starts_on:
        yield Remark(DURATION, N_("De laatste dag ligt voor de eerste dag."))
    elif (terms.ends_on - terms.starts_on).days > LONGEST_YEARS * 366:
        yield Remark(DURATION, N_("Een overeenkomst loopt hoogstens tien jaar."))
    if not terms.notice_months:
        yield Remark(DURATION, N_("Kies een opzegtermijn."))
    if terms.starts_on < clock.today() + TIME_TO_DECIDE:
        words = N_(
            "De eerste dag is binnen twee maanden of voorbij. Kunnen de organen van de partners "
            "tijdig beslissen?"
        )
        yield Remark(DURATION, words, blocking=False)


def _clauses(terms: Terms) -> Iterator[Remark]:
    if not terms.court:
        yield Remark(CLAUSES, N_("Vul de bevoegde rechtbank in."))
    spelled_out = _SHORT.sub("artikel ", terms.special_clauses)
    for sentence in re.split(r"(?<=[.;!?])\s+|\n", spelled_out):
        if _NAMES_LOCKED.search(sentence) and _CHANGES.search(sentence):
            words = N_(
                "De artikelen 3, 17 en 18 liggen vast: bijzondere bepalingen kunnen er niet van "
                "afwijken. Kijk deze zin na: “%(sentence)s”"
            )
            yield Remark(CLAUSES, words, (("sentence", sentence[:120]),))
