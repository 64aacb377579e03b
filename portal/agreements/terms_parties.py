"""The parties of an agreement and its area, as they stand in the contract."""

from dataclasses import dataclass

from portal.agreements.kinds import DecidingBody, PaymentDocument, ShareKind
from portal.directory.kinds import OrganisationKind


@dataclass(frozen=True)
class Person:
    """Somebody who represents, signs or is a contact; capacity as printed ("burgemeester")."""

    name: str = ""
    capacity: str = ""


@dataclass(frozen=True)
class Share:
    """What a partner bears of the cost.

    percentage: `value` in basis points; inhabitants: `value` is their number; fixed: `per_year`
    in cents, one amount per budget year. Fixed amounts go first, the rest is shared by the others.
    """

    kind: ShareKind = ShareKind.PERCENTAGE
    value: int = 0
    per_year: tuple[int, ...] = ()


@dataclass(frozen=True)
class Party:
    """One party, as it stands in the contract: copied, so that a later move changes nothing."""

    organisation_id: int | None
    name: str
    kind: OrganisationKind
    address: str = ""
    kbo: str = ""
    register: str = ""  # "RPR Leuven", for a legal person of private law
    representatives: tuple[Person, ...] = ()
    deciding_body: DecidingBody | None = None
    signatories: tuple[Person, ...] = ()
    contact: Person = Person()
    contact_email: str = ""
    dpo: str = ""
    iban: str = ""
    pays_by: PaymentDocument = PaymentDocument.INVOICE
    share: Share = Share()

    @property
    def is_public(self) -> bool:
        """Say whether a public body must decide before this party may sign."""
        return self.kind.is_local_government or self.kind == OrganisationKind.VGC


@dataclass(frozen=True)
class Place:
    """A municipality of the area; inhabitants as counted on 1 January of a year."""

    nis: str
    name: str
    inhabitants: int = 0
    inhabitants_year: int = 0
