"""Writing the terms of an agreement before they are proposed: HSV's draft, and a partner's own.

HSV's draft hangs on the agreement. A partner that wants other terms writes a counter-proposal of
its own, drawn from the newest version; nobody else sees it until it is proposed.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from portal.agreements import drafting_parties, packages, pricing
from portal.agreements.models import (
    Agreement,
    AgreementParty,
    CounterDraft,
    Enquiry,
    LegalGround,
    Status,
)
from portal.agreements.models.agreement import NEGOTIABLE
from portal.agreements.opening import open_draft
from portal.agreements.states import workflow
from portal.agreements.terms import (
    DEFAULT_SDGS,
    Formula,
    IncomeLine,
    Indexation,
    InKind,
    Place,
    Terms,
)
from portal.core import audit, clock, money
from portal.core.db import db
from portal.core.errors import Change, ConflictError, DomainError, NotAllowedError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.directory.gazetteer import courts, places
from portal.directory.models import Organisation
