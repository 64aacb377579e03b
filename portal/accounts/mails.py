"""What the portal writes to people about their account. Links lead to a page, never to a change."""

from collections.abc import Callable
from datetime import timedelta

from portal.accounts.models import Account, Invitation, Membership
from portal.accounts.roles import label
from portal.core.i18n import long_date, speaking
from portal.core.mail import Mail

RESET_WITHIN = timedelta(hours=2)
EMAIL_WITHIN = timedelta(hours=24)


def invitation(to: Invitation, token: str, by_name: str, locale: str | None) -> Mail:
    """Ask somebody to take up a role; makes an account when there is none."""
    with speaking(locale) as _:
        return Mail(
            to=to.email,
            subject=_("Uitnodiging voor het Home-Startportaal"),
            greeting=_("Dag %(name)s,") % {"name": to.name},
            paragraphs=[
                _("%(by)s nodigt je uit in het portaal van Home-Start als %(role)s bij %(place)s.")
                % {"by": by_name, "role": _(label(to.role)).lower(), "place": to.place_name},
                _("De uitnodiging is persoonlijk en geldt tot en met %(day)s.")
                % {"day": long_date(to.expires_at)},
            ],
            button_label=_("Neem de uitnodiging aan"),
            button_url=f"/uitnodiging/{token}",
            footer=_("Verwacht je dit niet? Dan hoef je niets te doen."),
            locale=locale or "nl",
        )


def role_added(who: Account, membership: Membership) -> Mail:
    """Tell somebody who has an account already that there is a role more."""
    with speaking(who.locale) as _:
        return Mail(
            to=who.email,
            subject=_("Je hebt een nieuwe rol in het Home-Startportaal"),
            greeting=_("Dag %(name)s,") % {"name": who.name},
            paragraphs=[
                _("Je kunt in het portaal nu ook werken als %(role)s bij %(place)s.")
                % {"role": _(label(membership.role)).lower(), "place": membership.place_name},
                _("Wissel na het inloggen van rol via het menu bij je naam."),
            ],
            button_label=_("Inloggen"),
            button_url="/inloggen",
            locale=who.locale or "nl",
        )


def reset_password(who: Account, token: str) -> Mail:
    """Give the link to choose a new password."""
    with speaking(who.locale) as _:
        return Mail(
            to=who.email,
            subject=_("Kies een nieuw wachtwoord"),
            greeting=_("Dag %(name)s,") % {"name": who.name},
            paragraphs=[
                _("Iemand, wellicht jij, vroeg een nieuw wachtwoord voor het Home-Startportaal."),
                _("De link werkt één keer en blijft %(hours)s uur geldig.")
                % {"hours": RESET_WITHIN // timedelta(hours=1)},
            ],
            button_label=_("Kies een nieuw wachtwoord"),
            button_url=f"/wachtwoord-vergeten/{token}",
            footer=_(
                "Was jij het niet? Dan hoef je niets te doen: je wachtwoord blijft hetzelfde."
            ),
            locale=who.locale or "nl",
        )


def password_changed(who: Account) -> Mail:
    """Tell that the password changed, so that a thief does not go unnoticed."""
    with speaking(who.locale) as _:
        return Mail(
            to=who.email,
            subject=_("Je wachtwoord is gewijzigd"),
            greeting=_("Dag %(name)s,") % {"name": who.name},
            paragraphs=[
                _("Het wachtwoord van je account op het Home-Startportaal is net gewijzigd."),
                _("Op andere toestellen ben je uitgelogd."),
            ],
            footer=_not_me(_),
            locale=who.locale or "nl",
        )


def confirm_email(who: Account, new_email: str, token: str) -> Mail:
    """Ask to confirm that a new address is the person's own."""
    with speaking(who.locale) as _:
        return Mail(
            to=new_email,
            subject=_("Bevestig je nieuwe e-mailadres"),
            greeting=_("Dag %(name)s,") % {"name": who.name},
            paragraphs=[
                _("Je wilt met dit adres inloggen op het Home-Startportaal."),
                _("Bevestig het binnen 24 uur. Tot dan log je in met je vorige adres."),
            ],
            button_label=_("Bevestig dit adres"),
            button_url=f"/account/e-mail/{token}",
            footer=_("Vroeg jij dit niet? Dan hoef je niets te doen."),
            locale=who.locale or "nl",
        )


def email_taken(who: Account) -> Mail:
    """Tell the owner of an address that somebody tried to take it for another account."""
    with speaking(who.locale) as _:
        return Mail(
            to=who.email,
            subject=_("Dit e-mailadres heeft al een account"),
            greeting=_("Dag %(name)s,") % {"name": who.name},
            paragraphs=[
                _("Iemand wilde dit adres gebruiken voor een ander account op het portaal."),
                _("Dat kan niet: dit adres heeft al een account, en daar verandert niets aan."),
            ],
            locale=who.locale or "nl",
        )


def email_changed(who: Account, old_email: str) -> Mail:
    """Tell the old address that the account left it."""
    with speaking(who.locale) as _:
        return Mail(
            to=old_email,
            subject=_("Je e-mailadres is gewijzigd"),
            greeting=_("Dag %(name)s,") % {"name": who.name},
            paragraphs=[
                _("Op het Home-Startportaal log je vanaf nu in met een ander e-mailadres."),
            ],
            footer=_not_me(_),
            locale=who.locale or "nl",
        )


def _not_me(_: Callable[[str], str]) -> str:
    return _("Was jij dit niet? Neem dan meteen contact op met Home-Start Vlaanderen.")
