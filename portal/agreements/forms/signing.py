"""What people fill in to send a document for signature, to sign it, or not to."""

from datetime import date
from typing import Any

import wtforms
from wtforms.validators import Length

from portal.agreements.agreement_signing import Expected
from portal.agreements.envelopes import Invitee
from portal.agreements.forms.draft import RowForm
from portal.core.fields import DayField, EmailField, NamedFieldList, RadioField
from portal.core.forms import BaseForm, Required, VersionedForm, choices_of
from portal.core.i18n import N_, lazy_gettext

MOST_SIGNERS = 30
ORDERS = {
    "partners_first": N_("Eerst de partners samen, daarna Home-Start Vlaanderen"),
    "together": N_("Iedereen samen"),
    "home_start_first": N_("Eerst Home-Start Vlaanderen, daarna de partners samen"),
    "one_by_one": N_("Een voor een, in de volgorde hierboven"),
}


class InviteeForm(RowForm):
    """Where to reach somebody who signs, and who else may sign in the same place."""

    name = wtforms.StringField(lazy_gettext("Naam"), [Length(max=120)])
    email = EmailField(lazy_gettext("Eigen e-mailadres"), [Required()])
    other_name = wtforms.StringField(lazy_gettext("Of: naam van een ander"), [Length(max=120)])
    other_capacity = wtforms.StringField(lazy_gettext("Hoedanigheid"), [Length(max=120)])
    other_email = EmailField(lazy_gettext("Diens e-mailadres"))


class SendForm(VersionedForm):
    """Who is asked, in which order, and until when."""

    people = NamedFieldList(wtforms.FormField(InviteeForm), max_entries=MOST_SIGNERS)
    order = RadioField(lazy_gettext("Volgorde"), [Required()], choices=choices_of(ORDERS))
    expires_on = DayField(lazy_gettext("Tekenen kan tot en met"), [Required()])

    def name_people(self, expected: list[Expected]) -> None:
        """Call each entry by who it is about, as the error summary does."""
        for one, entry in zip(expected, self.people, strict=False):
            entry.label.text = one.name or f"{one.capacity}, {one.party}"

    def invitees(self, expected: list[Expected]) -> list[Invitee]:
        """Return who is asked; a name that stands in the contract stays as it is there."""
        found: list[Invitee] = []
        for number, (one, entry) in enumerate(zip(expected, self.people, strict=False)):
            row: Any = entry.form
            made = Invitee(
                party=one.party,
                name=one.name or row.name.data or "",
                capacity=one.capacity,
                email=row.email.data or "",
                organisation_id=one.organisation_id,
                instead_of=one.instead_of,
                step=self._step(number, one),
                slot=number,
            )
            found.append(made)
            if row.other_email.data or row.other_name.data:
                found.append(_other(made, row))
        return found

    def _step(self, number: int, one: Expected) -> int:
        return {
            "together": 1,
            "partners_first": 2 if one.ours else 1,
            "home_start_first": 1 if one.ours else 2,
            "one_by_one": number + 1,
        }[str(self.order.data)]


def _other(first: Invitee, row: Any) -> Invitee:
    return Invitee(
        party=first.party,
        name=row.other_name.data or "",
        capacity=row.other_capacity.data or "",
        email=row.other_email.data or "",
        organisation_id=first.organisation_id,
        instead_of=first.instead_of,
        step=first.step,
        slot=first.slot,
    )


class CodeRequestForm(BaseForm):
    """A fresh sign-in: the password again, before a code is sent."""

    password = wtforms.PasswordField(lazy_gettext("Je wachtwoord"), [Required()])


class SignForm(BaseForm):
    """The code from the mail, and that one read what one signs."""

    code = wtforms.StringField(lazy_gettext("Code uit de mail"), [Required(), Length(max=12)])
    agreed = wtforms.BooleanField(
        lazy_gettext("Ik heb het document gelezen en onderteken het"), [Required()]
    )


class SignedFileForm(BaseForm):
    """The document as it was signed with one's own certificate."""

    file = wtforms.FileField(lazy_gettext("Het ondertekende bestand (PDF)"))


class RemoteForm(BaseForm):
    """One's certificate with a remote service, and what releases it."""

    credential = wtforms.StringField(
        lazy_gettext("Naam van je certificaat bij de dienst"), [Required(), Length(max=200)]
    )
    secret = wtforms.PasswordField(lazy_gettext("Pincode of code van de app"), [Required()])


class DeclineForm(BaseForm):
    """Why somebody does not sign."""

    reason = wtforms.TextAreaField(lazy_gettext("Waarom niet?"), [Required(), Length(max=1000)])


class ForwardForm(BaseForm):
    """Who signs in one's place, and the written delegation."""

    name = wtforms.StringField(lazy_gettext("Wie tekent"), [Required(), Length(max=120)])
    capacity = wtforms.StringField(lazy_gettext("Hoedanigheid"), [Required(), Length(max=120)])
    email = EmailField(lazy_gettext("Eigen e-mailadres"), [Required()])
    given_on = DayField(lazy_gettext("Datum van de machtiging"), [Required()])
    file = wtforms.FileField(lazy_gettext("De machtiging"))

    def given(self) -> tuple[dict[str, str], date]:
        """Return the delegate and the day; only after `validate`."""
        assert self.given_on.data is not None
        names = ("name", "capacity", "email")
        return {name: str(self[name].data) for name in names}, self.given_on.data


class ScanForm(BaseForm):
    """The scan of a page signed on paper."""

    file = wtforms.FileField(lazy_gettext("Scan van de ondertekende bladzijde"))


class PdfForm(BaseForm):
    """A PDF to look at."""

    file = wtforms.FileField(lazy_gettext("Het document (PDF)"))
