"""Paying online: from the button to the ledger, whatever Stripe tells and in whatever order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.core import jobs, outbox
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.finance import ledger, pay_links
from portal.finance.models import (
    CheckoutState,
    Invoice,
    LedgerAccount,
    LedgerEntry,
    OnlineCheckout,
    OnlineRefund,
    Payment,
    PaymentSource,
    RefundState,
    StripeEvent,
)
from portal.finance.online import checkout, events, fees, gateway, payouts, reconciling
from portal.finance.online.gateway import Opened
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.finance import make_finance, make_online, make_payment, stripe_server
from tests.finance.make_online import balances, open_cents, paid_online, session_of, tell
from tests.finance.stripe_server import SECRET, Stripe, dispute, movement, payout, refund, signed

pytestmark = pytest.mark.usefixtures("settings")
INTENT = "pi_2"  # the stand-in numbers what it makes: a session, what pays it, the event


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))


@pytest.fixture
def stripe(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripe]:
    with stripe_server.running() as running:
        make_online.set_up(app, running, monkeypatch)
        yield running


@pytest.fixture
def officer(app: Flask) -> Browser:
    """Bram of HSV's finance, signed in."""
    return Browser(app).sign_in(make_agreement.finance_officer().account)


def was_told(words: str) -> bool:
    """Whether somebody got a mail about this; nobody gets it twice, which its key sees to."""
    query = db.select(OutboxMessage.id).where(OutboxMessage.subject.contains(words))
    return bool(db.session.scalars(query).all())


# --- From the button to the ledger


def test_a_click_leads_to_stripe_and_its_event_pays_the_invoice(
    browser: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    page = browser.open(pay_links.path_of(invoice))
    assert "Online betalen" in page.text
    policy = page.response.headers["Content-Security-Policy"]
    assert f"form-action 'self' {stripe.url};" in policy, "the redirect may leave, to Stripe only"
    session = session_of(browser, invoice)
    done = f"{pay_links.path_of(invoice)}/bedankt"
    assert "we verwerken je betaling" in browser.open(done).heading
    assert open_cents(invoice) == 250_00, "coming back proves nothing"
    tell(browser, stripe.pay(session))
    assert "we hebben je betaling ontvangen" in browser.open(done).heading
    assert open_cents(invoice) == 0
    payment = make.only(Payment)
    assert (payment.source, payment.cents, payment.ogm) == (
        PaymentSource.ONLINE,
        250_00,
        invoice.ogm,
    )
    assert payment.organisation_id == invoice.organisation_id
    assert payment.payer_name is None
    assert balances() == {"online": 250_00}


def test_nothing_is_sent_but_number_amount_our_ids_and_the_way_back(
    browser: Browser, stripe: Stripe
) -> None:
    partner = make_finance.municipality("Stad Gent")
    invoice = make_finance.issued(partner)
    session_of(browser, invoice)
    ((_method, _path, sent),) = stripe.requests
    checkout = make.only(OnlineCheckout)
    link = pay_links.url_of(invoice)
    expires = int(checkout.expires_at.timestamp())
    assert sent == {
        "mode": "payment",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "25000",
        "line_items[0][price_data][product_data][name]": f"Factuur {invoice.number}",
        "adaptive_pricing[enabled]": "false",
        "client_reference_id": invoice.number,
        "metadata[invoice]": invoice.number,
        "metadata[checkout]": str(checkout.id),
        "payment_intent_data[metadata][invoice]": invoice.number,
        "payment_intent_data[metadata][checkout]": str(checkout.id),
        "payment_intent_data[description]": invoice.number,
        "expires_at": str(expires),
        "success_url": f"{link}/bedankt",
        "cancel_url": f"{link}/onderbroken",
    }


def test_nothing_about_the_payer_is_kept(browser: Browser, stripe: Stripe) -> None:
    paid_online(browser, stripe, make_finance.issued())
    kept = repr([row.fact_json for row in db.session.scalars(db.select(StripeEvent))])
    assert "familie.example" not in kept
    assert "Kanarie" not in kept


def test_a_second_click_goes_to_the_same_session(browser: Browser, stripe: Stripe) -> None:
    invoice = make_finance.issued()
    assert session_of(browser, invoice) == session_of(browser, invoice)
    assert len(stripe.sessions) == 1
    assert make.number_of(OnlineCheckout) == 1


def test_a_click_whose_answer_was_lost_gets_the_same_session_again(
    browser: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    first = session_of(browser, invoice)
    checkout = make.only(OnlineCheckout)
    checkout.remote_id, checkout.url, checkout.state = None, "", CheckoutState.ASKED
    db.session.commit()
    assert session_of(browser, invoice) == first
    assert len(stripe.sessions) == 1


def test_what_is_open_at_the_moment_is_asked_and_the_earlier_session_closed(
    browser: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    earlier = session_of(browser, invoice)
    make_payment.paid(invoice, 100_00)
    later = session_of(browser, invoice)
    assert stripe.sessions[later]["amount_total"] == 150_00
    outbox.deliver_due()
    assert stripe.sessions[earlier]["status"] == "expired"
    assert stripe.sessions[later]["status"] == "open"


def test_who_clicks_after_it_was_paid_hears_so(browser: Browser, stripe: Stripe) -> None:
    invoice = make_finance.issued()
    make_payment.paid(invoice)
    answer = make_online.press(browser, invoice)
    assert answer.status == 422
    assert "betaald" in answer.heading
    assert stripe.requests == []


@pytest.mark.parametrize("trouble", [500, 401])
def test_when_stripe_does_not_answer_the_page_says_so_and_a_later_click_works(
    browser: Browser, stripe: Stripe, monkeypatch: pytest.MonkeyPatch, trouble: int
) -> None:
    monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_, **__: 0)
    invoice = make_finance.issued()
    stripe.troubles = [trouble] * 3
    answer = make_online.press(browser, invoice)
    assert answer.status == 422
    assert "Betaal met een overschrijving" in " ".join(answer.errors)
    stripe.troubles = []
    assert session_of(browser, invoice) in stripe.sessions


def test_a_session_that_ended_is_followed_by_a_new_one(
    browser: Browser, stripe: Stripe, clock
) -> None:
    invoice = make_finance.issued()
    first = session_of(browser, invoice)
    clock.shift(timedelta(hours=3))
    stripe.sessions[first]["status"] = "expired"
    tell(browser, stripe.event("checkout.session.expired", stripe.sessions[first]))
    done = f"{pay_links.path_of(invoice)}/bedankt"
    assert "niet gelukt" in browser.open(done).heading
    assert session_of(browser, invoice) != first


def test_a_debit_is_shown_as_under_way_and_counts_only_when_it_came_in(
    browser: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    session = session_of(browser, invoice)
    tell(browser, stripe.pay(session, slowly=True))
    assert open_cents(invoice) == 250_00
    page = browser.open(pay_links.path_of(invoice))
    assert "onderweg" in page.text
    assert "Betaal niet nog eens" in page.text
    assert "GKCCBEBB" not in page.text, "nobody transfers what is under way"
    assert make_online.press(browser, invoice).status == 422, "not asked twice"
    tell(browser, stripe.settle(session, succeeds=True))
    assert open_cents(invoice) == 0


def test_a_debit_that_failed_leaves_the_invoice_open_and_the_partner_is_told(
    browser: Browser, stripe: Stripe
) -> None:
    partner = make_finance.municipality()
    make_finance.finance_contact(partner)
    invoice = make_finance.issued(partner)
    session = session_of(browser, invoice)
    tell(browser, stripe.pay(session, slowly=True), stripe.settle(session, succeeds=False))
    assert open_cents(invoice) == 250_00
    assert balances() == {}
    assert was_told("niet gelukt")
    assert session_of(browser, invoice) != session


def test_what_was_paid_at_the_bank_meanwhile_stays_without_a_place_and_hsv_is_told(
    browser: Browser, stripe: Stripe
) -> None:
    make_agreement.finance_officer()
    invoice = make_finance.issued()
    session = session_of(browser, invoice)
    make_payment.paid(invoice, 200_00)
    tell(browser, stripe.pay(session))
    payment = db.session.scalars(
        db.select(Payment).where(Payment.source == PaymentSource.ONLINE)
    ).one()
    assert ledger.rest_of(payment) == 200_00
    assert open_cents(invoice) == 0
    assert was_told("zonder plaats")


# --- What the webhook turns away


@pytest.mark.parametrize(
    "wrong",
    ["unsigned", "forged", "another secret", "stale", "altered", "truncated", "not json", "list"],
)
def test_what_stripe_did_not_sign_just_now_is_turned_away(
    browser: Browser, stripe: Stripe, wrong: str, clock
) -> None:
    invoice = make_finance.issued()
    told = stripe.pay(session_of(browser, invoice))
    now = int(datetime(2027, 2, 1, 9, tzinfo=UTC).timestamp())
    body, signature = signed(told)
    attempts = {
        "unsigned": (body, ""),
        "forged": (body, f"t={now},v1={'0' * 64}"),
        "another secret": signed(told, secret="whsec_van_iemand_anders"),
        "stale": signed(told, at=now - 301),
        "altered": (body.replace(b"25000", b"99999"), signature),
        "truncated": (body[:-10], signature),
        "not json": signed(b"geen json"),
        "list": signed(b"[1]"),
    }
    assert make_online.send(browser, *attempts[wrong]) == 400
    assert make.number_of(StripeEvent) == make.number_of(Payment) == 0
    assert make_online.send(browser, *signed(told, at=now - 299)) == 200


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"null", b"{}", b'{"id": 1, "type": 2, "created": "x", "data": 3}']
)
def test_signed_nonsense_is_turned_away_too(browser: Browser, stripe: Stripe, body: bytes) -> None:
    assert make_online.send(browser, *signed(body)) == 400


def test_a_huge_body_is_refused_before_it_is_read(browser: Browser, stripe: Stripe) -> None:
    assert make_online.send(browser, *signed(b" " * (512 * 1024 + 1))) == 413


def test_without_keys_the_webhook_believes_nobody(app: Flask, browser: Browser) -> None:
    told = stripe_server.event("payout.paid", payout("po_1", 100, "paid"), "evt_1")
    for secret in (SECRET, ""):
        assert make_online.send(browser, *signed(told, secret=secret)) == 400


def test_an_event_told_five_times_counts_once(browser: Browser, stripe: Stripe) -> None:
    invoice = make_finance.issued()
    told = stripe.pay(session_of(browser, invoice))
    tell(browser, *[told] * 5)
    assert make.number_of(StripeEvent) == make.number_of(Payment) == 1


def test_an_event_about_something_else_is_taken_and_forgotten(
    browser: Browser, stripe: Stripe
) -> None:
    foreign = stripe_server.session("cs_van_een_ander", 10_00, "")
    dollars = {**payout("po_1", 10_00, "paid"), "currency": "usd"}
    tell(
        browser,
        stripe.event("customer.created", {"object": "customer"}),
        stripe.event("payout.paid", dollars),
        stripe.event("checkout.session.completed", foreign | {"status": "complete"}),
    )
    assert [row.problem for row in db.session.scalars(db.select(StripeEvent))] == [events.NOT_OURS]
    assert make.number_of(Payment) == 0


def test_an_event_that_could_not_be_applied_is_kept_and_applied_by_the_worker(
    browser: Browser, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = make_finance.issued()
    told = stripe.pay(session_of(browser, invoice))

    def broken(*_: object) -> bool:
        raise RuntimeError("even niet")

    with monkeypatch.context() as patch:
        patch.setattr(events, "apply_fact", broken)
        tell(browser, told)
    assert make.only(StripeEvent).problem == "RuntimeError"
    assert open_cents(invoice) == 250_00
    events.apply_waiting()
    assert open_cents(invoice) == 0
    assert make.only(StripeEvent).applied_at is not None


# --- Giving back


def test_hsv_gives_a_part_back_and_the_invoice_is_open_for_it_again(
    browser: Browser, officer: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    payment = paid_online(browser, stripe, invoice)
    path = officer.path("finance.refund_online", reference=payment.reference)
    assert path in officer.get("finance.invoice", reference=invoice.reference).links()
    assert path in officer.get("finance.payment", reference=payment.reference).links()
    page = officer.open(path)
    asked = {"cents": "50,00", "reason": "Eén deelnemer minder."}
    place = {"reference": payment.reference}
    answer = officer.submit(page, "finance.refund_online", asked, **place)
    assert answer.status == 302, answer.errors
    officer.submit(page, "finance.refund_online", asked, **place)  # a double click
    outbox.deliver_due()
    assert make.only(OnlineRefund).state == RefundState.PENDING
    assert open_cents(invoice) == 50_00
    assert balances() == {"online": 200_00}
    (made,) = stripe.refunds.values()
    assert (made["amount"], made["payment_intent"]) == (50_00, INTENT)
    tell(browser, stripe.event("refund.updated", made | {"status": "succeeded"}))
    page = officer.get("finance.refund_online", **place)
    assert "Terugbetaald" in page.text
    assert page.value("cents") == "200,00"


@pytest.mark.parametrize("cents", ["", "0", "250,01", "veel"])
def test_no_more_goes_back_than_came_in(
    browser: Browser, officer: Browser, stripe: Stripe, cents: str
) -> None:
    payment = paid_online(browser, stripe, make_finance.issued())
    place = {"reference": payment.reference}
    page = officer.get("finance.refund_online", **place)
    asked = {"cents": cents, "reason": "Vergissing."}
    answer = officer.submit(page, "finance.refund_online", asked, **place)
    assert answer.status == 200
    assert answer.errors
    assert make.number_of(OnlineRefund) == 0


def test_only_a_payment_that_came_online_goes_back_online(officer: Browser) -> None:
    payment = make_payment.paid(make_finance.issued())
    path = officer.path("finance.refund_online", reference=payment.reference)
    assert officer.open(path).status == 404
    assert path not in officer.get("finance.payment", reference=payment.reference).links()


def test_a_refund_stripe_will_not_make_is_said_and_nothing_is_booked(
    browser: Browser, officer: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    session = session_of(browser, invoice)
    stripe.sessions[session]["payment_intent"] = "pi_zonder_saldo"
    tell(browser, stripe.pay(session))
    payment = make.only(Payment)
    place = {"reference": payment.reference}
    page = officer.get("finance.refund_online", **place)
    asked = {"cents": "250,00", "reason": "Dubbel betaald."}
    officer.submit(page, "finance.refund_online", asked, **place)
    outbox.deliver_due()
    db.session.expire_all()
    page = officer.get("finance.refund_online", **place)
    assert "Mislukt" in page.text
    assert "saldo bij Stripe volstaat niet" in page.text
    assert open_cents(invoice) == 0
    assert page.value("cents") == "250,00", "it can be tried again"
    assert was_told("terugbetaling is mislukt")


def test_a_refund_on_stripes_own_site_is_booked_and_undone_when_it_fails(
    browser: Browser, stripe: Stripe
) -> None:
    make_agreement.finance_officer()
    invoice = make_finance.issued()
    paid_online(browser, stripe, invoice)
    made = stripe.refund(INTENT, 250_00)
    tell(browser, stripe.event("refund.created", made))
    assert open_cents(invoice) == 250_00
    assert balances() == {}
    tell(browser, stripe.event("refund.failed", made | {"status": "failed"}))
    assert open_cents(invoice) == 0
    assert balances() == {"online": 250_00}
    assert was_told("terugbetaling is mislukt")


def test_money_too_much_goes_back_without_opening_the_invoice(
    browser: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    session = session_of(browser, invoice)
    make_payment.paid(invoice)
    tell(browser, stripe.pay(session))
    tell(browser, stripe.event("refund.created", stripe.refund(INTENT, 250_00)))
    assert open_cents(invoice) == 0
    assert ledger.balance_of(LedgerAccount.UNMATCHED) == 0
    assert balances() == {}


def test_a_dispute_takes_the_money_and_a_won_one_gives_it_back(
    browser: Browser, officer: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    payment = paid_online(browser, stripe, invoice)
    taken, back = movement("txn_1", -250_00, 15_00), movement("txn_2", 250_00, 0)
    lost = dispute("du_1", INTENT, 250_00, "needs_response", taken)
    tell(browser, stripe.event("charge.dispute.created", lost))
    assert open_cents(invoice) == 250_00
    assert balances() == {"online": -15_00, "fees": 15_00}
    assert was_told("wordt betwist")
    page = officer.get("finance.refund_online", reference=payment.reference)
    assert "betwist" in page.text
    assert not page.find("textarea"), "there is nothing left to give back"
    won = dispute("du_1", INTENT, 250_00, "won", taken, back)
    tell(browser, stripe.event("charge.dispute.closed", won))
    assert open_cents(invoice) == 0
    assert balances() == {"online": 235_00, "fees": 15_00}


# --- Fees, payouts and what was not heard


def test_fees_are_asked_for_and_booked_once(browser: Browser, stripe: Stripe) -> None:
    fees.book()
    assert stripe.requests == [], "nothing was ever paid online"
    paid_online(browser, stripe, make_finance.issued())
    stripe.charge_fee("charge", 250_00, 1_45)
    stripe.charge_fee("stripe_fee", -2_00, 0)
    for _ in range(103):
        stripe.charge_fee("payout", -1_00, 0)
    for _ in range(2):
        fees.book()
        db.session.commit()
    assert balances() == {"online": 246_55, "fees": 3_45}


def test_a_payout_is_in_transit_until_the_bank_shows_it(browser: Browser, stripe: Stripe) -> None:
    paid_online(browser, stripe, make_finance.issued())
    tell(browser, stripe.event("payout.created", payout("po_1", 250_00, "in_transit")))
    assert balances() == {"online": 250_00}
    tell(browser, stripe.event("payout.paid", payout("po_1", 250_00, "paid")))
    assert balances() == {"transit": 250_00}
    assert [one.remote_id for one in payouts.in_transit()] == ["po_1"]
    others = [
        make_payment.received(250_00, payer_name="Stad Gent"),
        make_payment.received(249_99, payer_name="STRIPE TECHNOLOGY EUROPE LTD"),
        make_payment.received(250_00, message="STRIPE", on=date(2027, 6, 1)),
    ]
    assert [payouts.match(one) for one in others] == [False] * 3
    seen = make_payment.received(250_00, payer_name="STRIPE TECHNOLOGY EUROPE LTD")
    assert payouts.match(seen)
    assert not payouts.match(make_payment.received(250_00, message="Stripe")), "only once"
    assert balances() == {}
    assert ledger.rest_of(seen) == 0
    assert payouts.in_transit() == []


def test_a_payout_the_bank_showed_first_is_found_there(browser: Browser, stripe: Stripe) -> None:
    seen = make_payment.received(250_00, message="STRIPE B5X7K2", on=date(2027, 1, 31))
    assert not payouts.match(seen)
    paid_online(browser, stripe, make_finance.issued())
    tell(browser, stripe.event("payout.paid", payout("po_1", 250_00, "paid")))
    assert ledger.rest_of(seen) == 0
    assert balances() == {}


def test_a_payout_that_bounced_is_held_online_again(browser: Browser, stripe: Stripe) -> None:
    paid_online(browser, stripe, make_finance.issued())
    tell(browser, stripe.event("payout.paid", payout("po_1", 250_00, "paid")))
    tell(browser, stripe.event("payout.failed", payout("po_1", 250_00, "failed")))
    assert balances() == {"online": 250_00}
    assert payouts.in_transit() == []


def test_what_was_never_heard_is_found_by_asking(browser: Browser, stripe: Stripe, clock) -> None:
    paid, debit, left = (make_finance.issued() for _ in range(3))
    sessions = [session_of(browser, one) for one in (paid, debit, left)]
    stripe.pay(sessions[0])
    stripe.pay(sessions[1], slowly=True)
    stripe.settle(sessions[1], succeeds=False)
    stripe.sessions[sessions[2]]["status"] = "expired"
    clock.shift(timedelta(hours=20))
    reconciling.ask()
    states = [one.state for one in db.session.scalars(db.select(OnlineCheckout))]
    assert states == [CheckoutState.PAID, CheckoutState.FAILED, CheckoutState.EXPIRED]
    assert [open_cents(one) for one in (paid, debit, left)] == [0, 250_00, 250_00]
    intent = stripe.sessions[sessions[0]]["payment_intent"]
    stripe.refund(intent, 50_00)
    stripe.payouts["po_9"] = payout("po_9", 200_00, "paid")
    for _ in range(2):
        reconciling.ask()
        db.session.commit()
    assert open_cents(paid) == 50_00
    assert balances() == {"transit": 200_00}


def test_a_session_for_another_amount_than_is_open_is_closed_by_the_job(
    browser: Browser, stripe: Stripe, clock
) -> None:
    invoice = make_finance.issued()
    session = session_of(browser, invoice)
    make_payment.paid(invoice)
    clock.shift(timedelta(minutes=70))
    reconciling.ask()
    db.session.commit()
    outbox.deliver_due()
    assert stripe.sessions[session]["status"] == "expired"


def test_the_worker_knows_the_jobs_of_paying_online() -> None:
    known = {name for name in jobs._jobs if name.startswith("finance.online.")}
    assert known == {
        "finance.online.events.apply_waiting",
        "finance.online.fees.book",
        "finance.online.reconciling.ask",
    }


def test_an_answer_that_comes_after_the_event_changes_nothing(
    browser: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    begun = make_online.begun(invoice)
    answer = gateway.open_session(checkout.order_of(begun))
    tell(browser, stripe.pay(answer.fact.remote_id))
    checkout.opened(begun.id, answer)
    db.session.commit()
    assert make.only(OnlineCheckout).state == CheckoutState.PAID
    assert open_cents(invoice) == 0


def test_an_answer_that_says_paid_waits_for_stripe_to_tell_so(
    browser: Browser, stripe: Stripe
) -> None:
    """Else a checkout would count as paid that nobody booked, and nobody asked after."""
    invoice = make_finance.issued()
    begun = make_online.begun(invoice)
    fact = gateway.open_session(checkout.order_of(begun)).fact
    checkout.opened(begun.id, Opened(replace(fact, state=CheckoutState.PAID), None))
    db.session.commit()
    assert make.only(OnlineCheckout).state == CheckoutState.OPEN


def test_without_keys_no_job_asks_anything(app: Flask) -> None:
    reconciling.ask()
    fees.book()
    assert make.number_of(LedgerEntry) == 0


# --- In any order


def test_what_hangs_on_a_payment_may_come_before_it(browser: Browser, stripe: Stripe) -> None:
    invoice: Invoice = make_finance.issued()
    session = session_of(browser, invoice)
    paid = stripe.pay(session)
    made = refund("re_1", INTENT, 100_00, "succeeded")
    taken = dispute("du_1", INTENT, 150_00, "lost", movement("txn_1", -150_00, 15_00))
    tell(browser, stripe.event("refund.failed", made | {"status": "failed"}))
    tell(browser, stripe.event("charge.dispute.closed", taken))
    tell(browser, stripe.event("refund.created", made))
    assert balances() == {}
    tell(browser, paid)
    assert open_cents(invoice) == 150_00
    assert balances() == {"online": 85_00, "fees": 15_00}


def test_an_event_that_overtakes_the_answer_to_the_click_is_understood(
    browser: Browser, stripe: Stripe
) -> None:
    invoice = make_finance.issued()
    begun = make_online.begun(invoice)
    paid = {"status": "complete", "payment_status": "paid", "payment_intent": "pi_1"}
    session = stripe_server.session("cs_1", 250_00, begun.id, **paid)
    tell(browser, stripe.event("checkout.session.completed", session))
    assert open_cents(invoice) == 0
    assert make.only(OnlineCheckout).remote_id == "cs_1"
