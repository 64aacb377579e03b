"""A parent who asked for herself follows by private links in mails, if she gave an address.

The address stands sealed with the family, and the links hang on it: what is erased there ends
here. No mail and no page of these says a word about the family.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import ForeignKey, LargeBinary, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts import tokens
from portal.core import audit, clock, mail
from portal.core.db import Identified, Model, db
from portal.core.i18n import N_, long_date, speaking
from portal.directory.models import Branch
from portal.referrals.models import Channel, Family, Referral

PATH = "/zelf-aanmelden/volgen/"
VALID = timedelta(days=90)

Texts = tuple[str, str, str]

_ASK = N_(
    "Wil je ook mails krijgen over hoe het verder gaat? Klik dan op de knop en bevestig je adres."
)
_LOOK = N_("Heb je vragen? Bel of mail {branch}.")
# action → subject, what happened, what happens now. {reference}, {branch} and {due} only.
TEXTS = {
    "submit": (
        N_("Je vraag {reference} is aangekomen"),
        N_("Je vraag is bij {branch}. De coördinator belt je ten laatste op {due}."),
        _ASK,
    ),
    "register_unmet": (
        N_("Je vraag {reference} is aangekomen"),
        N_("In jouw gemeente is er nog geen Home-Start. We bellen je als dat verandert."),
        _ASK,
    ),
    "take_up": (
        N_("Je vraag {reference} is nu bij {branch}"),
        N_("Je zei opnieuw ja. De coördinator van {branch} belt je ten laatste op {due}."),
        _LOOK,
    ),
    "accept": (
        N_("Je vraag {reference}: we zoeken een vrijwilliger"),
        N_("We zoeken nu een vrijwilliger die bij jullie past. Dat kan even duren."),
        _LOOK,
    ),
    "decline": (
        N_("Je vraag {reference}: een antwoord"),
        N_("Home-Start is nu niet de beste hulp voor jullie vraag."),
        N_("De coördinator vertelt je waarom, en wat wel kan helpen. Bel of mail {branch}."),
    ),
    "match": (
        N_("Je vraag {reference}: er is een vrijwilliger"),
        N_("Er is een vrijwilliger gevonden. Jullie leren elkaar nu kennen."),
        _LOOK,
    ),
    "start": (
        N_("Je vraag {reference}: het begint"),
        N_("De vrijwilliger komt vanaf nu elke week langs."),
        _LOOK,
    ),
    "complete": (
        N_("Je vraag {reference}: afgerond"),
        N_("De bezoeken van de vrijwilliger zijn afgerond."),
        N_("Heb je later weer een vraag? Dan kun je je opnieuw aanmelden."),
    ),
    "reopen": (
        N_("Je vraag {reference}: we zoeken opnieuw een vrijwilliger"),
        N_("Zoals afgesproken zoeken we opnieuw een vrijwilliger die bij jullie past."),
        _LOOK,
    ),
    "record_withdrawal": (
        N_("Je vraag {reference} is gestopt"),
        N_("Je vraag is gestopt, zoals je wilde."),
        N_("Verander je van gedachten? Dan kun je je opnieuw aanmelden."),
    ),
}
OPENED: Texts = (
    N_("Home-Start is nu ook in je gemeente"),
    N_("Je vroeg ons om je iets te laten weten. Er is nu een Home-Start bij jou: {branch}."),
    N_("Wil je nog steun? Bel of mail {branch}: {contact}. De coördinator kan jou ook bellen."),
)
RENEWED: Texts = (
    N_("Je nieuwe link voor vraag {reference}"),
    N_("Met de knop zie je hoever het staat met je vraag."),
    N_("De link is van jou alleen en werkt 90 dagen."),
)


class ParentLink(Identified, Model):
    """A private link in a mail to a parent; confirmed once she used it."""

    __tablename__ = "referral_parent_link"
    kept_with_identity: ClassVar[bool] = True
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    family: Mapped[Family] = relationship()


def tell(referral: Referral, action: str) -> None:
    """Mail a parent what happened: on arrival to ask whether she wants mails, later if she did."""
    written = texts(referral, action)
    if written is not None:
        _write(referral, written, f"{action}:{referral.version}")


def texts(referral: Referral, action: str) -> Texts | None:
    """Return what a parent is written; None when she gave no address, or did not confirm it."""
    on_arrival = action in ("submit", "register_unmet")
    if referral.family is None or not referral.family.identity["email"]:
        return None
    return TEXTS.get(action) if on_arrival or referral.referrer_hears else None


def find(token: str) -> ParentLink | None:
    """Return the link, expired or not; None for a guessed one or where all was erased."""
    return db.session.scalar(
        select(ParentLink)
        .join(ParentLink.family)
        .join(Family.referral)
        .where(ParentLink.token_hash == tokens.digest(token), Referral.channel == Channel.SELF)
    )


def is_open(link: ParentLink) -> bool:
    """Say whether a link still shows something."""
    return clock.now() < link.expires_at


def confirm(link: ParentLink) -> None:
    """Note that the address is hers: from now on she is mailed.

    By a statement that leaves the version of the referral alone: to the branch nothing changed.
    """
    if link.confirmed_at is not None:
        return
    link.confirmed_at = clock.now()
    referral_id = link.family.referral_id
    hears = update(Referral).where(Referral.id == referral_id).values(referrer_hears=True)
    db.session.execute(hears.execution_options(synchronize_session="fetch"))
    audit.record("referral:confirm_email", Referral.__tablename__, object_id=referral_id)


def renew(token: str) -> None:
    """Mail a new link to the address behind an old one; for any other token nothing happens."""
    link = find(token)
    if link is not None and link.family.identity["email"]:
        _write(link.family.referral, RENEWED, f"link:{clock.now():%Y%m%d%H%M%S%f}")


def tell_opening(referral: Referral, branch: Branch) -> None:
    """Mail her that a branch opened, confirmed address or not: she asked to hear of just this."""
    if referral.family is not None and referral.family.identity["email"]:
        _write(referral, OPENED, f"opening:{branch.id}", branch)


def _write(referral: Referral, written: Texts, key: str, branch: Branch | None = None) -> None:
    branch = branch or referral.branch
    family = referral.family
    assert family is not None
    token, token_hash = tokens.new_token()
    expires_at = clock.now() + VALID
    db.session.add(ParentLink(family_id=family.id, token_hash=token_hash, expires_at=expires_at))
    with speaking("nl") as _:
        values = {
            "reference": referral.reference,
            "branch": branch.name if branch else "Home-Start",
            "contact": " of ".join(filter(None, (branch.phone, branch.email))) if branch else "",
            "due": long_date(referral.first_contact_due_on),
        }
        subject, happened, next_step = (_(text).format(**values) for text in written)
        message = mail.Mail(
            to=family.identity["email"],
            subject=subject,
            greeting=_("Dag,"),
            paragraphs=[happened, next_step],
            button_label=_("Bekijk je vraag"),
            button_url=PATH + token,
            footer=_("Heb jij niets gevraagd aan Home-Start? Dan hoef je niets te doen."),
        )
    mail.send(message, key=f"parent:{referral.id}:{key}")
