"""What is written about an enquiry: to who asked, who has no account, and to HSV."""

from portal.agreements import notices, scenarios
from portal.agreements.models import Enquiry
from portal.core import mail, terms
from portal.core.i18n import N_, speaking
from portal.core.mail import Mail
from portal.core.plain import from_plain
from portal.core.workflow import Fired
from portal.directory.gazetteer import places

# action → subject, paragraphs. {reference}, {where}, {note}, {days} and {contact} only.
ASKER = {
    "confirm": (
        N_("We hebben je aanvraag {reference} ontvangen"),
        (
            N_("Je vraag over Home-Start in {where} kwam goed aan. Je referentie: {reference}."),
            N_("We nemen binnen {days} dagen contact met je op."),
            N_("Nog iets toe te voegen? Mail {contact} en vermeld je referentie."),
        ),
    ),
    "answer": (
        N_("Antwoord op je aanvraag {reference}"),
        (
            N_("Je stelde ons een vraag over Home-Start in {where}. Dit is ons antwoord:"),
            N_("{note}"),
            N_("Antwoorden kan naar {contact}, met je referentie {reference}."),
        ),
    ),
    "open_draft": (
        N_("We werken aan een ontwerp: aanvraag {reference}"),
        (
            N_("We maken een ontwerp van samenwerkingsovereenkomst voor Home-Start in {where}."),
            N_("Zodra het er is, krijgen jullie een uitnodiging om het te lezen en te bespreken."),
            N_("Vragen intussen? Mail {contact}, met je referentie {reference}."),
        ),
    ),
    "decline": (
        N_("Over je aanvraag {reference}"),
        (
            N_("Bedankt voor je vraag over Home-Start in {where}. We kunnen er nu niet op ingaan."),
            N_("{note}"),
            N_("Wil je hierover praten? Mail {contact}, met je referentie {reference}."),
        ),
    ),
}  # fmt: skip


def where_of(enquiry: Enquiry) -> str:
    """Return the names of the municipalities an enquiry is about."""
    return ", ".join(places()[nis].name for nis in enquiry.municipalities if nis in places())


def ask_to_confirm(enquiry: Enquiry, token: str) -> None:
    """Mail the link by which the address is proven to be the asker's own."""
    with speaking(enquiry.locale) as _:
        message = Mail(
            to=enquiry.email,
            subject=_("Bevestig je aanvraag bij Home-Start Vlaanderen"),
            greeting=_("Dag {name},").format(name=enquiry.name),
            paragraphs=[
                _("Je vroeg ons naar een Home-Startwerking in {where}.").format(
                    where=where_of(enquiry)
                ),
                _(
                    "Bevestig met de knop hieronder dat dit e-mailadres van jou is. Pas dan komt "
                    "je aanvraag bij ons aan. De link werkt één keer, {days} dagen lang."
                ).format(days=terms.days("ENQUIRY_LINK_DAYS").days),
                _("Vroeg je niets aan? Dan hoef je niets te doen: we wissen de aanvraag vanzelf."),
            ],
            button_label=_("Bevestig mijn aanvraag"),
            button_url=f"/samenwerken/aanvraag/bevestigen/{token}",
            locale=enquiry.locale,
        )
    mail.send(message, key=f"enquiry:{enquiry.id}:ask")


def tell(fired: Fired[Enquiry], who: str) -> None:
    """Write the mails of one audience, in the transaction of the change."""
    if who == "asker":
        _tell_asker(fired)
    else:
        _tell_managers(fired)


def _tell_asker(fired: Fired[Enquiry]) -> None:
    enquiry, action = fired.thing, fired.transition.action
    subject, paragraphs = ASKER[action]
    with speaking(enquiry.locale) as _:
        values = {
            "reference": enquiry.reference,
            "where": where_of(enquiry),
            "note": fired.details.get("note", ""),
            "days": terms.days("ENQUIRY_ANSWER_DAYS").days,
            "contact": terms.text("CONTACT_EMAIL"),
        }
        link = _link(enquiry)
        message = Mail(
            to=enquiry.email,
            subject=_(subject).format(**values),
            greeting=_("Dag {name},").format(name=enquiry.name),
            paragraphs=[_(words).format(**values) for words in paragraphs],
            button_label=_("Bekijk je scenario") if link else "",
            button_url=link,
            locale=enquiry.locale,
        )
    mail.send(message, key=f"enquiry:{enquiry.id}:{action}:{enquiry.version}:asker")


def _link(enquiry: Enquiry) -> str:
    """Return where the scenario is shown, with the prices of today; nothing without a scenario."""
    if enquiry.scenario is None:
        return ""
    snapshot = from_plain(scenarios.Snapshot, enquiry.scenario)
    return f"/samenwerken?{snapshot.scenario.query()}"


def _tell_managers(fired: Fired[Enquiry]) -> None:
    enquiry = fired.thing
    for person in notices.managers():
        with speaking(person.locale) as _:
            message = Mail(
                to=person.email,
                subject=_("Nieuwe aanvraag {reference}: {where}").format(
                    reference=enquiry.reference, where=where_of(enquiry)
                ),
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[
                    _("{organisation} vraagt naar een Home-Startwerking in {where}.").format(
                        organisation=enquiry.organisation_name, where=where_of(enquiry)
                    ),
                    _("We beloofden om binnen {days} dagen contact op te nemen.").format(
                        days=terms.days("ENQUIRY_ANSWER_DAYS").days
                    ),
                ],
                button_label=_("Bekijk de aanvraag"),
                button_url=f"/aanvragen/{enquiry.reference}",
                locale=person.locale,
            )
        mail.send(message, key=f"enquiry:{enquiry.id}:confirm:{person.account_id}")
