"""From click to sealed PDF, and one signature more: what each part costs.

python -m benchmarks.signing
"""

import os
import tempfile
from pathlib import Path

from benchmarks.contract import ROUNDS, measure
from portal.agreements.contract import agreement_docx
from portal.agreements.contract_samples import IMPRINT, sample
from portal.agreements.envelopes import Invitee, Source, make_ready
from portal.agreements.models import Subject
from portal.agreements.terms import Formula
from portal.core import signing
from portal.core.rendering import Converter
from portal.core.signing import Stamp
from portal.core.signing.sealing import seal_of

TARGET_SECONDS = 3.0  # render, convert and seal together, at the median
LINES = ("Elektronisch ondertekend door", "Sami Haddad", "voorzitter van de gemeenteraad")


def main() -> None:
    """Print the median of each part."""
    os.environ.setdefault("PORTAL_ENV", "test")
    from portal import create_app

    folder = Path(tempfile.mkdtemp())
    app = create_app({"VAR": folder, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    terms = sample(Formula.COORDINATOR, 3)
    docx = agreement_docx(terms, IMPRINT)
    word2pdf = Converter(libreoffice=None)
    pdf = word2pdf.to_pdf(docx)
    source = Source(Subject.AGREEMENT, 1, "Home-Start", "O-0000-0000, versie 1", pdf)
    people = [
        Invitee("Stad Gent", f"Persoon {n}", "schepen", f"p{n}@stad.example") for n in "123456"
    ]
    with app.app_context():
        sealed = make_ready(source, people).sealed
        pki = signing.pki()
        stamp = Stamp(LINES[1], "Akkoord", lines=LINES)
        parts = {
            "render": measure(lambda: agreement_docx(terms, IMPRINT)),
            "convert (word2pdf)": measure(lambda: word2pdf.to_pdf(docx)),
            "seal, with six fields": measure(lambda: make_ready(source, people)),
            "sign": measure(lambda: signing.sign(sealed, "Tekenaar1", stamp, seal_of(pki), pki)),
        }
    print(
        f"Signing a contract of three partners, {ROUNDS} rounds, median seconds: clock, processor"
    )
    for name, (clock, processor) in parts.items():
        print(f"  {name:28} {clock:.3f}  {processor:.3f}")
    before = [seconds for name, seconds in parts.items() if name != "sign"]
    clock, processor = (sum(both[n] for both in before) for n in (0, 1))
    print(f"  {'from click to sealed':28} {clock:.3f}  {processor:.3f}  (target {TARGET_SECONDS})")


if __name__ == "__main__":
    main()
