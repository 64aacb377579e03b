"""Rows that the database itself keeps as they are; the migrations install these triggers."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

# What the digest speaks of never changes. A sealed filename may be sealed again with a newer key,
# and a family's document must be deleted when its time has come.
DOCUMENT_COLUMNS = ("id", "digest", "size_bytes", "media_type", "encrypted", "created_at")

# table → what is refused on it, always or when something is so of the row
REFUSED = {
    "audit_event": ("UPDATE", "DELETE"),
    "document": (f"UPDATE OF {', '.join(DOCUMENT_COLUMNS)}",),
    "agreement_version": ("UPDATE", "DELETE"),
    "addendum": ("UPDATE WHEN OLD.status = 'concluded'", "DELETE WHEN OLD.number IS NOT NULL"),
    "addendum_version": ("UPDATE", "DELETE"),
    "addendum_file": ("UPDATE", "DELETE"),
    "addendum_answer": ("UPDATE", "DELETE"),
    "agreement_decision": (
        "UPDATE OF agreement_id, organisation_id, addendum_id, version_number, body, decided_on, "
        "title, number, uri, page_url, document_id, recorded_by_id, recorded_at",
        "DELETE",
    ),
    "agreement_delivery": (
        "UPDATE OF agreement_id, kind, service, done_on, count, minutes, by_name, text, "
        "document_id, recorded_by_id, recorded_at",
        "DELETE",
    ),
    "agreement_meeting_report": (
        "UPDATE WHEN OLD.shared_at IS NOT NULL",
        "DELETE WHEN OLD.shared_at IS NOT NULL",
    ),
    "material_version": ("UPDATE", "DELETE"),
    "agreement_notice": (
        "UPDATE OF agreement_id, organisation_id, ground, form, notified_on, began_on, effect_on, "
        "reason, document_id, recorded_by_id, recorded_at",
        "DELETE",
    ),
    "agreement_renewal_answer": (
        "UPDATE OF round_id, organisation_id, wanted, note, account_id, at",
        "DELETE",
    ),
    "version_comment": (
        "UPDATE OF version_id, article, text, side, organisation_id, account_id, at",
        "DELETE",
    ),
    "envelope_revision": ("UPDATE", "DELETE"),
    "envelope_evidence": ("UPDATE", "DELETE"),
    "envelope_event": ("UPDATE", "DELETE"),
    "envelope": (
        "UPDATE OF agreement_id, number, subject, subject_number, title, source_sha256, docx_id, "
        "prepared_by_id, prepared_at",
        "DELETE",
    ),
    "envelope_signatory": (
        "UPDATE OF envelope_id, position, field, step, organisation_id, party, name, capacity, "
        "instead_of, email, delegated_from_id, delegation_id",
        "DELETE",
    ),
    "package_edition": (
        "UPDATE OF number, offer_json WHEN OLD.state <> 'draft'",
        "DELETE WHEN OLD.state <> 'draft'",
    ),
    "template_edition": (
        "UPDATE OF kind, number, document_id, sha256 WHEN OLD.state <> 'draft'",
        "DELETE WHEN OLD.state <> 'draft'",
    ),
    "family_text_edition": (
        "UPDATE OF kind, number, name, bodies WHEN OLD.state <> 'draft'",
        "DELETE WHEN OLD.state <> 'draft'",
    ),
    "dated_text": ("UPDATE", "DELETE"),
    "invoice": ("UPDATE WHEN OLD.status = 'issued'", "DELETE WHEN OLD.status = 'issued'"),
    "invoice_event": ("UPDATE", "DELETE"),
    "invoicing_settings": (
        "UPDATE OF from_on, name, street, postcode, city, kbo, register, email, phone, iban, bic, "
        "invoice_prefix, claim_prefix, vat_category, exemption_code, exemption_text, term_days, "
        "recorded_by_id, recorded_at",
        "DELETE",
    ),
    "payment": (
        "UPDATE OF reference, source, key, cents, booked_on, ogm, organisation_id, payer_index, "
        "reason, account_id, recorded_at",
        "DELETE",
    ),
    "bank_file": (
        "UPDATE WHEN OLD.taken_at IS NOT NULL",
        "DELETE WHEN OLD.taken_at IS NOT NULL",
    ),
    "bank_statement": ("UPDATE", "DELETE"),
    "bank_movement": ("UPDATE", "DELETE"),
    "ledger_entry": ("UPDATE", "DELETE"),
    "ledger_line": ("UPDATE", "DELETE"),
    "reminder": ("UPDATE WHEN OLD.state = 'sent'", "DELETE"),
    "reminder_item": ("UPDATE OF reminder_id, invoice_id, decided_on", "DELETE"),
    "reminder_pause": ("UPDATE OF invoice_id, until_on, reason, account_id, at", "DELETE"),
    "reminder_settings": (
        "UPDATE OF from_on, first_days, second_days, third_days, answer_days, automatic, "
        "cost_cents, texts_json, recorded_by_id, recorded_at",
        "DELETE",
    ),
    "interest_charge": ("UPDATE", "DELETE"),
    "account_codes": ("UPDATE OF from_on, codes_json, recorded_by_id, recorded_at", "DELETE"),
    "journal_export": ("UPDATE", "DELETE"),
    "booking": ("UPDATE", "DELETE"),
    "booking_document": ("UPDATE", "DELETE"),
    "line_forecast": ("UPDATE", "DELETE"),
    "budget_statement": (
        "UPDATE OF budget_id, organisation_id, number, figures_json, balance_cents, "
        "returned_cents, carried_cents, docx_id, docx_sha256, pdf_id, pdf_sha256, sent_by_id, "
        "sent_at",
        "DELETE",
    ),
    "budget_statement_event": ("UPDATE", "DELETE"),
    "index_figure": (
        "UPDATE OF kind, month, base_year, value_e4, source, published_on, recorded_by_id",
        "DELETE",
    ),
}


def triggers(dialect: str) -> list[str]:
    """Return the statements that install the triggers on `sqlite` or `postgresql`."""
    return list(_on_sqlite() if dialect == "sqlite" else _on_postgresql())


def drops(dialect: str) -> list[str]:
    """Return the statements that remove them again."""
    where = {True: "", False: " ON {table}"}[dialect == "sqlite"]
    found = [
        f"DROP TRIGGER IF EXISTS {name}{where.format(table=table)}"
        for table, name, _refused, _condition in _each()
    ]
    if dialect == "sqlite":
        return found
    return [
        *found,
        "DROP TRIGGER IF EXISTS audit_event_refuses_truncate ON audit_event",
        "DROP FUNCTION IF EXISTS refuse_change()",
    ]


def install(connection: Connection) -> None:
    """Install the triggers; for a migration's `op.get_bind()`."""
    for statement in triggers(connection.dialect.name):
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    """Remove the triggers."""
    for statement in drops(connection.dialect.name):
        connection.execute(text(statement))


def _each() -> Iterator[tuple[str, str, str, str]]:
    """Yield table, name of the trigger, the change refused, and when ("" is always)."""
    for table, refused in REFUSED.items():
        for each in refused:
            change, _, condition = each.partition(" WHEN ")
            yield table, f"{table}_refuses_{change.split()[0].lower()}", change, condition


def _on_sqlite() -> Iterator[str]:
    for table, name, change, condition in _each():
        when = f"WHEN {condition} " if condition else ""
        yield (
            f"CREATE TRIGGER {name} BEFORE {change} ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{table} does not change'); END"
        )


def _on_postgresql() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION '% does not change', TG_TABLE_NAME; END$$"
    )
    for table, name, change, condition in _each():
        when = f"WHEN ({condition}) " if condition else ""
        yield (
            f"CREATE TRIGGER {name} BEFORE {change} ON {table} "
            f"FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()"
        )
    yield (
        "CREATE TRIGGER audit_event_refuses_truncate BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
