"""An issued document as UBL 2.1 for Peppol BIS Billing 3.0, with its PDF inside.

Source of the rules: EN 16931-1 and Peppol BIS Billing 3.0 (terms BT-…, rules BR-… and PEPPOL-…).
Amounts are those of the document, never worked out again here.
"""

import base64
from decimal import Decimal
from typing import Any

from lxml import etree

from portal.core import money
from portal.finance.content import Issued, Line, Receiver, Sender

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
MEDIA_TYPE = "application/xml"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CAC, _CBC = f"{_UBL}CommonAggregateComponents-2", f"{_UBL}CommonBasicComponents-2"
_ENTERPRISE = "0208"  # scheme of Belgian enterprise numbers
_TRANSFER = "30"
_OUTSIDE = "O"
_ZERO = "0.00"


def build(document: Issued, pdf: bytes) -> bytes:
    """Return the XML of an invoice or credit note. Raises ValueError for a claim."""
    if document.is_claim:
        raise ValueError("a claim for a subsidy is no invoice")
    kind = "CreditNote" if document.is_credit else "Invoice"
    root = etree.Element(
        f"{{{_UBL}{kind}-2}}{kind}", nsmap={None: f"{_UBL}{kind}-2", "cac": _CAC, "cbc": _CBC}
    )
    _head(root, document)
    _references(root, document, pdf)
    _seller(_group(_group(root, "AccountingSupplierParty"), "Party"), document.sender)
    _buyer(_group(_group(root, "AccountingCustomerParty"), "Party"), document.receiver)
    _payment(root, document)
    _totals(root, document)
    for number, line in enumerate(document.lines, 1):
        _line(_group(root, f"{kind}Line"), document, number, line)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _head(root: Any, document: Issued) -> None:
    _text(root, "CustomizationID", CUSTOMIZATION)
    _text(root, "ProfileID", PROFILE)
    _text(root, "ID", document.number)
    _text(root, "IssueDate", document.issued_on.isoformat())
    if document.is_credit:
        _text(root, "CreditNoteTypeCode", "381")
    else:
        _text(root, "DueDate", document.due_on.isoformat())
        _text(root, "InvoiceTypeCode", "380")
    _text(root, "Note", document.note)
    _text(root, "DocumentCurrencyCode", "EUR")
    _text(root, "BuyerReference", document.buyer_reference)
    if document.period_from and document.period_to:
        period = _group(root, "InvoicePeriod")
        _text(period, "StartDate", document.period_from.isoformat())
        _text(period, "EndDate", document.period_to.isoformat())


def _references(root: Any, document: Issued, pdf: bytes) -> None:
    if document.order_number:
        _text(_group(root, "OrderReference"), "ID", document.order_number)
    if document.credits_number and document.credits_on:
        credited = _group(_group(root, "BillingReference"), "InvoiceDocumentReference")
        _text(credited, "ID", document.credits_number)
        _text(credited, "IssueDate", document.credits_on.isoformat())
    if document.contract:
        _text(_group(root, "ContractDocumentReference"), "ID", document.contract)
    attached = _group(root, "AdditionalDocumentReference")
    _text(attached, "ID", document.number)
    _text(attached, "DocumentDescription", document.title)
    _text(
        _group(attached, "Attachment"),
        "EmbeddedDocumentBinaryObject",
        base64.b64encode(pdf).decode(),
        mimeCode="application/pdf",
        filename=f"{document.number}.pdf",
    )


def _seller(party: Any, sender: Sender) -> None:
    _text(party, "EndpointID", sender.kbo, schemeID=_ENTERPRISE)
    _address(party, sender)
    if sender.vat_category != _OUTSIDE:
        # BR-E-02 wants a tax identifier: without VAT number the enterprise number (BT-32).
        scheme = _group(party, "PartyTaxScheme")
        _text(scheme, "CompanyID", sender.kbo)
        _text(_group(scheme, "TaxScheme"), "ID", "FC")
    legal = _group(party, "PartyLegalEntity")
    _text(legal, "RegistrationName", sender.name)
    _text(legal, "CompanyID", sender.kbo, schemeID=_ENTERPRISE)
    _text(legal, "CompanyLegalForm", sender.register)
    contact = _group(party, "Contact")
    _text(contact, "Telephone", sender.phone)
    _text(contact, "ElectronicMail", sender.email)


def _buyer(party: Any, receiver: Receiver) -> None:
    scheme, _, number = receiver.peppol_id.partition(":")
    _text(party, "EndpointID", number, schemeID=scheme)
    _address(party, receiver)
    legal = _group(party, "PartyLegalEntity")
    _text(legal, "RegistrationName", receiver.name)
    _text(legal, "CompanyID", receiver.kbo, schemeID=_ENTERPRISE)


def _address(party: Any, who: Sender | Receiver) -> None:
    address = _group(party, "PostalAddress")
    _text(address, "StreetName", who.street)
    _text(address, "CityName", who.city)
    _text(address, "PostalZone", who.postcode)
    _text(_group(address, "Country"), "IdentificationCode", getattr(who, "country", "BE"))


def _payment(root: Any, document: Issued) -> None:
    means = _group(root, "PaymentMeans")
    _text(means, "PaymentMeansCode", _TRANSFER)
    if document.is_credit:
        _text(means, "PaymentDueDate", document.due_on.isoformat())
    _text(means, "PaymentID", document.ogm)
    account = _group(means, "PayeeFinancialAccount")
    _text(account, "ID", document.sender.iban)
    _text(account, "Name", document.sender.name)
    _text(_group(account, "FinancialInstitutionBranch"), "ID", document.sender.bic)


def _totals(root: Any, document: Issued) -> None:
    total = _amount(document.total_cents)
    tax = _group(root, "TaxTotal")
    _text(tax, "TaxAmount", _ZERO, currencyID="EUR")
    subtotal = _group(tax, "TaxSubtotal")
    _text(subtotal, "TaxableAmount", total, currencyID="EUR")
    _text(subtotal, "TaxAmount", _ZERO, currencyID="EUR")
    category = _category(subtotal, "TaxCategory", document.sender, explained=True)
    _text(_group(category, "TaxScheme"), "ID", "VAT")
    sums = _group(root, "LegalMonetaryTotal")
    for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount"):
        _text(sums, name, total, currencyID="EUR")
    _text(sums, "PayableAmount", total, currencyID="EUR")


def _line(element: Any, document: Issued, number: int, line: Line) -> None:
    _text(element, "ID", str(number))
    quantity = "CreditedQuantity" if document.is_credit else "InvoicedQuantity"
    _text(element, quantity, str(Decimal(line.quantity_e2).scaleb(-2)), unitCode=line.unit)
    _text(element, "LineExtensionAmount", _amount(line.cents), currencyID="EUR")
    item = _group(element, "Item")
    _text(item, "Name", line.description)
    category = _category(item, "ClassifiedTaxCategory", document.sender)
    _text(_group(category, "TaxScheme"), "ID", "VAT")
    _text(_group(element, "Price"), "PriceAmount", _amount(line.unit_cents), currencyID="EUR")


def _category(parent: Any, name: str, sender: Sender, *, explained: bool = False) -> Any:
    category = _group(parent, name)
    _text(category, "ID", sender.vat_category)
    if sender.vat_category != _OUTSIDE:
        _text(category, "Percent", "0")
    if explained:
        _text(category, "TaxExemptionReasonCode", sender.exemption_code)
        _text(category, "TaxExemptionReason", sender.exemption_text)
    return category


def _amount(cents: int) -> str:
    return str(money.as_decimal(cents))


def _group(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{_CAC}}}{name}")


def _text(parent: Any, name: str, text: str, **attributes: str) -> None:
    """Add an element; an empty one is left out, because no rule accepts it (PEPPOL-R008)."""
    if not text:
        return
    element = etree.SubElement(parent, f"{{{_CBC}}}{name}", attributes)
    element.text = text
