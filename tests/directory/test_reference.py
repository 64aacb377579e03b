"""The municipalities and local governments that ship with the portal."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.directory import gazetteer
from portal.directory.kbo import is_kbo
from portal.directory.kinds import LanguageRegime, OrganisationKind, Source
from portal.directory.models import Municipality, MunicipalityPostcode, Organisation
from portal.directory.reference import Loaded, load_reference


def _count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_reference_data_brings_304_municipalities_and_570_local_governments(
    session: Session,
) -> None:
    loaded = load_reference(session)
    assert loaded == Loaded(municipalities=304, postcodes=546, organisations=570)
    assert _count(session, Municipality) == 304
    assert _count(session, Organisation) == 570
    regions = select(Municipality.region, func.count()).group_by(Municipality.region)
    counted = {"Vlaams Gewest": 285, "Brussels Hoofdstedelijk Gewest": 19}
    assert dict(session.execute(regions).all()) == counted


def test_loading_again_changes_nothing(reference: Session) -> None:
    assert load_reference(reference) == Loaded(0, 0, 0)


def test_what_differs_from_the_files_is_put_right(reference: Session) -> None:
    reference.get_one(Municipality, "44021").inhabitants = 1
    reference.add(MunicipalityPostcode(postcode="0001", nis="44021"))
    stad_gent = reference.scalars(select(Organisation).filter_by(name="Stad Gent")).one()
    stad_gent.name = "Gemeente Gand"
    reference.commit()
    assert load_reference(reference) == Loaded(1, 1, 1)
    reference.commit()
    reference.expire_all()
    assert reference.get_one(Municipality, "44021").inhabitants > 200_000
    assert stad_gent.name == "Stad Gent"
    assert stad_gent.sort_name == "stad gent"


def test_an_organisation_corrected_by_staff_is_left_alone(reference: Session) -> None:
    ocmw = reference.scalars(select(Organisation).filter_by(name="OCMW Gent")).one()
    ocmw.name, ocmw.source = "Sociaal Huis Gent", Source.STAFF
    reference.commit()
    assert load_reference(reference).organisations == 0
    reference.expire_all()
    assert ocmw.name == "Sociaal Huis Gent"


def test_an_organisation_that_staff_entered_before_it_was_shipped_is_not_doubled(
    session: Session,
) -> None:
    session.add(Organisation(name="Antwerpen", kind=OrganisationKind.GEMEENTE, kbo="0207500123"))
    session.commit()
    assert load_reference(session).organisations == 569
    assert _count(session, Organisation) == 570


def test_every_enterprise_number_of_a_local_government_is_valid_and_its_own() -> None:
    numbers = [g.kbo for g in gazetteer.local_governments()]
    assert len(numbers) == len(set(numbers)) == 570
    assert [n for n in numbers if not is_kbo(n)] == []


def test_every_flemish_municipality_has_its_municipality_and_its_ocmw() -> None:
    pairs = {(g.nis, g.kind) for g in gazetteer.local_governments()}
    flemish = [p.nis for p in gazetteer.places().values() if p.region == "Vlaams Gewest"]
    kinds = (OrganisationKind.GEMEENTE, OrganisationKind.OCMW)
    assert pairs == {(nis, kind) for nis in flemish for kind in kinds}


def test_cities_call_themselves_so() -> None:
    names = {g.name for g in gazetteer.local_governments()}
    assert {"Stad Gent", "Gemeente Aalter", "OCMW Gent", "Stad Bilzen-Hoeselt"} <= names
    assert gazetteer.cities() <= gazetteer.places().keys()
    assert len(gazetteer.cities()) == 65


def test_the_language_regime_is_known_of_every_municipality() -> None:
    regimes = [p.language_regime for p in gazetteer.places().values()]
    assert regimes.count(LanguageRegime.FACILITIES) == 12
    assert regimes.count(LanguageRegime.BILINGUAL) == 19
    assert gazetteer.places()["73109"].language_regime == LanguageRegime.FACILITIES  # Voeren


def test_inhabitants_carry_the_year_of_the_count() -> None:
    assert {p.inhabitants_year for p in gazetteer.places().values()} == {2020}
    assert sum(p.inhabitants for p in gazetteer.places().values()) == 7_847_398


def test_the_thirteen_mergers_of_2025_know_whom_they_replace(reference: Session) -> None:
    merged = [m for m in reference.scalars(select(Municipality)) if m.predecessors]
    assert len(merged) == 13
    melle = reference.get_one(Municipality, "44088")
    assert [p["name"] for p in melle.predecessors] == ["Melle", "Merelbeke"]
    gone = {"Melle", "Gooik", "Kruibeke", "Borsbeek", "Borgloon", "De Pinte"}
    assert not gone & {p.name for p in gazetteer.places().values()}
