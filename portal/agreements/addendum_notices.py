"""Who is told what about an addendum. A mail names the agreement and links to the addendum."""

from portal.accounts import service as accounts
from portal.agreements import notices
from portal.agreements.models import Addendum
from portal.core import mail
from portal.core.i18n import N_, long_date, speaking
from portal.core.workflow import Fired

Texts = tuple[str, str, str]

_STAYS = N_("De overeenkomst blijft lopen zoals ze is.")

# (action, audience) → subject, what happened, what happens now.
# {number}, {reference}, {title}, {who}, {reason} and {day} only.
TEXTS: dict[tuple[str, str], Texts] = {
    ("propose", "partners"): (
        N_("Addendum {number} ligt voor: overeenkomst {reference}"),
        N_("Home-Start Vlaanderen stelt voor om “{title}” te wijzigen vanaf {day}."),
        N_(
            "In het portaal lees je de oude en de nieuwe tekst naast elkaar. Geef er jullie "
            "akkoord, of maak een opmerking."
        ),
    ),
    ("comment", "hsv"): (
        N_("Opmerking bij addendum {number}: overeenkomst {reference}"),
        N_("{who} maakte een opmerking bij het addendum over “{title}”."),
        N_("Antwoord in het portaal, of leg een aangepast addendum voor."),
    ),
    ("reply", "partners"): (
        N_("Antwoord bij addendum {number}: overeenkomst {reference}"),
        N_("Home-Start Vlaanderen antwoordde op een opmerking bij het addendum over “{title}”."),
        N_("Het antwoord staat in het portaal."),
    ),
    ("accept", "hsv"): (
        N_("Akkoord met addendum {number}: overeenkomst {reference}"),
        N_("{who} gaat akkoord met het addendum over “{title}”."),
        N_("In het portaal zie je op welke partijen het nog wachten is."),
    ),
    ("agree", "hsv"): (
        N_("Alle partijen akkoord met addendum {number}: overeenkomst {reference}"),
        N_("Alle partijen gaan akkoord met het addendum over “{title}”."),
        N_("Nu beslissen de bevoegde organen van de partners. Je krijgt bericht per beslissing."),
    ),
    ("agree", "partners"): (
        N_("Alle partijen akkoord met addendum {number}: overeenkomst {reference}"),
        N_("Alle partijen gaan akkoord met het addendum over “{title}”."),
        N_("Leg het voor aan het orgaan dat beslist, en registreer de beslissing in het portaal."),
    ),
    ("record_decision", "hsv"): (
        N_("Beslissing over addendum {number}: overeenkomst {reference}"),
        N_("{who} registreerde een beslissing over het addendum bij “{title}”."),
        N_("In het portaal zie je welke beslissingen nog ontbreken."),
    ),
    ("record_decision_for", "partners"): (
        N_("Beslissing over addendum {number}: overeenkomst {reference}"),
        N_("Home-Start Vlaanderen registreerde een beslissing over het addendum bij “{title}”."),
        N_("Kijk na of de gegevens van jullie beslissing juist zijn."),
    ),
    ("approve", "hsv"): (
        N_("Goedgekeurd: addendum {number} bij overeenkomst {reference}"),
        N_("Alle beslissingen over het addendum bij “{title}” zijn er."),
        N_("Je kunt het ter ondertekening sturen."),
    ),
    ("approve", "partners"): (
        N_("Goedgekeurd: addendum {number} bij overeenkomst {reference}"),
        N_("Alle beslissingen over het addendum bij “{title}” zijn er."),
        N_("Wie tekent, krijgt daarvoor een persoonlijke mail."),
    ),
    ("reopen", "partners"): (
        N_("Opnieuw in opmaak: addendum {number} bij overeenkomst {reference}"),
        N_("Home-Start Vlaanderen past het addendum over “{title}” aan. Reden: {reason}"),
        N_("Je krijgt het aangepaste addendum opnieuw voorgelegd."),
    ),
    ("send_for_signature", "partners"): (
        N_("Ter ondertekening: addendum {number} bij overeenkomst {reference}"),
        N_("Home-Start Vlaanderen stuurde het addendum over “{title}” ter ondertekening."),
        N_("Wie tekent, kreeg daarvoor een eigen mail."),
    ),
    ("stop_signing", "partners"): (
        N_("Ondertekening gestopt: addendum {number} bij overeenkomst {reference}"),
        N_("De ondertekening van het addendum over “{title}” is gestopt."),
        N_("De reden staat in het portaal. Home-Start Vlaanderen laat weten hoe het verder gaat."),
    ),
    ("conclude", "hsv"): (
        N_("Addendum {number} is gesloten: overeenkomst {reference}"),
        N_("Iedereen ondertekende het addendum. “{title}” is gewijzigd vanaf {day}."),
        N_("De data, de schijven en de begroting volgen vanzelf. Kijk het werkingsgebied na."),
    ),
    ("conclude", "partners"): (
        N_("Addendum {number} is gesloten: overeenkomst {reference}"),
        N_("Iedereen ondertekende het addendum. “{title}” is gewijzigd vanaf {day}."),
        N_("In het portaal vind je het ondertekende addendum en de geconsolideerde tekst."),
    ),
    ("decline", "hsv"): (
        N_("Niet akkoord met addendum {number}: overeenkomst {reference}"),
        N_("{who} gaat niet akkoord met het addendum over “{title}”. Reden: {reason}"),
        _STAYS,
    ),
    ("decline", "partners"): (
        N_("Niet akkoord met addendum {number}: overeenkomst {reference}"),
        N_("{who} gaat niet akkoord met het addendum over “{title}”. Reden: {reason}"),
        _STAYS,
    ),
    ("withdraw", "partners"): (
        N_("Addendum {number} is ingetrokken: overeenkomst {reference}"),
        N_("Home-Start Vlaanderen trekt het addendum over “{title}” in. Reden: {reason}"),
        _STAYS,
    ),
    ("expire", "hsv"): (
        N_("Addendum {number} is vervallen: overeenkomst {reference}"),
        N_("“{title}” is afgelopen voor het addendum gesloten was."),
        N_("Een addendum kan alleen een overeenkomst wijzigen die nog loopt."),
    ),
    ("expire", "partners"): (
        N_("Addendum {number} is vervallen: overeenkomst {reference}"),
        N_("“{title}” is afgelopen voor het addendum gesloten was."),
        N_("Wil je verder samenwerken? Neem dan contact op met Home-Start Vlaanderen."),
    ),
}  # fmt: skip


def path_of(addendum: Addendum) -> str:
    """Return the page of an addendum that was proposed."""
    return f"/overeenkomsten/{addendum.agreement.reference}/addenda/{addendum.number}"


def tell(fired: Fired[Addendum], who: str) -> None:
    """Write the mails of one audience, in the transaction of the change; not to who did it."""
    for person in notices.audience(fired.thing.agreement, who):
        if fired.by is None or person.account_id != fired.by.account_id:
            _send(fired, who, person)


def _send(fired: Fired[Addendum], who: str, person: accounts.Recipient) -> None:
    addendum, action = fired.thing, fired.transition.action
    agreement = addendum.agreement
    with speaking(person.locale) as _:
        values = {
            "number": addendum.number,
            "reference": agreement.reference,
            "title": agreement.title,
            "who": (fired.by.organisation_name or fired.by.name) if fired.by else "",
            "reason": fired.details.get("note", ""),
            "day": long_date(addendum.in_force_on or addendum.from_on),
        }
        subject, happened, now = (_(text).format(**values) for text in TEXTS[action, who])
        message = mail.Mail(
            to=person.email,
            subject=subject,
            greeting=_("Dag {name},").format(name=person.name),
            paragraphs=[happened, now],
            button_label=_("Bekijk het addendum"),
            button_url=path_of(addendum),
            locale=person.locale,
        )
    key = f"addendum:{addendum.id}:{action}:{addendum.version}"
    mail.send(message, key=f"{key}:{who}:{person.account_id}")
