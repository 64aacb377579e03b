"""A draft agreement: who sees it, and who does not."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.core import clock
from tests import make
from tests.agreements import make_agreement


def _seen(session: Session, by: object) -> list[Agreement]:
    actor = make.actor(by)  # type: ignore[arg-type]
    return list(session.scalars(select(Agreement).where(Agreement.visible_to(actor))))


def test_a_partner_sees_an_agreement_only_once_it_was_proposed(session: Session) -> None:
    gent = make.organisation("gemeente", "Stad Gent")
    negotiator = make_agreement.negotiator(gent)
    agreement = make_agreement.draft([gent])
    assert _seen(session, negotiator) == []
    agreement.first_proposed_at = clock.now()
    session.commit()
    assert _seen(session, negotiator) == [agreement]


def test_a_partner_never_sees_another_partners_agreement(session: Session) -> None:
    agreement = make_agreement.draft([make.organisation("gemeente", "Stad Gent")])
    agreement.first_proposed_at = clock.now()
    session.commit()
    assert _seen(session, make_agreement.negotiator()) == []
    assert _seen(session, make.referrer()) == []
    assert _seen(session, make.administrator()) == []
    assert _seen(session, make_agreement.manager("Lies Baert")) == [agreement]


def test_a_draft_holds_the_budget_of_its_package(session: Session) -> None:
    agreement = make_agreement.draft(years=3)
    session.expire_all()
    found = session.get_one(Agreement, agreement.id).terms
    assert sum(line.cents[0] for line in found.lines) == 53_244_00
    assert [s.number for s in found.services] == list(range(1, 11))
    assert found.years[-1].year == 2029
