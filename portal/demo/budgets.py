"""Budgets followed: two agreements signed on paper before there was a portal, booked until now.

The first has a year that was closed and approved; in the second a line has gone over.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from portal.agreements import agreement_signing, drafting, figures, negotiation
from portal.agreements.drafting import Opening
from portal.agreements.indexation import Figure
from portal.agreements.kinds import IndexKind
from portal.agreements.models import Agreement
from portal.agreements.terms import DecidingBody, Formula, IncomeLine, Indexation, InKind
from portal.core import clock, money
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.demo.agreements import NEGOTIATORS, _actor, completed, decide, propose
from portal.demo.past import at
from portal.demo.signing import signed_on_paper
from portal.directory.models import Organisation
from portal.finance import budget_booking, budget_closing, budget_forecast, budget_opening
from portal.finance.budget_booking import Entry
from portal.finance.budget_closing import Choice
from portal.finance.models import BookingKind, Budget, BudgetLine

SUPPLIERS = {
    "B11": ("Sociaal secretariaat", "Bijdrage en verzekering"),
    "B12": ("Coördinator", "Verplaatsingen"),
    "B13": ("Telecom en kantoor", "Telefonie en ICT"),
    "B20": ("Drukkerij De Raap", "Folders en affiches"),
    "B21": ("Vormingscentrum", "Reeks voor vrijwilligers"),
    "B22": ("Vrijwilligers", "Onkosten van de maand"),
    "B23": ("Verzekeraar", "Polis vrijwilligers"),
    "B24": ("Zaal en catering", "Intervisie"),
    "B30": ("Home-Start Vlaanderen", "Coaching en lerend netwerk"),
}
MONTHLY = ("B12", "B13", "B22")
MADE_UP = "Demonstratie: verzonnen cijfer"


def build(manager_email: str, officer_email: str, city_email: str, pays_email: str) -> None:
    """Store the agreements, their budgets of last year and this, and what was booked on them."""
    manager = _actor(manager_email, Role.AGREEMENTS_MANAGER)
    officer = _actor(officer_email, Role.FINANCE_OFFICER)
    city, pays = _actor(city_email, Role.NEGOTIATOR), _actor(pays_email, Role.PARTNER_FINANCE)
    temse = _actor(NEGOTIATORS[0][1], Role.NEGOTIATOR)
    year = clock.today().year
    for month, value_e4 in ((date(year - 2, 11, 1), 1_336_300), (date(year - 1, 11, 1), 1_363_000)):
        figures.record_figure(IndexKind.HEALTH, Figure(month, 2013, value_e4), MADE_UP, officer)
    both = _signed(manager, (city, temse), "Home-Start Sint-Niklaas en Temse")
    alone = _signed(manager, (temse,), "Home-Start Temse, extra gezinnen")
    last, now = _followed(both, officer, year - 1), _followed(both, officer, year)
    _book_income(now, officer, 200_000)
    _book_income(last, officer, 200_000)
    overhead = _line(last, "B40").planned_cents or 0
    on, what = date(last.year, 12, 31), ("Home-Start Vlaanderen", "Overhead van het jaar")
    _book(last, officer, _entry(last, "B40", on, overhead, what))
    _close(last, officer, (pays, temse))
    over = _followed(alone, officer, year)
    campaign = ("Drukkerij De Raap", "Campagne")
    _book(over, officer, _entry(over, "B20", date(year, 5, 20), 95_000, campaign))
    folders = _line(now, "B22")
    reason = "Twee vrijwilligers meer dan verwacht."
    budget_forecast.adjust(now, folders, (folders.planned_cents or 0) + 40_000, reason, officer)


def _signed(manager: Actor, partners: tuple[Actor, ...], title: str) -> Agreement:
    """Return an agreement in force since last year's first day."""
    begins = date(clock.today().year - 1, 1, 1)
    chosen = tuple(db.session.get_one(Organisation, actor.organisation_id) for actor in partners)
    with at(begins - timedelta(days=80)):
        agreement = drafting.start(manager, Opening(Formula.COORDINATOR, chosen, begins, 3))
        agreement.terms = completed(agreement.terms).with_(**_changes(title, begins))
        propose(manager, agreement, "")
    with at(begins - timedelta(days=50)):
        for actor in partners:
            negotiation.accept(actor, agreement, 1)
    with at(begins - timedelta(days=30)):
        for actor in partners:
            decide(actor, agreement, DecidingBody.COUNCIL)
    signed_on_paper(manager, agreement, begins - timedelta(days=20))
    with at(begins):
        agreement_signing.start_due()
    return agreement


def _changes(title: str, begins: date) -> dict[str, object]:
    return {
        "title": title,
        "reserve_bp": 1_000,
        "indexation": Indexation(IndexKind.HEALTH, date(begins.year - 1, 11, 1)),
        "income": (IncomeLine("S10", "Projectsubsidie", (200_000,) * 3),),
        "in_kind": (InKind("Werkplek in het Huis van het Kind", "", 180_000),),
    }


def _followed(agreement: Agreement, officer: Actor, year: int) -> Budget:
    """Return the budget of a year with costs booked until today, or its end."""
    budget = budget_opening.open_year(agreement, year, officer)
    random = Random(year)
    last_month = 12 if year < clock.today().year else clock.today().month - 1
    for month in range(1, last_month + 1):
        paid_on = date(year, month, 25)
        wages = money.allocate(_line(budget, "B10").planned_cents or 0, [1] * 12)[month - 1]
        what = ("Sociaal secretariaat", f"Loonkost {month:02}/{year}")
        _book(budget, officer, _entry(budget, "B10", paid_on, wages, what))
        for code in MONTHLY:
            share = (_line(budget, code).planned_cents or 0) * random.randint(80, 110) // 1_200
            _book(budget, officer, _entry(budget, code, paid_on, share, _of(code, month)))
    for number, code in enumerate(("B11", "B20", "B21", "B23", "B24", "B30"), 1):
        if number <= last_month:
            cents = (_line(budget, code).planned_cents or 0) * random.randint(70, 96) // 100
            on = date(year, number, 12)
            _book(budget, officer, _entry(budget, code, on, cents, _of(code, number)))
    if year == clock.today().year:
        what = ("Busbedrijf", "Uitstap met gezinnen")
        ordered = _entry(budget, "B25", date(year, 2, 1), 35_000, what)
        commitment = replace(ordered, kind=BookingKind.COMMITMENT)
        budget_booking.book(budget, commitment, officer)
    return budget


def _of(code: str, month: int) -> tuple[str, str]:
    supplier, words = SUPPLIERS[code]
    return supplier, f"{words} ({month:02})"


def _book(budget: Budget, by: Actor, entry: Entry) -> None:
    if entry.booked_on <= clock.today() and entry.cents:
        budget_booking.book(budget, entry, by)


def _entry(budget: Budget, code: str, on: date, cents: int, what: tuple[str, str]) -> Entry:
    line_id, voucher = _line(budget, code).id, f"{code}-{on:%m%d}"
    return Entry(line_id, BookingKind.ACTUAL, on, cents, *what, voucher)


def _line(budget: Budget, code: str) -> BudgetLine:
    return next(line for line in budget.lines if line.code == code)


def _book_income(budget: Budget, by: Actor, cents: int) -> None:
    on = date(budget.year, 1, 15)
    what = ("Subsidiërende overheid", "Projectsubsidie")
    _book(budget, by, _entry(budget, "S10", on, cents, what))


def _close(budget: Budget, officer: Actor, partners: tuple[Actor, ...]) -> None:
    """Close a year, carry a little over, and let every partner approve."""
    choice = Choice(carry_cents=10_000)
    prepared = budget_closing.prepare(budget, choice)
    for statement in budget_closing.close(budget, prepared, choice, officer):
        actor = next(one for one in partners if one.organisation_id == statement.organisation_id)
        budget_closing.approve(statement, actor, None)
