"""Several people at the same moment: one wins, the others are told; nothing is lost or doubled."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.agreements import enquiries, figures, packages
from portal.agreements.indexation import Figure
from portal.agreements.models import Enquiry, IndexFigure, PackageEdition
from portal.agreements.terms import IndexKind
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.outbox import OutboxMessage
from portal.core.permissions import Actor
from portal.directory.reference import load_reference
from tests import make
from tests.agreements import make_agreement
from tests.core.races import in_threads

MANY = 8


@pytest.fixture
def people(live_app: Flask) -> list[Actor]:
    with live_app.app_context():
        load_reference(db.session())
        make_agreement.load_offer()
        found = [make.actor(make_agreement.manager(f"Beheerder {n}")) for n in range(MANY)]
        db.session.remove()
    return found


@pytest.mark.slow
def test_of_many_who_begin_an_edition_one_does(live_app: Flask, people: list[Actor]) -> None:
    def begin(index: int) -> bool:
        packages.begin_draft("Aanbod 2028", "", people[index])
        db.session.commit()
        return True

    answers = in_threads(live_app, MANY, begin)
    assert sum(answer is True for answer in answers) == 1
    assert all(answer is True or isinstance(answer, DomainError) for answer in answers), answers


@pytest.mark.slow
def test_of_many_who_activate_an_edition_one_does(live_app: Flask, people: list[Actor]) -> None:
    with live_app.app_context():
        packages.begin_draft("Aanbod 2028", "", people[0])
        db.session.commit()
        db.session.remove()

    def activate(index: int) -> bool:
        draft = packages.edition(2)
        packages.activate(draft, draft.version, people[index])
        db.session.commit()
        return True

    answers = in_threads(live_app, MANY, activate)
    assert sum(answer is True for answer in answers) == 1
    expected = (ConflictError, DomainError)
    assert all(answer is True or isinstance(answer, expected) for answer in answers), answers
    with live_app.app_context():
        states = db.session.scalars(select(PackageEdition.state).order_by(PackageEdition.number))
        assert list(states) == ["retired", "active"]


@pytest.mark.slow
def test_a_link_followed_many_times_at_once_confirms_once(
    live_app: Flask, people: list[Actor]
) -> None:
    with live_app.app_context():
        asked = make_agreement.enquiry()
        sent = db.session.scalars(select(OutboxMessage)).one()
        token = sent.payload["button_url"].rsplit("/", 1)[-1]
        db.session.remove()

    def confirm(_index: int) -> bool:
        enquiries.confirm(token)
        db.session.commit()
        return True

    answers = in_threads(live_app, MANY, confirm)
    assert sum(answer is True for answer in answers) == 1
    with live_app.app_context():
        assert db.session.get_one(Enquiry, asked.id).version == 2
        mails = db.session.scalar(select(func.count()).select_from(OutboxMessage))
        assert mails == 1 + 1 + MANY  # the link, the receipt, and one to every manager


@pytest.mark.slow
def test_the_same_figure_recorded_many_times_at_once_stands_once(
    live_app: Flask, people: list[Actor]
) -> None:
    figure = Figure(date(2025, 11, 1), 2013, 1_351_700)

    def record(index: int) -> bool:
        figures.record_figure(IndexKind.HEALTH, figure, "Statbel", people[index])
        db.session.commit()
        return True

    answers = in_threads(live_app, MANY, record)
    assert sum(answer is True for answer in answers) == 1
    assert all(answer is True or isinstance(answer, DomainError) for answer in answers), answers
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(IndexFigure)) == 1
