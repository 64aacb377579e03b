"""Keeping and finding organisations."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.audit import AuditEvent
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.directory import organisations
from portal.directory.kinds import OrganisationKind, Source
from portal.directory.models import Organisation
from portal.directory.organisations import OrganisationDetails
from tests.directory.conftest import GENT, MERELBEKE_MELLE

CAW = OrganisationKind.CAW


def _found(session: Session, typed: str) -> list[str]:
    query = select(Organisation).where(organisations.matching(typed))
    return [found.name for found in session.scalars(query.order_by(Organisation.sort_name))]


def _refused(details: OrganisationDetails) -> DomainError:
    with pytest.raises(DomainError) as refused:
        organisations.create_organisation(details, None)
    return refused.value


def test_an_organisation_is_kept_as_written_with_its_number_in_ten_digits(
    reference: Session,
) -> None:
    created = organisations.create_organisation(
        OrganisationDetails(" CAW Oost-Vlaanderen ", CAW, kbo="BE 0403.019.261", nis=GENT), None
    )
    reference.commit()
    assert (created.name, created.kbo, created.source) == (
        "CAW Oost-Vlaanderen",
        "0403019261",
        Source.STAFF,
    )
    assert created.municipality is not None
    assert created.municipality.name == "Gent"
    assert created.active
    assert created.colleagues_see_referrals


def test_an_organisation_needs_a_name(reference: Session) -> None:
    assert _refused(OrganisationDetails("  ", CAW)).field == "name"


def test_an_organisation_of_another_kind_says_which(reference: Session) -> None:
    details = OrganisationDetails("De Buren", OrganisationKind.OTHER)
    assert _refused(details).field == "other_kind"


def test_the_text_of_another_kind_is_dropped_when_the_kind_is_known(
    new_organisation: Callable[..., Organisation],
) -> None:
    assert new_organisation(kind=CAW, other_kind="straathoekwerk").other_kind == ""


def test_an_enterprise_number_that_does_not_fit_is_refused(reference: Session) -> None:
    assert _refused(OrganisationDetails("CAW", CAW, kbo="0403.019.262")).field == "kbo"


def test_an_enterprise_number_in_use_is_refused_with_the_name_of_who_has_it(
    reference: Session,
) -> None:
    refused = _refused(OrganisationDetails("Sociaal Huis", CAW, kbo="0207.500.123"))
    assert refused.field == "kbo"
    assert refused.values == {"name": "Stad Antwerpen", "kbo": "0207.500.123"}


def test_a_stopped_organisation_that_has_the_number_is_said_to_be_stopped(
    new_organisation: Callable[..., Organisation],
) -> None:
    first = new_organisation(kbo="0403.019.261")
    organisations.set_active(first, False, None)
    refused = _refused(OrganisationDetails("CAW", CAW, kbo="0403019261"))
    assert "stopgezet" in refused.message


def test_an_organisation_keeps_its_own_number(
    new_organisation: Callable[..., Organisation],
) -> None:
    caw = new_organisation(kbo="0403.019.261")
    details = OrganisationDetails("CAW Gent-Eeklo", CAW, kbo="0403 019 261")
    assert organisations.update_organisation(caw, details, None) == {"name"}
    assert caw.sort_name == "caw gent eeklo"


def test_a_municipality_outside_flanders_and_brussels_is_refused(reference: Session) -> None:
    assert _refused(OrganisationDetails("CPAS", CAW, nis="62063")).field == "municipality"


def test_staff_who_correct_a_preloaded_organisation_own_it(reference: Session) -> None:
    ocmw = reference.scalars(select(Organisation).filter_by(name="OCMW Gent")).one()
    details = OrganisationDetails(
        ocmw.name, ocmw.kind, kbo=ocmw.kbo or "", nis=ocmw.nis, phone="09 266 99 11"
    )
    organisations.update_organisation(ocmw, details, None)
    assert ocmw.source == Source.STAFF


def test_saving_without_changes_changes_nothing(
    new_organisation: Callable[..., Organisation], session: Session
) -> None:
    caw = new_organisation(phone="09 1")
    details = OrganisationDetails(caw.name, CAW, phone=" 09 1 ")
    assert organisations.update_organisation(caw, details, None) == set()
    session.commit()
    assert caw.version == 1


def test_the_second_of_two_who_change_an_organisation_sees_what_the_first_did(
    new_organisation: Callable[..., Organisation], session: Session
) -> None:
    caw = new_organisation()
    seen = caw.version
    organisations.update_organisation(caw, OrganisationDetails("Nieuw", CAW), None, seen)
    session.commit()
    organisations.update_organisation(caw, OrganisationDetails("Nieuw", CAW, phone="1"), None)
    session.commit()
    with pytest.raises(ConflictError) as conflict:
        organisations.update_organisation(caw, OrganisationDetails("Oud", CAW), None, seen)
    assert [change.label for change in conflict.value.changes] == ["Naam", "Telefoon"]


def test_every_change_is_recorded_by_field_and_never_by_value(
    new_organisation: Callable[..., Organisation], session: Session
) -> None:
    caw = new_organisation(phone="09 123 45 67")
    organisations.update_organisation(caw, OrganisationDetails("Nieuwe naam", CAW), None)
    organisations.set_active(caw, False, None)
    organisations.set_active(caw, False, None)
    organisations.set_active(caw, True, None)
    session.commit()
    events = session.scalars(
        select(AuditEvent).filter_by(object_id=str(caw.id)).order_by(AuditEvent.number)
    ).all()
    assert [(event.action, event.fields) for event in events] == [
        ("organisation:create", ["colleagues_see_referrals", "kind", "name", "phone"]),
        ("organisation:update", ["name", "phone"]),
        ("organisation:deactivate", ["active"]),
        ("organisation:reactivate", ["active"]),
    ]


def test_organisations_are_found_by_words_of_the_name_in_any_order(
    new_organisation: Callable[..., Organisation], session: Session
) -> None:
    new_organisation("Wijkgezondheidscentrum De Sleep – Sint-Amandsberg")
    assert _found(session, "sleep WIJK") == ["Wijkgezondheidscentrum De Sleep – Sint-Amandsberg"]
    assert _found(session, "st amandsb") == ["Wijkgezondheidscentrum De Sleep – Sint-Amandsberg"]


@pytest.mark.parametrize(
    "typed", ["0207.500.123", "207500123", "BE 0207 500 123", "0207.500", "OVO001999", "ovo001999"]
)
def test_organisations_are_found_by_number(reference: Session, typed: str) -> None:
    assert "Stad Antwerpen" in _found(reference, typed)


@pytest.mark.parametrize("typed", ["%", "_", "'", "\\", "zzzz", "0000"])
def test_signs_that_mean_something_to_a_database_mean_nothing(
    new_organisation: Callable[..., Organisation], session: Session, typed: str
) -> None:
    new_organisation("Vereniging")
    every = len(_found(session, ""))
    assert len(_found(session, typed)) in (0, every)


def test_the_local_governments_of_a_municipality(reference: Session) -> None:
    found = organisations.local_governments_of(MERELBEKE_MELLE)
    assert [o.name for o in found] == ["Gemeente Merelbeke-Melle", "OCMW Merelbeke-Melle"]


def test_an_organisation_that_does_not_exist_is_not_found(reference: Session) -> None:
    with pytest.raises(NotFoundError):
        organisations.organisation(1)


def test_every_kind_has_a_name_and_says_what_it_may_do() -> None:
    assert all(kind.label for kind in OrganisationKind)
    assert [k for k in OrganisationKind if not k.refers_families] == ["vgc", "hsv"]
    assert {k for k in OrganisationKind if k.is_local_government} == {"gemeente", "ocmw"}
    assert not OrganisationKind.HSV.may_be_partner
    assert OrganisationKind.VGC.may_be_partner
