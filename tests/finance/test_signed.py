"""From the last signature on: finance asks what the agreement says, from its first day."""

from datetime import date
from typing import Any

from flask import Flask

from portal.agreements import agreement_signing, compute
from portal.agreements.models import Status
from portal.finance import billing
from tests.agreements import make_agreement, make_negotiation, make_signing
from tests.browser import Browser


def test_a_signed_agreement_is_asked_for_from_its_first_day(app: Flask, clock: Any) -> None:
    world = make_negotiation.world()
    out = make_signing.complete(make_signing.out(world))
    agreement = out.agreement
    everything = date(2040, 1, 1)
    assert agreement.status == Status.SIGNED
    assert billing.standing(everything).to_bill == ()

    clock.move_to("2028-01-01T06:00:00+01:00")
    assert agreement_signing.start_due() == 1
    found = billing.standing(everything)
    agreed = list(compute.instalments(agreement.versions[0].terms))
    assert agreed
    assert len(found.to_bill) + len(found.conditional) == len(agreed)
    asked = sum(due.cents for due in (*found.to_bill, *found.conditional))
    assert asked == sum(one.cents for one in agreed)
    assert {due.agreement_id for due in found.to_bill} == {agreement.id}
    paying = {due.organisation_id for due in found.to_bill}
    assert {world.gent.id, world.melle.id} <= paying

    officer = Browser(app).sign_in(make_agreement.finance_officer().account)
    assert agreement.versions[0].terms.title in officer.get("finance.start").text
