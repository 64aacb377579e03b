"""What the portal writes to guests. Links lead to a page, never to a change."""

from datetime import timedelta

from portal.accounts.guest_models import Guest, GuestRequest
from portal.accounts.models import Account
from portal.core.i18n import speaking
from portal.core.mail import Mail

BEGIN_WITHIN = timedelta(hours=24)
LINK_VALID = timedelta(days=90)


def begin(to: GuestRequest, token: str) -> Mail:
    """Ask to confirm the address, and so to begin."""
    with speaking(to.locale) as _:
        return Mail(
            to=to.email,
            subject=_("Bevestig je e-mailadres en verwijs een gezin"),
            greeting=_("Dag %(name)s,") % {"name": to.name},
            paragraphs=[
                _("Je wilt een gezin verwijzen naar Home-Start, zonder account."),
                _("Bevestig je e-mailadres binnen 24 uur. De link werkt één keer."),
            ],
            button_label=_("Bevestig en begin"),
            button_url=f"/verwijzen-zonder-account/bevestigen/{token}",
            footer=_("Vroeg jij dit niet? Dan hoef je niets te doen."),
            locale=to.locale or "nl",
        )


def has_account(who: Account) -> Mail:
    """Tell somebody who tried without an account that she has one."""
    with speaking(who.locale) as _:
        return Mail(
            to=who.email,
            subject=_("Je hebt al een account op het Home-Startportaal"),
            greeting=_("Dag %(name)s,") % {"name": who.name},
            paragraphs=[
                _("Iemand, wellicht jij, wilde met dit adres verwijzen zonder account."),
                _("Dit adres heeft al een account. Log in: daar vind je al je verwijzingen."),
            ],
            button_label=_("Inloggen"),
            button_url="/inloggen",
            footer=_("Was jij het niet? Dan hoef je niets te doen."),
            locale=who.locale or "nl",
        )


def new_link(guest: Guest, path: str) -> Mail:
    """Give a new private link."""
    with speaking(guest.locale) as _:
        return Mail(
            to=guest.email,
            subject=_("Je nieuwe link naar je verwijzingen"),
            greeting=_("Dag %(name)s,") % {"name": guest.name},
            paragraphs=[
                _(
                    "Met deze link volg je je verwijzingen bij Home-Start. Hij is van jou alleen: "
                    "stuur hem niet door."
                ),
                _("De link blijft %(days)s dagen geldig.") % {"days": LINK_VALID.days},
            ],
            button_label=_("Bekijk je verwijzingen"),
            button_url=path,
            footer=_("Vroeg jij dit niet? Dan hoef je niets te doen."),
            locale=guest.locale or "nl",
        )


def no_account(guest: Guest, path: str) -> Mail:
    """Tell that no account comes of it; referring without one goes on."""
    with speaking(guest.locale) as _:
        return Mail(
            to=guest.email,
            subject=_("Je vraag om een account op het Home-Startportaal"),
            greeting=_("Dag %(name)s,") % {"name": guest.name},
            paragraphs=[
                _(
                    "We kunnen je nu geen account geven. Je kunt wel zonder account verwijzen en "
                    "je verwijzingen blijven volgen, zoals tot nu toe."
                ),
                _("Heb je daar vragen over, neem dan contact met ons op."),
            ],
            button_label=_("Bekijk je verwijzingen"),
            button_url=path,
            locale=guest.locale or "nl",
        )
