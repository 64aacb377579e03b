"""The mails around signing: each to one person, with a link that only that person can use."""

from collections.abc import Callable

from portal.accounts import service as accounts
from portal.agreements import notices
from portal.agreements.models import Envelope, EnvelopeSignatory, SignatoryStatus
from portal.core import mail
from portal.core.i18n import N_, long_date, speaking
from portal.core.workflow import Fired

Texts = tuple[str, str, str]
Translated = Callable[[str], str]

_KEPT = N_(
    "Jouw handtekening blijft bewaard, maar heeft zo geen gevolg. Je hoort hoe het verder gaat."
)

# (action, audience) → subject, what happened, what happens now. {title}, {who}, {reason} only.
TEXTS: dict[tuple[str, str], Texts] = {
    ("sign", "hsv"): (
        N_("Ondertekend: {title}"),
        N_("{who} tekende “{title}”."),
        N_("In het portaal zie je op wie het nog wachten is."),
    ),
    ("forward", "hsv"): (
        N_("Gemachtigde tekent: {title}"),
        N_("{who} laat “{title}” tekenen door een gemachtigde."),
        N_("Kijk de machtiging na in het portaal."),
    ),
    ("decline", "hsv"): (
        N_("Niet ondertekend: {title}"),
        N_("{who} ondertekent “{title}” niet. Reden: {reason}"),
        N_("Neem contact op. Daarna kun je het document opnieuw sturen of opnieuw bespreken."),
    ),
    ("decline", "signed"): (
        N_("Niet door iedereen ondertekend: {title}"),
        N_("{who} ondertekent “{title}” niet. Reden: {reason}"),
        _KEPT,
    ),
    ("decline", "waiting"): (
        N_("Je hoeft niet meer te tekenen: {title}"),
        N_("{who} ondertekent “{title}” niet. Reden: {reason}"),
        N_("Je hoeft niets meer te doen. Je hoort hoe het verder gaat."),
    ),
    ("cancel", "signed"): (
        N_("Ondertekening stopgezet: {title}"),
        N_("Home-Start Vlaanderen zet de ondertekening van “{title}” stop. Reden: {reason}"),
        _KEPT,
    ),
    ("cancel", "waiting"): (
        N_("Je hoeft niet meer te tekenen: {title}"),
        N_("Home-Start Vlaanderen zet de ondertekening van “{title}” stop. Reden: {reason}"),
        N_("Je hoeft niets meer te doen."),
    ),
    ("expire", "hsv"): (
        N_("Ondertekening vervallen: {title}"),
        N_("Niet iedereen ondertekende “{title}” op tijd."),
        N_("Stuur het document opnieuw, of neem contact op met wie nog niet tekende."),
    ),
    ("expire", "signed"): (
        N_("Ondertekening vervallen: {title}"),
        N_("Niet iedereen ondertekende “{title}” op tijd."),
        _KEPT,
    ),
    ("expire", "waiting"): (
        N_("Te laat om te tekenen: {title}"),
        N_("De termijn om “{title}” te ondertekenen is voorbij."),
        N_("Wil je nog tekenen? Laat het weten, dan sturen we het document opnieuw."),
    ),
}  # fmt: skip


def path_of(signatory: EnvelopeSignatory) -> str:
    """Return the page where this person signs, and nobody else can."""
    return f"/ondertekenen/{signatory.id}"


def person(signatory: EnvelopeSignatory) -> accounts.Recipient:
    """Return where to write to somebody who signs."""
    if signatory.account_id is not None:
        return accounts.recipient(signatory.account_id)
    return accounts.Recipient(0, signatory.name, signatory.email)


def tell(fired: Fired[Envelope], audience: str) -> None:
    """Write the mails of one audience; not to who did it."""
    envelope, key = fired.thing, f"envelope:{fired.thing.id}:{fired.thing.version}"
    acting = fired.details.get("signatory")
    if fired.transition.action == "sign" and not envelope.missing_fields:
        return  # who heard of each signature is about to hear that everybody signed
    if audience == "hsv":
        people = [(p, f"/overeenkomsten/{envelope.agreement.reference}") for p in _hsv(envelope)]
    else:
        wanted = {"signed": SignatoryStatus.SIGNED, "waiting": SignatoryStatus.PENDING}[audience]
        people = [
            (person(one), path_of(one))
            for one in envelope.signatories
            if one.status == wanted and one.invited_at is not None and one is not acting
        ]
    for who, path in people:
        if fired.by is not None and fired.by.account_id == who.account_id:
            continue
        _send(fired, audience, who, path, f"{key}:{fired.transition.action}:{audience}:{who.email}")


def _hsv(envelope: Envelope) -> list[accounts.Recipient]:
    return notices.audience(envelope.agreement, "hsv")


def _send(
    fired: Fired[Envelope], audience: str, who: accounts.Recipient, path: str, key: str
) -> None:
    acting = fired.details.get("signatory")
    with speaking(who.locale) as _:
        values = {
            "title": fired.thing.title,
            "who": f"{acting.name} ({acting.party})" if acting else "",
            "reason": fired.details.get("note", ""),
        }
        subject, happened, now = (
            _(text).format(**values) for text in TEXTS[fired.transition.action, audience]
        )
        message = mail.Mail(
            to=who.email,
            subject=subject,
            greeting=_("Dag {name},").format(name=who.name),
            paragraphs=[
                happened,
                now,
                *([] if audience == "hsv" else [_questions(fired.thing, _)]),
            ],
            button_label=_("Bekijk het document"),
            button_url=path,
            locale=who.locale,
        )
    mail.send(message, key=key)


def _questions(envelope: Envelope, _: Translated) -> str:
    """Return whom to turn to: who sent the document."""
    sender = accounts.recipient(envelope.prepared_by_id)
    return _("Vragen? Mail {name}: {email}.").format(name=sender.name, email=sender.email)


def invite(signatory: EnvelopeSignatory, *, again: bool = False) -> None:
    """Ask one person to sign; `again`: remind."""
    envelope, who = signatory.envelope, person(signatory)
    subject = N_("Herinnering: onderteken “{title}”") if again else N_("Onderteken “{title}”")
    with speaking(who.locale) as _:
        values = {
            "title": envelope.title,
            "party": signatory.party,
            "capacity": signatory.capacity,
            "day": long_date(envelope.expires_on),
        }
        asked = _(
            "Home-Start Vlaanderen vraagt je om “{title}” te ondertekenen voor {party}, als "
            "{capacity}. Dat kan tot en met {day}."
        ).format(**values)
        if signatory.instead_of:
            asked += " " + _("Je doet dat in de plaats van de {capacity}.").format(
                capacity=signatory.instead_of
            )
        how = _(
            "Log in met je eigen account. Je leest het document, en tekent met een code die je per "
            "mail krijgt of met je eigen certificaat, zoals dat op je identiteitskaart."
        )
        paragraphs = [asked, how]
        if signatory.account_id is None:
            paragraphs.append(
                _("Heb je nog geen account? Neem dan eerst de uitnodiging in onze andere mail aan.")
            )
        paragraphs.append(_questions(envelope, _))
        message = mail.Mail(
            to=who.email,
            subject=_(subject).format(**values),
            greeting=_("Dag {name},").format(name=who.name),
            paragraphs=paragraphs,
            button_label=_("Lees en onderteken"),
            button_url=path_of(signatory),
            footer=_("Deze vraag is persoonlijk: alleen jij kunt er iets mee doen."),
            locale=who.locale,
        )
    count = f"{envelope.version}" if again else "first"
    mail.send(message, key=f"signing:{signatory.id}:{count}")


def code(signatory: EnvelopeSignatory, words: str, number: int) -> None:
    """Send the one-time code. It stands in the text only: a subject is shown on lock screens."""
    who = person(signatory)
    with speaking(who.locale) as _:
        message = mail.Mail(
            to=who.email,
            subject=_("Je code om te ondertekenen"),
            greeting=_("Dag {name},").format(name=who.name),
            paragraphs=[
                _("Met deze code onderteken je “{title}”: {code}").format(
                    title=signatory.envelope.title, code=words
                ),
                _("De code geldt tien minuten en één keer. Geef ze aan niemand door."),
            ],
            footer=_("Vroeg je dit niet? Kies dan meteen een nieuw wachtwoord."),
            locale=who.locale,
        )
    mail.send(message, key=f"signing-code:{number}")


def complete(envelope: Envelope) -> None:
    """Tell all parties that everybody signed, and where the document and its evidence are."""
    signed = [one for one in envelope.signatories if one.status == SignatoryStatus.SIGNED]
    people = {person(one).email: (person(one), path_of(one)) for one in signed}
    path = f"/overeenkomsten/{envelope.agreement.reference}"
    for audience in ("hsv", "partners"):
        for who in notices.audience(envelope.agreement, audience):
            people.setdefault(who.email, (who, path))
    for who, where in people.values():
        with speaking(who.locale) as _:
            message = mail.Mail(
                to=who.email,
                subject=_("Door iedereen ondertekend: {title}").format(title=envelope.title),
                greeting=_("Dag {name},").format(name=who.name),
                paragraphs=[
                    _("Iedereen ondertekende “{title}”.").format(title=envelope.title),
                    _(
                        "Het ondertekende document en het bewijsstuk (wie wanneer en hoe tekende) "
                        "staan voor je klaar. Bewaar ze allebei."
                    ),
                ],
                button_label=_("Download het document"),
                button_url=where,
                locale=who.locale,
            )
        mail.send(message, key=f"envelope-complete:{envelope.id}:{who.email}")
