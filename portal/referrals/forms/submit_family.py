"""Step 2: where the family lives, who it is and how to reach it."""

from datetime import date
from functools import cached_property
from typing import Any

import wtforms
from flask_babel import format_date, gettext
from wtforms.validators import Length, StopValidation

from portal.core import clock
from portal.core.fields import (
    EmailField,
    NumberField,
    PhoneField,
    RadioField,
    SelectField,
    YesNoField,
)
from portal.core.forms import Required, choices_of, no_national_number
from portal.core.i18n import lazy_gettext
from portal.directory.gazetteer import Place
from portal.directory.models import Branch
from portal.referrals import place, routing, rules
from portal.referrals.choices import CONTACT_MODES, LANGUAGES
from portal.referrals.filled import Child, Household, Identity
from portal.referrals.forms.step import StepForm, ask, typed_in

SPARE_ROWS = 4
MOST_CHILDREN = 15
OLDEST_CHILD_YEARS = 40
EXPECTED_WITHIN_MONTHS = 9

# What is not asked where no branch can help and the family does not want to be kept on a list.
_ONLY_FOR_A_BRANCH = (
    "first_name",
    "last_name",
    "phone",
    "email",
    "contact_mode",
    "call_moment",
    "adults",
    "language",
    "other_language",
    "interpreter",
    "online",
)


def months() -> list[tuple[int, str]]:
    """Return the months of the year by number, in the reader's language."""
    return [(n, format_date(date(2000, n, 1), "LLLL", rebase=False)) for n in range(1, 13)]


def coming_months() -> list[tuple[str, str]]:
    """Return this month and the nine after it, as ("2026-11", "november 2026")."""
    first = clock.today().replace(day=1)
    found = []
    for ahead in range(EXPECTED_WITHIN_MONTHS + 1):
        years, month = divmod(first.month - 1 + ahead, 12)
        day = date(first.year + years, month + 1, 1)
        found.append((f"{day:%Y-%m}", format_date(day, "MMMM yyyy", rebase=False)))
    return found


class ChildForm(StepForm):
    """One child: month and year of birth, never the day."""

    first_name = wtforms.StringField(lazy_gettext("Voornaam"), [Length(max=60)])
    month = SelectField(
        lazy_gettext("Geboortemaand"), choices=months, coerce=int, blank=lazy_gettext("Maand")
    )
    year = NumberField(lazy_gettext("Geboortejaar"), widget=wtforms.widgets.TextInput())

    @property
    def blank(self) -> bool:
        """Whether the row was left empty."""
        return not (self.first_name.data or self.month.data or typed_in(self.year))

    @property
    def born(self) -> date:
        """The first day of the month of birth, once the row is valid."""
        return date(self.year.data or 0, self.month.data or 0, 1)

    def validate_month(self, field: Any) -> None:
        if not self.blank:
            ask(field, gettext("Kies de maand."))

    def validate_year(self, field: Any) -> None:
        if self.blank or field.process_errors:
            return
        ask(field, gettext("Vul het jaar in."))
        this_year = clock.today().year
        if field.data not in range(this_year - OLDEST_CHILD_YEARS, this_year + 2):
            raise StopValidation(gettext("Vul het jaar met vier cijfers in, zoals 2021."))


class FamilyForm(StepForm):
    """The municipality first, because it decides where this goes and what else is needed."""

    municipality = wtforms.StringField(
        lazy_gettext("In welke gemeente woont het gezin?"), [Required()]
    )
    nis = wtforms.HiddenField()
    which = RadioField(lazy_gettext("Welke gemeente bedoel je?"))
    postcode = RadioField(lazy_gettext("Welke postcode?"))
    kept_when_unserved = YesNoField(
        lazy_gettext("Wil het gezin op een lijst staan voor als er een werking start?")
    )
    first_name = wtforms.StringField(lazy_gettext("Voornaam"), [Required(), Length(max=60)])
    last_name = wtforms.StringField(lazy_gettext("Familienaam"), [Required(), Length(max=80)])
    contact_mode = RadioField(
        lazy_gettext("Hoe komt het eerste contact er?"),
        [Required()],
        choices=choices_of(CONTACT_MODES),
    )
    phone = PhoneField(lazy_gettext("Telefoon"), [no_national_number])
    call_moment = wtforms.StringField(
        lazy_gettext("Wanneer kan de coördinator veilig bellen?"), [Length(max=200)]
    )
    email = EmailField(lazy_gettext("E-mailadres"), [no_national_number])
    adults = RadioField(
        lazy_gettext("Hoeveel volwassenen wonen er?"),
        [Required()],
        choices=[(1, "1"), (2, "2"), (3, lazy_gettext("3 of meer"))],
        coerce=int,
    )
    children = wtforms.FieldList(
        wtforms.FormField(ChildForm), lazy_gettext("Kinderen"), max_entries=MOST_CHILDREN
    )
    pregnant = YesNoField(lazy_gettext("Is er een baby op komst?"), [Required()])
    due = SelectField(
        lazy_gettext("Wanneer wordt de baby verwacht?"),
        choices=coming_months,
        blank=lazy_gettext("Kies een maand"),
    )
    language = SelectField(
        lazy_gettext("Welke taal spreekt het gezin het liefst?"),
        [Required()],
        choices=choices_of(LANGUAGES),
        blank=lazy_gettext("Kies een taal"),
    )
    other_language = wtforms.StringField(lazy_gettext("Welke taal?"), [Length(max=60)])
    interpreter = YesNoField(lazy_gettext("Is er een tolk nodig?"), [Required()])
    online = YesNoField(
        lazy_gettext("Is het gezin bereikbaar met sms, WhatsApp of e-mail?"), [Required()]
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._offer(self.which, [(one.nis, _named(one)) for one in self.where.candidates])
        self._offer(self.postcode, [(code, code) for code in self.where.postcodes])
        self._add_spare_rows()

    def _add_spare_rows(self) -> None:
        rows = self.children.entries
        if any(row.form.blank for row in rows):
            return
        wanted = min(max(SPARE_ROWS, len(rows) + 1), MOST_CHILDREN)
        for _ in range(wanted - len(rows)):
            self.children.append_entry()

    @staticmethod
    def _offer(field: Any, choices: list[tuple[str, str]]) -> None:
        """Set the choices of a question that follows from another; an old answer to it lapses."""
        field.choices = choices
        if field.data not in {code for code, _ in choices}:
            field.data = None

    @cached_property
    def where(self) -> place.Where:
        """What the answers about the municipality point at."""
        return place.find(
            self.municipality.data or "",
            self.nis.data or "",
            self.which.data or "",
            self.postcode.data or "",
        )

    @cached_property
    def branch(self) -> Branch | None:
        """The branch a referral goes to; None when nobody serves the place or it is not known."""
        place = self.where.municipality
        return None if place is None else routing.branch_for(place.nis, clock.today())

    @cached_property
    def route(self) -> routing.Route | None:
        """That branch with its room and its usual wait."""
        return None if self.branch is None else routing.route_to(self.branch)

    @property
    def unserved(self) -> bool:
        """Whether the place is known and no branch serves it."""
        return self.where.municipality is not None and self.branch is None

    @property
    def counted_only(self) -> bool:
        """Whether only a need is counted: nobody serves the place, the family is not kept."""
        return self.unserved and self.kept_when_unserved.data is not True

    @property
    def not_asked(self) -> tuple[str, ...]:
        return _ONLY_FOR_A_BRANCH if self.counted_only else ()

    def validate_municipality(self, field: Any) -> None:
        if not field.data or self.where.municipality or self.where.candidates:
            return
        if self.where.too_many:
            raise StopValidation(
                gettext("Dit past bij veel gemeenten. Typ de hele naam of de postcode.")
            )
        raise StopValidation(
            gettext(
                "Deze gemeente vinden we niet in Vlaanderen of Brussel. Typ de naam of de "
                "postcode, of kies uit de suggesties."
            )
        )

    def validate_which(self, field: Any) -> None:
        if self.where.candidates:
            ask(field, gettext("Kies de gemeente die je bedoelt."))

    def validate_postcode(self, field: Any) -> None:
        if self.where.postcodes:
            ask(field, gettext("Kies de postcode."))

    def validate_kept_when_unserved(self, field: Any) -> None:
        if self.unserved:
            ask(field)

    def validate_phone(self, field: Any) -> None:
        if self.contact_mode.data == "may_call":
            ask(field, gettext("Vul het nummer in waarop de coördinator mag bellen."))

    def validate_call_moment(self, field: Any) -> None:
        if self.contact_mode.data == "may_call":
            ask(field, gettext("Schrijf wanneer bellen kan, of “altijd”."))

    def validate_other_language(self, field: Any) -> None:
        if self.language.data == "other":
            ask(field, gettext("Schrijf welke taal."))

    def validate_due(self, field: Any) -> None:
        if self.pregnant.data:
            ask(field, gettext("Kies de maand waarin de baby verwacht wordt."))

    def check_rules(self) -> None:
        rules.check_household(self.household())

    def identity(self) -> Identity:
        """Return who to contact and how, once the form is valid."""
        calls = self.contact_mode.data == "may_call"
        return Identity(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            contact_mode=self.contact_mode.data or "",
            call_moment=(self.call_moment.data or "") if calls else "",
        )

    def household(self) -> Household:
        """Return who lives there, once the form is valid."""
        other = self.language.data == "other"
        return Household(
            adults=self.adults.data or 0,
            children=tuple(Child(row.born, row.first_name.data or "") for row in self.rows()),
            due=self.expected_on,
            language=self.language.data or "",
            other_language=(self.other_language.data or "") if other else "",
            interpreter=bool(self.interpreter.data),
            online=bool(self.online.data),
        )

    @property
    def expected_on(self) -> date | None:
        """The first day of the month in which a child is expected, once the form is valid."""
        due = self.due.data if self.pregnant.data else None
        return date.fromisoformat(f"{due}-01") if due else None

    def rows(self) -> list[Any]:
        """Return the rows of children that were not left empty."""
        return [row.form for row in self.children.entries if not row.form.blank]


def _named(one: Place) -> str:
    return f"{one.name} ({one.province})" if one.province else one.name
