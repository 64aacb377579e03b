"""The parties of an agreement as a contract presents them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.agreements import contract_money
from portal.agreements import contract_words as words
from portal.agreements.compute import Due
from portal.agreements.contract_words import filled
from portal.agreements.terms import DecidingBody, Formula, Party, PaymentDocument, Person, Terms
from portal.directory.kinds import OrganisationKind


@dataclass(frozen=True)
class Decided:
    """What a body decided on the agreement, as printed in annex 6."""

    body: DecidingBody
    on: date
    title: str
    number: str = ""
    uri: str = ""


_BODIES = {
    DecidingBody.COUNCIL: "de gemeenteraad",
    DecidingBody.COLLEGE: "het college van burgemeester en schepenen",
    DecidingBody.WELFARE_COUNCIL: "de raad voor maatschappelijk welzijn",
    DecidingBody.PERMANENT_BUREAU: "het vast bureau",
    DecidingBody.VGC_COLLEGE: "het College van de Vlaamse Gemeenschapscommissie",
    DecidingBody.BOARD: "het bestuursorgaan",
}
_LEGAL_FORMS = {
    OrganisationKind.GEMEENTE: "lokaal bestuur",
    OrganisationKind.OCMW: "lokaal bestuur",
    OrganisationKind.VGC: "gemeenschapscommissie",
    OrganisationKind.VZW: "vereniging zonder winstoogmerk",
    OrganisationKind.HSV: "vereniging zonder winstoogmerk",
}


def parties(terms: Terms, decisions: Mapping[int, Decided], dues: Sequence[Due]) -> dict[str, Any]:
    """Return HSV, the partners, and both together in the order they sign."""
    home_start = _party(terms.hsv, decisions)
    partners = [
        {
            **_party(party, decisions),
            "nummer": str(i + 1),
            "aandeel": contract_money.share_in_words(party),
            "totaal": contract_money.total_of(dues, i),
            "schijven": contract_money.schedule(dues, i),
            "stuk": _DOCUMENTS[party.pays_by],
        }
        for i, party in enumerate(terms.partners)
    ]
    return {
        "hsv": {**home_start, "iban": filled(terms.hsv.iban)},
        "partners": partners,
        "partijen": [_signing(one) for one in (home_start, *partners)],
        "meer_partners": len(partners) > 1,
    }


_DOCUMENTS = {PaymentDocument.INVOICE: "factuur", PaymentDocument.CLAIM: "schuldvordering"}


def _party(party: Party, decisions: Mapping[int, Decided]) -> dict[str, Any]:
    signing = party.signatories or party.representatives or (Person(),)
    decided = decisions.get(party.organisation_id) if party.organisation_id else None
    body = decided.body if decided else party.deciding_body
    return {
        "naam": filled(party.name),
        "rechtsvorm": _LEGAL_FORMS.get(party.kind, ""),
        "adres": filled(party.address),
        "kbo": _enterprise_number(party.kbo),
        "rpr": party.register.strip(),
        "publiek": party.is_public,
        "orgaan": _BODIES[body] if body else "het bevoegde orgaan",
        "ondertekenaars": [_person(one) for one in signing],
        "vertegenwoordigd": ", en ".join(_introduced(one) for one in signing),
        "contact": _person(party.contact),
        "contact_mail": filled(party.contact_email),
        "dpo": filled(party.dpo),
        "besluit": {
            "bekend": decided is not None,
            "datum": words.day(decided.on if decided else None),
            "titel": filled(decided.title if decided else ""),
            "nummer": decided.number if decided else "",
            "vindplaats": decided.uri if decided else "",
        },
    }


def _signing(party: Mapping[str, Any]) -> dict[str, Any]:
    return {k: party[k] for k in ("naam", "publiek", "orgaan", "ondertekenaars")}


def _person(person: Person) -> dict[str, str]:
    return {"naam": filled(person.name), "hoedanigheid": filled(person.capacity)}


def _introduced(person: Person) -> str:
    name = filled(person.name)
    return f"{name}, {person.capacity}" if person.capacity else name


def _enterprise_number(kbo: str) -> str:
    digits = "".join(c for c in kbo if c.isdigit())
    if len(digits) != 10:
        return filled(kbo)
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def volunteers_with(terms: Terms) -> str:
    """Return the organisation the volunteers work for, in the sense of the volunteers' act."""
    if terms.volunteers_with.strip():
        return terms.volunteers_with.strip()
    if terms.formula == Formula.EXPERT and terms.partners:
        return terms.partners[0].name
    return terms.hsv.name
