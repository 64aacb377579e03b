"""The mail of a reminder as it leaves: its text filled in, and the statement of account with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.core import clock, money, terms
from portal.core.i18n import short_date
from portal.core.mail import Mail
from portal.directory.models import Organisation
from portal.finance import (
    account_statement,
    invoicing_settings,
    paper,
    pay_links,
    reminder_settings,
)
from portal.finance.reminder_texts import StepText
from portal.finance.reminder_worklist import Overdue

GREETING = "Geachte,"


@dataclass(frozen=True)
class Letter:
    """A reminder as it leaves. `pay_paths`: by number, where each can be paid; in the mail only,
    because whoever has such a link may see the amount.
    """

    text: StepText
    pdf: bytes
    filename: str
    pay_paths: Mapping[str, str]

    def mail(self, target: str) -> Mail:
        """Return it as a mail, in the formal tone of a letter."""
        return Mail(
            to=target,
            subject=self.text.subject,
            greeting=GREETING,
            paragraphs=[*self.text.body.split("\n\n"), *self._links()],
            button_label="Bekijken en betalen" if len(self.pay_paths) == 1 else "",
            button_url=next(iter(self.pay_paths.values())) if len(self.pay_paths) == 1 else "",
        )

    def _links(self) -> list[str]:
        """Return where each is paid, when there is more than one."""
        if len(self.pay_paths) < 2:
            return []
        base = terms.text("BASE_URL")
        links = [f"{number}: {base}{path}" for number, path in self.pay_paths.items()]
        return ["Bekijken en betalen kan ook online:", *links]


def letter_of(
    organisation: Organisation, step: int, items: Sequence[Overdue], today: date
) -> Letter:
    """Return the mail of a step with its statement of account."""
    statement = account_statement.of(organisation, today)
    return Letter(
        text=text_of(organisation, step, items, today),
        pdf=account_statement.render(statement),
        filename=f"Rekeningoverzicht {organisation.name} {today.isoformat()}.pdf",
        pay_paths={
            one.invoice.number or "": path
            for one in items
            if (path := pay_links.path_of(one.invoice))
        },
    )


def text_of(
    organisation: Organisation, step: int, items: Sequence[Overdue], today: date
) -> StepText:
    """Return subject and body as they would leave today."""
    rules = reminder_settings.in_force(today)
    sender = invoicing_settings.in_force(today)
    values = {
        "partner": organisation.name,
        "totaal": money.euro(sum(one.open_cents for one in items)),
        "rekening": f"{paper.grouped(sender.iban)} (BIC {sender.bic})",
        "uiterlijk": short_date(today + timedelta(days=rules.answer_days)),
        "contact": sender.email,
    }
    return rules.texts[step - 1].filled(values, [line_of(one) for one in items])


def line_of(one: Overdue) -> str:
    """Return how a mail names a document."""
    invoice = one.invoice
    asked = f"{invoice.kind.label} {invoice.number} van {short_date(invoice.issued_on)}"
    return (
        f"{asked}: {money.euro(one.open_cents)}, te betalen tegen {short_date(invoice.due_on)}, "
        f"mededeling {paper.ogm_text(invoice.ogm)}"
    )


def sample(text: StepText, answer_days: int) -> StepText:
    """Return how a text reads, about a made-up invoice."""
    today = clock.today()
    values = {
        "partner": "Gemeente Voorbeeld",
        "totaal": money.euro(1_250_00),
        "rekening": "BE71 0961 2345 6769 (BIC GKCCBEBB)",
        "uiterlijk": short_date(today + timedelta(days=answer_days)),
        "contact": "facturen@voorbeeld.be",
    }
    issued_on, due_on = today - timedelta(days=51), today - timedelta(days=21)
    line = (
        f"Factuur F{issued_on.year}-0042 van {short_date(issued_on)}: {money.euro(1_250_00)}, "
        f"te betalen tegen {short_date(due_on)}, mededeling +++090/9337/55493+++"
    )
    return text.filled(values, [line])
