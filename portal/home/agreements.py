"""What waits in the agreements: whose turn it is, and the dates that come near."""

from dataclasses import dataclass, field

from portal.agreements import addenda, addendum_present, deadlines_list, envelopes, present
from portal.agreements.deadlines_list import Due
from portal.agreements.models import Agreement, EnvelopeSignatory
from portal.agreements.present import Expectation
from portal.core import clock
from portal.core.permissions import Actor, Permission

MOST = 6


@dataclass(frozen=True)
class Waiting:
    """An agreement or an addendum to it (its number), and what is expected."""

    agreement: Agreement
    expectation: Expectation
    addendum: int | None = None

    @property
    def path(self) -> str:
        """Return the page where one does it."""
        path = f"/overeenkomsten/{self.agreement.reference}"
        return path if self.addendum is None else f"{path}/addenda/{self.addendum}"


@dataclass(frozen=True)
class Agreements:
    """What waits for this person, what waits for others, and the dates that come near."""

    yours: list[Waiting] = field(default_factory=list)
    others: list[Waiting] = field(default_factory=list)
    dates: list[Due] = field(default_factory=list)
    more: int = 0
    to_sign: list[EnvelopeSignatory] = field(default_factory=list)


def day(actor: Actor) -> Agreements:
    """Return what waits; nothing for who does not work with agreements."""
    to_sign = envelopes.waiting_for(actor)
    if not actor.can(Permission.AGREEMENT_READ):
        return Agreements(to_sign=to_sign)
    found = [
        *(
            Waiting(one.agreement, addendum_present.expectation(one, actor), one.number)
            for one in addenda.open_ones(actor)
            if one.number is not None
        ),
        *(Waiting(one, present.expectation(one, actor)) for one in deadlines_list.open_ones(actor)),
    ]
    yours = [one for one in found if one.expectation.yours]
    others = [one for one in found if not one.expectation.yours and one.expectation.who]
    near = clock.today() + deadlines_list.SOON
    dates = [one for one in deadlines_list.due(actor) if one.deadline.on <= near]
    return Agreements(yours[:MOST], others[:MOST], dates[:MOST], max(len(yours) - MOST, 0), to_sign)
