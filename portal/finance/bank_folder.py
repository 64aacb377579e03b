"""The folder a bank's program drops its files in: read by the worker, each file once.

A file is moved only after what it holds was booked and committed: who is stopped in between finds
it again, knows it by its bytes, and moves it then.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app

from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.finance import bank_files
from portal.finance.bank_files import Taken
from portal.finance.banking.reading import MAX_BYTES

log = logging.getLogger(__name__)

READ, REFUSED = "gelezen", "geweigerd"
SETTLED_SECONDS = 5  # a file changed more recently may still be growing
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")

NOT_READABLE = N_("Het bestand kan niet geopend worden.")


@dataclass(frozen=True)
class Outcome:
    """What became of one file of the folder: what it did, or why it was refused."""

    name: str
    taken: Taken | None
    why: str = ""


@periodic(timedelta(minutes=5))
def read_folder() -> int:
    """Read the folder of this installation, if it has one. Returns how many files went in."""
    folder = current_app.config["BANK_FOLDER"]
    if not folder:
        return 0
    outcomes = read(Path(folder))
    for one in outcomes:
        log.info("bank file: %s", "read" if one.taken else "refused")
    return sum(1 for one in outcomes if one.taken)


def read(folder: Path) -> list[Outcome]:
    """Take in every file that lies in a folder, oldest name first, and commit each."""
    outcomes = []
    for path in sorted(folder.iterdir()):
        if _is_ready(path):
            with suppress(FileNotFoundError):  # somebody else was faster
                outcomes.append(_read_one(path))
    return outcomes


def _is_ready(path: Path) -> bool:
    if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED):
        return False
    if path.is_symlink() or not path.is_file():
        return False
    with suppress(FileNotFoundError):
        return clock.now().timestamp() - path.stat().st_mtime >= SETTLED_SECONDS
    return False


def _read_one(path: Path) -> Outcome:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except PermissionError:
        return Outcome(path.name, None, NOT_READABLE)
    try:
        taken = bank_files.take(bank_files.keep(data, path.name, None), None)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        why = error.message % error.values
        target = _moved(path, REFUSED)
        target.with_name(f"{target.name}.txt").write_text(f"{why}\n", encoding="utf-8")
        return Outcome(path.name, None, why)
    _moved(path, READ)
    return Outcome(path.name, taken)


def _moved(path: Path, to: str) -> Path:
    """Move a file to a folder beside it, under a name that is free, and return where it is."""
    folder = path.parent / to
    folder.mkdir(exist_ok=True, mode=0o700)
    target = folder / path.name
    if target.exists():
        target = folder / f"{clock.now():%Y%m%d-%H%M%S-%f}-{path.name}"
    return path.rename(target)
