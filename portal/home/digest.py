"""One mail a day or a week with what waits: the start page in counts, nothing about a family."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts import mail_choices
from portal.accounts import service as accounts
from portal.accounts.mail_choices import Due
from portal.core import mail
from portal.core.i18n import speaking
from portal.core.jobs import periodic
from portal.core.permissions import Actor, Permission
from portal.home import agreements, coordinator, referrer, staff
from portal.referrals.models import Status


@periodic(timedelta(minutes=10))
def send_digests() -> int:
    """Mail everybody whose digest is due and for whom something waits. Returns how many."""
    return sum(_send(due) for due in mail_choices.take_due())


def waits(actor: Actor, since: datetime) -> list[str]:
    """Return what waits for a role, a sentence each, from what its start page shows.

    `since`: from when a change in one's referrals is news. Empty when nothing waits.
    """
    found: list[str] = []
    if actor.can(Permission.REFERRAL_HANDLE):
        found += _for_coordinator(coordinator.day(actor))
    elif actor.can(Permission.REFERRAL_SUBMIT):
        found += _for_referrer(referrer.day(actor), since)
    elif actor.can(Permission.UNMET_DEMAND_VIEW):
        found += _for_staff(staff.day(actor))
    return found + _of_agreements(agreements.day(actor))


def _send(due: Due) -> bool:
    account = due.account
    with speaking(account.locale):
        paragraphs = _paragraphs(accounts.actors_of(account), due.since)
        if not paragraphs:
            return False
        message = mail.Mail(
            to=account.email,
            subject=_("Wat er op je wacht in het Home-Startportaal"),
            greeting=_("Dag %(name)s,") % {"name": account.name},
            paragraphs=paragraphs,
            button_label=_("Naar je startpagina"),
            button_url="/",
            footer=_("Je koos voor één mail met wat op je wacht."),
            footer_label=_("Geen samenvattingen meer"),
            footer_url=mail_choices.STOP_PATH + mail_choices.stop_token(account.id),
            locale=account.locale or "nl",
        )
    mail.send(message, key=f"digest:{account.id}:{due.on}")
    return True


def _paragraphs(actors: list[Actor], since: datetime) -> list[str]:
    """Return the sentences of each role, under the name of its place if there are several."""
    found: list[str] = []
    for actor in actors:
        sentences = [f"• {one}" for one in waits(actor, since)]
        if sentences and len(actors) > 1:
            found.append(f"{actor.branch_name or actor.organisation_name}:")
        found += sentences
    return found


def _for_coordinator(day: coordinator.Day) -> list[str]:
    new, late = day.counts.get(Status.SUBMITTED, 0), day.late
    counted = (
        (new, ngettext("%(num)d nieuwe verwijzing", "%(num)d nieuwe verwijzingen", new)),
        (
            late,
            ngettext(
                "%(num)d eerste contact is te laat", "%(num)d eerste contacten zijn te laat", late
            ),
        ),
        (len(day.unread), _unread(len(day.unread))),
        (
            len(day.intakes),
            ngettext(
                "%(num)d intake tot volgende week of om nog te noteren",
                "%(num)d intakes tot volgende week of om nog te noteren",
                len(day.intakes),
            ),
        ),
        (
            len(day.matches),
            ngettext(
                "%(num)d match om op te volgen", "%(num)d matches om op te volgen", len(day.matches)
            ),
        ),
        (
            len(day.quiet),
            ngettext(
                "van %(num)d gezin werd al een tijd niets gehoord",
                "van %(num)d gezinnen werd al een tijd niets gehoord",
                len(day.quiet),
            ),
        ),
        (
            day.listed,
            ngettext(
                "%(num)d gezin wacht op jouw werking",
                "%(num)d gezinnen wachten op jouw werking",
                day.listed,
            ),
        ),
    )
    return [words for number, words in counted if number]


def _for_referrer(day: referrer.Day, since: datetime) -> list[str]:
    news = sum(one.at >= since and not one.own for one in (*day.running, *day.ended))
    counted = (
        (
            news,
            ngettext("nieuws over %(num)d verwijzing", "nieuws over %(num)d verwijzingen", news),
        ),
        (len(day.unread), _unread(len(day.unread))),
        (len(day.to_ask), _to_ask(len(day.to_ask))),
        (
            day.drafts,
            ngettext(
                "%(num)d ontwerp om verder in te vullen",
                "%(num)d ontwerpen om verder in te vullen",
                day.drafts,
            ),
        ),
    )
    return [words for number, words in counted if number]


def _for_staff(day: staff.Day) -> list[str]:
    asked, alone = len(day.enquiries), len(day.without_coordinator)
    counted = (
        (
            day.failed,
            ngettext(
                "%(num)d verzending is mislukt", "%(num)d verzendingen zijn mislukt", day.failed
            ),
        ),
        (
            asked,
            ngettext(
                "%(num)d aanvraag wacht op antwoord", "%(num)d aanvragen wachten op antwoord", asked
            ),
        ),
        (
            alone,
            ngettext(
                "%(num)d afdeling heeft geen coördinator",
                "%(num)d afdelingen hebben geen coördinator",
                alone,
            ),
        ),
    )
    found = [words for number, words in counted if number]
    return (
        [*found, _("een nieuwe uitgave van het aanbod wacht op nazicht")] if day.edition else found
    )


def _of_agreements(day: agreements.Agreements) -> list[str]:
    yours, dates = len(day.yours) + day.more, len(day.dates)
    counted = (
        (
            yours,
            ngettext(
                "bij %(num)d overeenkomst ben jij aan zet",
                "bij %(num)d overeenkomsten ben jij aan zet",
                yours,
            ),
        ),
        (
            dates,
            ngettext(
                "%(num)d datum van een overeenkomst komt dichterbij",
                "%(num)d datums van overeenkomsten komen dichterbij",
                dates,
            ),
        ),
    )
    return [words for number, words in counted if number]


def _unread(number: int) -> str:
    return ngettext(
        "nieuwe berichten bij %(num)d verwijzing",
        "nieuwe berichten bij %(num)d verwijzingen",
        number,
    )


def _to_ask(number: int) -> str:
    return ngettext(
        "%(num)d gezin op je lijst heeft nu een werking: vraag of het nog steun wil",
        "%(num)d gezinnen op je lijst hebben nu een werking: vraag of ze nog steun willen",
        number,
    )
