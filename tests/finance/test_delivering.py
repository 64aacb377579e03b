"""What was issued reaches its partner, once, along the way it can be reached."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core import documents, outbox
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMessage
from portal.finance import delivering
from portal.finance.models import Channel, DeliveryState, Invoice, InvoiceDelivery, InvoiceKind
from tests import make
from tests.finance import access_points, make_finance
from tests.finance.access_points import EInvoiceHandler, PlainHandler, Post

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))


@pytest.fixture(params=[("e-invoice.be", EInvoiceHandler), ("http", PlainHandler)], ids=str)
def post(request, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:  # type: ignore[no-untyped-def]
    route, handler = request.param
    with access_points.running(handler) as running:
        for name, value in (("ROUTE", route), ("URL", running.url), ("KEY", "geheim")):
            monkeypatch.setitem(app.config, f"PEPPOL_{name}", value)
        yield running


def issued(**values) -> Invoice:  # type: ignore[no-untyped-def]
    partner = make_finance.municipality("Stad Gent")
    make_finance.wishes(partner, **values)
    return make_finance.issued(partner)


def newest() -> InvoiceDelivery:
    db.session.expire_all()
    return db.session.scalars(
        db.select(InvoiceDelivery).order_by(InvoiceDelivery.id.desc())
    ).first()  # type: ignore[return-value]


def test_a_partner_on_the_network_gets_it_by_peppol_and_arrival_is_asked_after(
    post: Post, clock
) -> None:
    invoice = issued()
    outbox.deliver_due()
    delivery = newest()
    assert (delivery.channel, delivery.state) == (Channel.PEPPOL, DeliveryState.HANDED_OVER)
    assert delivery.target == invoice.receiver.peppol_id
    assert post.sent == {invoice.number: 1}
    assert set(post.keys) == {"Bearer geheim"}
    for document in post.documents.values():
        document["state"] = "SENT" if "id" in document else "delivered"
    clock.shift(timedelta(minutes=6))
    delivering.check_handed_over()
    assert newest().state == DeliveryState.DELIVERED


def test_who_is_not_on_the_network_gets_pdf_and_xml_by_mail(post: Post, app: Flask) -> None:
    invoice = issued()
    post.unreachable.add(invoice.receiver.peppol_id)
    outbox.deliver_due()
    assert (newest().channel, newest().target) == (Channel.EMAIL, "facturen@gemeente.example")
    assert post.sent == {}
    (file,) = Path(app.config["MAIL_FOLDER"]).glob(f"{make.only(OutboxMessage).id}.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    attached = {
        part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()
    }
    assert invoice.pdf is not None
    assert invoice.ubl is not None
    assert attached == {
        "F2027-0001.pdf": documents.read(invoice.pdf),
        "F2027-0001.xml": documents.read(invoice.ubl),
    }


def test_who_cannot_be_reached_at_all_is_told_that_it_waits_in_the_portal(session: Session) -> None:
    partner = make_finance.municipality("Stad Gent", email="")
    contact = make_finance.finance_contact(partner)
    make_finance.issued(partner)
    outbox.deliver_due()
    assert (newest().channel, newest().state) == (Channel.DOWNLOAD, DeliveryState.DELIVERED)
    mails = [m for m in session.scalars(db.select(OutboxMessage)) if m.kind == "mail"]
    assert [m.payload["to"] for m in mails] == [contact.account.email]


def test_a_wish_goes_before_what_is_best(post: Post) -> None:
    issued(channel=Channel.EMAIL)
    outbox.deliver_due()
    assert newest().channel == Channel.EMAIL
    assert post.sent == {}


def test_a_claim_never_goes_by_peppol(post: Post) -> None:
    partner = make_finance.municipality("Stad Gent")
    make_finance.wishes(partner, channel=Channel.PEPPOL)
    claim = make_finance.issued(partner, kind=InvoiceKind.CLAIM)
    outbox.deliver_due()
    assert newest().channel == Channel.EMAIL
    with pytest.raises(DomainError, match="schuldvordering"):
        delivering.send_again(make_finance.finance_officer(), claim, Channel.PEPPOL)


def test_a_wish_for_peppol_that_cannot_be_met_says_what_to_do(post: Post) -> None:
    invoice = issued(channel=Channel.PEPPOL)
    post.unreachable.add(invoice.receiver.peppol_id)
    outbox.deliver_due()
    assert newest().state == DeliveryState.FAILED
    assert "Kijk het adres van de partner na" in newest().problem
    assert make.only(OutboxMessage).state == outbox.State.FAILED
    delivering.send_again(make_finance.finance_officer(), invoice, Channel.EMAIL)
    db.session.commit()
    outbox.deliver_due()
    assert (newest().channel, newest().state) == (Channel.EMAIL, DeliveryState.HANDED_OVER)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_access_point_that_is_unwell_is_tried_again_later(
    post: Post, clock, status: int
) -> None:
    invoice = issued()
    post.troubles.append(status)
    outbox.deliver_due()
    assert newest().state == DeliveryState.WAITING
    assert str(status) in newest().problem
    clock.shift(outbox.FIRST_RETRY)
    outbox.deliver_due()
    assert (newest().state, newest().problem) == (DeliveryState.HANDED_OVER, "")
    assert post.sent == {invoice.number: 1}


def test_a_refused_key_is_for_good_and_names_the_setting(post: Post) -> None:
    issued()
    post.troubles.append(401)
    outbox.deliver_due()
    assert newest().state == DeliveryState.FAILED
    assert "PORTAL_PEPPOL_KEY" in newest().problem


def test_nothing_is_sent_twice_when_the_answer_was_lost(
    post: Post, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document was sent, the worker died before it could write that down."""
    invoice = issued()

    def die(*_args: object, **_values: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as dying:
        dying.setattr(delivering, "_hand_over", die)
        outbox.deliver_due()
    assert (newest().state, post.sent) == (DeliveryState.WAITING, {invoice.number: 1})
    assert newest().remote_id
    clock.shift(outbox.FIRST_RETRY)
    outbox.deliver_due()
    assert (newest().state, post.sent) == (DeliveryState.HANDED_OVER, {invoice.number: 1})


def test_a_document_the_network_gave_up_on_is_failed_and_can_be_sent_anew(
    post: Post, clock
) -> None:
    invoice = issued()
    outbox.deliver_due()
    for document in post.documents.values():
        document["state"] = "FAILED" if "id" in document else "failed"
    clock.shift(timedelta(minutes=6))
    delivering.check_handed_over()
    assert newest().state == DeliveryState.FAILED
    delivering.send_again(make_finance.finance_officer(), invoice, Channel.PEPPOL)
    db.session.commit()
    outbox.deliver_due()
    assert post.sent == {invoice.number: 2}


def test_a_document_is_not_put_in_line_twice(session: Session) -> None:
    invoice = issued()
    with pytest.raises(DomainError, match="wordt al bezorgd"):
        delivering.send_again(make_finance.finance_officer(), invoice, Channel.EMAIL)


def test_a_folder_gets_the_xml_under_its_number(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PEPPOL_ROUTE", "folder")
    monkeypatch.setitem(app.config, "PEPPOL_FOLDER", str(tmp_path / "peppol"))
    invoice = issued()
    outbox.deliver_due()
    assert invoice.ubl is not None
    kept = documents.read(invoice.ubl)
    assert (tmp_path / "peppol" / "F2027-0001.xml").read_bytes() == kept
    assert newest().state == DeliveryState.HANDED_OVER
