"""The same movements read by many at once: booked once."""

import os
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.core.db import db
from portal.finance import bank_files, bank_folder, ledger, payments
from portal.finance.models import BankFile, BankStatement, Invoice, LedgerAccount, Payment
from tests import make
from tests.core.races import in_processes
from tests.finance import make_finance
from tests.finance.bank_files import CITY, camt, coda, movement, statement

pytestmark = pytest.mark.slow
WORKERS = 6
DAY = date(2027, 3, 1)


def _world(app: Flask) -> tuple[int, list[bytes]]:
    """An invoice of € 250, and three different files that all say that it was paid."""
    with app.app_context():
        make_finance.settings()
        invoice = make_finance.issued()
        paid = movement(250_00, DAY, iban=CITY, ogm=invoice.ogm, bank_reference="R1")
        said = statement(1, 0, paid, movement(-3_00, DAY, text="kosten"))
        invoice_id = invoice.id
        db.session.remove()
    return invoice_id, [coda(said), camt(said), camt(said, version=2)]


def _take(data: bytes) -> int:
    """Take in a file as a worker does; returns how many movements it booked."""
    try:
        taken = bank_files.take(bank_files.keep(data, "x", None), None)
        db.session.commit()
        return taken.booked
    finally:
        db.session.remove()


def _booked_once(app: Flask, invoice_id: int, files: int) -> None:
    with app.app_context():
        assert make.number_of(Payment) == 2
        assert make.number_of(BankFile) == files
        assert make.number_of(BankStatement) == min(files, 2)  # one of each format
        assert payments.open_cents(db.session.get_one(Invoice, invoice_id)) == 0
        assert ledger.balance_of(LedgerAccount.BANK) == 247_00
        db.session.remove()


def test_workers_that_read_the_same_file_book_it_once(live_app: Flask) -> None:
    invoice_id, files = _world(live_app)

    def read(_index: int) -> int:
        return _take(files[0])

    found = in_processes(live_app, WORKERS, read)
    assert sorted(found) == [0] * (WORKERS - 1) + [2]
    _booked_once(live_app, invoice_id, 1)


def test_workers_that_read_overlapping_files_book_each_movement_once(live_app: Flask) -> None:
    invoice_id, files = _world(live_app)

    def read(index: int) -> int:
        return _take(files[index % 3])

    assert sum(in_processes(live_app, WORKERS, read)) == 2
    _booked_once(live_app, invoice_id, 3)


def test_workers_that_read_one_folder_book_each_file_once(live_app: Flask, tmp_path: Path) -> None:
    invoice_id, files = _world(live_app)
    for number, data in enumerate(files):
        (tmp_path / f"{number}").write_bytes(data)
        os.utime(tmp_path / f"{number}", (0, 0))

    def read(_index: int) -> int:
        try:
            return sum(one.taken.booked for one in bank_folder.read(tmp_path) if one.taken)
        finally:
            db.session.remove()

    assert sum(in_processes(live_app, WORKERS, read)) == 2
    assert len(list((tmp_path / "gelezen").iterdir())) == 3
    _booked_once(live_app, invoice_id, 3)
