"""A referral as people read it: codes become words, months become ages. Knows no web.

Everything a person typed stays text of its own: it is never a message to translate, never a part
of one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from portal.core import clock
from portal.core.i18n import N_, long_date
from portal.referrals import choices
from portal.referrals.consents import LABELS, YES, ConsentChoice, Purpose
from portal.referrals.models import Channel, Family, Referral

CORRECTED = N_("Intussen aangepast door de afdeling")
_MONTHS_AS_MONTHS = 24


@dataclass(frozen=True)
class Row:
    """One line of a summary: a text, several, or None for what was not filled in."""

    label: str
    value: str | list[str] | None


@dataclass(frozen=True)
class Indicator:
    """A characteristic of the situation; `health`: shared with the family's explicit consent."""

    label: str
    health: bool


@dataclass(frozen=True)
class Contact:
    """How to reach the contact parent. `street` only for the branch, and once accepted."""

    name: str
    phone: str
    email: str
    street: str
    mode: str
    moment: str
    language: str
    interpreter: bool


def age(born: date, on: date) -> str:
    """Return the age of a child by month of birth: "14 maanden", "3 jaar"."""
    months = (on.year - born.year) * 12 + on.month - born.month
    if months < 1:
        return _("deze maand geboren")
    if months < _MONTHS_AS_MONTHS:
        return ngettext("%(num)d maand", "%(num)d maanden", months)
    return _("%(years)d jaar", years=months // 12)


def contact(family: Family) -> Contact:
    """Return how to reach the family, as the branch knows it now."""
    identity = family.identity
    return Contact(
        name=f"{identity['first_name']} {identity['last_name']}".strip(),
        phone=identity["phone"],
        email=identity["email"],
        street=family.street or "",
        mode=_(choices.CONTACT_MODES[identity["contact_mode"]]),
        moment=identity["call_moment"],
        language=language(family),
        interpreter=family.household["interpreter"],
    )


def dialled(phone: str) -> str:
    """Return a telephone number as a link dials it."""
    return "".join(c for c in phone if c.isdigit() or c == "+")


def language(family: Family) -> str:
    """Return the language of the family."""
    household = family.household
    return household["other_language"] or _(choices.LANGUAGES[household["language"]])


def children(family: Family) -> list[str]:
    """Return each child, and a child that is expected, in a few words."""
    today = clock.today()
    found = []
    for child in family.household["children"]:
        born = date.fromisoformat(child["born"])
        words = f"{age(born, today)} ({_month(born)})"
        found.append(f"{child['first_name']}, {words}" if child["first_name"] else words)
    due = family.household["due"]
    if due:
        month = _month(date.fromisoformat(due))
        found.append(_("Zwanger, kindje verwacht in %(month)s", month=month))
    return found


def ages(family: Family) -> str:
    """Return the ages of the children on one line, for a list."""
    today = clock.today()
    found = [age(date.fromisoformat(c["born"]), today) for c in family.household["children"]]
    return ", ".join([*found, *([_("zwanger")] if family.household["due"] else [])])


def household_rows(family: Family) -> list[Row]:
    """Return who lives there and what it takes to talk with them."""
    household = family.household
    return [
        Row(_("Volwassenen"), str(household["adults"] or "") or None),
        Row(_("Kinderen"), children(family)),
        Row(_("Taal"), language(family)),
        Row(_("Tolk nodig"), _yes_no(household["interpreter"])),
        Row(_("Digitaal bereikbaar"), _yes_no(household["online"])),
    ]


def written_contact_rows(family: Family) -> list[Row]:
    """Return how to reach the family as the referrer wrote it; not what was corrected since."""
    identity = family.identity
    corrected = identity.get("corrected", ())

    def written(name: str) -> str:
        return _(CORRECTED) if name in corrected else identity[name]

    return [
        Row(_("Contactouder"), f"{identity['first_name']} {identity['last_name']}".strip()),
        Row(_("Telefoon"), written("phone")),
        Row(_("E-mail"), written("email")),
        Row(_("Contact"), _(choices.CONTACT_MODES[identity["contact_mode"]])),
        Row(_("Veilig moment"), identity["call_moment"]),
    ]


def indicators(family: Family) -> list[Indicator]:
    """Return the characteristics of the situation, those of health last."""
    told = [*family.situation["indicators"], *(family.health or ())]
    return [
        Indicator(_(choices.INDICATOR_LABELS[code]), code in choices.HEALTH_CODES) for code in told
    ]


def tasks(family: Family) -> list[Row]:
    """Return what the family hopes for, in the three groups of volunteer tasks."""
    return task_rows(family.situation["tasks"])


def task_rows(codes: Iterable[str]) -> list[Row]:
    """Return tasks in their groups, only the groups that have any."""
    wanted = set(codes)
    groups = (
        Row(_(group), [_(label) for code, label in members.items() if code in wanted])
        for group, members in choices.TASK_GROUPS.items()
    )
    return [row for row in groups if row.value]


def context_rows(family: Family) -> list[Row]:
    """Return what else is going on around the family."""
    situation = family.situation
    services = [_(choices.OTHER_SERVICES[code]) for code in situation["other_services"]]
    return [
        Row(_("Andere betrokken diensten"), services),
        Row(_("Kinderen op school of in de opvang"), _answer(situation["at_school"])),
        Row(_("Eerder aangemeld bij Home-Start"), _answer(situation["referred_before"])),
    ]


def practical_rows(family: Family) -> list[Row]:
    """Return what to know before going to the door."""
    practical = family.practical
    if not practical["pets"]:  # not asked of a parent herself
        return []
    return [
        Row(_("Huisdieren"), _answer(practical["pets"])),
        Row(_("Roken in huis"), _answer(practical["smoking"])),
        Row(_("Bereikbaarheid"), practical["access"]),
        Row(_("Bekend risico bij een huisbezoek"), _yes_no(practical["known_risk"])),
    ]


def consent_rows(
    referral: Referral, recorded_by: str, chosen: Mapping[Purpose, ConsentChoice]
) -> list[Row]:
    """Return what the family agreed to, when, how and on which text, and what it allows now."""
    consent = referral.consent
    if consent is None:
        return []
    if referral.channel == Channel.SELF:
        return [
            Row(_("Gegeven door"), _(choices.GIVEN_BY_HERSELF[consent.given_by])),
            Row(_("Gegeven op"), long_date(consent.given_on)),
            Row(_("Hoe"), _(choices.MANNERS_HERSELF[consent.manner])),
            Row(_("Mag gedeeld worden"), _shared(chosen)),
            Row(_("Versie van de tekst"), consent.text_version),
        ]
    if referral.channel == Channel.LIST:
        return [
            Row(_("Gegeven door"), _(choices.GIVEN_BY[consent.given_by])),
            Row(_("Gegeven op"), long_date(consent.given_on)),
            Row(_("Hoe"), _(choices.MANNERS_TO_BRANCH[consent.manner])),
            Row(_("Mag gedeeld worden"), _shared(chosen)),
            Row(_("Overgenomen door"), recorded_by),
        ]
    return [
        Row(_("Gegeven door"), _(choices.GIVEN_BY[consent.given_by])),
        Row(_("Gegeven op"), long_date(consent.given_on)),
        Row(_("Hoe"), _(choices.MANNERS[consent.manner])),
        Row(_("In welke taal"), _(choices.LANGUAGES[consent.language])),
        Row(_("Folder gegeven"), _yes_no(consent.leaflet_given)),
        Row(_("Mag gedeeld worden"), _shared(chosen)),
        Row(_("Terugkoppeling"), _(choices.FEEDBACK[referral.feedback])),
        Row(_("Versie van de tekst"), consent.text_version),
        Row(_("Genoteerd door"), recorded_by),
    ]


def _shared(chosen: Mapping[Purpose, ConsentChoice]) -> list[str]:
    return [_(LABELS[purpose]) for purpose, one in chosen.items() if one.answer == YES]


def referrer_rows(referral: Referral) -> list[Row]:
    """Return how the referrer knows the family and whether she stays involved."""
    if referral.family is None or referral.channel == Channel.SELF:
        return []
    situation = referral.family.situation
    if referral.channel == Channel.LIST:
        return [Row(_("Verwezen door"), situation.get("referred_by", ""))]
    return [
        Row(_("Functie"), situation["function"]),
        Row(_("Relatie tot het gezin"), _(choices.RELATIONS[situation["relation"]])),
        Row(_("Blijft betrokken"), _yes_no(situation["stays_involved"])),
        Row(_("Wil op de hoogte blijven"), _yes_no(referral.referrer_hears)),
    ]


def _month(value: date) -> str:
    return format_date(value, "MMMM yyyy", rebase=False)


def _yes_no(value: bool | None) -> str | None:
    if value is None:
        return None
    return _("Ja") if value else _("Nee")


def _answer(code: str) -> str | None:
    return _(choices.YES_NO_UNKNOWN[code]) if code in choices.YES_NO_UNKNOWN else None


@dataclass(frozen=True)
class Choice:
    """What a family said for one purpose: in words, with who, when, how and on which text."""

    label: str
    answer: str
    tone: str
    on: date
    how: str
    text_version: str
    who: str = ""


def choice_rows(chosen: Mapping[Purpose, ConsentChoice]) -> list[Choice]:
    """Return what holds now, one for each purpose."""
    return [_choice(one, {}) for one in chosen.values()]


def choice_history(
    choices_: Iterable[ConsentChoice], names: Mapping[int | None, str]
) -> list[Choice]:
    """Return everything a family ever said, in the order given, with who wrote it down."""
    return [_choice(one, names) for one in choices_]


def _choice(one: ConsentChoice, names: Mapping[int | None, str]) -> Choice:
    if one.purpose == Purpose.FEEDBACK:
        answer, tone = _(choices.FEEDBACK[choices.Feedback(one.answer)]), "neutral"
    else:
        allowed = one.answer == YES
        answer, tone = (_("Ja"), "success") if allowed else (_("Nee"), "danger")
    given_by = {**choices.GIVEN_BY, **choices.GIVEN_BY_HERSELF}[one.given_by]
    manner = {**choices.MANNERS_LATER, **choices.MANNERS_HERSELF}[one.manner]
    return Choice(
        _(LABELS[one.purpose]),
        answer,
        tone,
        one.given_on,
        f"{_(given_by)}, {_(manner).lower()}",
        one.text_version,
        names.get(one.by_id, "") or _("De ouder zelf"),
    )
