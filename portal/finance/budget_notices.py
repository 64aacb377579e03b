"""Who is told what of a budget. A mail names the agreement and the year, never an amount."""

from collections.abc import Iterable

from portal.accounts import service as accounts
from portal.core import mail
from portal.core.i18n import N_, speaking
from portal.core.permissions import Role
from portal.core.workflow import Fired
from portal.finance.models import Budget, Statement

# (action, audience) → subject, what happened, what happens now. {year}, {title}, {who} only.
TEXTS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("send", "partner"): (
        N_("Afrekening {year}: {title}"),
        N_("Home-Start Vlaanderen bezorgt je de afrekening {year} van “{title}”."),
        N_("Lees ze in het portaal of als Word of PDF. Keur ze goed, of stel er een vraag over."),
    ),
    ("approve", "hsv"): (
        N_("Afrekening {year} goedgekeurd: {title}"),
        N_("{who} keurt de afrekening {year} van “{title}” goed."),
        N_("In het portaal zie je of nog een partner moet antwoorden."),
    ),
    ("question", "hsv"): (
        N_("Vraag over de afrekening {year}: {title}"),
        N_("{who} stelt een vraag over de afrekening {year} van “{title}”."),
        N_("Beantwoord ze in het portaal, of heropen het jaar om iets recht te zetten."),
    ),
    ("answer", "partner"): (
        N_("Antwoord over de afrekening {year}: {title}"),
        N_("Home-Start Vlaanderen beantwoordt je vraag over de afrekening {year} van “{title}”."),
        N_("Lees het antwoord in het portaal. Je kunt de afrekening nu goedkeuren."),
    ),
    ("replace", "partner"): (
        N_("Afrekening {year} vervalt: {title}"),
        N_("Home-Start Vlaanderen heropent het jaar {year} van “{title}”."),
        N_("De afrekening die je kreeg, vervalt. Je krijgt een nieuwe."),
    ),
}
PARTNER_ROLES = (Role.PARTNER_FINANCE, Role.NEGOTIATOR)


def names_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names behind account ids, for a timeline."""
    wanted = {one for one in account_ids if one is not None}
    return {one.id: one.name for one in accounts.accounts_by_id(wanted).values()}


def finance_officers() -> list[accounts.Recipient]:
    """Return who follows the budgets for HSV."""
    return accounts.members_with_role(Role.FINANCE_OFFICER)


def path_of(budget: Budget) -> str:
    """Return the address of a budget."""
    return f"/begrotingen/{budget.agreement.reference}/{budget.year}"


def tell_of_statement(fired: Fired[Statement], audience: str) -> None:
    """Write the mails about a statement, in the transaction of the change; not to who did it."""
    statement = fired.thing
    for person in _audience(statement, audience):
        if fired.by is None or person.account_id != fired.by.account_id:
            _send(fired, audience, person)


def _audience(statement: Statement, audience: str) -> list[accounts.Recipient]:
    if audience == "hsv":
        return finance_officers()
    found = [
        person
        for role in PARTNER_ROLES
        for person in accounts.members_of_organisation(statement.organisation_id, role)
    ]
    return list({person.account_id: person for person in found}.values())


def _send(fired: Fired[Statement], audience: str, person: accounts.Recipient) -> None:
    statement, action = fired.thing, fired.transition.action
    budget = statement.budget
    with speaking(person.locale) as _:
        values = {
            "year": budget.year,
            "title": budget.agreement.title,
            "who": (fired.by.organisation_name or fired.by.name) if fired.by else "",
        }
        subject, happened, next_step = (_(t).format(**values) for t in TEXTS[action, audience])
        message = mail.Mail(
            to=person.email,
            subject=subject,
            greeting=_("Dag {name},").format(name=person.name),
            paragraphs=[happened, next_step],
            button_label=_("Bekijk de afrekening"),
            button_url=f"{path_of(budget)}/afrekeningen/{statement.id}",
            locale=person.locale,
        )
    key = f"statement:{statement.id}:{statement.version}:{action}:{person.account_id}"
    mail.send(message, key=key)
