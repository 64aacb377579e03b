"""Who is told what about invoices: by mail, with a link to the portal."""

from portal.accounts import service as accounts
from portal.core import mail
from portal.core.i18n import N_, speaking
from portal.core.permissions import Actor, Role
from portal.core.workflow import Fired
from portal.finance.models import Invoice, InvoiceQuestion

Texts = tuple[str, str, str]

ANNOUNCED: Texts = (
    N_("Bestelbonnummer gevraagd voor een factuur van Home-Start Vlaanderen"),
    N_("Home-Start Vlaanderen bereidt een factuur voor en kent jullie bestelbonnummer nog niet."),
    N_("Vul het in het portaal in. Dan komt de factuur meteen bij de juiste dienst terecht."),
)
READY: Texts = (
    N_("Nieuw document van Home-Start Vlaanderen: {number}"),
    N_("Er staat een nieuw document klaar in het portaal: {number}."),
    N_("Je kunt het daar bekijken en ophalen, als PDF en als UBL-bestand."),
)
ASKED: Texts = (
    N_("Vraag over {number}"),
    N_("{who} heeft een vraag over {number}."),
    N_("Lees en beantwoord ze in het portaal."),
)
ANSWERED: Texts = (
    N_("Antwoord op je vraag over {number}"),
    N_("Home-Start Vlaanderen beantwoordde je vraag over {number}."),
    N_("Je leest het antwoord in het portaal."),
)


def tell(fired: Fired[Invoice], _audience: str) -> None:
    """Ask the finance contacts of the partner for their order number."""
    invoice = fired.thing
    for person in contacts(invoice):
        send(invoice, ANNOUNCED, person, f"announce:{invoice.version}")


def tell_ready(invoice: Invoice) -> None:
    """Tell the partner's finance contacts that they can fetch a document."""
    for person in contacts(invoice):
        send(invoice, READY, person, "ready")


def tell_asked(invoice: Invoice, question: InvoiceQuestion, by: Actor) -> None:
    """Tell HSV's finance officers that a partner has a question."""
    for person in accounts.members_with_role(Role.FINANCE_OFFICER):
        send(invoice, ASKED, person, f"asked:{question.id}", who=by.organisation_name or by.name)


def tell_answered(invoice: Invoice, question: InvoiceQuestion) -> None:
    """Tell who asked that there is an answer."""
    person = accounts.recipient(question.account_id)
    send(invoice, ANSWERED, person, f"answered:{question.id}")


def contacts(invoice: Invoice) -> list[accounts.Recipient]:
    """Return the finance contacts of the partner."""
    return accounts.members_of_organisation(invoice.organisation_id, Role.PARTNER_FINANCE)


def send(
    invoice: Invoice,
    texts: Texts,
    person: accounts.Recipient,
    key: str,
    *,
    who: str = "",
    path: str = "",
) -> None:
    """Mail one person about an invoice: what happened, and what to do next, at `path` of the
    portal (the invoice itself when left out). `key` names the mail, so that it goes once.
    """
    values = {"number": invoice.number or invoice.reference, "who": who}
    with speaking(person.locale) as _:
        subject, happened, next_step = (_(t).format(**values) for t in texts)
        message = mail.Mail(
            to=person.email,
            subject=subject,
            greeting=_("Dag {name},").format(name=person.name),
            paragraphs=[happened, next_step],
            button_label=_("Open in het portaal"),
            button_url=path or f"/facturen/{invoice.reference}",
            locale=person.locale,
        )
    mail.send(message, key=f"invoice:{invoice.id}:{key}:{person.account_id}")
