"""Families that decide: one asks, one stops; and a text that waits for a second reader."""

from sqlalchemy import select

from portal.accounts.models import Account, Membership
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor, Role, granted
from portal.referrals import consents, family_door, family_requests, texts, withdrawal
from portal.referrals.choices import GIVEN_BY_SELF, MANNER_ONLINE
from portal.referrals.consents import NO, Purpose, Said
from portal.referrals.models import Referral, Status
from portal.referrals.text_kinds import TextKind

TURKISH = """- Burada yazdıklarınızı yalnızca size yakın Home-Start koordinatörü okur. Koordinatör bunları kimseye söylemez: yasa böyle. Yalnızca birisi büyük tehlikedeyse yardım çağırabilir.
- Bir gönüllü mü geliyor? O zaman adınızı, numaranızı ve yardım için gerekli olanı öğrenir. Fazlasını değil.
- Sizi yalnızca sizin seçtiğiniz zamanda ararız.
- İstediğiniz zaman durdurabilirsiniz. Nedenini söylemeniz gerekmez.
- Yazılanları okuyabilir, düzelttirebilir veya sildirebilirsiniz. Koordinatöre sorun veya {email} adresine yazın."""  # noqa: E501 - a text as people read it


def build(coordinator_email: str, administrator_email: str) -> None:
    """Let families of the first branch decide, through the services, as people do."""
    coordinator = _actor(coordinator_email, Role.COORDINATOR)
    running = select(Referral).where(
        Referral.branch_id == coordinator.branch_id, Referral.status == Status.RUNNING
    )
    found = list(db.session.scalars(running.order_by(Referral.id).limit(2)))
    if len(found) == 2:
        asking, stopping = found
        family_door.new_code(coordinator, asking)
        consents.change(None, asking, {Purpose.HEALTH: NO, Purpose.FEEDBACK: "status"}, _said())
        family_requests.ask(asking, family_requests.RequestKind.COPY, "Mag ik het op papier?")
        withdrawal.withdraw(None, stopping, _said())
    administrator = _actor(administrator_email, Role.ADMINISTRATOR)
    draft = texts.begin(administrator, TextKind.SELF, "Vertaling in het Turks")
    texts.write(administrator, draft, "tr", TURKISH, draft.version)
    db.session.commit()


def _said() -> Said:
    version = texts.shipped(TextKind.PAGE).name
    return Said(GIVEN_BY_SELF, clock.today(), MANNER_ONLINE, "nl", version)


def _actor(email: str, role: Role) -> Actor:
    query = (
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Account.email == email, Membership.role == role)
    )
    held = db.session.scalars(query).first()
    assert held is not None
    return Actor(
        account_id=held.account_id,
        name=held.account.name,
        email=email,
        role=role,
        membership_id=held.id,
        branch_id=held.branch_id,
        permissions=granted(role),
    )
