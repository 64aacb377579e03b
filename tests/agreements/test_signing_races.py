"""Many who sign at the same moment, on several processes: nobody's signature is lost or doubled."""

import os
import subprocess
import sys

import pytest
from flask import Flask

from portal import create_app
from portal.agreements import (
    envelope_codes,
    envelope_signing,
    envelope_subjects,
    envelopes,
)
from portal.agreements.envelope_signing import StaleDocumentError
from portal.agreements.models import (
    Envelope,
    EnvelopeSignatory,
    SignatoryStatus,
    SigningCode,
    Subject,
)
from portal.core import signing
from portal.core.db import db, reading
from portal.core.errors import DomainError
from tests import make
from tests.agreements import access, make_signing
from tests.agreements.make_signing import WHERE

SIGNERS = 4


def _out(app: Flask) -> list[int]:
    """An envelope that lies with everybody at once; returns the ids of the signatories."""
    with app.app_context():
        people = [make.account(name=f"Ondertekenaar {n}") for n in range(SIGNERS)]
        ids = list(access.ask_to_sign(people).values())
        db.session.remove()
        return ids


def _sign(signatory_id: int) -> str:
    """Ask a code and sign, as the page does: again when somebody else was first."""
    one = db.session.get_one(EnvelopeSignatory, signatory_id)
    who = make_signing.actor_of(one)
    envelope_codes.ask(who, one, WHERE)
    code = make_signing.code_for(one)
    db.session.commit()
    found = envelope_codes.try_code(who, one, code, WHERE)
    assert isinstance(found, SigningCode)
    code_id = found.id
    db.session.commit()
    for _ in range(envelope_signing.MOST_ATTEMPTS):
        with reading():
            one = db.session.get_one(EnvelopeSignatory, signatory_id)
            put = envelope_signing.in_portal(one, WHERE)
        try:
            one = db.session.get_one(EnvelopeSignatory, signatory_id)
            envelope_signing.keep(who, one, put, WHERE, code_id=code_id)
            db.session.commit()
        except StaleDocumentError:
            db.session.rollback()
            continue
        except DomainError as error:
            db.session.rollback()
            return error.message
        return "signed"
    return "gave up"


@pytest.mark.slow
def test_of_many_who_sign_at_once_none_is_lost_and_none_is_there_twice(live_app: Flask) -> None:
    ids = _out(live_app)
    answers = _in_processes(live_app, ids)
    assert answers == ["signed"] * SIGNERS
    with live_app.app_context():
        envelope = make.only(Envelope)
        signed = [one.signatory_id for one in envelope.revisions[1:]]
        assert sorted(signed) == sorted(ids)
        assert all(s.status == SignatoryStatus.SIGNED for s in envelope.signatories)
        final = envelopes.read(envelope.latest)
        assert all(one.whole for one in signing.looked_at(final, signing.pki()))
        assert len(signing.looked_at(final, signing.pki())) == 1 + SIGNERS
        db.session.remove()


@pytest.mark.slow
def test_one_person_who_sends_twice_signs_once(live_app: Flask) -> None:
    ids = _out(live_app)
    answers = _in_processes(live_app, [ids[0], ids[0]])
    assert answers.count("signed") == 1
    with live_app.app_context():
        envelope = make.only(Envelope)
        assert [one.signatory_id for one in envelope.revisions[1:]] == [ids[0]]
        db.session.remove()


def _in_processes(app: Flask, signatory_ids: list[int]) -> list[str]:
    """Let each sign in a process of its own, begun afresh: the store's threads survive no fork."""
    with app.app_context():
        db.session.remove()
        url = db.engine.url.render_as_string(hide_password=False)
    environment = {
        **os.environ,
        "PORTAL_ENV": "test",
        "DATABASE_URL": url.replace("postgresql+psycopg", "postgresql"),
        "PORTAL_STORE": app.config["STORE"],
        "PORTAL_VAR": str(app.config["VAR"]),
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-c", f"{_PROGRAM}({one})"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for one in signatory_ids
    ]
    return [one.communicate(timeout=120)[0].strip() for one in running]


_PROGRAM = "from tests.agreements.test_signing_races import sign_alone; sign_alone"


def sign_alone(signatory_id: int) -> None:
    """What each process does. The agreement has no version, so nothing follows on signing."""
    envelope_subjects.follow(Subject.AGREEMENT, completed=_nothing, stopped=_nothing)
    with create_app().app_context():
        try:
            answer = _sign(signatory_id)
        except (AssertionError, DomainError) as error:
            answer = type(error).__name__
        db.session.remove()
    sys.stdout.write(answer)


def _nothing(_envelope: Envelope) -> None:
    return None
