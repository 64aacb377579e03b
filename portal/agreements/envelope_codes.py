"""One-time codes: six digits by mail, to who is about to sign.

A code is bound to one signatory of one envelope, one account and one sign-in; it is good for ten
minutes, five tries and one signature. The database knows only its keyed digest.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from portal.agreements import envelope_notices, envelope_turns
from portal.agreements.envelope_states import workflow
from portal.agreements.models import EnvelopeSignatory, SigningCode
from portal.core import clock
from portal.core.crypto import keyring
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor

VALID = timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES_AN_HOUR = 5
OVER = N_("Deze code is verlopen of al gebruikt. Vraag een nieuwe.")
WRONG = N_("Dit is niet de code uit je laatste mail. Je mag nog %(left)s keer proberen.")


@dataclass(frozen=True)
class Circumstances:
    """From where somebody acts: network address, browser, and the sign-in it happens in."""

    address: str = ""
    browser: str = ""
    session_id: int = 0


def ask(actor: Actor, signatory: EnvelopeSignatory, where: Circumstances) -> None:
    """Send a new code; those sent before are void. Raises DomainError.

    The caller made sure that this is a fresh sign-in.
    """
    workflow.expect(signatory.envelope, None)
    envelope_turns.check_turn(signatory)
    _check_not_too_many(signatory)
    now = clock.now()
    earlier = update(SigningCode).where(
        SigningCode.signatory_id == signatory.id, SigningCode.used_at.is_(None)
    )
    db.session.execute(earlier.values(used_at=now))
    words = f"{secrets.randbelow(10**6):06}"
    made = SigningCode(
        signatory_id=signatory.id,
        account_id=actor.account_id,
        session_id=where.session_id,
        digest=_digest(words, signatory),
        tries=0,
        sent_at=now,
        expires_at=now + VALID,
    )
    db.session.add(made)
    signatory.account_id = actor.account_id
    signatory.opened_at = signatory.opened_at or now
    workflow.fire(signatory.envelope, "ask_code", actor, signatory=signatory, address=where.address)
    envelope_notices.code(signatory, words, made.id)


def try_code(
    actor: Actor, signatory: EnvelopeSignatory, words: str, where: Circumstances
) -> SigningCode | str:
    """Return the code when this is it, else why not (a message with `left`); a wrong try counts.

    Commit either way: a wrong try that is rolled back would not count.
    """
    found = db.session.scalar(
        select(SigningCode)
        .where(
            SigningCode.signatory_id == signatory.id,
            SigningCode.account_id == actor.account_id,
            SigningCode.session_id == where.session_id,
            SigningCode.used_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or found.expires_at <= clock.now() or found.tries >= MOST_TRIES:
        return OVER
    typed = "".join(c for c in words if c.isdigit())
    if hmac.compare_digest(found.digest, _digest(typed, signatory)):
        return found
    found.tries += 1
    workflow.fire(
        signatory.envelope, "fail_code", actor, signatory=signatory, address=where.address
    )
    return WRONG if found.tries < MOST_TRIES else OVER


def left(signatory: EnvelopeSignatory, actor: Actor) -> int:
    """Return how often the code that is out may still be tried."""
    tries = db.session.scalar(
        select(SigningCode.tries).where(
            SigningCode.signatory_id == signatory.id,
            SigningCode.account_id == actor.account_id,
            SigningCode.used_at.is_(None),
        )
    )
    return MOST_TRIES if tries is None else MOST_TRIES - tries


def is_out(signatory: EnvelopeSignatory, actor: Actor, session_id: int) -> bool:
    """Say whether a code was sent that can still be used in this sign-in."""
    query = select(SigningCode.id).where(
        SigningCode.signatory_id == signatory.id,
        SigningCode.account_id == actor.account_id,
        SigningCode.session_id == session_id,
        SigningCode.used_at.is_(None),
        SigningCode.tries < MOST_TRIES,
        SigningCode.expires_at > clock.now(),
    )
    return db.session.scalar(query.limit(1)) is not None


def use(code_id: int) -> None:
    """Spend a code, in the transaction of the signature. Raises DomainError when it was spent."""
    spent = db.session.scalar(
        update(SigningCode)
        .where(
            SigningCode.id == code_id,
            SigningCode.used_at.is_(None),
            SigningCode.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(SigningCode.id)
    )
    if spent is None:
        raise DomainError(OVER, "code")


def _check_not_too_many(signatory: EnvelopeSignatory) -> None:
    sent = db.session.scalar(
        select(func.count())
        .select_from(SigningCode)
        .where(
            SigningCode.signatory_id == signatory.id,
            SigningCode.sent_at > clock.now() - timedelta(hours=1),
        )
    )
    if (sent or 0) >= MOST_CODES_AN_HOUR:
        raise DomainError(N_("Je vroeg al vijf codes in een uur. Probeer het straks opnieuw."))


def _digest(words: str, signatory: EnvelopeSignatory) -> bytes:
    return keyring().fingerprint(words.encode(), f"signing code {signatory.id}")
