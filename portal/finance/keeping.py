"""How long what of finance is kept. Nothing here deletes: no job of the portal touches these rows.

Ten years, which invoices must be kept, for all the books rest on. Deleting after that is a decision
of people, with the archive of the period at hand.
"""

from collections.abc import Mapping

from portal.core.i18n import N_

YEARS = 10

# What is kept, with the tables it stands in.
KEPT: Mapping[str, tuple[str, ...]] = {
    N_("Facturen, schuldvorderingen en creditnota’s, met hun PDF en UBL"): (
        "invoice",
        "invoice_event",
        "invoice_delivery",
        "invoice_question",
        "invoice_pay_link",
        "billed_instalment",
        "instalment_condition_met",
    ),
    N_("Betalingen en boekingen, met wat de betaaldienst ervan meldde"): (
        "payment",
        "ledger_entry",
        "ledger_line",
        "online_checkout",
        "online_payment",
        "online_payout",
        "online_refund",
        "online_dispute",
        "stripe_event",
    ),
    N_("Bankbestanden die ingelezen zijn"): (
        "bank_file",
        "bank_statement",
        "bank_movement",
    ),
    N_("Herinneringen, pauzes en aangerekende interest"): (
        "reminder",
        "reminder_item",
        "reminder_pause",
        "interest_charge",
    ),
    N_("Begrotingen, hun boekingen en bewijsstukken"): (
        "budget",
        "budget_line",
        "budget_event",
        "booking",
        "booking_document",
        "line_forecast",
    ),
    N_("Afrekeningen"): ("budget_statement", "budget_statement_event"),
    N_("Instellingen: facturatie, herinneringen, rekeningcodes"): (
        "invoicing_settings",
        "reminder_settings",
        "account_codes",
        "journal_export",
    ),
}

# What says how to reach somebody, was told or read once, or holds a lock: no books rest on it.
NOT_BOOKS = frozenset(
    {
        "bank_account",
        "booking_import",
        "budget_notice",
        "invoicing_details",
        "invoicing_order_number",
    }
)
