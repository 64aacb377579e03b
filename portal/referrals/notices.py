"""Who is told what when a referral moves. No mail says anything about the family."""

from collections.abc import Callable, Iterable

from flask_babel import gettext

from portal.accounts import service as accounts
from portal.core import mail
from portal.core.i18n import N_, long_date, speaking
from portal.core.permissions import Permission, Role
from portal.core.workflow import Fired, Transition
from portal.directory.models import Branch
from portal.referrals import parents, senders
from portal.referrals.choices import Feedback
from portal.referrals.models import Channel, Referral, Status

# What ends a referral is told even when the family allows no more than that.
ENDINGS = (Status.DECLINED, Status.WITHDRAWN, Status.COMPLETED)

Texts = tuple[str, str, str]

# (action, audience) → subject, what happened, what happens now. {reference} and {branch} only.
TEXTS = {
    ("submit", "branch"): (
        N_("Nieuwe verwijzing {reference}"),
        N_("Er is een nieuwe verwijzing voor {branch}: {reference}."),
        N_("Neem ten laatste op {due} een eerste keer contact op met het gezin."),
    ),
    ("submit", "referrer"): (
        N_("Je verwijzing {reference} is ontvangen"),
        N_("Je verwijzing kwam goed aan en is doorgegeven aan {branch}."),
        N_(
            "De coördinator neemt ten laatste op {due} contact op met het gezin. Je hoort van ons "
            "zodra er een beslissing is. In het portaal vind je je ontvangstbewijs."
        ),
    ),
    ("register_unmet", "referrer"): (
        N_("Je verwijzing {reference}: nog geen werking in deze gemeente"),
        N_(
            "In deze gemeente is er vandaag geen Home-Startwerking. Er is dus geen gezin "
            "doorgegeven aan een coördinator."
        ),
        N_("{kept}"),
    ),
    ("accept", "referrer"): (
        N_("Verwijzing {reference}: intake gebeurd"),
        N_("De intake is gebeurd en Home-Start kan iets betekenen. We zoeken een vrijwilliger."),
        N_("Je hoort van ons als er een vrijwilliger gevonden is."),
    ),
    ("decline", "referrer"): (
        N_("Verwijzing {reference}: niet aanvaard"),
        N_("Na overleg is Home-Start nu niet het passende antwoord."),
        N_("In het portaal lees je waarom, en welk aanbod volgens ons beter past."),
    ),
    ("match", "referrer"): (
        N_("Verwijzing {reference}: er is een match"),
        N_("Er is een vrijwilliger gevonden. Gezin en vrijwilliger kozen voor elkaar."),
        N_("Je hoort van ons als het traject start."),
    ),
    ("start", "referrer"): (
        N_("Verwijzing {reference}: het traject is gestart"),
        N_("De wekelijkse huisbezoeken zijn begonnen."),
        N_("Je hoort van ons als het traject afgerond wordt."),
    ),
    ("complete", "referrer"): (
        N_("Verwijzing {reference}: het traject is afgerond"),
        N_("Het Home-Starttraject is afgerond. Bedankt voor je vertrouwen."),
        N_("Blijf je betrokken bij het gezin? Een nieuwe vraag kun je altijd opnieuw doorgeven."),
    ),
    ("reopen", "referrer"): (
        N_("Verwijzing {reference}: het traject gaat weer open"),
        N_("Het gezin vroeg opnieuw ondersteuning. We zoeken een vrijwilliger die past."),
        N_("Je hoeft niets te doen: een nieuwe verwijzing is niet nodig."),
    ),
    ("record_withdrawal", "referrer"): (
        N_("Verwijzing {reference}: stopgezet"),
        N_("De aanmelding is stopgezet op vraag van het gezin."),
        N_("Dat kan altijd: ondersteuning door Home-Start is een vrije keuze."),
    ),
    ("transfer", "branch"): (
        N_("Verwijzing {reference} is aan jullie overgedragen"),
        N_("Een andere afdeling droeg verwijzing {reference} over aan {branch}."),
        N_("Neem ten laatste op {due} een eerste keer contact op met het gezin."),
    ),
    ("transfer", "left_branch"): (
        N_("Verwijzing {reference} is overgedragen"),
        N_("Verwijzing {reference} wordt voortaan opgevolgd door {branch}."),
        N_("Je hoeft niets meer te doen. De verwijzing staat niet meer in jullie lijst."),
    ),
    ("transfer", "referrer"): (
        N_("Verwijzing {reference}: voortaan bij {branch}"),
        N_("Je verwijzing is overgedragen aan {branch}."),
        N_("De coördinator daar neemt ten laatste op {due} contact op met het gezin."),
    ),
    ("family_changes_consent", "branch"): (
        N_("Verwijzing {reference}: de toestemming is gewijzigd"),
        N_("Het gezin wijzigde zelf wat er bij verwijzing {reference} gedeeld mag worden."),
        N_("In het portaal zie je wat nu nog mag. Wat niet meer mag, is al gewist."),
    ),
    ("withdraw_consent", "branch"): (
        N_("Verwijzing {reference}: het gezin trekt zijn toestemming in"),
        N_("Het gezin van verwijzing {reference} wil niet meer dat er iets gedeeld wordt."),
        N_("Zeg de vrijwilliger af. In het portaal lees je wat er al gewist is, en wat wanneer."),
    ),
    ("family_asks", "branch"): (
        N_("Verwijzing {reference}: het gezin stelt een vraag"),
        N_("Het gezin stelde een vraag op zijn pagina bij verwijzing {reference}."),
        N_("Antwoord binnen een maand: dat is zijn recht. De vraag lees je in het portaal."),
    ),
    ("withdraw", "branch"): (
        N_("Verwijzing {reference} is ingetrokken"),
        N_("De verwijzer trok verwijzing {reference} in."),
        N_("Je hoeft niets meer te doen. De reden lees je in het portaal."),
    ),
    ("withdraw", "referrer"): (
        N_("Verwijzing {reference} is ingetrokken"),
        N_("De verwijzing is ingetrokken en {branch} is verwittigd."),
        N_("Deze mail is je bevestiging. Je hoeft niets meer te doen."),
    ),
    ("take_up", "referrer"): (
        N_("Verwijzing {reference}: {branch} neemt contact op"),
        N_("Het gezin zei opnieuw ja. Je verwijzing is nu bij {branch}."),
        N_("De coördinator neemt ten laatste op {due} contact op met het gezin."),
    ),
    ("leave_opening", "referrer"): (
        N_("Verwijzing {reference}: van de lijst gehaald"),
        N_("Het gezin staat niet meer op de lijst. Wat we ervan bewaarden, is gewist."),
        N_("Je hoeft niets te doen. Nieuwe vraag? Dan kun je later opnieuw verwijzen."),
    ),
    ("leave_list", "referrer"): (
        N_("Verwijzing {reference}: van de lijst gehaald"),
        N_("Het gezin staat niet meer op de lijst. Wat we ervan bewaarden, is gewist."),
        N_("Deze mail is je bevestiging. Je hoeft niets meer te doen."),
    ),
}
# What a family that lets only the state of affairs be heard does not let be said: why.
STATUS_TEXTS = {
    "decline": (
        N_("Verwijzing {reference}: niet aanvaard"),
        N_("Na overleg is Home-Start nu niet het passende antwoord."),
        N_("Het gezin koos ervoor om de reden niet te delen. Bespreek met het gezin wat nu helpt."),
    ),
    "record_withdrawal": (
        N_("Verwijzing {reference}: stopgezet"),
        N_("De aanmelding is stopgezet."),
        N_("Je hoeft niets te doen. Nieuwe vraag? Dan kun je later opnieuw verwijzen."),
    ),
}
# And to a family that lets nothing be heard but that the referral was received and handled.
HANDLED = (
    N_("Verwijzing {reference} is afgehandeld"),
    N_("Je verwijzing is afgehandeld. Het gezin koos ervoor om niet meer te laten weten."),
    N_("Heb je nog een vraag? Neem dan contact op met het gezin zelf."),
)
# To the branch, where a parent asked for herself.
SELF_TEXTS = {
    "submit": (
        N_("Nieuwe zelfaanmelding {reference}"),
        N_("Een ouder meldde zichzelf aan bij {branch}: {reference}."),
        N_("Neem ten laatste op {due} een eerste keer contact op met het gezin."),
    ),
}
NOTHING_PROMISED = N_(
    "De coördinator neemt ten laatste op {due} contact op met het gezin. In het portaal vind je je "
    "ontvangstbewijs."
)
KEPT = N_(
    "Van het gezin bewaren we alleen de gemeente, de maand en wat er speelt, zonder naam, om te "
    "tonen waar er nood is. Wat je verder over het gezin schreef, is gewist."
)
KEPT_ON_LIST = N_(
    "Het gezin wilde op de lijst blijven. We bewaren de gegevens ten hoogste een jaar en nemen "
    "contact op als er een werking start. Wil het gezin dat niet meer, dan kun je de verwijzing "
    "in het portaal intrekken."
)


def texts(referral: Referral, transition: Transition, audience: str) -> Texts | None:
    """Return what an audience is written when this happens; None when it is not written to.

    The referrer hears what the family allows and she asked for. Her own steps are confirmed.
    """
    if audience not in transition.tells:
        return None
    own = TEXTS[transition.action, audience]
    if referral.channel == Channel.SELF:
        return _of_parent(referral, transition.action, audience, own)
    if audience != "referrer" or transition.permission != Permission.REFERRAL_HANDLE:
        return _unasked(referral, transition, audience, own)
    if not referral.referrer_hears:
        return None
    if referral.feedback == Feedback.NONE:
        first = referral.reopened_on is None  # that it was handled is told once
        return HANDLED if first and transition.target in ENDINGS else None
    without_reason = referral.feedback == Feedback.STATUS
    return STATUS_TEXTS.get(transition.action, own) if without_reason else own


def _of_parent(referral: Referral, action: str, audience: str, own: Texts) -> Texts | None:
    """Return what is told where a parent asked for herself: to the branch, or to her."""
    to_branch = SELF_TEXTS.get(action, own)
    return to_branch if audience == "branch" else parents.texts(referral, action)


def _unasked(referral: Referral, transition: Transition, audience: str, own: Texts) -> Texts:
    """Return what is told whatever the family allows: to the branch, and of her own steps."""
    promised = referral.referrer_hears and referral.feedback != Feedback.NONE
    if audience == "referrer" and transition.action == "submit" and not promised:
        return (*own[:2], NOTHING_PROMISED)
    return own


def tell(fired: Fired[Referral], audience: str) -> None:
    """Write the mails of one audience, in the transaction of the change."""
    referral = fired.thing
    if audience == "referrer" and referral.channel == Channel.SELF:
        parents.tell(referral, fired.transition.action)
        return
    written = texts(referral, fired.transition, audience)
    if written is None:
        return
    if audience != "referrer":
        branch_id = fired.details.get("left_branch_id") if _has_left(audience) else None
        branch_id = branch_id or referral.branch_id
        assert branch_id is not None
        people = accounts.members_of_branch(branch_id, Role.COORDINATOR)
    else:
        people = senders.recipients(referral)
    step = f"{fired.transition.action}:{referral.version}:{audience}"
    news = audience == "left_branch" or fired.transition.permission == Permission.REFERRAL_HANDLE
    page = None if _has_left(audience) else ""
    announce(
        referral, people, written, key=step, page=page, urgent=not news or audience == "branch"
    )


def _has_left(audience: str) -> bool:
    """Say whether these people no longer see the referral they are written about."""
    return audience == "left_branch"


def announce(
    referral: Referral,
    people: Iterable[accounts.Recipient],
    written: Texts,
    *,
    key: str,
    page: str | None = "",
    branch: Branch | None = None,
    urgent: bool = True,
) -> None:
    """Write each of these people a mail. `key` says which; the button leads to `page` under the
    referral's own, or to the list when that is None. `branch`: the one it speaks of, when the
    referral has none yet. `urgent`: it asks something of them, or confirms what they did.
    """
    for person in people:
        if not person.wants_now(urgent=urgent):
            continue  # her digest tells that something waits
        _send(referral, person, written, key, page, branch=branch)


def preview(referral: Referral, transition: Transition) -> Texts | None:
    """Return the mail to the referrer as the person who is about to send it reads it."""
    found = texts(referral, transition, "referrer")
    return None if found is None else _filled_in(referral, found, gettext)


def _filled_in(
    referral: Referral,
    written: Texts,
    translate: Callable[[str], str],
    branch: Branch | None = None,
) -> Texts:
    branch = branch or referral.branch
    values = {
        "reference": referral.reference,
        "branch": branch.name if branch else "",
        "due": long_date(referral.first_contact_due_on),
        "kept": translate(KEPT_ON_LIST if referral.family is not None else KEPT),
    }
    subject, happened, next_step = (translate(text).format(**values) for text in written)
    return subject, happened, next_step


def _path(referral: Referral, page: str | None) -> str:
    return "/verwijzingen/" if page is None else f"/verwijzingen/{referral.reference}{page}"


def _send(
    referral: Referral,
    person: accounts.Recipient,
    written: Texts,
    key: str,
    page: str | None,
    *,
    branch: Branch | None,
) -> None:
    with speaking(person.locale) as _:
        subject, happened, next_step = _filled_in(referral, written, _, branch)
        message = mail.Mail(
            to=person.email,
            subject=subject,
            greeting=_("Dag {name},").format(name=person.name),
            paragraphs=[happened, next_step],
            button_label=_("Bekijk de verwijzing"),
            button_url=senders.address(person, _path(referral, page)),
            locale=person.locale,
        )
    mail.send(message, key=f"referral:{referral.id}:{key}:{person.guest_id or person.account_id}")
