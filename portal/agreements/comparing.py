"""Two versions side by side: what changed in the terms, and in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from flask_babel import gettext

from portal.agreements import compute, proposing
from portal.agreements.contract_words import day, listed, percentage
from portal.agreements.models import AgreementVersion
from portal.agreements.terms import Party, ShareKind, Terms
from portal.core.i18n import N_
from portal.core.money import euro
from portal.core.rendering import Passage, accepted_docx, paragraph_diff, redline_docx

_LABELS = {
    "title": N_("Titel"),
    "formula": N_("Pakket"),
    "goal": N_("Doel"),
    "families": N_("Gezinnen tegelijk"),
    "expert_hours": N_("Uren van de expert per jaar"),
    "coaching_talks": N_("Coachingsgesprekken per jaar"),
    "volunteers_with": N_("Organisatie van de vrijwilligers"),
    "insurance": N_("Verzekering van de vrijwilligers"),
    "rooms": N_("Lokalen"),
    "starts_on": N_("Eerste dag"),
    "ends_on": N_("Laatste dag"),
    "renewal": N_("Verlenging"),
    "renewal_years": N_("Telkens verlengd met (jaar)"),
    "notice_months": N_("Opzegtermijn (maanden)"),
    "severance": N_("Bijdrage in opzegkosten"),
    "plan_action": N_("Actie in het meerjarenplan"),
    "special_clauses": N_("Bijzondere bepalingen"),
    "court": N_("Bevoegde rechtbank"),
    "place": N_("Plaats van ondertekening"),
}


_NESTED = {
    "coordination": {
        "fte_percent": N_("VTE, in percent"),
        "name": N_("Naam van wie coördineert"),
        "function": N_("Functie van wie coördineert"),
        "service": N_("Dienst van wie coördineert"),
        "workplace": N_("Standplaats"),
        "starts_on": N_("In dienst vanaf"),
        "joint_committee": N_("Paritair comité"),
        "replacement_weeks": N_("Vervanging binnen (weken)"),
    },
    "deadlines": {
        "feedback_days": N_("Terugkoppeling aan de verwijzer binnen (dagen)"),
        "payment_days": N_("Betaaltermijn (dagen)"),
        "start_course_months": N_("Startopleiding binnen (maanden)"),
        "visitation_years": N_("Visitatie om de (jaren)"),
        "steering_per_year": N_("Stuurgroep per jaar (keer)"),
        "minutes_days": N_("Verslag van de stuurgroep binnen (dagen)"),
        "interim_evaluation_months": N_("Tussentijdse evaluatie na (maanden)"),
        "final_evaluation_months": N_("Eindevaluatie hoeveel maanden voor het einde"),
        "improvement_months": N_("Verbeterplan uitgevoerd binnen (maanden)"),
        "default_days": N_("Termijn van een ingebrekestelling (dagen)"),
        "wind_down_months": N_("Lopende trajecten afronden binnen (maanden)"),
        "report_month": N_("Maand van het financieel verslag"),
        "report_day": N_("Dag van het financieel verslag"),
    },
    "indexation": {
        "kind": N_("Indexering"),
        "base_month": N_("Maand van de aanvangsindex"),
        "reference_month": N_("Maand van de vergeleken index"),
        "floor": N_("Nooit onder het basisbedrag"),
        "cap_bp": N_("Hoogste stijging per jaar"),
    },
}


@dataclass(frozen=True)
class Changed:
    """One thing that is different: what it is called, how it was, how it became."""

    label: str
    before: str
    after: str


def terms(old: Terms, new: Terms) -> list[Changed]:
    """Return what changed in the terms, in words; amounts per year and partner first."""
    return [*_amounts(old, new), *_plain(old, new), *_lists(old, new), *_parties(old, new)]


def text(old: AgreementVersion, new: AgreementVersion) -> list[Passage]:
    """Return every passage of both versions, with what changed in it."""
    return paragraph_diff(_docx(old), _docx(new))


def word(old: AgreementVersion, new: AgreementVersion, author: str) -> bytes:
    """Return the older version with the changes of the newer one as tracked changes."""
    return redline_docx(_docx(old), _docx(new), author, new.proposed_at)


def _docx(version: AgreementVersion) -> bytes:
    """Return the Word of a version; of a partner's own with its tracked changes accepted."""
    data, _document = proposing.read(version, "docx")
    return accepted_docx(data) if version.uploaded else data


def _amounts(old: Terms, new: Terms) -> Iterator[Changed]:
    before = {year.year: year for year in compute.totals(old)}
    after = {year.year: year for year in compute.totals(new)}
    for year in sorted({*before, *after}):
        cost = tuple(t[year].cost_cents if year in t else None for t in (before, after))
        if cost[0] != cost[1]:
            label = gettext("Kosten in %(year)s", year=year)
            yield Changed(label, euro(cost[0]), euro(cost[1]))
    names = list(dict.fromkeys(p.name for p in (*old.partners, *new.partners)))
    for name in names:
        for year in sorted({*before, *after}):
            pair = (_share(old, before, name, year), _share(new, after, name, year))
            if pair[0] != pair[1]:
                label = gettext("Bijdrage van %(name)s in %(year)s", name=name, year=year)
                yield Changed(label, euro(pair[0]), euro(pair[1]))


def _share(of: Terms, totals: dict[int, compute.YearTotals], name: str, year: int) -> int | None:
    position = next((n for n, p in enumerate(of.partners) if p.name == name), None)
    if position is None or year not in totals:
        return None
    return totals[year].shares_cents[position]


def _plain(old: Terms, new: Terms) -> Iterator[Changed]:
    for name, label in _LABELS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Changed(gettext(label), said(before), said(after))
    for part, labels in _NESTED.items():
        for name, label in labels.items():
            before, after = (getattr(getattr(one, part), name) for one in (old, new))
            if before != after:
                show = percentage if name == "cap_bp" else said
                yield Changed(gettext(label), show(before or 0), show(after or 0))


def _lists(old: Terms, new: Terms) -> Iterator[Changed]:
    for label, show in (
        (N_("Werkingsgebied"), lambda t: listed(p.name for p in t.area)),
        (N_("Diensten"), lambda t: listed(s.title for s in t.services)),
        (N_("Streefdoelen"), _targets),
        (
            N_("Schijven"),
            lambda t: listed(f"{i.label} ({percentage(i.share_bp)})" for i in t.instalments),
        ),
        (N_("Andere inkomsten"), lambda t: listed(i.label for i in t.income)),
        (N_("Bijdragen in natura"), lambda t: listed(k.label for k in t.in_kind)),
        (N_("Rechtsgronden"), lambda t: listed(t.legal_grounds)),
    ):
        before, after = show(old), show(new)
        if before != after:
            yield Changed(gettext(label), before, after)
    yield from _lines(old, new)


def _lines(old: Terms, new: Terms) -> Iterator[Changed]:
    before = {line.code: line for line in old.lines}
    after = {line.code: line for line in new.lines}
    for code in dict.fromkeys([*before, *after]):
        pair = [_line(lines.get(code)) for lines in (before, after)]
        if pair[0] != pair[1]:
            name = (after.get(code) or before[code]).label
            label = gettext("Begrotingslijn %(code)s, %(name)s", code=code, name=name)
            yield Changed(label, pair[0], pair[1])


def _line(line: Any) -> str:
    return "" if line is None else " · ".join(euro(cents) for cents in line.cents)


def _targets(of: Terms) -> str:
    return listed(f"{t.families} / {t.volunteers}" for t in of.targets)


def _parties(old: Terms, new: Terms) -> Iterator[Changed]:
    before = {p.name: p for p in old.parties}
    after = {p.name: p for p in new.parties}
    for name in dict.fromkeys([*before, *after]):
        pair = [_party(parties.get(name)) for parties in (before, after)]
        if pair[0] != pair[1]:
            yield Changed(name, pair[0], pair[1])


def _party(party: Party | None) -> str:
    if party is None:
        return ""
    people = listed(f"{p.name or '…'} ({p.capacity})" for p in party.signatories)
    body = gettext(party.deciding_body.label) if party.deciding_body else ""
    share = gettext(party.share.kind.label)
    if party.share.kind == ShareKind.PERCENTAGE:
        share = percentage(party.share.value)
    contact = " ".join(p for p in (party.contact.name, party.contact_email) if p)
    return "\n".join(part for part in (party.address, body, people, contact, share) if part)


def said(value: Any) -> str:
    """Return a value as people read it."""
    if value is None or value == "" or (value == 0 and not isinstance(value, bool)):
        return ""
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nee")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Enum):
        return gettext(value.label)  # type: ignore[attr-defined]
    return str(value)
