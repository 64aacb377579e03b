"""The folder of the bank and the command: read once, moved, and the reason beside what is refused."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from portal import cli, config
from portal.finance import bank_folder, payments
from portal.finance.models import BankFile, Payment
from tests import make
from tests.finance import make_finance
from tests.finance.bank_files import CITY, camt, coda, movement, statement

pytestmark = pytest.mark.usefixtures("settings")
DAY = date(2027, 3, 1)
ONE = coda(statement(1, 0, movement(5_00, DAY)))
TWO = camt(statement(2, 5_00, movement(7_00, date(2027, 3, 2))))


@pytest.fixture(autouse=True)
def march(clock) -> None:
    clock.move_to(datetime(2027, 3, 10, 9, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def drop(folder: Path, name: str, data: bytes, at: float = 0) -> Path:
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def names(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def test_files_are_read_in_order_and_put_away(session: Session, folder: Path) -> None:
    drop(folder, "b.xml", TWO)
    drop(folder, "a.cod", ONE)
    outcomes = bank_folder.read(folder)
    assert [(one.name, one.taken and one.taken.booked) for one in outcomes] == [
        ("a.cod", 1),
        ("b.xml", 1),
    ]
    assert names(folder) == {"gelezen/a.cod", "gelezen/b.xml"}
    assert bank_folder.read(folder) == []


def test_a_refused_file_lies_apart_with_the_reason(session: Session, folder: Path) -> None:
    drop(folder, "a.cod", ONE[:-40])
    drop(folder, "b.cod", ONE)
    refused, read = bank_folder.read(folder)
    assert refused.taken is None
    assert read.taken is not None
    assert names(folder) == {"geweigerd/a.cod", "geweigerd/a.cod.txt", "gelezen/b.cod"}
    assert "Er is niets geboekt" in (folder / "geweigerd/a.cod.txt").read_text()
    assert make.number_of(Payment) == make.number_of(BankFile) == 1


def test_a_file_that_comes_again_under_the_same_name_does_nothing(
    session: Session, folder: Path
) -> None:
    for _ in range(2):
        drop(folder, "a.cod", ONE)
        bank_folder.read(folder)
    assert len(names(folder)) == 2
    assert make.number_of(Payment) == 1


def test_what_is_not_finished_or_not_a_file_stays(
    session: Session, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    drop(folder, "a.cod.part", ONE)
    drop(folder, ".verborgen", ONE)
    drop(folder, "vers.cod", ONE, at=datetime(2027, 3, 10, 8, 59, 58, tzinfo=UTC).timestamp())
    elsewhere = drop(tmp_path_factory.mktemp("elders"), "x.cod", ONE)
    (folder / "koppeling.cod").symlink_to(elsewhere)
    (folder / "map").mkdir()
    assert bank_folder.read(folder) == []
    assert make.number_of(Payment) == 0


def test_the_worker_reads_the_folder_of_the_installation(
    session: Session, folder: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "a.cod", ONE)
    assert bank_folder.read_folder() == 0
    monkeypatch.setitem(app.config, "BANK_FOLDER", str(folder))
    assert bank_folder.read_folder() == 1


def test_a_folder_that_is_not_there_is_named_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(config.SettingError, match="PORTAL_BANK_FOLDER"):
        config.settings({"PORTAL_ENV": "test", "PORTAL_BANK_FOLDER": str(tmp_path / "weg")})


def test_the_command_reads_one_file(session: Session, folder: Path) -> None:
    invoice = make_finance.issued()
    paid = movement(250_00, DAY, ogm=invoice.ogm, iban=CITY)
    path = drop(folder, "a.cod", coda(statement(1, 0, paid, movement(1_00, DAY))))
    make.db.session.commit()
    first = CliRunner().invoke(cli.read_bank, [str(path)])
    assert "2 bewegingen geboekt, waarvan 1 op een factuur; 0 waren al gekend." in first.output
    second = CliRunner().invoke(cli.read_bank, [str(path)])
    assert "0 bewegingen geboekt, waarvan 0 op een factuur; 2 waren al gekend." in second.output
    assert payments.open_cents(invoice) == 0
    path.write_bytes(b"Rekening;Bedrag")
    wrong = CliRunner().invoke(cli.read_bank, [str(path)])
    assert wrong.exit_code == 1
    assert "geen bankbestand dat we kennen" in wrong.output
