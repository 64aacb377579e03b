"""What other slices ask of accounts. None of it commits, none of it knows the web."""

from portal.accounts.invitations import Accepted, accept, invite
from portal.accounts.memberships import (
    Recipient,
    active_memberships,
    actors_of,
    add_membership,
    end_membership,
    members_of_branch,
    members_of_organisation,
    members_with_role,
    recipient,
)
from portal.accounts.people import (
    Person,
    accounts_by_id,
    create_account,
    find_account,
    is_password_of,
    normalise_email,
)
from portal.accounts.roles import label as role_label

__all__ = [
    "Accepted",
    "Person",
    "Recipient",
    "accept",
    "accounts_by_id",
    "active_memberships",
    "actors_of",
    "add_membership",
    "create_account",
    "end_membership",
    "find_account",
    "invite",
    "is_password_of",
    "members_of_branch",
    "members_of_organisation",
    "members_with_role",
    "normalise_email",
    "recipient",
    "role_label",
]
