"""How HSV stands on its invoices, and how a partner wants them."""

import wtforms
from flask_babel import gettext
from wtforms.validators import Length, NumberRange, Optional

from portal.core.fields import DayField, EmailField, NumberField, PhoneField, SelectField
from portal.core.forms import BaseForm, OnceForm, Required
from portal.core.i18n import lazy_gettext
from portal.finance.invoicing_details import Wishes
from portal.finance.invoicing_settings import LONGEST_TERM_DAYS, Details
from portal.finance.models import Channel, VatCategory


def _categories() -> list[tuple[str, str]]:
    return [
        (VatCategory.EXEMPT.value, gettext("E: vrijgesteld van btw")),
        (VatCategory.OUTSIDE.value, gettext("O: buiten het toepassingsgebied van de btw")),
    ]


class SettingsForm(OnceForm):
    """HSV on its invoices, from a day on."""

    from_on = DayField(lazy_gettext("Geldig vanaf"), [Required()])
    name = wtforms.StringField(lazy_gettext("Naam"), [Required(), Length(max=160)])
    street = wtforms.StringField(lazy_gettext("Straat en nummer"), [Required(), Length(max=120)])
    postcode = wtforms.StringField(lazy_gettext("Postcode"), [Required(), Length(max=10)])
    city = wtforms.StringField(lazy_gettext("Gemeente"), [Required(), Length(max=80)])
    kbo = wtforms.StringField(lazy_gettext("Ondernemingsnummer"), [Required(), Length(max=20)])
    register = wtforms.StringField(lazy_gettext("Rechtspersonenregister"), [Length(max=80)])
    email = EmailField(lazy_gettext("E-mailadres voor vragen"), [Required()])
    phone = PhoneField(lazy_gettext("Telefoon"))
    iban = wtforms.StringField(lazy_gettext("Rekeningnummer (IBAN)"), [Required(), Length(max=42)])
    bic = wtforms.StringField(lazy_gettext("BIC"), [Required(), Length(max=11)])
    term_days = NumberField(
        lazy_gettext("Betaaltermijn in dagen"), [Required(), NumberRange(1, LONGEST_TERM_DAYS)]
    )
    invoice_prefix = wtforms.StringField(
        lazy_gettext("Letters voor facturen"), [Required(), Length(max=5)]
    )
    claim_prefix = wtforms.StringField(
        lazy_gettext("Letters voor schuldvorderingen"), [Required(), Length(max=5)]
    )
    vat_category = SelectField(lazy_gettext("Btw-categorie"), [Required()], choices=_categories)
    exemption_code = wtforms.StringField(lazy_gettext("Code van de vrijstelling"), [Length(max=30)])
    exemption_text = wtforms.TextAreaField(
        lazy_gettext("Vermelding op de factuur"), [Required(), Length(max=300)]
    )

    def details(self) -> Details:
        """Return what was filled in; only after `validate`."""
        values = {f.name: f.data for f in self if f.name in Details.__dataclass_fields__}
        return Details(**{**values, "vat_category": VatCategory(self.vat_category.data)})


def _channels() -> list[tuple[str, str]]:
    return [
        (Channel.PEPPOL.value, gettext("Via Peppol")),
        (Channel.EMAIL.value, gettext("Per e-mail, met de PDF en het UBL-bestand")),
        (Channel.DOWNLOAD.value, gettext("Ik haal ze zelf op in het portaal")),
    ]


class DetailsForm(BaseForm):
    """How a partner wants its invoices."""

    version = wtforms.IntegerField(widget=wtforms.widgets.HiddenInput(), validators=[Required()])
    channel = SelectField(
        lazy_gettext("Hoe ontvang je facturen?"),
        choices=_channels,
        blank=lazy_gettext("Via Peppol als dat kan, anders per e-mail"),
    )
    peppol_id = wtforms.StringField(lazy_gettext("Peppol-adres"), [Length(max=60)])
    email = EmailField(lazy_gettext("E-mailadres voor facturen"))
    buyer_reference = wtforms.StringField(lazy_gettext("Jullie referentie"), [Length(max=60)])
    order_number = wtforms.StringField(lazy_gettext("Bestelbonnummer"), [Length(max=60)])
    term_days = NumberField(
        lazy_gettext("Betaaltermijn in dagen"), [Optional(), NumberRange(1, LONGEST_TERM_DAYS)]
    )

    def wishes(self) -> Wishes:
        """Return what was filled in; only after `validate`."""
        return Wishes(
            peppol_id=self.peppol_id.data or "",
            buyer_reference=self.buyer_reference.data or "",
            order_number=self.order_number.data or "",
            email=self.email.data or "",
            channel=Channel(self.channel.data) if self.channel.data else None,
            term_days=self.term_days.data,
        )


class OrderNumberForm(BaseForm):
    """The order number a partner wants on its document."""

    order_number = wtforms.StringField(lazy_gettext("Bestelbonnummer"), [Length(max=60)])
