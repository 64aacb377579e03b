"""Who may do what: the whole policy on one page.

A view names the permission it needs (`guard.requires`), a transition names the permission that
fires it (`workflow`), and this table says which roles hold it. Which objects a role may see is a
query on the model (`Referral.visible_to(actor)`), never a check afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    REFERRER = "referrer"
    NEGOTIATOR = "negotiator"
    SIGNATORY = "signatory"
    PARTNER_FINANCE = "partner_finance"
    COORDINATOR = "coordinator"
    AGREEMENTS_MANAGER = "agreements_manager"
    FINANCE_OFFICER = "finance_officer"
    ADMINISTRATOR = "administrator"
    DPO = "dpo"


class Permission(StrEnum):
    """Named `thing:action`."""

    ACCOUNT_OWN = "account:own"  # one's own profile, password, sessions, memberships
    HOME = "home:view"
    DIRECTORY_VIEW = "directory:view"
    DIRECTORY_MANAGE = "directory:manage"
    PEOPLE_MANAGE = "people:manage"
    OUTBOX_MANAGE = "outbox:manage"
    COLLEAGUES_SHARING = "organisation:share"  # whether colleagues see each other's referrals
    GUEST_OWN = "guest:own"  # one's own visit without an account
    REFERRAL_SUBMIT = "referral:submit"
    REFERRAL_LIST = "referral:list"
    REFERRAL_FOLLOW = "referral:follow"  # the referrer's view of a referral
    REFERRAL_WITHDRAW = "referral:withdraw"
    REFERRAL_HANDLE = "referral:handle"  # the coordinator's view and decisions
    CAPACITY_VIEW = "capacity:view"  # of one's own branch, or of all where one has none
    FAMILY_TEXT_MANAGE = "family_text:manage"  # what families read and agree to
    UNMET_DEMAND_VIEW = "unmet_demand:view"
    AUDIT_VIEW = "audit:view"
    # Asking for an agreement (agreement:ask) is public and needs no permission.
    AGREEMENT_READ = "agreement:read"  # one's own organisation's agreements, as proposed
    AGREEMENT_READ_ALL = "agreement:read_all"
    AGREEMENT_NEGOTIATE = "agreement:negotiate"
    AGREEMENT_MANAGE = "agreement:manage"
    AGREEMENT_CONTINUE = "agreement:continue"  # speak for one's party on renewal and notice
    DELIVERY_RECORD = "delivery:record"  # the log of services; read with the agreement
    # What one is asked to sign oneself: whoever it is and whatever else they do.
    AGREEMENT_SIGN = "agreement:sign"
    MATERIAL_READ = "material:read"
    MATERIAL_MANAGE = "material:manage"
    ENQUIRY_MANAGE = "enquiry:manage"
    PACKAGE_VIEW = "package:view"
    PACKAGE_MANAGE = "package:manage"
    PACKAGE_ACTIVATE = "package:activate"
    TEMPLATE_MANAGE = "template:manage"
    TERMS_MANAGE = "terms:manage"  # index figures, legal grounds, wordings
    FINANCE_VIEW = "finance:view"  # the start page of the money of one's own agreements
    FINANCE_READ_ALL = "finance:read_all"  # of every partner
    BUDGET_READ = "budget:read"
    BUDGET_MANAGE = "budget:manage"
    STATEMENT_ANSWER = "statement:answer"  # approve or question one's own statement of account
    INVOICE_READ = "invoice:read"  # issued to one's own organisation
    INVOICE_MANAGE = "invoice:manage"  # draft, issue, credit, deliver
    PAYMENT_MANAGE = "payment:manage"  # book, place, take back; partners see what they paid
    BOOKS_EXPORT = "books:export"  # the journal and the documents of a period
    INVOICING_DETAILS = "invoicing:details"  # how one's own organisation wants its invoices
    INVOICING_SETTINGS = "invoicing:settings"  # who HSV is on an invoice, and since when


_EVERYBODY = frozenset(
    {
        Permission.ACCOUNT_OWN,
        Permission.HOME,
        Permission.DIRECTORY_VIEW,
        Permission.AGREEMENT_SIGN,
    }
)

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.REFERRER: _EVERYBODY
    | {
        Permission.REFERRAL_SUBMIT,
        Permission.REFERRAL_LIST,
        Permission.REFERRAL_FOLLOW,
        Permission.REFERRAL_WITHDRAW,
        Permission.COLLEAGUES_SHARING,
    },
    Role.NEGOTIATOR: _EVERYBODY
    | {
        Permission.AGREEMENT_READ,
        Permission.AGREEMENT_NEGOTIATE,
        Permission.AGREEMENT_CONTINUE,
        Permission.MATERIAL_READ,
        Permission.FINANCE_VIEW,
        Permission.BUDGET_READ,
        Permission.STATEMENT_ANSWER,
    },
    Role.SIGNATORY: _EVERYBODY
    | {Permission.AGREEMENT_READ, Permission.MATERIAL_READ, Permission.BUDGET_READ},
    Role.PARTNER_FINANCE: _EVERYBODY
    | {
        Permission.AGREEMENT_READ,
        Permission.MATERIAL_READ,
        Permission.FINANCE_VIEW,
        Permission.BUDGET_READ,
        Permission.STATEMENT_ANSWER,
        Permission.INVOICE_READ,
        Permission.INVOICING_DETAILS,
    },
    Role.COORDINATOR: _EVERYBODY
    | {
        Permission.REFERRAL_LIST,
        Permission.REFERRAL_HANDLE,
        Permission.CAPACITY_VIEW,
        Permission.MATERIAL_READ,
    },
    Role.AGREEMENTS_MANAGER: _EVERYBODY
    | {
        Permission.UNMET_DEMAND_VIEW,
        Permission.CAPACITY_VIEW,
        Permission.AGREEMENT_READ,
        Permission.AGREEMENT_READ_ALL,
        Permission.AGREEMENT_MANAGE,
        Permission.AGREEMENT_CONTINUE,
        Permission.DELIVERY_RECORD,
        Permission.MATERIAL_READ,
        Permission.MATERIAL_MANAGE,
        Permission.BUDGET_READ,
        Permission.ENQUIRY_MANAGE,
        Permission.PACKAGE_VIEW,
        Permission.PACKAGE_MANAGE,
        Permission.PACKAGE_ACTIVATE,
        Permission.TEMPLATE_MANAGE,
        Permission.TERMS_MANAGE,
    },
    Role.FINANCE_OFFICER: _EVERYBODY
    | {
        Permission.AGREEMENT_READ,
        Permission.AGREEMENT_READ_ALL,
        Permission.PACKAGE_VIEW,
        Permission.PACKAGE_ACTIVATE,  # prices are looked at by four eyes; two may be these
        Permission.TERMS_MANAGE,
        Permission.FINANCE_VIEW,
        Permission.FINANCE_READ_ALL,
        Permission.BUDGET_READ,
        Permission.BUDGET_MANAGE,
        Permission.INVOICE_READ,
        Permission.INVOICE_MANAGE,
        Permission.PAYMENT_MANAGE,
        Permission.BOOKS_EXPORT,
        Permission.INVOICING_DETAILS,
        Permission.INVOICING_SETTINGS,
    },
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        Permission.DIRECTORY_MANAGE,
        Permission.PEOPLE_MANAGE,
        Permission.OUTBOX_MANAGE,
        Permission.FAMILY_TEXT_MANAGE,
        Permission.UNMET_DEMAND_VIEW,
        Permission.CAPACITY_VIEW,
    },
    Role.DPO: _EVERYBODY | {Permission.AUDIT_VIEW, Permission.FAMILY_TEXT_MANAGE},
}

# Somebody without an account who proved that an e-mail address is hers.
GUEST = frozenset(
    {
        Permission.GUEST_OWN,
        Permission.REFERRAL_SUBMIT,
        Permission.REFERRAL_LIST,
        Permission.REFERRAL_FOLLOW,
        Permission.REFERRAL_WITHDRAW,
    }
)

# Somebody signed in who has not (or no longer) a role anywhere; who was asked to sign still may.
WITHOUT_ROLE = frozenset({Permission.ACCOUNT_OWN, Permission.AGREEMENT_SIGN})


@dataclass(frozen=True)
class Actor:
    """The person who acts, in the one role in use. Ids and names only; safe to pass anywhere.

    A guest has a guest_id and the account id 0, which is nobody's: None would be the account of
    everything that has none.
    """

    account_id: int
    name: str
    email: str
    role: Role | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    branch_id: int | None = None
    branch_name: str = ""
    role_label: str = ""
    memberships_count: int = 0
    locale: str | None = None
    permissions: frozenset[Permission] = field(default=WITHOUT_ROLE)
    guest_id: int | None = None

    @property
    def person_id(self) -> int:
        """Return who this is, with an account or without."""
        return self.guest_id or self.account_id

    def can(self, permission: Permission | str) -> bool:
        """Say whether the role in use holds this permission."""
        return permission in self.permissions


def granted(role: Role | None) -> frozenset[Permission]:
    """Return the permissions of a role; of nobody's role, what is one's own."""
    return WITHOUT_ROLE if role is None else GRANTS[role]
