"""The ground: every slice's tables, and the kernel they stand on."""

import sqlalchemy as sa
from alembic import op

import portal.core.db
from portal.core import immutable
from portal.core.audit import GENESIS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("ix_account_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_audit_event_object", ["object_type", "object_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "bank_account",
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.PrimaryKeyConstraint("iban", name=op.f("pk_bank_account")),
    )
    op.create_table(
        "billed_instalment",
        sa.Column("due_key", sa.String(length=80), nullable=False),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("due_key", name=op.f("pk_billed_instalment")),
    )
    op.create_table(
        "branch",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_name", sa.String(length=120), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("places_capacity", sa.Integer(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("recognition_number", sa.String(length=40), nullable=False),
        sa.Column("recognised_on", sa.Date(), nullable=True),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint("places_capacity >= 0", name=op.f("ck_branch_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("slug", name=op.f("uq_branch_slug")),
    )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.create_index("ix_branch_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "document",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("filename_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_digest"), ["digest"], unique=False)

    op.create_table(
        "form_key",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("result", sa.String(length=300), nullable=True),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_key")),
    )
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_key_created_at"), ["created_at"], unique=False)

    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "material",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "practice",
                "script",
                "form",
                "logo",
                "course",
                "leaflet",
                name="materialkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("service", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_table(
        "municipality",
        sa.Column("nis", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_fr", sa.String(length=80), nullable=False),
        sa.Column("sort_name", sa.String(length=120), nullable=False),
        sa.Column("province", sa.String(length=40), nullable=True),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column(
            "language_regime",
            sa.Enum(
                "dutch",
                "facilities",
                "bilingual",
                name="languageregime",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("inhabitants", sa.Integer(), nullable=False),
        sa.Column("inhabitants_year", sa.Integer(), nullable=False),
        sa.Column("predecessors", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("nis", name=op.f("pk_municipality")),
    )
    with op.batch_alter_table("municipality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_municipality_sort_name"), ["sort_name"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "failed", name="state", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("payload_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_message_due", ["state", "due_at"], unique=False)

    op.create_table(
        "stripe_event",
        sa.Column("event_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("happened_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("fact_json", sa.JSON(), nullable=False),
        sa.Column("applied_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_stripe_event")),
    )
    with op.batch_alter_table("stripe_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stripe_event_applied_at"), ["applied_at"], unique=False
        )

    op.create_table(
        "account_codes",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("codes_json", sa.JSON(), nullable=False),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_account_codes_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_codes")),
    )
    with op.batch_alter_table("account_codes", schema=None) as batch_op:
        batch_op.create_index(
            "uq_account_codes_current",
            ["from_on"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "bank_file",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "format",
            sa.Enum("coda", "camt053", name="bankformat", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "taken_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bank_file_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_bank_file_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name=op.f("fk_bank_file_taken_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("digest", name=op.f("uq_bank_file_digest")),
    )
    with op.batch_alter_table("bank_file", schema=None) as batch_op:
        batch_op.create_index("ix_bank_file_at", ["at", "id"], unique=False)

    op.create_table(
        "branch_area",
        sa.Column(
            "branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("nis", sa.String(length=5), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_branch_area_period")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_branch_area_branch_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["nis"], ["municipality.nis"], name=op.f("fk_branch_area_nis")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_area")),
    )
    with op.batch_alter_table("branch_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_branch_area_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index("ix_branch_area_nis_from_on", ["nis", "from_on"], unique=False)

    op.create_table(
        "branch_staffing",
        sa.Column(
            "branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("volunteers", sa.Integer(), nullable=False),
        sa.Column("kept_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_branch_staffing_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_branch_staffing_branch_id")
        ),
        sa.PrimaryKeyConstraint("branch_id", name=op.f("pk_branch_staffing")),
    )
    op.create_table(
        "dated_text",
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_dated_text_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_text")),
    )
    with op.batch_alter_table("dated_text", schema=None) as batch_op:
        batch_op.create_index("ix_dated_text_topic", ["topic", "key", "from_on"], unique=False)

    op.create_table(
        "email_change",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("new_email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_email_change_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_email_change_token_hash")),
    )
    with op.batch_alter_table("email_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_email_change_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "family_text_edition",
        sa.Column(
            "kind",
            sa.Enum(
                "consent", "self", "letter", "page", name="textkind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "active", "retired", name="textstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("writer_ids", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "activated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("activated_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["activated_by_id"], ["account.id"], name=op.f("fk_family_text_edition_activated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_text_edition")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_family_text_edition_kind_number")),
    )
    op.create_table(
        "guest_request",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("organisation_name", sa.String(length=160), nullable=False),
        sa.Column(
            "organisation_kind",
            sa.Enum(
                "ocmw",
                "huis_van_het_kind",
                "clb",
                "buurtwerk",
                "kinderopvang",
                "sociale_dienst",
                "caw",
                "cig",
                "ckg",
                "ocj",
                "perinataal_netwerk",
                "huisarts",
                "vroedvrouw",
                "school",
                "kind_en_gezin",
                "wijkgezondheidscentrum",
                "gemeente",
                "vgc",
                "vzw",
                "hsv",
                "other",
                name="organisationkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("nis", sa.String(length=5), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["nis"], ["municipality.nis"], name=op.f("fk_guest_request_nis")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_request")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_request_token_hash")),
    )
    op.create_table(
        "index_figure",
        sa.Column(
            "kind",
            sa.Enum("none", "health", "spil", name="indexkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=False),
        sa.Column("value_e4", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_index_figure_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_figure")),
    )
    with op.batch_alter_table("index_figure", schema=None) as batch_op:
        batch_op.create_index(
            "uq_index_figure_current",
            ["kind", "month", "base_year"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "instalment_condition_met",
        sa.Column("due_key", sa.String(length=80), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_instalment_condition_met_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment_condition_met")),
        sa.UniqueConstraint("due_key", name=op.f("uq_instalment_condition_met_due_key")),
    )
    op.create_table(
        "invoicing_settings",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("kbo", sa.String(length=10), nullable=False),
        sa.Column("register", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=False),
        sa.Column("invoice_prefix", sa.String(length=6), nullable=False),
        sa.Column("claim_prefix", sa.String(length=6), nullable=False),
        sa.Column(
            "vat_category",
            sa.Enum("E", "O", name="vatcategory", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("exemption_code", sa.String(length=30), nullable=False),
        sa.Column("exemption_text", sa.Text(), nullable=False),
        sa.Column("term_days", sa.Integer(), nullable=False),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_invoicing_settings_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoicing_settings")),
    )
    with op.batch_alter_table("invoicing_settings", schema=None) as batch_op:
        batch_op.create_index(
            "uq_invoicing_settings_current",
            ["from_on"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "journal_export",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_journal_export_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_export")),
    )
    with op.batch_alter_table("journal_export", schema=None) as batch_op:
        batch_op.create_index("ix_journal_export_period", ["from_on", "to_on", "id"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column(
            "kind",
            sa.Enum(
                "received",
                "allocated",
                "settled",
                "elsewhere",
                "fee",
                "payout",
                "written_off",
                "reversed",
                name="entrykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ledger_entry_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entry_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entry_reverses_id")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_booked_on"), ["booked_on"], unique=False)

    op.create_table(
        "legal_ground",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("use", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_legal_ground_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_ground")),
    )
    op.create_table(
        "mail_choice",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "rhythm",
            sa.Enum("at_once", "daily", "weekly", name="rhythm", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("urgent_at_once", sa.Boolean(), nullable=False),
        sa.Column("covered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mail_choice_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_choice")),
    )
    op.create_table(
        "material_version",
        sa.Column(
            "material_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column(
            "added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("added_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_material_version_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_material_version_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_version_material_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_version")),
        sa.UniqueConstraint(
            "material_id", "number", name=op.f("uq_material_version_material_id_number")
        ),
    )
    op.create_table(
        "municipality_postcode",
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("nis", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(
            ["nis"], ["municipality.nis"], name=op.f("fk_municipality_postcode_nis")
        ),
        sa.PrimaryKeyConstraint("postcode", "nis", name=op.f("pk_municipality_postcode")),
    )
    with op.batch_alter_table("municipality_postcode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_municipality_postcode_nis"), ["nis"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("sort_name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ocmw",
                "huis_van_het_kind",
                "clb",
                "buurtwerk",
                "kinderopvang",
                "sociale_dienst",
                "caw",
                "cig",
                "ckg",
                "ocj",
                "perinataal_netwerk",
                "huisarts",
                "vroedvrouw",
                "school",
                "kind_en_gezin",
                "wijkgezondheidscentrum",
                "gemeente",
                "vgc",
                "vzw",
                "hsv",
                "other",
                name="organisationkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("other_kind", sa.String(length=80), nullable=False),
        sa.Column("kbo", sa.String(length=10), nullable=True),
        sa.Column("ovo", sa.String(length=12), nullable=True),
        sa.Column("lblod_uri", sa.String(length=200), nullable=True),
        sa.Column("nis", sa.String(length=5), nullable=True),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("colleagues_see_referrals", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("reference", "staff", name="source", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["nis"], ["municipality.nis"], name=op.f("fk_organisation_nis")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("kbo", name=op.f("uq_organisation_kbo")),
        sa.UniqueConstraint("lblod_uri", name=op.f("uq_organisation_lblod_uri")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_nis"), ["nis"], unique=False)
        batch_op.create_index("ix_organisation_sort_name_id", ["sort_name", "id"], unique=False)

    op.create_table(
        "package_edition",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "active", "retired", name="editionstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("offer_json", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("writer_ids", sa.JSON(), nullable=False),
        sa.Column("made_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "activated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("activated_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("retired_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["activated_by_id"], ["account.id"], name=op.f("fk_package_edition_activated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_edition")),
        sa.UniqueConstraint("number", name=op.f("uq_package_edition_number")),
    )
    with op.batch_alter_table("package_edition", schema=None) as batch_op:
        batch_op.create_index(
            "uq_package_edition_current",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state <> 'retired'"),
            postgresql_where=sa.text("state <> 'retired'"),
        )

    op.create_table(
        "referral_pending_list",
        sa.Column(
            "branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("rows_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_pending_list_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_referral_pending_list_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_pending_list")),
    )
    with op.batch_alter_table("referral_pending_list", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_pending_list_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_pending_list_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "reminder_settings",
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("first_days", sa.Integer(), nullable=False),
        sa.Column("second_days", sa.Integer(), nullable=False),
        sa.Column("third_days", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column(
            "cost_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("texts_json", sa.JSON(), nullable=False),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_reminder_settings_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_settings")),
    )
    with op.batch_alter_table("reminder_settings", schema=None) as batch_op:
        batch_op.create_index(
            "uq_reminder_settings_current",
            ["from_on"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "template_edition",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "active", "retired", name="editionstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("made_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "activated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("activated_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("retired_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["activated_by_id"], ["account.id"], name=op.f("fk_template_edition_activated_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_template_edition_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_template_edition_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_edition")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_template_edition_kind_number")),
    )
    op.create_table(
        "unmet_demand",
        sa.Column("municipality_nis", sa.String(length=5), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("referrer_kind", sa.String(length=30), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["municipality_nis"],
            ["municipality.nis"],
            name=op.f("fk_unmet_demand_municipality_nis"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_demand")),
    )
    with op.batch_alter_table("unmet_demand", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unmet_demand_municipality_nis"), ["municipality_nis"], unique=False
        )

    op.create_table(
        "bank_statement",
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column(
            "format",
            sa.Enum("coda", "camt053", name="bankformat", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=35), nullable=False),
        sa.Column(
            "opening_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "closing_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_file.id"], name=op.f("fk_bank_statement_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint(
            "iban",
            "closed_on",
            "number",
            "format",
            name=op.f("uq_bank_statement_iban_closed_on_number_format"),
        ),
    )
    with op.batch_alter_table("bank_statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_statement_file_id"), ["file_id"], unique=False)

    op.create_table(
        "enquiry",
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unconfirmed",
                "received",
                "answered",
                "opened",
                "declined",
                name="enquirystatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("organisation_name", sa.String(length=160), nullable=False),
        sa.Column("organisation_kind", sa.String(length=40), nullable=False),
        sa.Column("municipalities", sa.JSON(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("formula", sa.String(length=1), nullable=False),
        sa.Column("support", sa.String(length=20), nullable=False),
        sa.Column("support_text", sa.Text(), nullable=False),
        sa.Column("budget", sa.String(length=20), nullable=False),
        sa.Column("budget_text", sa.Text(), nullable=False),
        sa.Column("initiatives", sa.Text(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("scenario", sa.JSON(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token_expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("asked_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_enquiry_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("reference", name=op.f("uq_enquiry_reference")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_enquiry_token_hash")),
    )
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.create_index("ix_enquiry_status_asked", ["status", "asked_at", "id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "role",
            sa.Enum(
                "referrer",
                "negotiator",
                "signatory",
                "partner_finance",
                "coordinator",
                "agreements_manager",
                "finance_officer",
                "administrator",
                "dpo",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "invited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (branch_id IS NULL)", name=op.f("ck_invitation_one_seat")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invitation_account_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_invitation_branch_id")),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["account.id"], name=op.f("fk_invitation_invited_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)

    op.create_table(
        "invoicing_details",
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("peppol_id", sa.String(length=60), nullable=False),
        sa.Column("buyer_reference", sa.String(length=60), nullable=False),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("peppol", "email", "download", name="channel", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("term_days", sa.Integer(), nullable=True),
        sa.Column(
            "changed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["account.id"], name=op.f("fk_invoicing_details_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_invoicing_details_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_invoicing_details")),
    )
    op.create_table(
        "membership",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "role",
            sa.Enum(
                "referrer",
                "negotiator",
                "signatory",
                "partner_finance",
                "coordinator",
                "agreements_manager",
                "finance_officer",
                "administrator",
                "dpo",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (branch_id IS NULL)", name=op.f("ck_membership_one_seat")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_membership_branch_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_membership_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "payment",
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column(
            "source",
            sa.Enum("bank", "online", "hand", name="paymentsource", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("ogm", sa.String(length=12), nullable=True),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("payer_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("payer_name_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("payer_iban_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("message_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_payment_cents")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_account_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_payment_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_reference")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_booked_on", ["booked_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_payment_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payment_payer_index"), ["payer_index"], unique=False)

    op.create_table(
        "reminder",
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "left_out",
                "failed",
                name="reminderstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("target", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "open_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pdf_sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reminder_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reminder_organisation_id")
        ),
        sa.ForeignKeyConstraint(["pdf_id"], ["document.id"], name=op.f("fk_reminder_pdf_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reminder_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "agreement",
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "proposed",
                "in_negotiation",
                "agreed",
                "approved",
                "out_for_signature",
                "signed",
                "active",
                "ended",
                "declined",
                "withdrawn",
                "terminated",
                name="status",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "turn",
            sa.Enum("hsv", "partners", "nobody", name="turn", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "formula",
            sa.Enum("A", "B", "C", name="formula", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("terms_json", sa.JSON(), nullable=False),
        sa.Column(
            "package_edition_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "enquiry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("qualification", sa.String(length=10), nullable=True),
        sa.Column("qualification_reason", sa.Text(), nullable=False),
        sa.Column("agreed_number", sa.Integer(), nullable=True),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("first_proposed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("renewed_until", sa.Date(), nullable=True),
        sa.Column("stops_on", sa.Date(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_agreement_branch_id")),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_agreement_enquiry_id")
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["account.id"], name=op.f("fk_agreement_manager_id")
        ),
        sa.ForeignKeyConstraint(
            ["package_edition_id"],
            ["package_edition.id"],
            name=op.f("fk_agreement_package_edition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("enquiry_id", name=op.f("uq_agreement_enquiry_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_agreement_reference")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_manager_id"), ["manager_id"], unique=False)
        batch_op.create_index(
            "ix_agreement_status_changed", ["status", "changed_at", "id"], unique=False
        )

    op.create_table(
        "bank_movement",
        sa.Column(
            "statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "format",
            sa.Enum("coda", "camt053", name="bankformat", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("identity", sa.LargeBinary(length=32), nullable=False),
        sa.Column("likeness", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_bank_movement_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name=op.f("fk_bank_movement_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_movement")),
        sa.UniqueConstraint("identity", name=op.f("uq_bank_movement_identity")),
    )
    with op.batch_alter_table("bank_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_movement_likeness"), ["likeness"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_bank_movement_payment_id"), ["payment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bank_movement_statement_id"), ["statement_id"], unique=False
        )

    op.create_table(
        "calendar_link",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_link_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_calendar_link_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_link_token_hash")),
    )
    with op.batch_alter_table("calendar_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calendar_link_membership_id"), ["membership_id"], unique=False
        )

    op.create_table(
        "enquiry_event",
        sa.Column(
            "enquiry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_enquiry_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_event_enquiry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_event")),
    )
    with op.batch_alter_table("enquiry_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enquiry_event_enquiry_id"), ["enquiry_id"], unique=False
        )

    op.create_table(
        "guest",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_account_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("forgotten_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("organisation_name", sa.String(length=160), nullable=False),
        sa.Column(
            "organisation_kind",
            sa.Enum(
                "ocmw",
                "huis_van_het_kind",
                "clb",
                "buurtwerk",
                "kinderopvang",
                "sociale_dienst",
                "caw",
                "cig",
                "ckg",
                "ocj",
                "perinataal_netwerk",
                "huisarts",
                "vroedvrouw",
                "school",
                "kind_en_gezin",
                "wijkgezondheidscentrum",
                "gemeente",
                "vgc",
                "vzw",
                "hsv",
                "other",
                name="organisationkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("nis", sa.String(length=5), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_guest_account_id")),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_guest_invitation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["nis"], ["municipality.nis"], name=op.f("fk_guest_nis")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("email", name=op.f("uq_guest_email")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guest_asked_account_at"), ["asked_account_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_guest_invitation_id"), ["invitation_id"], unique=False)

    op.create_table(
        "online_payout",
        sa.Column("remote_id", sa.String(length=120), nullable=False),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column(
            "bank_payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["bank_payment_id"], ["payment.id"], name=op.f("fk_online_payout_bank_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_payout")),
        sa.UniqueConstraint("remote_id", name=op.f("uq_online_payout_remote_id")),
    )
    with op.batch_alter_table("online_payout", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_online_payout_bank_payment_id"), ["bank_payment_id"], unique=False
        )

    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("user_agent", sa.String(length=80), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_sign_in_session_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "addendum",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "proposed",
                "agreed",
                "approved",
                "out_for_signature",
                "concluded",
                "declined",
                "withdrawn",
                "expired",
                name="addendumstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("terms_json", sa.JSON(), nullable=False),
        sa.Column("renewed_until", sa.Date(), nullable=True),
        sa.Column(
            "opened_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("opened_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_addendum_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_addendum_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_addendum_agreement_id_number")),
    )
    with op.batch_alter_table("addendum", schema=None) as batch_op:
        batch_op.create_index(
            "uq_addendum_open",
            ["agreement_id"],
            unique=True,
            sqlite_where=sa.text(
                "status IN ('draft', 'proposed', 'agreed', 'approved', 'out_for_signature')"
            ),
            postgresql_where=sa.text(
                "status IN ('draft', 'proposed', 'agreed', 'approved', 'out_for_signature')"
            ),
        )

    op.create_table(
        "agreement_counter_draft",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms_json", sa.JSON(), nullable=False),
        sa.Column(
            "changed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_counter_draft_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["account.id"], name=op.f("fk_agreement_counter_draft_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_counter_draft_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_counter_draft")),
        sa.UniqueConstraint(
            "agreement_id",
            "organisation_id",
            name=op.f("uq_agreement_counter_draft_agreement_id_organisation_id"),
        ),
    )
    op.create_table(
        "agreement_delegation",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("from_capacity", sa.String(length=120), nullable=False),
        sa.Column("to_name", sa.String(length=120), nullable=False),
        sa.Column("to_capacity", sa.String(length=120), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_delegation_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_delegation_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_delegation_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_agreement_delegation_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_delegation")),
    )
    with op.batch_alter_table("agreement_delegation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_delegation_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "agreement_delivery",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "start_course",
                "coaching_talk",
                "expert_support",
                "learning_network",
                "visitation",
                "volunteer_course",
                "material",
                "representation",
                "other",
                name="deliverykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "replaced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("replaced_reason", sa.Text(), nullable=False),
        sa.Column(
            "successor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_delivery_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_delivery_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_agreement_delivery_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["account.id"], name=op.f("fk_agreement_delivery_replaced_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["agreement_delivery.id"],
            name=op.f("fk_agreement_delivery_successor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_delivery")),
    )
    with op.batch_alter_table("agreement_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_agreement_delivery_agreement", ["agreement_id", "done_on", "id"], unique=False
        )

    op.create_table(
        "agreement_event",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agreement_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_event_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_event_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_event")),
    )
    with op.batch_alter_table("agreement_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_event_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "agreement_internal_note",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agreement_internal_note_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_internal_note_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_internal_note")),
    )
    with op.batch_alter_table("agreement_internal_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_internal_note_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "agreement_meeting",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("starts_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "planned_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("planned_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_meeting_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["account.id"], name=op.f("fk_agreement_meeting_planned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_meeting")),
    )
    with op.batch_alter_table("agreement_meeting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_meeting_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "agreement_notice",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "ground",
            sa.Enum("term", "breach", "subsidy", name="noticeground", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum("registered", "email", name="noticeform", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("effect_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "withdrawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_notice_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_notice_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_notice_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_agreement_notice_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_agreement_notice_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_notice")),
    )
    with op.batch_alter_table("agreement_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_notice_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "agreement_party",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("accepted_number", sa.Integer(), nullable=True),
        sa.Column("accepted_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["account.id"], name=op.f("fk_agreement_party_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_party_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_party_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint(
            "agreement_id",
            "organisation_id",
            name=op.f("uq_agreement_party_agreement_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_party_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "agreement_reminder",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("deadline", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agreement_reminder_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_reminder_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_reminder")),
        sa.UniqueConstraint(
            "agreement_id",
            "account_id",
            "deadline",
            "due_on",
            name=op.f("uq_agreement_reminder_agreement_id_account_id_deadline_due_on"),
        ),
    )
    op.create_table(
        "agreement_renewal_round",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("tacit", sa.Boolean(), nullable=False),
        sa.Column("answer_by_on", sa.Date(), nullable=False),
        sa.Column("asked_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "extended",
                "refused",
                "addendum",
                name="renewaloutcome",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_renewal_round_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_renewal_round")),
        sa.UniqueConstraint(
            "agreement_id", "ends_on", name=op.f("uq_agreement_renewal_round_agreement_id_ends_on")
        ),
    )
    op.create_table(
        "agreement_version",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("terms_json", sa.JSON(), nullable=False),
        sa.Column("terms_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("docx_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("docx_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pdf_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "template_edition_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("uploaded", sa.Boolean(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("hsv", "partner", name="side", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("proposed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_version_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["docx_id"], ["document.id"], name=op.f("fk_agreement_version_docx_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_version_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["pdf_id"], ["document.id"], name=op.f("fk_agreement_version_pdf_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_agreement_version_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_edition_id"],
            ["template_edition.id"],
            name=op.f("fk_agreement_version_template_edition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint(
            "agreement_id", "number", name=op.f("uq_agreement_version_agreement_id_number")
        ),
    )
    op.create_table(
        "budget",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "closed", name="yearstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms_number", sa.Integer(), nullable=False),
        sa.Column("addendum_number", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("index_json", sa.JSON(), nullable=False),
        sa.Column("warn_at_percent", sa.Integer(), nullable=False),
        sa.Column("alarm_at_percent", sa.Integer(), nullable=False),
        sa.Column("opened_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closings", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_budget_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("agreement_id", "year", name=op.f("uq_budget_agreement_id_year")),
    )
    with op.batch_alter_table("budget", schema=None) as batch_op:
        batch_op.create_index("ix_budget_year", ["year", "id"], unique=False)

    op.create_table(
        "envelope",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("agreement", "addendum", name="subject", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("subject_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "prepared",
                "out",
                "complete",
                "declined",
                "expired",
                "cancelled",
                name="envelopestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("docx_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "prepared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("prepared_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("completed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("stopped_reason", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_envelope_agreement_id")
        ),
        sa.ForeignKeyConstraint(["docx_id"], ["document.id"], name=op.f("fk_envelope_docx_id")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["account.id"], name=op.f("fk_envelope_prepared_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_envelope_agreement_id_number")),
    )
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.create_index("ix_envelope_status", ["status", "expires_on"], unique=False)

    op.create_table(
        "guest_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(length=100), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_guest_link_guest_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_link_token_hash")),
    )
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_guest_link_guest_id"), ["guest_id"], unique=False)

    op.create_table(
        "guest_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_guest_session_guest_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_session_token_hash")),
    )
    with op.batch_alter_table("guest_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_session_guest_id"), ["guest_id"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "credit_note",
                "claim",
                "claim_reduction",
                name="invoicekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "issued", "set_aside", name="invoicestatus", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "credits_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("due_key", sa.String(length=80), nullable=True),
        sa.Column("lines_json", sa.JSON(), nullable=False),
        sa.Column(
            "total_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("buyer_reference", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("term_days", sa.Integer(), nullable=False),
        sa.Column("announced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("series", sa.String(length=20), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ogm", sa.String(length=12), nullable=True),
        sa.Column("contract", sa.String(length=11), nullable=False),
        sa.Column("sender_json", sa.JSON(), nullable=True),
        sa.Column("receiver_json", sa.JSON(), nullable=True),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pdf_sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ubl_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ubl_sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_invoice_total")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_invoice_agreement_id")
        ),
        sa.ForeignKeyConstraint(["credits_id"], ["invoice.id"], name=op.f("fk_invoice_credits_id")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["account.id"], name=op.f("fk_invoice_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invoice_organisation_id")
        ),
        sa.ForeignKeyConstraint(["pdf_id"], ["document.id"], name=op.f("fk_invoice_pdf_id")),
        sa.ForeignKeyConstraint(["ubl_id"], ["document.id"], name=op.f("fk_invoice_ubl_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("due_key", name=op.f("uq_invoice_due_key")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
        sa.UniqueConstraint("ogm", name=op.f("uq_invoice_ogm")),
        sa.UniqueConstraint("reference", name=op.f("uq_invoice_reference")),
        sa.UniqueConstraint("series", "sequence", name=op.f("uq_invoice_series_sequence")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_credits_id"), ["credits_id"], unique=False)
        batch_op.create_index(
            "ix_invoice_organisation_issued",
            ["organisation_id", "status", "issued_on"],
            unique=False,
        )
        batch_op.create_index(
            "ix_invoice_status_issued", ["status", "issued_on", "id"], unique=False
        )

    op.create_table(
        "invoicing_order_number",
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column(
            "changed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_invoicing_order_number_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["account.id"], name=op.f("fk_invoicing_order_number_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_invoicing_order_number_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoicing_order_number")),
        sa.UniqueConstraint(
            "organisation_id",
            "agreement_id",
            name=op.f("uq_invoicing_order_number_organisation_id_agreement_id"),
        ),
    )
    op.create_table(
        "referral",
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "intake_planned",
                "waiting",
                "matched",
                "running",
                "completed",
                "declined",
                "withdrawn",
                "not_served",
                name="status",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("municipality_nis", sa.String(length=5), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("professional", "self", "list", name="channel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("referrer_kind", sa.String(length=30), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("first_contact_due_on", sa.Date(), nullable=False),
        sa.Column("first_contact_on", sa.Date(), nullable=True),
        sa.Column("intake_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("intake_on", sa.Date(), nullable=True),
        sa.Column("waiting_since_on", sa.Date(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("matched_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("evaluation_due_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("follow_up_due_on", sa.Date(), nullable=True),
        sa.Column("follow_up_reminded_on", sa.Date(), nullable=True),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.Column("follow_up_result", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column(
            "feedback",
            sa.Enum("none", "status", "outcome", name="feedback", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("referrer_hears", sa.Boolean(), nullable=False),
        sa.Column(
            "receipt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint(
            "CASE WHEN channel = 'professional' THEN 1 ELSE 0 END = CASE WHEN account_id IS NULL THEN 0 ELSE 1 END + CASE WHEN guest_id IS NULL THEN 0 ELSE 1 END",
            name=op.f("ck_referral_one_sender"),
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) = (organisation_id IS NULL)",
            name=op.f("ck_referral_account_with_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_account_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_referral_branch_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_referral_guest_id")),
        sa.ForeignKeyConstraint(
            ["municipality_nis"], ["municipality.nis"], name=op.f("fk_referral_municipality_nis")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["document.id"], name=op.f("fk_referral_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("reference", name=op.f("uq_referral_reference")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_account", ["account_id", "received_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_referral_branch_received", ["branch_id", "received_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_referral_branch_status", ["branch_id", "status", "received_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_referral_evaluation_due", ["branch_id", "evaluation_due_on"], unique=False
        )
        batch_op.create_index(
            "ix_referral_follow_up_due", ["branch_id", "follow_up_due_on"], unique=False
        )
        batch_op.create_index("ix_referral_guest", ["guest_id", "received_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_referral_municipality_nis"), ["municipality_nis"], unique=False
        )
        batch_op.create_index(
            "ix_referral_organisation", ["organisation_id", "received_at", "id"], unique=False
        )

    op.create_table(
        "referral_draft",
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("steps_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (guest_id IS NULL)", name=op.f("ck_referral_draft_one_writer")
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) = (organisation_id IS NULL)",
            name=op.f("ck_referral_draft_account_with_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_draft_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_referral_draft_guest_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_referral_draft_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_draft")),
    )
    with op.batch_alter_table("referral_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_draft_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_draft_changed_at"), ["changed_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_referral_draft_guest_id"), ["guest_id"], unique=False)

    op.create_table(
        "addendum_event",
        sa.Column(
            "addendum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_addendum_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["addendum_id"], ["addendum.id"], name=op.f("fk_addendum_event_addendum_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_addendum_event_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum_event")),
    )
    with op.batch_alter_table("addendum_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_addendum_event_addendum_id"), ["addendum_id"], unique=False
        )

    op.create_table(
        "addendum_version",
        sa.Column(
            "addendum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("terms_json", sa.JSON(), nullable=False),
        sa.Column("terms_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("changes_json", sa.JSON(), nullable=False),
        sa.Column("finance", sa.Text(), nullable=False),
        sa.Column(
            "template_edition_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("proposed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["addendum_id"], ["addendum.id"], name=op.f("fk_addendum_version_addendum_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_addendum_version_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_edition_id"],
            ["template_edition.id"],
            name=op.f("fk_addendum_version_template_edition_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum_version")),
        sa.UniqueConstraint(
            "addendum_id", "number", name=op.f("uq_addendum_version_addendum_id_number")
        ),
    )
    op.create_table(
        "agreement_decision",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "addendum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.Enum(
                "council",
                "college",
                "welfare_council",
                "permanent_bureau",
                "vgc_college",
                "board",
                name="decidingbody",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("uri", sa.String(length=500), nullable=False),
        sa.Column("page_url", sa.String(length=500), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["addendum_id"], ["addendum.id"], name=op.f("fk_agreement_decision_addendum_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_decision_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_decision_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_decision_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_agreement_decision_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_decision")),
    )
    with op.batch_alter_table("agreement_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_decision_addendum_id"), ["addendum_id"], unique=False
        )
        batch_op.create_index(
            "ix_agreement_decision_agreement", ["agreement_id", "organisation_id"], unique=False
        )

    op.create_table(
        "agreement_meeting_report",
        sa.Column(
            "meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("absent", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "written_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("written_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "shared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("shared_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_meeting_report_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["agreement_meeting.id"],
            name=op.f("fk_agreement_meeting_report_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["shared_by_id"], ["account.id"], name=op.f("fk_agreement_meeting_report_shared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["account.id"],
            name=op.f("fk_agreement_meeting_report_written_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_meeting_report")),
        sa.UniqueConstraint(
            "meeting_id", "number", name=op.f("uq_agreement_meeting_report_meeting_id_number")
        ),
    )
    op.create_table(
        "agreement_renewal_answer",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agreement_renewal_answer_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_agreement_renewal_answer_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["agreement_renewal_round.id"],
            name=op.f("fk_agreement_renewal_answer_round_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_renewal_answer")),
    )
    with op.batch_alter_table("agreement_renewal_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_renewal_answer_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "booking_import",
        sa.Column(
            "budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("rows_json", sa.JSON(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("booked_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_booking_import_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_booking_import_budget_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_booking_import_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_import")),
    )
    with op.batch_alter_table("booking_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_booking_import_budget_id"), ["budget_id"], unique=False
        )

    op.create_table(
        "budget_event",
        sa.Column(
            "budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_budget_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_event_budget_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_event")),
    )
    with op.batch_alter_table("budget_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_event_budget_id"), ["budget_id"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column(
            "budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cost",
                "contribution",
                "income",
                "in_kind",
                name="linekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "agreed_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "planned_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("even", sa.Boolean(), nullable=False),
        sa.Column("overhead_bp", sa.Integer(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_line_budget_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_budget_line_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_budget_id"), ["budget_id"], unique=False)

    op.create_table(
        "budget_notice",
        sa.Column(
            "budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("told_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_notice_budget_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_notice")),
        sa.UniqueConstraint(
            "budget_id",
            "subject",
            "percent",
            name=op.f("uq_budget_notice_budget_id_subject_percent"),
        ),
    )
    op.create_table(
        "budget_statement",
        sa.Column(
            "budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "questioned",
                "approved",
                "replaced",
                name="statementstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("figures_json", sa.JSON(), nullable=False),
        sa.Column(
            "balance_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "returned_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "carried_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("docx_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("docx_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pdf_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "sent_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sent_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["budget.id"], name=op.f("fk_budget_statement_budget_id")
        ),
        sa.ForeignKeyConstraint(
            ["docx_id"], ["document.id"], name=op.f("fk_budget_statement_docx_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_budget_statement_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["pdf_id"], ["document.id"], name=op.f("fk_budget_statement_pdf_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["account.id"], name=op.f("fk_budget_statement_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_statement")),
        sa.UniqueConstraint(
            "budget_id",
            "organisation_id",
            "number",
            name=op.f("uq_budget_statement_budget_id_organisation_id_number"),
        ),
    )
    with op.batch_alter_table("budget_statement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_budget_statement_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "envelope_evidence",
        sa.Column(
            "envelope_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_envelope_evidence_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelope.id"], name=op.f("fk_envelope_evidence_envelope_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_evidence")),
        sa.UniqueConstraint("envelope_id", name=op.f("uq_envelope_evidence_envelope_id")),
    )
    with op.batch_alter_table("envelope_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelope_evidence_sha256"), ["sha256"], unique=False)

    op.create_table(
        "envelope_signatory",
        sa.Column(
            "envelope_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("party", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.String(length=120), nullable=False),
        sa.Column("instead_of", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "signed",
                "declined",
                "forwarded",
                "spared",
                name="signatorystatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("invited_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "portal",
                "own_certificate",
                "remote",
                "wet_ink",
                name="way",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "delegated_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "delegation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_envelope_signatory_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["delegated_from_id"],
            ["envelope_signatory.id"],
            name=op.f("fk_envelope_signatory_delegated_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["document.id"], name=op.f("fk_envelope_signatory_delegation_id")
        ),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelope.id"], name=op.f("fk_envelope_signatory_envelope_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_envelope_signatory_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["document.id"], name=op.f("fk_envelope_signatory_scan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_signatory")),
        sa.UniqueConstraint(
            "envelope_id", "position", name=op.f("uq_envelope_signatory_envelope_id_position")
        ),
    )
    with op.batch_alter_table("envelope_signatory", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_envelope_signatory_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_envelope_signatory_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_envelope_signatory_envelope_id"), ["envelope_id"], unique=False
        )

    op.create_table(
        "interest_charge",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("through_on", sa.Date(), nullable=True),
        sa.Column(
            "interest_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cost_cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("detail_json", sa.JSON(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_interest_charge_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["invoice.id"], name=op.f("fk_interest_charge_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_interest_charge_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_charge")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_interest_charge_claim_id")),
    )
    with op.batch_alter_table("interest_charge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interest_charge_invoice_id"), ["invoice_id"], unique=False
        )

    op.create_table(
        "invoice_delivery",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "channel",
            sa.Enum("peppol", "email", "download", name="channel", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("route", sa.String(length=30), nullable=False),
        sa.Column("target", sa.String(length=254), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "handed_over",
                "delivered",
                "failed",
                name="deliverystate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("remote_id", sa.String(length=120), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("handed_over_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("check_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_delivery_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_delivery")),
    )
    with op.batch_alter_table("invoice_delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invoice_delivery_invoice_id"), ["invoice_id"], unique=False
        )
        batch_op.create_index("ix_invoice_delivery_state", ["state", "check_at"], unique=False)

    op.create_table(
        "invoice_event",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invoice_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_event_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_event")),
    )
    with op.batch_alter_table("invoice_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invoice_event_invoice_id"), ["invoice_id"], unique=False
        )

    op.create_table(
        "invoice_pay_link",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("token_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_pay_link_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_pay_link")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_invoice_pay_link_invoice_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invoice_pay_link_token_hash")),
    )
    op.create_table(
        "invoice_question",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column(
            "answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("answered_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_invoice_question_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_invoice_question_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_question_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_question")),
    )
    with op.batch_alter_table("invoice_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invoice_question_invoice_id"), ["invoice_id"], unique=False
        )

    op.create_table(
        "ledger_line",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account",
            sa.Enum(
                "bank",
                "online",
                "transit",
                "unmatched",
                "debtors",
                "fees",
                "other",
                "written_off",
                name="ledgeraccount",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.CheckConstraint(
            "account <> 'debtors' OR invoice_id IS NOT NULL", name=op.f("ck_ledger_line_debtors")
        ),
        sa.CheckConstraint(
            "account <> 'unmatched' OR payment_id IS NOT NULL",
            name=op.f("ck_ledger_line_unmatched"),
        ),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_ledger_line_cents")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_line_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_ledger_line_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_ledger_line_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
    )
    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_line_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_line_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_line_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "online_checkout",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "open",
                "expired",
                "processing",
                "failed",
                "paid",
                name="checkoutstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("remote_id", sa.String(length=120), nullable=True),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("url_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_online_checkout_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_checkout")),
        sa.UniqueConstraint("key", name=op.f("uq_online_checkout_key")),
        sa.UniqueConstraint("remote_id", name=op.f("uq_online_checkout_remote_id")),
    )
    with op.batch_alter_table("online_checkout", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_online_checkout_invoice_id"), ["invoice_id"], unique=False
        )
        batch_op.create_index("ix_online_checkout_state", ["state", "expires_at"], unique=False)

    op.create_table(
        "referral_consent",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("manner", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("leaflet_given", sa.Boolean(), nullable=False),
        sa.Column("shares_health", sa.Boolean(), nullable=False),
        sa.Column(
            "feedback",
            sa.Enum("none", "status", "outcome", name="feedback", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("kept_when_unserved", sa.Boolean(), nullable=False),
        sa.Column("secrecy_lines", sa.JSON(), nullable=False),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_referral_consent_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_consent_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_consent")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_consent_referral_id")),
    )
    op.create_table(
        "referral_consent_choice",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "identity",
                "situation",
                "health",
                "feedback",
                name="purpose",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("manner", sa.String(length=20), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_consent_choice_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_referral_consent_choice_guest_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_consent_choice_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_consent_choice")),
    )
    with op.batch_alter_table("referral_consent_choice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_consent_choice_referral", ["referral_id", "id"], unique=False
        )

    op.create_table(
        "referral_erasure",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("asked_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_erasure_referral_id")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_erasure")),
    )
    with op.batch_alter_table("referral_erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_erasure_due_on"), ["due_on"], unique=False)

    op.create_table(
        "referral_event",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("note_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("advice_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_referral_event_guest_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_event_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_event")),
    )
    with op.batch_alter_table("referral_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_event_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_family",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("identity_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("household_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("situation_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("health_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("practical_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("street_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("told_erased_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_family_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_family")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_referral_family_referral_id")),
    )
    op.create_table(
        "referral_match",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("family_accepted_on", sa.Date(), nullable=True),
        sa.Column("volunteer_accepted_on", sa.Date(), nullable=True),
        sa.Column("introduced_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("plan_weekday", sa.SmallInteger(), nullable=True),
        sa.Column(
            "plan_part",
            sa.Enum(
                "morning", "afternoon", "evening", name="daypart", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("plan_weeks", sa.SmallInteger(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("volunteer_name_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_match_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_match")),
    )
    with op.batch_alter_table("referral_match", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_match_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_opening_news",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("told_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_referral_opening_news_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_opening_news_referral_id")
        ),
        sa.PrimaryKeyConstraint("referral_id", "branch_id", name=op.f("pk_referral_opening_news")),
    )
    op.create_table(
        "referral_quiet_reminder",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("heard_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_quiet_reminder_referral_id")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_referral_quiet_reminder")),
    )
    op.create_table(
        "reminder_item",
        sa.Column(
            "reminder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_reminder_item_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminder.id"], name=op.f("fk_reminder_item_reminder_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_item")),
        sa.UniqueConstraint("invoice_id", "step", name=op.f("uq_reminder_item_invoice_id_step")),
    )
    with op.batch_alter_table("reminder_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reminder_item_reminder_id"), ["reminder_id"], unique=False
        )

    op.create_table(
        "reminder_pause",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("ended_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reminder_pause_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_reminder_pause_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_reminder_pause_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_pause")),
    )
    with op.batch_alter_table("reminder_pause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reminder_pause_invoice_id"), ["invoice_id"], unique=False
        )

    op.create_table(
        "version_comment",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("article", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("hsv", "partner", name="side", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column(
            "answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("answered_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_version_comment_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_version_comment_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_version_comment_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["agreement_version.id"], name=op.f("fk_version_comment_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_comment")),
    )
    with op.batch_alter_table("version_comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_version_comment_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "addendum_answer",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("accepts", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_addendum_answer_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_addendum_answer_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["addendum_version.id"], name=op.f("fk_addendum_answer_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum_answer")),
    )
    with op.batch_alter_table("addendum_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_addendum_answer_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "addendum_file",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "docx",
                "pdf",
                "text_docx",
                "text_pdf",
                "before_docx",
                name="filekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_addendum_file_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["addendum_version.id"], name=op.f("fk_addendum_file_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum_file")),
        sa.UniqueConstraint("version_id", "kind", name=op.f("uq_addendum_file_version_id_kind")),
    )
    with op.batch_alter_table("addendum_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_addendum_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "booking",
        sa.Column(
            "budget_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("actual", "commitment", name="bookingkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supplier", sa.String(length=160), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column(
            "reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "releases_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "because_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_booking_account_id")),
        sa.ForeignKeyConstraint(
            ["because_of_id"], ["booking.id"], name=op.f("fk_booking_because_of_id")
        ),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"], name=op.f("fk_booking_budget_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["booking_import.id"], name=op.f("fk_booking_import_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"], name=op.f("fk_booking_line_id")),
        sa.ForeignKeyConstraint(
            ["releases_id"], ["booking.id"], name=op.f("fk_booking_releases_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["booking.id"], name=op.f("fk_booking_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_booking_reverses_id")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_booking_because_of_id"), ["because_of_id"], unique=False
        )
        batch_op.create_index(
            "ix_booking_budget_on", ["budget_id", "booked_on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_booking_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_releases_id"), ["releases_id"], unique=False)

    op.create_table(
        "budget_statement_event",
        sa.Column(
            "statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_budget_statement_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_budget_statement_event_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["budget_statement.id"],
            name=op.f("fk_budget_statement_event_statement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_statement_event")),
    )
    with op.batch_alter_table("budget_statement_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_budget_statement_event_statement_id"), ["statement_id"], unique=False
        )

    op.create_table(
        "envelope_event",
        sa.Column(
            "envelope_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "signatory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_envelope_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelope.id"], name=op.f("fk_envelope_event_envelope_id")
        ),
        sa.ForeignKeyConstraint(
            ["signatory_id"], ["envelope_signatory.id"], name=op.f("fk_envelope_event_signatory_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_event")),
    )
    with op.batch_alter_table("envelope_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_envelope_event_envelope_id"), ["envelope_id"], unique=False
        )

    op.create_table(
        "envelope_revision",
        sa.Column(
            "envelope_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column(
            "signatory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "way",
            sa.Enum(
                "portal",
                "own_certificate",
                "remote",
                "wet_ink",
                name="way",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("evidence_json", sa.JSON(), nullable=False),
        sa.Column("made_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_envelope_revision_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelope.id"], name=op.f("fk_envelope_revision_envelope_id")
        ),
        sa.ForeignKeyConstraint(
            ["signatory_id"],
            ["envelope_signatory.id"],
            name=op.f("fk_envelope_revision_signatory_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_revision")),
        sa.UniqueConstraint(
            "envelope_id", "field", name=op.f("uq_envelope_revision_envelope_id_field")
        ),
        sa.UniqueConstraint(
            "envelope_id", "number", name=op.f("uq_envelope_revision_envelope_id_number")
        ),
    )
    with op.batch_alter_table("envelope_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelope_revision_sha256"), ["sha256"], unique=False)

    op.create_table(
        "line_forecast",
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_line_forecast_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["budget_line.id"], name=op.f("fk_line_forecast_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_forecast")),
    )
    with op.batch_alter_table("line_forecast", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_forecast_line_id"), ["line_id"], unique=False)

    op.create_table(
        "online_payment",
        sa.Column("intent_id", sa.String(length=120), nullable=False),
        sa.Column(
            "checkout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["checkout_id"], ["online_checkout.id"], name=op.f("fk_online_payment_checkout_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_online_payment_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_payment")),
        sa.UniqueConstraint("intent_id", name=op.f("uq_online_payment_intent_id")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_online_payment_payment_id")),
    )
    with op.batch_alter_table("online_payment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_online_payment_checkout_id"), ["checkout_id"], unique=False
        )

    op.create_table(
        "referral_attachment",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_attachment_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_referral_attachment_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_attachment_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_attachment_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_attachment")),
        sa.UniqueConstraint("document_id", name=op.f("uq_referral_attachment_document_id")),
    )
    with op.batch_alter_table("referral_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_attachment_family_id"), ["family_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_attachment_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_branch_note",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_branch_note_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_branch_note_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_branch_note_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_branch_note")),
    )
    with op.batch_alter_table("referral_branch_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_branch_note_family_id"), ["family_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_branch_note_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_duplicate",
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_duplicate_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_duplicate_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_duplicate_other_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_duplicate")),
        sa.UniqueConstraint(
            "family_id", "other_id", name=op.f("uq_referral_duplicate_family_id_other_id")
        ),
    )
    with op.batch_alter_table("referral_duplicate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_duplicate_other_id"), ["other_id"], unique=False
        )

    op.create_table(
        "referral_evaluation",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("moment", sa.String(length=10), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("remarks_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_evaluation_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_evaluation_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_evaluation_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_evaluation")),
    )
    with op.batch_alter_table("referral_evaluation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_evaluation_family_id"), ["family_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_evaluation_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_family_code",
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_family_code_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_family_code_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_referral_family_code_guest_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_family_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_referral_family_code_digest")),
    )
    with op.batch_alter_table("referral_family_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_family_code_family_id"), ["family_id"], unique=False
        )

    op.create_table(
        "referral_family_door",
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("shut_until", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_family_door_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_referral_family_door")),
    )
    op.create_table(
        "referral_family_mark",
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "phone",
                "email",
                "name",
                "last_name",
                "child",
                name="kind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_family_mark_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("family_id", "kind", "mark", name=op.f("pk_referral_family_mark")),
    )
    with op.batch_alter_table("referral_family_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_family_mark_mark"), ["mark"], unique=False)

    op.create_table(
        "referral_family_request",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "correct", "copy", "question", name="requestkind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("text_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_family_request_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_family_request_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_family_request_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_family_request")),
    )
    with op.batch_alter_table("referral_family_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_family_request_family_id"), ["family_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_family_request_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_family_session",
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_family_session_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_family_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_referral_family_session_token_hash")),
    )
    with op.batch_alter_table("referral_family_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_family_session_family_id"), ["family_id"], unique=False
        )

    op.create_table(
        "referral_goal_choice",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum("intake", "later", "evaluation", name="occasion", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("reached", sa.JSON(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("own_words_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_goal_choice_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_goal_choice_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_goal_choice_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_goal_choice")),
    )
    with op.batch_alter_table("referral_goal_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_goal_choice_family_id"), ["family_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_goal_choice_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_guidance",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "sector",
            sa.Enum(
                "sport",
                "culture",
                "youth",
                "neighbourhood",
                "parents",
                "dutch",
                "childcare",
                "school",
                "rights",
                "health",
                "housing",
                "work",
                "other",
                name="sector",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum("children", "parents", "family", name="audience", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "manner",
            sa.Enum(
                "informed",
                "contact",
                "along",
                "enrolled",
                name="manner",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "open",
                "takes_part",
                "waiting_list",
                "failed",
                name="result",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("offer_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_guidance_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_guidance_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_guidance_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_guidance")),
    )
    with op.batch_alter_table("referral_guidance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_guidance_family_id"), ["family_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_guidance_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_half_day",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("match_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "home_visit",
                "outing",
                "service",
                "phone",
                "not_family",
                "not_volunteer",
                "not_holiday",
                "not_other",
                name="what",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("replaced_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "replaced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_half_day_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_referral_half_day_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["referral_match.id"], name=op.f("fk_referral_half_day_match_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_half_day_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["account.id"], name=op.f("fk_referral_half_day_replaced_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["referral_half_day.id"], name=op.f("fk_referral_half_day_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_half_day")),
    )
    with op.batch_alter_table("referral_half_day", schema=None) as batch_op:
        batch_op.create_index("ix_referral_half_day_branch", ["branch_id", "on_date"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_referral_half_day_match_id"), ["match_id"], unique=False
        )
        batch_op.create_index(
            "uq_referral_half_day_stands",
            ["referral_id", "on_date"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "referral_match_pause",
        sa.Column("match_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("restart_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["referral_match.id"], name=op.f("fk_referral_match_pause_match_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_match_pause")),
    )
    with op.batch_alter_table("referral_match_pause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_match_pause_match_id"), ["match_id"], unique=False
        )

    op.create_table(
        "referral_message",
        sa.Column(
            "referral_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("text_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_message_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_message_family_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_referral_message_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_message")),
    )
    with op.batch_alter_table("referral_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_message_family_id"), ["family_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_message_referral_id"), ["referral_id"], unique=False
        )

    op.create_table(
        "referral_parent_link",
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_parent_link_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_parent_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_referral_parent_link_token_hash")),
    )
    with op.batch_alter_table("referral_parent_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_parent_link_family_id"), ["family_id"], unique=False
        )

    op.create_table(
        "referral_survey_answer",
        sa.Column(
            "branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "audience",
            sa.Enum("referrer", "parent", name="audience", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("remark_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_referral_survey_answer_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_survey_answer_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_survey_answer")),
    )
    with op.batch_alter_table("referral_survey_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_survey_answer_branch_id"), ["branch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_referral_survey_answer_family_id"), ["family_id"], unique=False
        )

    op.create_table(
        "referral_survey_link",
        sa.Column(
            "family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "audience",
            sa.Enum("referrer", "parent", name="audience", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "moment",
            sa.Enum("decision", "end", name="moment", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["referral_family.id"],
            name=op.f("fk_referral_survey_link_family_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_survey_link")),
        sa.UniqueConstraint(
            "family_id",
            "audience",
            "moment",
            name=op.f("uq_referral_survey_link_family_id_audience_moment"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_referral_survey_link_token_hash")),
    )
    with op.batch_alter_table("referral_survey_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_survey_link_family_id"), ["family_id"], unique=False
        )

    op.create_table(
        "signing_code",
        sa.Column(
            "signatory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", portal.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_signing_code_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["signatory_id"], ["envelope_signatory.id"], name=op.f("fk_signing_code_signatory_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_code")),
    )
    with op.batch_alter_table("signing_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signing_code_signatory_id"), ["signatory_id"], unique=False
        )

    op.create_table(
        "booking_document",
        sa.Column(
            "booking_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_booking_document_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_document_booking_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_booking_document_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_document")),
    )
    with op.batch_alter_table("booking_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_booking_document_booking_id"), ["booking_id"], unique=False
        )

    op.create_table(
        "online_dispute",
        sa.Column(
            "online_payment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("remote_id", sa.String(length=120), nullable=False),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "lost", "won", name="disputestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("movements", sa.JSON(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["online_payment_id"],
            ["online_payment.id"],
            name=op.f("fk_online_dispute_online_payment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_dispute")),
        sa.UniqueConstraint("remote_id", name=op.f("uq_online_dispute_remote_id")),
    )
    with op.batch_alter_table("online_dispute", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_online_dispute_online_payment_id"), ["online_payment_id"], unique=False
        )

    op.create_table(
        "online_refund",
        sa.Column(
            "online_payment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "pending",
                "done",
                "failed",
                name="refundstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("went_out_on", sa.Date(), nullable=True),
        sa.Column("remote_id", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_online_refund_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["online_payment_id"],
            ["online_payment.id"],
            name=op.f("fk_online_refund_online_payment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_refund")),
        sa.UniqueConstraint("remote_id", name=op.f("uq_online_refund_remote_id")),
    )
    with op.batch_alter_table("online_refund", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_online_refund_online_payment_id"), ["online_payment_id"], unique=False
        )

    op.create_table(
        "referral_evaluation_score",
        sa.Column(
            "evaluation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "dimension",
            sa.Enum(
                "network",
                "self_reliance",
                "confidence",
                "skills",
                "support",
                "resilience",
                "services",
                "participation",
                "rights",
                name="dimension",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column(
            "unanswered",
            sa.Enum("not_asked", "declined", name="unanswered", native_enum=False, length=40),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(score IS NULL) <> (unanswered IS NULL)",
            name=op.f("ck_referral_evaluation_score_score_or_why_not"),
        ),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 5", name=op.f("ck_referral_evaluation_score_score_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["referral_evaluation.id"],
            name=op.f("fk_referral_evaluation_score_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "evaluation_id", "dimension", name=op.f("pk_referral_evaluation_score")
        ),
    )
    op.create_table(
        "referral_message_read",
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", portal.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_message_read_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["referral_message.id"],
            name=op.f("fk_referral_message_read_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_referral_message_read")),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("number"), sa.column("digest"))
    op.get_bind().execute(head.insert().values(id=1, number=0, digest=GENESIS))
    immutable.install(op.get_bind())


def downgrade() -> None:
    immutable.remove(op.get_bind())
    op.drop_table("referral_message_read")
    op.drop_table("referral_evaluation_score")
    with op.batch_alter_table("online_refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_refund_online_payment_id"))

    op.drop_table("online_refund")
    with op.batch_alter_table("online_dispute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_dispute_online_payment_id"))

    op.drop_table("online_dispute")
    with op.batch_alter_table("booking_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_document_booking_id"))

    op.drop_table("booking_document")
    with op.batch_alter_table("signing_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_code_signatory_id"))

    op.drop_table("signing_code")
    with op.batch_alter_table("referral_survey_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_survey_link_family_id"))

    op.drop_table("referral_survey_link")
    with op.batch_alter_table("referral_survey_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_survey_answer_family_id"))
        batch_op.drop_index(batch_op.f("ix_referral_survey_answer_branch_id"))

    op.drop_table("referral_survey_answer")
    with op.batch_alter_table("referral_parent_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_parent_link_family_id"))

    op.drop_table("referral_parent_link")
    with op.batch_alter_table("referral_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_message_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_message_family_id"))

    op.drop_table("referral_message")
    with op.batch_alter_table("referral_match_pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_match_pause_match_id"))

    op.drop_table("referral_match_pause")
    with op.batch_alter_table("referral_half_day", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_referral_half_day_stands",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_referral_half_day_match_id"))
        batch_op.drop_index("ix_referral_half_day_branch")

    op.drop_table("referral_half_day")
    with op.batch_alter_table("referral_guidance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_guidance_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_guidance_family_id"))

    op.drop_table("referral_guidance")
    with op.batch_alter_table("referral_goal_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_goal_choice_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_goal_choice_family_id"))

    op.drop_table("referral_goal_choice")
    with op.batch_alter_table("referral_family_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_family_session_family_id"))

    op.drop_table("referral_family_session")
    with op.batch_alter_table("referral_family_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_family_request_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_family_request_family_id"))

    op.drop_table("referral_family_request")
    with op.batch_alter_table("referral_family_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_family_mark_mark"))

    op.drop_table("referral_family_mark")
    op.drop_table("referral_family_door")
    with op.batch_alter_table("referral_family_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_family_code_family_id"))

    op.drop_table("referral_family_code")
    with op.batch_alter_table("referral_evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_evaluation_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_evaluation_family_id"))

    op.drop_table("referral_evaluation")
    with op.batch_alter_table("referral_duplicate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_duplicate_other_id"))

    op.drop_table("referral_duplicate")
    with op.batch_alter_table("referral_branch_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_branch_note_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_branch_note_family_id"))

    op.drop_table("referral_branch_note")
    with op.batch_alter_table("referral_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_attachment_referral_id"))
        batch_op.drop_index(batch_op.f("ix_referral_attachment_family_id"))

    op.drop_table("referral_attachment")
    with op.batch_alter_table("online_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_payment_checkout_id"))

    op.drop_table("online_payment")
    with op.batch_alter_table("line_forecast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_forecast_line_id"))

    op.drop_table("line_forecast")
    with op.batch_alter_table("envelope_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_revision_sha256"))

    op.drop_table("envelope_revision")
    with op.batch_alter_table("envelope_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_event_envelope_id"))

    op.drop_table("envelope_event")
    with op.batch_alter_table("budget_statement_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_statement_event_statement_id"))

    op.drop_table("budget_statement_event")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_releases_id"))
        batch_op.drop_index(batch_op.f("ix_booking_line_id"))
        batch_op.drop_index(batch_op.f("ix_booking_import_id"))
        batch_op.drop_index("ix_booking_budget_on")
        batch_op.drop_index(batch_op.f("ix_booking_because_of_id"))

    op.drop_table("booking")
    with op.batch_alter_table("addendum_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_addendum_file_sha256"))

    op.drop_table("addendum_file")
    with op.batch_alter_table("addendum_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_addendum_answer_version_id"))

    op.drop_table("addendum_answer")
    with op.batch_alter_table("version_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_comment_version_id"))

    op.drop_table("version_comment")
    with op.batch_alter_table("reminder_pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_pause_invoice_id"))

    op.drop_table("reminder_pause")
    with op.batch_alter_table("reminder_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_item_reminder_id"))

    op.drop_table("reminder_item")
    op.drop_table("referral_quiet_reminder")
    op.drop_table("referral_opening_news")
    with op.batch_alter_table("referral_match", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_match_referral_id"))

    op.drop_table("referral_match")
    op.drop_table("referral_family")
    with op.batch_alter_table("referral_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_event_referral_id"))

    op.drop_table("referral_event")
    with op.batch_alter_table("referral_erasure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_erasure_due_on"))

    op.drop_table("referral_erasure")
    with op.batch_alter_table("referral_consent_choice", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_consent_choice_referral")

    op.drop_table("referral_consent_choice")
    op.drop_table("referral_consent")
    with op.batch_alter_table("online_checkout", schema=None) as batch_op:
        batch_op.drop_index("ix_online_checkout_state")
        batch_op.drop_index(batch_op.f("ix_online_checkout_invoice_id"))

    op.drop_table("online_checkout")
    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_line_payment_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_line_invoice_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_line_entry_id"))

    op.drop_table("ledger_line")
    with op.batch_alter_table("invoice_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_question_invoice_id"))

    op.drop_table("invoice_question")
    op.drop_table("invoice_pay_link")
    with op.batch_alter_table("invoice_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_event_invoice_id"))

    op.drop_table("invoice_event")
    with op.batch_alter_table("invoice_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_invoice_delivery_state")
        batch_op.drop_index(batch_op.f("ix_invoice_delivery_invoice_id"))

    op.drop_table("invoice_delivery")
    with op.batch_alter_table("interest_charge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interest_charge_invoice_id"))

    op.drop_table("interest_charge")
    with op.batch_alter_table("envelope_signatory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_signatory_envelope_id"))
        batch_op.drop_index(batch_op.f("ix_envelope_signatory_email"))
        batch_op.drop_index(batch_op.f("ix_envelope_signatory_account_id"))

    op.drop_table("envelope_signatory")
    with op.batch_alter_table("envelope_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_evidence_sha256"))

    op.drop_table("envelope_evidence")
    with op.batch_alter_table("budget_statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_statement_organisation_id"))

    op.drop_table("budget_statement")
    op.drop_table("budget_notice")
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_line_budget_id"))

    op.drop_table("budget_line")
    with op.batch_alter_table("budget_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_event_budget_id"))

    op.drop_table("budget_event")
    with op.batch_alter_table("booking_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_import_budget_id"))

    op.drop_table("booking_import")
    with op.batch_alter_table("agreement_renewal_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_renewal_answer_round_id"))

    op.drop_table("agreement_renewal_answer")
    op.drop_table("agreement_meeting_report")
    with op.batch_alter_table("agreement_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_decision_agreement")
        batch_op.drop_index(batch_op.f("ix_agreement_decision_addendum_id"))

    op.drop_table("agreement_decision")
    op.drop_table("addendum_version")
    with op.batch_alter_table("addendum_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_addendum_event_addendum_id"))

    op.drop_table("addendum_event")
    with op.batch_alter_table("referral_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_draft_guest_id"))
        batch_op.drop_index(batch_op.f("ix_referral_draft_changed_at"))
        batch_op.drop_index(batch_op.f("ix_referral_draft_account_id"))

    op.drop_table("referral_draft")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_organisation")
        batch_op.drop_index(batch_op.f("ix_referral_municipality_nis"))
        batch_op.drop_index("ix_referral_guest")
        batch_op.drop_index("ix_referral_follow_up_due")
        batch_op.drop_index("ix_referral_evaluation_due")
        batch_op.drop_index("ix_referral_branch_status")
        batch_op.drop_index("ix_referral_branch_received")
        batch_op.drop_index("ix_referral_account")

    op.drop_table("referral")
    op.drop_table("invoicing_order_number")
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index("ix_invoice_status_issued")
        batch_op.drop_index("ix_invoice_organisation_issued")
        batch_op.drop_index(batch_op.f("ix_invoice_credits_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_agreement_id"))

    op.drop_table("invoice")
    with op.batch_alter_table("guest_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_session_guest_id"))

    op.drop_table("guest_session")
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_link_guest_id"))
        batch_op.drop_index(batch_op.f("ix_guest_link_expires_at"))

    op.drop_table("guest_link")
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.drop_index("ix_envelope_status")

    op.drop_table("envelope")
    with op.batch_alter_table("budget", schema=None) as batch_op:
        batch_op.drop_index("ix_budget_year")

    op.drop_table("budget")
    op.drop_table("agreement_version")
    op.drop_table("agreement_renewal_round")
    op.drop_table("agreement_reminder")
    with op.batch_alter_table("agreement_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_party_organisation_id"))

    op.drop_table("agreement_party")
    with op.batch_alter_table("agreement_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_notice_agreement_id"))

    op.drop_table("agreement_notice")
    with op.batch_alter_table("agreement_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_meeting_agreement_id"))

    op.drop_table("agreement_meeting")
    with op.batch_alter_table("agreement_internal_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_internal_note_agreement_id"))

    op.drop_table("agreement_internal_note")
    with op.batch_alter_table("agreement_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_event_agreement_id"))

    op.drop_table("agreement_event")
    with op.batch_alter_table("agreement_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_delivery_agreement")

    op.drop_table("agreement_delivery")
    with op.batch_alter_table("agreement_delegation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_delegation_agreement_id"))

    op.drop_table("agreement_delegation")
    op.drop_table("agreement_counter_draft")
    with op.batch_alter_table("addendum", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_addendum_open",
            sqlite_where=sa.text(
                "status IN ('draft', 'proposed', 'agreed', 'approved', 'out_for_signature')"
            ),
            postgresql_where=sa.text(
                "status IN ('draft', 'proposed', 'agreed', 'approved', 'out_for_signature')"
            ),
        )

    op.drop_table("addendum")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("online_payout", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_payout_bank_payment_id"))

    op.drop_table("online_payout")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_guest_asked_account_at"))

    op.drop_table("guest")
    with op.batch_alter_table("enquiry_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enquiry_event_enquiry_id"))

    op.drop_table("enquiry_event")
    with op.batch_alter_table("calendar_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_link_membership_id"))

    op.drop_table("calendar_link")
    with op.batch_alter_table("bank_movement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_movement_statement_id"))
        batch_op.drop_index(batch_op.f("ix_bank_movement_payment_id"))
        batch_op.drop_index(batch_op.f("ix_bank_movement_likeness"))

    op.drop_table("bank_movement")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_status_changed")
        batch_op.drop_index(batch_op.f("ix_agreement_manager_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_organisation_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_payer_index"))
        batch_op.drop_index(batch_op.f("ix_payment_organisation_id"))
        batch_op.drop_index("ix_payment_booked_on")

    op.drop_table("payment")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_membership_branch_id"))
        batch_op.drop_index(batch_op.f("ix_membership_account_id"))

    op.drop_table("membership")
    op.drop_table("invoicing_details")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_email"))
        batch_op.drop_index(batch_op.f("ix_invitation_account_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_index("ix_enquiry_status_asked")

    op.drop_table("enquiry")
    with op.batch_alter_table("bank_statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_statement_file_id"))

    op.drop_table("bank_statement")
    with op.batch_alter_table("unmet_demand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unmet_demand_municipality_nis"))

    op.drop_table("unmet_demand")
    op.drop_table("template_edition")
    with op.batch_alter_table("reminder_settings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reminder_settings_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("reminder_settings")
    with op.batch_alter_table("referral_pending_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_pending_list_created_at"))
        batch_op.drop_index(batch_op.f("ix_referral_pending_list_account_id"))

    op.drop_table("referral_pending_list")
    with op.batch_alter_table("package_edition", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_package_edition_current",
            sqlite_where=sa.text("state <> 'retired'"),
            postgresql_where=sa.text("state <> 'retired'"),
        )

    op.drop_table("package_edition")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_sort_name_id")
        batch_op.drop_index(batch_op.f("ix_organisation_nis"))
        batch_op.drop_index(batch_op.f("ix_organisation_kind"))

    op.drop_table("organisation")
    with op.batch_alter_table("municipality_postcode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_municipality_postcode_nis"))

    op.drop_table("municipality_postcode")
    op.drop_table("material_version")
    op.drop_table("mail_choice")
    op.drop_table("legal_ground")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_booked_on"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("journal_export", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_export_period")

    op.drop_table("journal_export")
    with op.batch_alter_table("invoicing_settings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invoicing_settings_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("invoicing_settings")
    op.drop_table("instalment_condition_met")
    with op.batch_alter_table("index_figure", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_index_figure_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("index_figure")
    op.drop_table("guest_request")
    op.drop_table("family_text_edition")
    with op.batch_alter_table("email_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_email_change_account_id"))

    op.drop_table("email_change")
    with op.batch_alter_table("dated_text", schema=None) as batch_op:
        batch_op.drop_index("ix_dated_text_topic")

    op.drop_table("dated_text")
    op.drop_table("branch_staffing")
    with op.batch_alter_table("branch_area", schema=None) as batch_op:
        batch_op.drop_index("ix_branch_area_nis_from_on")
        batch_op.drop_index(batch_op.f("ix_branch_area_branch_id"))

    op.drop_table("branch_area")
    with op.batch_alter_table("bank_file", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_file_at")

    op.drop_table("bank_file")
    with op.batch_alter_table("account_codes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_account_codes_current",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("account_codes")
    with op.batch_alter_table("stripe_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stripe_event_applied_at"))

    op.drop_table("stripe_event")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_due")

    op.drop_table("outbox_message")
    with op.batch_alter_table("municipality", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_municipality_sort_name"))

    op.drop_table("municipality")
    op.drop_table("material")
    op.drop_table("job_run")
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_key_created_at"))

    op.drop_table("form_key")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_digest"))

    op.drop_table("document")
    op.drop_table("counter")
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.drop_index("ix_branch_sort_name_id")

    op.drop_table("branch")
    op.drop_table("billed_instalment")
    op.drop_table("bank_account")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_object")
        batch_op.drop_index(batch_op.f("ix_audit_event_account_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index("ix_account_sort_name_id")

    op.drop_table("account")
