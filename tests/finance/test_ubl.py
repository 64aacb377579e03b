"""The UBL obeys its schema and EN 16931, and adds up to the cent, whatever is invoiced."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from portal.core import money
from portal.finance import invoice_pdf, paper, ubl
from portal.finance.content import HOUR, Issued, Line, Receiver, Sender, total_cents
from tests.finance import rules

SENDER = Sender(
    name="Home-Start Vlaanderen vzw",
    street="Blijde-Inkomststraat 7",
    postcode="3000",
    city="Leuven",
    kbo="0400000086",
    register="RPR Leuven",
    email="facturen@home-start.example",
    phone="016 12 34 56",
    iban="BE71096123456769",
    bic="GKCCBEBB",
    vat_category="E",
    exemption_code="VATEX-EU-132-1G",
    exemption_text="Vrijgesteld van btw op grond van artikel 44, § 2, 2° van het Btw-Wetboek.",
)
OUTSIDE = replace(
    SENDER,
    vat_category="O",
    exemption_code="VATEX-EU-O",
    exemption_text="Niet onderworpen aan btw.",
)
RECEIVER = Receiver(
    "Gemeente Merelbeke-Melle",
    "Dorpsstraat 1",
    "9820",
    "Merelbeke-Melle",
    "0207451227",
    "0208:0207451227",
)
INVOICE = Issued(
    title="Factuur",
    number="F2027-0001",
    issued_on=date(2027, 2, 1),
    due_on=date(2027, 3, 3),
    sender=SENDER,
    receiver=RECEIVER,
    lines=(Line("Voorschot 2027", 28_250_00), Line("Cursus <&> “é”", 125_50, 2_50, HOUR)),
    ogm="120270000134",
    contract="O-7K3M-92QD",
    order_number="PO-2027/118",
    buyer_reference="Dienst Welzijn",
    note="Met dank.",
    period_from=date(2027, 1, 1),
    period_to=date(2027, 12, 31),
)
CREDIT_NOTE = replace(
    INVOICE,
    title="Creditnota",
    number="F2027-0002",
    ogm="",
    credits_number="F2027-0001",
    credits_on=date(2027, 2, 1),
)
BARE = replace(INVOICE, contract="", order_number="", note="", period_from=None, period_to=None)
KINDS = {
    "invoice": INVOICE,
    "credit note": CREDIT_NOTE,
    "bare invoice": BARE,
    "outside VAT": replace(INVOICE, sender=OUTSIDE),
    "credit note outside VAT": replace(CREDIT_NOTE, sender=OUTSIDE),
    "without phone and register": replace(INVOICE, sender=replace(SENDER, phone="", register="")),
}
PDF = b"%PDF-1.4 a picture of it"
NS = {"cbc": ubl._CBC, "cac": ubl._CAC}

lines = st.lists(
    st.builds(
        Line,
        description=st.just("Cursus"),
        unit_cents=st.integers(1, 10_000_000),
        quantity_e2=st.integers(1, 1_000_00),
    ).filter(lambda line: line.cents > 0),
    min_size=1,
    max_size=8,
).map(tuple)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_obeys_its_schema_and_the_european_rules(kind: str) -> None:
    assert rules.broken(ubl.build(KINDS[kind], PDF)) == []


def test_the_rules_do_find_what_is_wrong() -> None:
    xml = ubl.build(INVOICE, PDF)
    assert "BR-CO-13" in rules.broken(xml.replace(b">28563.75</cbc:Tax", b">28563.76</cbc:Tax"))
    assert rules.broken(xml.replace(b"cbc:IssueDate", b"cbc:Somewhen"))


def test_a_claim_is_no_invoice() -> None:
    with pytest.raises(ValueError, match="claim"):
        ubl.build(replace(INVOICE, is_claim=True), PDF)


def amounts(root: etree._Element, path: str) -> list[Decimal]:
    found = root.xpath(path, namespaces=NS)
    return [Decimal(one.text) for one in found]  # type: ignore[union-attr]


@given(lines)
def test_lines_and_totals_of_the_ubl_always_add_up_to_the_cent(chosen: tuple[Line, ...]) -> None:
    root = etree.fromstring(ubl.build(replace(INVOICE, lines=chosen), PDF))
    each = amounts(root, "//cac:InvoiceLine/cbc:LineExtensionAmount")
    (payable,) = amounts(root, "//cbc:PayableAmount")
    (without,) = amounts(root, "//cbc:TaxExclusiveAmount")
    (taxable,) = amounts(root, "//cbc:TaxableAmount")
    assert sum(each) == payable == without == taxable
    assert payable == money.as_decimal(total_cents(chosen))
    assert amounts(root, "//cbc:TaxAmount") == [Decimal(0), Decimal(0)]


@given(lines)
def test_a_line_is_its_price_times_its_quantity_rounded_once(chosen: tuple[Line, ...]) -> None:
    for line in chosen:
        exact = Fraction(line.unit_cents * line.quantity_e2, 100)
        assert abs(exact - line.cents) <= Fraction(1, 2)


@given(lines)
@settings(max_examples=12)
def test_any_invoice_obeys_the_european_rules(chosen: tuple[Line, ...]) -> None:
    assert rules.broken(ubl.build(replace(INVOICE, lines=chosen), PDF)) == []


def test_the_qr_code_pays_the_amount_with_its_communication() -> None:
    code = invoice_pdf.epc(INVOICE)
    assert code.error in ("M", "Q", "H")
    assert paper.ogm_text(INVOICE.ogm) == "+++120/2700/00134+++"


def test_what_people_type_is_printed_as_they_typed_it() -> None:
    page = PdfReader(BytesIO(invoice_pdf.render(INVOICE))).pages[0]
    assert "Cursus <&> “é”" in page.extract_text()
