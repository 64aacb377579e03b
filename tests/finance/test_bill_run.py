"""`portal bill` and `portal export`: many at once, each whole, and exactly what was issued."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from portal import cli
from portal.core import documents
from portal.finance.models import Invoice, InvoiceKind, InvoiceStatus
from tests import make
from tests.agreements import make_agreement
from tests.finance import make_finance

pytestmark = pytest.mark.usefixtures("offer", "settings")


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))


def run(command: object, *arguments: object) -> Result:
    make.db.session.commit()
    return CliRunner().invoke(command, [str(one) for one in arguments])  # type: ignore[arg-type]


def statuses() -> list[InvoiceStatus]:
    return sorted(make.db.session.scalars(make.db.select(Invoice.status)))


def test_a_run_prepares_and_a_person_issues_what_is_complete(session: Session) -> None:
    complete, lacking = make_finance.municipality("Stad Gent"), make_finance.municipality("Melle")
    make_finance.wishes(complete)
    make_finance.active([complete, lacking])
    email = make_agreement.finance_officer().account.email
    first = run(cli.bill)
    assert "2 ontwerpen gemaakt, 0 documenten uitgereikt." in first.output
    second = run(cli.bill, "--issue", "--by", email)
    assert "0 ontwerpen gemaakt, 1 documenten uitgereikt." in second.output
    assert "bestelbonnummer of referentie ontbreekt" in second.output
    assert statuses() == [InvoiceStatus.DRAFT, InvoiceStatus.ISSUED]


def test_a_later_day_bills_what_falls_due_by_then(session: Session) -> None:
    make_finance.active()
    assert "2 ontwerpen" in run(cli.bill, "--until", "2027-12-31").output


@pytest.mark.parametrize("email", [[], ["--by", "niemand@werk.example"]])
def test_issuing_needs_a_finance_officer_by_name(session: Session, email: list[str]) -> None:
    make_finance.draft()
    refused = run(cli.bill, "--issue", *email)
    assert refused.exit_code == 1
    assert statuses() == [InvoiceStatus.DRAFT]


def test_an_invoice_is_written_as_it_was_issued(session: Session, tmp_path: Path) -> None:
    invoice = make_finance.issued()
    assert invoice.pdf is not None
    assert invoice.ubl is not None
    kept = {"pdf": documents.read(invoice.pdf), "ubl": documents.read(invoice.ubl)}
    for form, data in kept.items():
        file = tmp_path / form
        assert run(cli.export_invoice, "f2027-0001", "--format", form, "-o", file).exit_code == 0
        assert file.read_bytes() == data
    missing = run(cli.export_invoice, "F2027-0009", "-o", tmp_path / "niets")
    assert missing.exit_code == 1
    assert not (tmp_path / "niets").exists()


def test_all_ubl_of_a_year_goes_into_a_folder(session: Session, tmp_path: Path) -> None:
    make_finance.issued()
    make_finance.issued()
    make_finance.issued(kind=InvoiceKind.CLAIM)  # has none
    folder = tmp_path / "ubl"
    assert "2 bestanden" in run(cli.export_invoices, "-o", folder, "--year", 2027).output
    assert sorted(f.name for f in folder.iterdir()) == ["F2027-0001.xml", "F2027-0002.xml"]
    assert "0 bestanden" in run(cli.export_invoices, "-o", folder, "--year", 2026).output


def test_a_damaged_file_is_said_and_not_written(
    session: Session, app: Flask, tmp_path: Path
) -> None:
    invoice = make_finance.issued()
    assert invoice.pdf is not None
    name = invoice.pdf.digest.hex()
    (Path(app.config["STORE"]) / name[:2] / name[2:]).write_bytes(b"%PDF-1.4 something else")
    refused = run(cli.export_invoice, "F2027-0001", "-o", tmp_path / "f.pdf")
    assert refused.exit_code == 1
    assert "beschadigd" in refused.output
    assert not (tmp_path / "f.pdf").exists()
