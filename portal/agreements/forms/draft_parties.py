"""Who the parties are, who decides and signs for them, and where to reach and invoice them."""

from dataclasses import replace
from typing import Any, ClassVar

import wtforms
from flask_babel import gettext
from stdnum import iban
from wtforms.validators import Length, StopValidation

from portal.agreements import signatories
from portal.agreements.forms.draft import DraftForm
from portal.agreements.terms import DecidingBody, Party, PaymentDocument, Person, Terms
from portal.core import clock
from portal.core.fields import EmailField, RadioField
from portal.core.forms import BaseForm, Required, VersionedForm, choices_of
from portal.core.i18n import lazy_gettext
from portal.core.row_forms import RowForm
from portal.directory.kbo import is_kbo, parse_kbo, show_kbo

MOST_SIGNATORIES = 4


class TitleForm(DraftForm):
    """What the agreement is called."""

    title = wtforms.StringField(
        lazy_gettext("Titel van de overeenkomst"), [Required(), Length(max=200)]
    )
    hsv_only = frozenset({"title"})

    @classmethod
    def values(cls, terms: Terms) -> dict[str, Any]:
        return {"title": terms.title}

    def applied(self, terms: Terms) -> Terms:
        return terms.with_(title=self.given("title", terms.title))


class AddPartnerForm(VersionedForm):
    """A partner more, found by its name or enterprise number."""

    partner = wtforms.StringField(lazy_gettext("Organisatie"), [Required(), Length(max=200)])
    partner_id = wtforms.HiddenField()


class SignatoryForm(RowForm):
    """Somebody who signs; of a public body the capacity follows from who decides."""

    name = wtforms.StringField(lazy_gettext("Naam"), [Length(max=120)])
    capacity = wtforms.StringField(lazy_gettext("Hoedanigheid"), [Length(max=120)])


def _iban(_form: BaseForm, field: Any) -> None:
    if field.data and not iban.is_valid(field.data):
        raise StopValidation(gettext("Dit rekeningnummer klopt niet. Kijk de cijfers na."))


def _kbo(_form: BaseForm, field: Any) -> None:
    if field.data and not is_kbo(field.data):
        raise StopValidation(gettext("Dit ondernemingsnummer klopt niet. Kijk de cijfers na."))


class PartyForm(VersionedForm):
    """One party. Filled from it with `of`; `applied` gives it back, changed."""

    name = wtforms.StringField(lazy_gettext("Naam zoals in het contract"), [Required()])
    address = wtforms.StringField(lazy_gettext("Adres van de zetel"))
    kbo = wtforms.StringField(lazy_gettext("Ondernemingsnummer"), [Length(max=30), _kbo])
    register = wtforms.StringField(lazy_gettext("Rechtspersonenregister"), [Length(max=80)])
    deciding_body = RadioField(lazy_gettext("Welk orgaan beslist?"))
    signatories = wtforms.FieldList(
        wtforms.FormField(SignatoryForm),
        lazy_gettext("Ondertekenaars"),
        max_entries=MOST_SIGNATORIES,
    )
    contact_name = wtforms.StringField(lazy_gettext("Naam"), [Length(max=120)])
    contact_capacity = wtforms.StringField(lazy_gettext("Functie"), [Length(max=120)])
    contact_email = EmailField(lazy_gettext("E-mailadres"))
    dpo = wtforms.StringField(lazy_gettext("Functionaris voor gegevensbescherming"))
    iban = wtforms.StringField(lazy_gettext("Rekeningnummer (IBAN)"), [Length(max=40), _iban])
    pays_by = RadioField(
        lazy_gettext("Betaalt na ontvangst van een"), choices=choices_of(PaymentDocument)
    )

    not_for_partner: ClassVar[frozenset[str]] = frozenset({"name"})

    @classmethod
    def of(cls, party: Party, *, partner: bool, version: int) -> "PartyForm":
        """Return the form filled with a party, or with what was sent."""
        form = cls(data={**_values(party), "version": version})
        choices = [(str(one), gettext(one.label)) for one in signatories.bodies(party.kind)]
        form.deciding_body.choices = choices
        if partner:
            for name in cls.not_for_partner:
                delattr(form, name)
        if party.is_public:
            del form.register
        else:
            del form.deciding_body
        if party.organisation_id is None or party.kind == "hsv":
            del form.pays_by
        rule = signatories.rule_for(party, None, clock.today())
        wanted = len(rule.capacities) if rule else MOST_SIGNATORIES - 1
        while len(form.signatories) < wanted:
            form.signatories.append_entry()
        return form

    def applied(self, party: Party) -> Party:
        """Return the party with what was filled in; capacities follow from who decides."""
        people = [r.form for r in self.signatories.entries]
        changed = replace(
            party,
            name=self._given("name", party.name),
            address=self.address.data or "",
            kbo=parse_kbo(self.kbo.data) if self.kbo.data else "",
            register=self._given("register", party.register),
            deciding_body=self._body(party.deciding_body),
            signatories=tuple(
                Person(one.name.data or "", one.capacity.data or "") for one in people
            ),
            contact=Person(self.contact_name.data or "", self.contact_capacity.data or ""),
            contact_email=self.contact_email.data or "",
            dpo=self.dpo.data or "",
            iban=iban.compact(self.iban.data) if self.iban.data else "",
            pays_by=PaymentDocument(self._given("pays_by", None) or party.pays_by),
        )
        following = signatories.following_rule(changed, clock.today())
        return replace(changed, signatories=tuple(p for p in following if p.name or p.capacity))

    def _given(self, name: str, otherwise: Any) -> Any:
        return self[name].data if name in self else otherwise

    def _body(self, now: DecidingBody | None) -> DecidingBody | None:
        chosen = self._given("deciding_body", None)
        return DecidingBody(chosen) if chosen else now


def _values(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "address": party.address,
        "kbo": show_kbo(party.kbo) if len(party.kbo) == 10 else party.kbo,
        "register": party.register,
        "deciding_body": party.deciding_body,
        "signatories": [{"name": p.name, "capacity": p.capacity} for p in party.signatories],
        "contact_name": party.contact.name,
        "contact_capacity": party.contact.capacity,
        "contact_email": party.contact_email,
        "dpo": party.dpo,
        "iban": iban.format(party.iban) if party.iban else "",
        "pays_by": party.pays_by,
    }
