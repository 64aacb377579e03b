"""What the agreements slice stores."""

from portal.agreements.models.addendum import (
    Addendum,
    AddendumAnswer,
    AddendumEvent,
    AddendumFile,
    AddendumStatus,
    AddendumVersion,
    FileKind,
)
from portal.agreements.models.agreement import (
    Agreement,
    AgreementEvent,
    AgreementParty,
    AgreementVersion,
    Side,
    Status,
    Turn,
    VersionComment,
)
from portal.agreements.models.counter import CounterDraft
from portal.agreements.models.dated import DatedText
from portal.agreements.models.decision import Decision, Delegation
from portal.agreements.models.delivery import Delivery, DeliveryKind
from portal.agreements.models.ending import (
    Notice,
    NoticeForm,
    NoticeGround,
    RenewalAnswer,
    RenewalOutcome,
    RenewalRound,
)
from portal.agreements.models.enquiry import Enquiry, EnquiryEvent, EnquiryStatus
from portal.agreements.models.envelope import (
    Envelope,
    EnvelopeEvent,
    EnvelopeEvidence,
    EnvelopeRevision,
    EnvelopeSignatory,
    EnvelopeStatus,
    SignatoryStatus,
    SigningCode,
    Subject,
    Way,
)
from portal.agreements.models.following import CalendarLink, Reminder
from portal.agreements.models.material import Material, MaterialKind, MaterialVersion
from portal.agreements.models.offer import (
    EditionState,
    IndexFigure,
    LegalGround,
    PackageEdition,
    TemplateEdition,
)
from portal.agreements.models.report import MeetingReport
from portal.agreements.models.working import InternalNote, Meeting

__all__ = [
    "Addendum",
    "AddendumAnswer",
    "AddendumEvent",
    "AddendumFile",
    "AddendumStatus",
    "AddendumVersion",
    "Agreement",
    "AgreementEvent",
    "AgreementParty",
    "AgreementVersion",
    "CalendarLink",
    "CounterDraft",
    "DatedText",
    "Decision",
    "Delegation",
    "Delivery",
    "DeliveryKind",
    "EditionState",
    "Enquiry",
    "EnquiryEvent",
    "EnquiryStatus",
    "Envelope",
    "EnvelopeEvent",
    "EnvelopeEvidence",
    "EnvelopeRevision",
    "EnvelopeSignatory",
    "EnvelopeStatus",
    "FileKind",
    "IndexFigure",
    "InternalNote",
    "LegalGround",
    "Material",
    "MaterialKind",
    "MaterialVersion",
    "Meeting",
    "MeetingReport",
    "Notice",
    "NoticeForm",
    "NoticeGround",
    "PackageEdition",
    "Reminder",
    "RenewalAnswer",
    "RenewalOutcome",
    "RenewalRound",
    "Side",
    "SignatoryStatus",
    "SigningCode",
    "Status",
    "Subject",
    "TemplateEdition",
    "Turn",
    "VersionComment",
    "Way",
]
