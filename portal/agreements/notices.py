"""Who is told what when an agreement moves. A mail names the agreement and links to it."""

from collections.abc import Iterable

from portal.accounts import service as accounts
from portal.agreements import living_notices
from portal.agreements.models import Agreement
from portal.core import mail
from portal.core.i18n import N_, speaking
from portal.core.permissions import Role
from portal.core.workflow import Fired

Texts = tuple[str, str, str]

# (action, audience) → subject, what happened, what happens now. {reference}, {title}, {who} only.
TEXTS: dict[tuple[str, str], Texts] = {
    ("propose", "partners"): (
        N_("Voorstel van overeenkomst {reference}"),
        N_("Home-Start Vlaanderen legt een versie voor van de overeenkomst “{title}”."),
        N_(
            "Lees ze in het portaal of als Word of PDF. Je kunt per artikel een opmerking maken, "
            "een tegenvoorstel doen of je akkoord geven."
        ),
    ),
    ("hand_over", "hsv"): (
        N_("Opmerkingen bij overeenkomst {reference}"),
        N_("{who} gaf opmerkingen door bij de overeenkomst “{title}”."),
        N_("Beantwoord ze en leg een volgende versie voor."),
    ),
    ("answer", "partners"): (
        N_("Antwoord op een opmerking bij overeenkomst {reference}"),
        N_("Home-Start Vlaanderen antwoordde op een opmerking bij “{title}”."),
        N_("Het antwoord staat in het portaal, bij het artikel."),
    ),
    ("counter_propose", "hsv"): (
        N_("Tegenvoorstel voor overeenkomst {reference}"),
        N_("{who} deed een tegenvoorstel voor de overeenkomst “{title}”."),
        N_("Bekijk de verschillen en neem het over, of leg een volgende versie voor."),
    ),
    ("counter_propose", "partners"): (
        N_("Tegenvoorstel voor overeenkomst {reference}"),
        N_("{who} deed een tegenvoorstel voor de overeenkomst “{title}”."),
        N_("Je hoeft nog niets te doen: Home-Start Vlaanderen antwoordt eerst."),
    ),
    ("take_over", "partners"): (
        N_("Tegenvoorstel overgenomen in overeenkomst {reference}"),
        N_("Home-Start Vlaanderen neemt het tegenvoorstel over voor “{title}”."),
        N_("Lees de versie in het portaal en geef je akkoord, of maak een opmerking."),
    ),
    ("accept", "hsv"): (
        N_("Akkoord met overeenkomst {reference}"),
        N_("{who} gaat akkoord met de laatste versie van “{title}”."),
        N_("In het portaal zie je op welke partijen het nog wachten is."),
    ),
    ("agree", "hsv"): (
        N_("Alle partijen akkoord: overeenkomst {reference}"),
        N_("Alle partijen gaan akkoord met de tekst van “{title}”."),
        N_("Nu beslissen de bevoegde organen van de partners. Je krijgt bericht per beslissing."),
    ),
    ("agree", "partners"): (
        N_("Alle partijen akkoord: overeenkomst {reference}"),
        N_("Alle partijen gaan akkoord met de tekst van “{title}”."),
        N_(
            "Leg de tekst nu voor aan het orgaan dat beslist. In het portaal vind je een ontwerp "
            "van besluit; registreer de beslissing daar zodra ze genomen is."
        ),
    ),
    ("record_decision", "hsv"): (
        N_("Beslissing geregistreerd bij overeenkomst {reference}"),
        N_("{who} registreerde een beslissing over “{title}”."),
        N_("In het portaal zie je welke beslissingen nog ontbreken."),
    ),
    ("record_decision_for", "partners"): (
        N_("Beslissing geregistreerd bij overeenkomst {reference}"),
        N_("Home-Start Vlaanderen registreerde een beslissing over “{title}”."),
        N_("Kijk na of de gegevens van jullie beslissing juist zijn."),
    ),
    ("approve", "hsv"): (
        N_("Goedgekeurd: overeenkomst {reference}"),
        N_("Alle beslissingen over “{title}” zijn er."),
        N_("De tekst is klaar om te ondertekenen."),
    ),
    ("approve", "partners"): (
        N_("Goedgekeurd: overeenkomst {reference}"),
        N_("Alle beslissingen over “{title}” zijn er."),
        N_("De tekst is klaar om te ondertekenen. Je hoort van ons hoe dat verloopt."),
    ),
    ("record_delegation", "hsv"): (
        N_("Delegatie van handtekening bij overeenkomst {reference}"),
        N_("{who} registreerde een delegatie om “{title}” te ondertekenen."),
        N_("Kijk het document na in het portaal."),
    ),
    ("reopen", "partners"): (
        N_("Opnieuw in bespreking: overeenkomst {reference}"),
        N_("Home-Start Vlaanderen opent de bespreking van “{title}” opnieuw."),
        N_("De reden staat in het portaal. Je krijgt een nieuwe versie voorgelegd."),
    ),
    ("send_for_signature", "partners"): (
        N_("Ter ondertekening: overeenkomst {reference}"),
        N_("Home-Start Vlaanderen stuurde “{title}” ter ondertekening."),
        N_(
            "Wie tekent, kreeg daarvoor een eigen mail. In het portaal zie je aan wie die gestuurd "
            "is: klopt een adres niet, laat het ons dan meteen weten."
        ),
    ),
    ("stop_signing", "partners"): (
        N_("Ondertekening gestopt: overeenkomst {reference}"),
        N_("De ondertekening van “{title}” is gestopt."),
        N_("De reden staat in het portaal. Home-Start Vlaanderen laat weten hoe het verder gaat."),
    ),
    ("start", "hsv"): (
        N_("Vandaag gaat overeenkomst {reference} in"),
        N_("“{title}” is van kracht."),
        N_("De afdeling en haar werkingsgebied zijn geopend. Kijk na of alles klopt."),
    ),
    ("start", "partners"): (
        N_("Vandaag gaat overeenkomst {reference} in"),
        N_("“{title}” is van kracht."),
        N_("In het portaal vind je het ondertekende document en alle data."),
    ),
    ("decline", "hsv"): (
        N_("Een partner ziet af van overeenkomst {reference}"),
        N_("{who} ziet af van de samenwerking “{title}”."),
        N_("De reden lees je in het portaal."),
    ),
    ("decline", "partners"): (
        N_("Een partner ziet af van overeenkomst {reference}"),
        N_("{who} ziet af van de samenwerking “{title}”."),
        N_("Wil je toch verder? Neem dan contact op met Home-Start Vlaanderen."),
    ),
    ("withdraw", "partners"): (
        N_("Voorstel ingetrokken: overeenkomst {reference}"),
        N_("Home-Start Vlaanderen trekt het voorstel “{title}” in."),
        N_("De reden lees je in het portaal. Je hoeft niets meer te doen."),
    ),
    **living_notices.TEXTS,
}


def names_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names behind account ids, for a timeline."""
    wanted = {one for one in account_ids if one is not None}
    return {one.id: one.name for one in accounts.accounts_by_id(wanted).values()}


def managers() -> list[accounts.Recipient]:
    """Return everybody who manages agreements for HSV."""
    return accounts.members_with_role(Role.AGREEMENTS_MANAGER)


def audience(agreement: Agreement, who: str) -> list[accounts.Recipient]:
    """Return the people of an audience, each once."""
    if who == "hsv":
        own = agreement.manager_id
        return [accounts.recipient(own)] if own is not None else managers()
    if agreement.first_proposed_at is None:
        return []  # they never saw it
    found = [
        person
        for party in agreement.parties
        for person in accounts.members_of_organisation(party.organisation_id, Role.NEGOTIATOR)
    ]
    return list({person.account_id: person for person in found}.values())


def tell(fired: Fired[Agreement], who: str) -> None:
    """Write the mails of one audience, in the transaction of the change; not to who did it."""
    by = fired.by
    for person in audience(fired.thing, who):
        if by is None or person.account_id != by.account_id:
            _send(fired, who, person)


def _send(fired: Fired[Agreement], who: str, person: accounts.Recipient) -> None:
    agreement, action = fired.thing, fired.transition.action
    with speaking(person.locale) as _:
        values = {
            "reference": agreement.reference,
            "title": agreement.title,
            "who": (fired.by.organisation_name or fired.by.name) if fired.by else "",
        }
        subject, happened, next_step = (_(t).format(**values) for t in TEXTS[action, who])
        message = mail.Mail(
            to=person.email,
            subject=subject,
            greeting=_("Dag {name},").format(name=person.name),
            paragraphs=[happened, next_step],
            button_label=_("Bekijk de overeenkomst"),
            button_url=f"/overeenkomsten/{agreement.reference}",
            locale=person.locale,
        )
    key = f"agreement:{agreement.id}:{action}:{agreement.version}"
    mail.send(message, key=f"{key}:{who}:{person.account_id}")
