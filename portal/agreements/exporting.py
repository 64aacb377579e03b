"""A version of an agreement as a file, for who runs the portal."""

from sqlalchemy import and_, select

from portal.agreements import addendum_talk, decisions, envelopes, in_force, proposing
from portal.agreements.listing import LETTER
from portal.agreements.models import Agreement, Envelope, EnvelopeStatus, FileKind, Subject
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.references import read_reference


def signed(reference: str, *, partly: bool = False, addendum: int | None = None) -> bytes:
    """Return the agreement, or an addendum to it, as signed by everybody; `partly`: else as far
    as it was signed.

    Raises NotFoundError when nobody signed it, DamagedDocumentError.
    """
    about = Envelope.subject == Subject.AGREEMENT
    if addendum is not None:
        of_it = Envelope.subject_number == addendum
        about = and_(Envelope.subject == Subject.ADDENDUM, of_it)
    known = read_reference(LETTER, reference)
    rows = db.session.scalars(
        select(Envelope)
        .join(Agreement)
        .where(Agreement.reference == known, about)
        .order_by(Envelope.number.desc())
    ).all()
    for envelope in rows:
        if envelope.status == EnvelopeStatus.COMPLETE:
            return envelopes.read(envelope.latest)
    begun = [one for one in rows if one.latest.signatory_id is not None]
    if partly and begun:
        return envelopes.read(begun[0].latest)
    raise NotFoundError()


def agreement(reference: str, form: str, number: int | None = None) -> tuple[int, bytes]:
    """Return the number and bytes ("docx" or "pdf") of a version: the one asked for, else the one
    agreed to, else the newest. Raises NotFoundError, DamagedDocumentError.
    """
    found = _agreement(reference)
    if found.latest is None:
        raise NotFoundError()
    wanted = number or found.agreed_number or found.latest.number
    for version in found.versions:
        if version.number == wanted:
            return version.number, proposing.read(version, form)[0]
    raise NotFoundError()


def addendum(reference: str, number: int, form: str) -> bytes:
    """Return an addendum as it was proposed last. Raises NotFoundError, DamagedDocumentError."""
    found = next((one for one in _agreement(reference).addenda if one.number == number), None)
    if found is None:
        raise NotFoundError()
    return addendum_talk.read(addendum_talk.latest(found), FileKind(form))[0]


def consolidated(reference: str, form: str) -> tuple[int | None, bytes]:
    """Return the text all parties are bound by once every signed addendum applies: the number of
    the last one (None: the agreement as it was agreed) and the bytes. Raises NotFoundError,
    DamagedDocumentError.
    """
    found = _agreement(reference)
    concluded = in_force.concluded_addenda(found)
    if not concluded:
        return None, proposing.read(decisions.agreed_version(found), form)[0]
    version = addendum_talk.latest(concluded[-1])
    return concluded[-1].number, addendum_talk.read(version, FileKind(f"text_{form}"))[0]


def _agreement(reference: str) -> Agreement:
    known = read_reference(LETTER, reference)
    found = db.session.scalar(select(Agreement).where(Agreement.reference == known))
    if found is None:
        raise NotFoundError()
    return found
