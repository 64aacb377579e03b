"""From a signed agreement to a credit note: three instalments, delivered by Peppol, on screen.

Bram works for HSV's finance, Nele pays the bills of Merelbeke-Melle.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import cli
from portal.core import outbox
from portal.core.db import db
from portal.core.money import euro
from portal.finance import delivering
from portal.finance.models import Invoice
from tests.agreements import make_agreement
from tests.browser import Browser, Page
from tests.finance import access_points, make_finance, rules
from tests.finance.access_points import EInvoiceHandler, Post


@pytest.fixture
def network(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with access_points.running(EInvoiceHandler) as post:
        for name, value in (("ROUTE", "e-invoice.be"), ("URL", post.url), ("KEY", "geheim")):
            monkeypatch.setitem(app.config, f"PEPPOL_{name}", value)
        yield post


def shown(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


def amount(cents: int) -> str:
    return euro(cents).replace("\u00a0", " ")


def prepare_and_issue(bram: Browser) -> Page:
    """Press the two buttons a finance officer presses, after a look at the drafts."""
    page = bram.follow(bram.post("finance.prepare_due"))
    ticked = [e.get("value") for e in page.find("input") if e.get("checked") is not None]
    return bram.follow(bram.post("finance.issue_all", {"draft": ticked}))


def test_from_a_signed_agreement_to_a_credit_note(
    app: Flask, network: Post, clock, tmp_path: Path
) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))
    make_agreement.load_offer()
    make_finance.settings()
    melle = make_finance.municipality("Gemeente Merelbeke-Melle")
    agreement = make_finance.active([melle], starts_on=date(2027, 1, 1))
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    nele = Browser(app).sign_in(make_finance.finance_contact(melle).account)

    # The advance fell due on 31 January. Its draft lacks an order number: Nele is asked for it.
    page = prepare_and_issue(bram)
    assert "Bestelbonnummer of referentie" in page.text
    draft = db.session.scalars(db.select(Invoice)).one()
    page = nele.get("finance.invoice", reference=draft.reference)
    assert "in voorbereiding" in page.text
    nele.submit(page, "finance.order_number", {"order_number": "PO-118"}, reference=draft.reference)

    # Bram looks at it and issues; the worker brings it to the network.
    page = bram.get("finance.invoice", reference=draft.reference)
    assert "PO-118" in page.text
    page = bram.follow(bram.submit(page, "finance.issue", {}, reference=draft.reference))
    assert "F2027-0001" in page.heading
    outbox.deliver_due()
    assert network.sent == {"F2027-0001": 1}

    # July: the second instalment has the order number of the first. The report of the year is
    # approved in March after, and with it the third.
    clock.move_to(datetime(2027, 7, 2, 9, tzinfo=UTC))
    bram = Browser(app).sign_in(make_agreement.finance_officer("Bram De Tweede").account)
    assert "Er is 1 document uitgereikt." in prepare_and_issue(bram).text
    clock.move_to(datetime(2028, 1, 20, 9, tzinfo=UTC))
    bram = Browser(app).sign_in(make_agreement.finance_officer("Bram De Derde").account)
    key = make_finance.conditional_key(agreement)
    page = bram.get("finance.meet_condition", key=key)
    met = {"met_on": "2028-01-18", "note": "Jaarverslag goedgekeurd op de stuurgroep."}
    bram.submit(page, "finance.meet_condition", met, key=key)
    assert "Er is 1 document uitgereikt." in prepare_and_issue(bram).text
    outbox.deliver_due()
    assert network.sent == {"F2027-0001": 1, "F2027-0002": 1, "F2028-0001": 1}
    for document in network.documents.values():
        document["state"] = "SENT"
    clock.shift(timedelta(minutes=6))
    delivering.check_handed_over()

    # Nele finds three invoices, delivered, that make up the year together.
    nele = Browser(app).sign_in(make_finance.finance_contact(melle, "Nele Opvolger").account)
    issued = db.session.scalars(db.select(Invoice).order_by(Invoice.issued_on)).all()
    year = sum(one.total_cents for one in issued)
    page = nele.get("finance.invoices")
    assert page.text.count("F202") == 3
    for one in issued:
        assert "Bezorgd" in nele.get("finance.invoice", reference=one.reference).text
    assert amount(year) in shown(nele.get("finance.start"))
    ubl = nele.get("finance.invoice_file", reference=issued[0].reference, form="ubl").body
    assert rules.broken(ubl) == []
    assert b"PO-118" in ubl
    assert agreement.reference.encode() in ubl

    # The last one was too high: part of it is credited, and that reaches the network too.
    last = issued[-1]
    page = bram.get("finance.credit", reference=last.reference)
    typed = {
        "lines-0-description": "Minder gezinnen dan voorzien",
        "lines-0-quantity": "1",
        "lines-0-unit": "C62",
        "lines-0-price": "500,00",
        "reason": "Zoals afgesproken op de stuurgroep.",
    }
    page = bram.follow(bram.submit(page, "finance.credit", typed, reference=last.reference))
    note = db.session.scalars(db.select(Invoice).where(Invoice.credits_id == last.id)).one()
    bram.submit(page, "finance.issue", {}, reference=note.reference)
    outbox.deliver_due()
    assert network.sent["F2028-0002"] == 1
    assert (
        rules.broken(nele.get("finance.invoice_file", reference=note.reference, form="ubl").body)
        == []
    )
    assert amount(year - 500_00) in shown(nele.get("finance.start"))

    # And whoever runs the portal can hand over the file, to the byte.
    file = tmp_path / "f.pdf"
    db.session.commit()
    CliRunner().invoke(cli.export_invoice, ["F2027-0001", "-o", str(file)])
    db.session.expire_all()
    pdf = nele.get("finance.invoice_file", reference=draft.reference, form="pdf").body
    assert file.read_bytes() == pdf
