"""From an approved text to the archive: two municipalities and a vzw sign, each in their own way.

HSV sends the approved agreement. Gent signs in the portal; of Merelbeke-Melle one signs with an
identity card, the other through a remote signing service; the vzw in the portal; HSV comes last.
Then all parties have the document and its evidence, and on its first day the branch opens.
"""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from portal.agreements import agreement_signing, envelopes, exporting
from portal.agreements.models import Agreement, Envelope, EnvelopeStatus, Status, Way
from portal.cli import main
from portal.core import signing
from portal.directory.branches import branch_serving
from tests import make
from tests.agreements import make_negotiation, make_signing
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page
from tests.core.signing import authorities
from tests.core.signing.authorities import Authorities


@dataclass
class Outside:
    """What lies outside the portal: who issues people's cards, and a remote signing service."""

    authorities: Authorities
    service: str


@pytest.fixture
def outside(tmp_path: Path, app: Flask) -> Iterator[Outside]:
    with (
        authorities.running(tmp_path) as known,
        authorities.signing_service(tmp_path) as url,
    ):
        before = signing.pki()
        app.extensions["pki"] = replace(before, person_roots=(known.root,))
        app.config["CSC_URL"] = url
        yield Outside(known, url)
        app.extensions["pki"], app.config["CSC_URL"] = before, ""


def _sends(ann: Browser, agreement: Agreement) -> Envelope:
    """HSV fills in where everybody is reached, and sends."""
    page = ann.get("agreements.send_for_signature", reference=agreement.reference)
    expected = agreement_signing.expected(agreement)
    emails = {
        f"people-{n}-email": make_signing.email_of(one.name) for n, one in enumerate(expected)
    }
    path = ann.path("agreements.send_for_signature", reference=agreement.reference)
    answer = ann.post_to(path, {**filled(page), **emails})
    assert answer.status == 303, answer.errors
    assert "5 mensen zijn gevraagd" in ann.follow(answer).text
    return make.only(Envelope)


def _signs_in_the_portal(app: Flask, envelope: Envelope, account: Any) -> Page:
    """Log in, read, ask a code with one's password, confirm."""
    browser = Browser(app).sign_in(account)
    one = make_signing.signatory(envelope, account.name)
    here = {"signatory_id": one.id}
    assert envelope.title in browser.get("agreements.sign", **here).text
    browser.post("agreements.confirm_signature", {"password": make.PASSWORD}, **here)
    answers = {"code": make_signing.code_for(one), "agreed": "y"}
    done = browser.post("agreements.confirm_signature", answers, **here)
    assert done.status == 303, done.errors
    return browser.follow(done)


def _signs_with_a_card(app: Flask, envelope: Envelope, account: Any, outside: Outside) -> Page:
    """Download, sign with one's own program, upload."""
    browser = Browser(app).sign_in(account)
    one = make_signing.signatory(envelope, account.name)
    here = {"signatory_id": one.id}
    pdf = browser.get("agreements.sign_file", **here).body
    signed = make_signing.signed_elsewhere(pdf, one.field, outside.authorities.card("jan"))
    files = {"file": (io.BytesIO(signed), "getekend.pdf")}
    done = browser.post("agreements.upload_signature", files, **here)
    assert done.status == 303, done.errors
    return browser.follow(done)


def _signs_remotely(app: Flask, envelope: Envelope, account: Any) -> Page:
    """With somebody else's certificate it is refused, with one's own it is not."""
    browser = Browser(app).sign_in(account)
    here = {"signatory_id": make_signing.signatory(envelope, account.name).id}
    wrong = browser.post(
        "agreements.sign_remotely", {"credential": "test/jan", "secret": "1234"}, **here
    )
    assert "op een andere naam" in wrong.text
    done = browser.post(
        "agreements.sign_remotely", {"credential": "test/els", "secret": "1234"}, **here
    )
    assert done.status == 303, done.errors
    return browser.follow(done)


def test_from_an_approved_text_to_the_archive(
    app: Flask, world: World, outside: Outside, clock: Any, tmp_path: Path, subjects_to: Any
) -> None:
    agreement = make_signing.approved(world)
    people = make_signing.accounts_for(agreement)
    ann = Browser(app).sign_in(world.manager.account)

    # HSV sends; the partners are asked together, HSV's own chair not yet.
    envelope = _sends(ann, agreement)
    assert agreement.status == Status.OUT_FOR_SIGNATURE
    asked = f"Onderteken “{envelope.title}”"
    assert asked in subjects_to(make_signing.email_of("Sami Haddad"))
    assert asked not in subjects_to(make_signing.email_of("An Peeters"))

    # Each signs in their own way, in whatever order.
    assert "Bedankt" in _signs_with_a_card(app, envelope, people["Jan Smet"], outside).text
    for name in ("Sami Haddad", "Omar Aziz"):
        assert "Bedankt" in _signs_in_the_portal(app, envelope, people[name]).text
    assert "Bedankt" in _signs_remotely(app, envelope, people["Els Mertens"]).text
    _signs_in_the_portal(app, envelope, people["Mia Willems"])
    assert asked in subjects_to(make_signing.email_of("An Peeters"))
    last = _signs_in_the_portal(app, envelope, people["An Peeters"])
    assert "Ondertekend" in last.text
    assert envelope.status == EnvelopeStatus.COMPLETE
    assert agreement.status == Status.SIGNED
    ways = {one.name: one.way for one in envelope.signatories}
    assert ways["Jan Smet"] == Way.OWN_CERTIFICATE
    assert ways["Els Mertens"] == Way.REMOTE
    assert ways["Omar Aziz"] == Way.PORTAL

    # The worker makes the evidence; all parties hear of it and download both.
    make_signing.make_evidence()
    told = f"Door iedereen ondertekend: {envelope.title}"
    everybody = [a.email for a in people.values()]
    everybody += [m.account.email for m in (world.manager, *world.negotiators)]
    assert all(subjects_to(address).count(told) == 1 for address in everybody)
    lies = Browser(app).sign_in(world.melle_people.account)
    here = {"reference": agreement.reference, "number": 1}
    final = lies.get("agreements.envelope_file", **here).body
    evidence = lies.get("agreements.evidence_file", **here).body
    assert final == envelopes.read(envelope.latest) == exporting.signed(agreement.reference)
    if shutil.which("pdfsig"):  # another program's opinion of seal, portal, card and service
        (tmp_path / "final.pdf").write_bytes(final)
        assert _pdfsig(tmp_path / "final.pdf") == ["Signature is Valid."] * 7

    # Anybody may have them looked at, on the page and on the command line.
    stranger = Browser(app)
    for data, said in ((final, "door iedereen ondertekend"), (evidence, "bewijsstuk")):
        files = {"file": (io.BytesIO(data), "document.pdf")}
        assert said in stranger.post("agreements.verify_document", files).text
    file = tmp_path / "document.pdf"
    for data, code in ((final, 0), (final + b"\n% meer", 1), (b"%PDF-1.7 x", 2)):
        file.write_bytes(data)
        answer = CliRunner().invoke(main.commands["verify"], [str(file)])
        assert answer.exit_code == code, answer.output

    # On its first day the agreement is in force, and its branch serves both municipalities.
    clock.move_to("2028-01-01T07:00:00+01:00")
    agreement_signing.start_due()
    assert agreement.status == Status.ACTIVE
    first = date(2028, 1, 1)
    served = {branch_serving(nis, first) for nis in _places(agreement)}
    assert [branch.id for branch in served if branch] == [agreement.branch_id]


def _places(agreement: Agreement) -> list[str]:
    assert make_negotiation.GENT
    return [place.nis for place in agreement.versions[0].terms.area]


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_another_program_confirms_every_signature(world: World, tmp_path: Path) -> None:
    """Poppler knows nothing of ours; its exit code says little, so its text is read."""
    out = make_signing.complete(make_signing.out(world))
    file = tmp_path / "final.pdf"
    file.write_bytes(envelopes.read(out.envelope.latest))
    assert _pdfsig(file) == ["Signature is Valid."] * (1 + len(out.envelope.signatories))
    changed = bytearray(file.read_bytes())
    changed[700] ^= 1
    file.write_bytes(bytes(changed))
    assert "Signature is Valid." not in _pdfsig(file)


def _pdfsig(file: Path) -> list[str]:
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False)
    return re.findall(r"Signature Validation: (.*)", said.stdout)
