"""What billing costs: drafts, PDF, UBL and storage of many instalments, and numbers a second.

    python -m benchmarks.billing [INSTALMENTS]

Prints invoices per second of the clock and of one processor (other work on the machine slows only
the first), the share of each part, and the memory at the end against the start.
"""

import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("PORTAL_ENV", "test")

from portal import create_app, migrations
from portal.agreements import packages
from portal.agreements.terms import Instalment
from portal.core import clock, documents
from portal.core.db import db
from portal.core.numbering import next_number
from portal.finance import bill_run, invoice_pdf, issuing, ubl
from tests.agreements import make_agreement
from tests.finance import make_finance

spent: defaultdict[str, float] = defaultdict(float)  # seconds of processor


def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same function, adding the time it takes to a part."""

    def run(*args: Any, **values: Any) -> Any:
        began = time.process_time()
        try:
            return work(*args, **values)
        finally:
            spent[name] += time.process_time() - began

    return run


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def build(instalments: int) -> str:
    """Store agreements that make so many instalments due today; returns who issues."""
    packages.load_first_edition()
    make_finance.settings()
    each = 10
    due = tuple(Instalment(f"Schijf {n + 1}", 1_000, 1, n + 1) for n in range(each))
    today = clock.today()
    for number in range(max(instalments // each, 1)):
        partner = make_finance.municipality(f"Gemeente {number}")
        make_finance.wishes(partner)
        make_finance.active([partner], starts_on=today.replace(month=1, day=1), instalments=due)
        db.session.expunge_all()
    email = make_agreement.finance_officer().account.email
    db.session.remove()
    return email


def _plain(things: list[Any], _what: str) -> list[Any]:
    return things


def main(instalments: int) -> None:
    folder = Path(tempfile.mkdtemp())
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'bench.db'}",
            "STORE": str(folder / "documents"),
            "VAR": folder,
        }
    )
    with app.app_context():
        migrations.upgrade()
        email = build(instalments)
        issuing.invoice_pdf.render = timed("PDF", invoice_pdf.render)
        issuing.ubl.build = timed("UBL", ubl.build)
        documents.put = timed("storing both files", documents.put)
        by, run = bill_run.officer(email), bill_run.Run()
        before, began, busy = memory_mb(), time.perf_counter(), time.process_time()
        bill_run.prepare(clock.today(), by, run, _plain)
        spent["drafts"] = time.process_time() - busy
        after_drafts = memory_mb()
        bill_run.issue(by, run, _plain)
        total, used = time.perf_counter() - began, time.process_time() - busy
        spent["database and the rest"] = used - sum(spent.values())
        print(f"{run.issued} invoices in {total:.1f} s: {run.issued / total:.1f} a second")
        print(f"  {run.issued / used:.1f} for each second of one processor, of which")
        for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
            print(f"  {name:24} {seconds / used:5.0%}  {seconds / run.issued * 1000:6.1f} ms each")
        sizes = (
            f"{before:.0f} MB before, {after_drafts:.0f} after drafts, {memory_mb():.0f} at the end"
        )
        print(f"  memory: {sizes}")
        began, numbers = time.perf_counter(), 500
        for _ in range(numbers):
            next_number("benchmark")
            db.session.commit()
        print(f"{numbers / (time.perf_counter() - began):.0f} numbers a second, one after another")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
