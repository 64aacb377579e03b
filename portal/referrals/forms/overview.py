"""Everything a referrer filled in, to read again before sending."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, gettext

from portal.core.i18n import N_
from portal.referrals.choices import Feedback
from portal.referrals.forms.filling import LABELS, Filling
from portal.referrals.forms.step import answer
from portal.referrals.forms.submit_request import TASK_FIELDS


@dataclass(frozen=True)
class Row:
    """A question, its answer (text, list of texts or None), and the field to change it in."""

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
    names = ["crisis", "court_measure", "function", "phone", "relation", "stays_involved"]
    names += ["informed", "agrees", "given_by", "given_on", "manner", "language"]
    names += ["leaflet_given", "shares_health", "feedback"]
    if form.feedback.data != Feedback.NONE:
        names.append("wants_feedback")
    return _plain(form, names)


def _family(form: Any) -> Iterator[Row]:
    yield Row(gettext(N_("Gemeente")), _place(form), form.municipality.id)
    if form.unserved:
        yield from _plain(form, ["kept_when_unserved"])
    if not form.counted_only:
        yield Row(gettext(N_("Aanspreekpunt")), _name(form), form.first_name.id)
        calls = form.contact_mode.data == "may_call"
        names = ["contact_mode", "phone", *(["call_moment"] if calls else []), "email", "adults"]
        yield from _plain(form, names)
    yield Row(str(form.children.label.text), [_child(c) for c in form.rows()], form.children.id)
    yield from _plain(form, ["pregnant", *(["due"] if form.pregnant.data else [])])
    if not form.counted_only:
        other = form.language.data == "other"
        names = ["language", *(["other_language"] if other else []), "interpreter", "online"]
        yield from _plain(form, names)


def _request(form: Any) -> Iterator[Row]:
    names = ["indicators", *(["health"] if form.shares_health else [])]
    if not form.counted_only:
        names += [*TASK_FIELDS, "question", "strengths", "other_services"]
    return _plain(form, names)


def _practical(form: Any) -> Iterator[Row]:
    names = ["at_school", "referred_before", "pets", "smoking", "access", "known_risk"]
    return _plain(form, names)


_ROWS: dict[str, Callable[[Any], Iterator[Row]]] = {
    "instemming": _consent,
    "gezin": _family,
    "vraag": _request,
    "praktisch": _practical,
}


def _plain(form: Any, names: list[str]) -> Iterator[Row]:
    for name in names:
        yield Row(str(form[name].label.text), answer(form[name]), form[name].id)


def _place(form: Any) -> str | None:
    where = form.where
    if where.municipality is None:
        return form.municipality.data
    return f"{where.postcode or ''} {where.municipality.name}".strip()


def _name(form: Any) -> str:
    return f"{form.first_name.data or ''} {form.last_name.data or ''}".strip()


def _child(row: Any) -> str:
    name = row.first_name.data
    if not (row.month.data and row.year.data):
        return name or gettext("Niet volledig ingevuld")
    month = format_date(row.born, "MMMM yyyy", rebase=False)
    return f"{name}, {month}" if name else month
