"""Everything a referrer filled in, in few lines, to read again before sending."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, gettext

from portal.referrals.forms.filling import LABELS, Filling
from portal.referrals.forms.step import answer
from portal.referrals.forms.submit_request import TASK_FIELDS


@dataclass(frozen=True)
class Row:
    """A term, what was answered (text, list of texts or None), and the field to change it in."""

    label: str
    value: Any
    field: str


@dataclass(frozen=True)
class Section:
    """The answers of one step."""

    step: str
    title: str
    rows: list[Row]


def sections(filling: Filling) -> list[Section]:
    """Return the answers step by step, in the reader's language."""
    return [
        Section(step, gettext(LABELS[step]), list(_ROWS[step](filling.saved(step))))
        for step in filling.steps
        if step in _ROWS
    ]


def _consent(form: Any) -> Iterator[Row]:
    yield Row(gettext("Crisis of acuut gevaar"), answer(form.crisis), "crisis")
    yield Row(gettext("Gerechtelijke maatregel"), answer(form.court_measure), "court_measure")
    yield Row(gettext("Jij"), _lines(form.function.data, form.phone.data), "function")
    involved = form.stays_involved.data and gettext("Je blijft betrokken")
    yield Row(gettext("Band met het gezin"), _lines(answer(form.relation), involved), "relation")
    agreed = form.informed.data and form.agrees.data
    given = [answer(form[name]) for name in ("given_by", "given_on", "manner", "language")]
    leaflet = form.leaflet_given.data and gettext("Folder meegegeven")
    yield Row(
        gettext("Akkoord van het gezin"), _lines(*given, leaflet) if agreed else None, "informed"
    )
    yield Row(gettext("Gezondheid doorgeven"), answer(form.shares_health), "shares_health")
    mails = form.referrer().wants_feedback and gettext("Je krijgt mails")
    yield Row(gettext("Wat je later hoort"), _lines(answer(form.feedback), mails), "feedback")


def _family(form: Any) -> Iterator[Row]:
    yield Row(gettext("Gemeente"), _place(form), "municipality")
    if form.unserved:
        kept = answer(form.kept_when_unserved)
        yield Row(gettext("Op de lijst staan"), kept, "kept_when_unserved")
    if not form.counted_only:
        yield from _contact(form)
    yield Row(gettext("Kinderen"), [_child(child) for child in form.rows()], "children")
    expected = answer(form.due) if form.pregnant.data else answer(form.pregnant)
    yield Row(gettext("Baby op komst"), expected, "pregnant")
    if not form.counted_only:
        other = form.language.data == "other"
        spoken = form.other_language.data if other else answer(form.language)
        interpreter = form.interpreter.data and gettext("Tolk nodig")
        yield Row(gettext("Taal"), _lines(spoken, interpreter), "language")
        yield Row(gettext("Bereikbaar met sms of mail"), answer(form.online), "online")


def _contact(form: Any) -> Iterator[Row]:
    name = f"{form.first_name.data or ''} {form.last_name.data or ''}".strip()
    reached = _lines(name, form.phone.data, form.email.data)
    yield Row(gettext("Aanspreekpunt"), reached, "first_name")
    how = _lines(answer(form.contact_mode), form.identity().call_moment)
    yield Row(gettext("Eerste contact"), how, "contact_mode")
    yield Row(gettext("Volwassenen"), answer(form.adults), "adults")


def _request(form: Any) -> Iterator[Row]:
    health = answer(form.health) if form.shares_health else []
    yield Row(gettext("Wat speelt er"), [*answer(form.indicators), *health], "indicators")
    if not form.counted_only:
        asked = [text for name in TASK_FIELDS for text in answer(form[name])]
        yield Row(gettext("Gevraagde steun"), asked, TASK_FIELDS[0])
        yield Row(gettext("Vraag van het gezin"), form.question.data, "question")
        yield Row(gettext("Krachten"), form.strengths.data, "strengths")
        yield Row(gettext("Andere diensten"), answer(form.other_services), "other_services")


def _practical(form: Any) -> Iterator[Row]:
    yield Row(gettext("Opvang of school"), answer(form.at_school), "at_school")
    yield Row(gettext("Eerder aangemeld"), answer(form.referred_before), "referred_before")
    yield Row(gettext("Huisdieren"), answer(form.pets), "pets")
    yield Row(gettext("Binnen roken"), answer(form.smoking), "smoking")
    yield Row(gettext("Binnen geraken"), form.access.data, "access")
    yield Row(gettext("Bekend risico"), answer(form.known_risk), "known_risk")


_ROWS: dict[str, Callable[[Any], Iterator[Row]]] = {
    "instemming": _consent,
    "gezin": _family,
    "vraag": _request,
    "praktisch": _practical,
}


def _lines(*texts: Any) -> str:
    return "\n".join(text for text in texts if text)


def _place(form: Any) -> str | None:
    where = form.where
    if where.municipality is None:
        return form.municipality.data
    return f"{where.postcode or ''} {where.municipality.name}".strip()


def _child(row: Any) -> str:
    name = row.first_name.data
    if not (row.month.data and row.year.data):
        return name or gettext("Niet volledig ingevuld")
    month = format_date(row.born, "MMMM yyyy", rebase=False)
    return f"{name}, {month}" if name else month
