"""The pages on which administrators keep organisations."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import db
from portal.directory import organisations
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation
from tests.browser import Browser
from tests.directory.conftest import count_queries

NEW = {"name": "CAW Oost-Vlaanderen", "kind": "caw", "kbo": "0403.019.261", "municipality": "Melle"}


def test_the_list_shows_the_first_of_all_and_leads_to_the_next(
    administrator: Browser,
) -> None:
    page = administrator.get("directory.organisations")
    assert page.heading == "Organisaties"
    assert "Gemeente Aalter" in page.text
    assert "25 van 571" in page.text
    onward = next(link for link in page.links() if "na=" in link)
    assert "Gemeente Aalter" not in administrator.open(onward).text


@pytest.mark.parametrize(
    "asked",
    [{"q": "ocmw merelbeke"}, {"q": "1010.776.127"}, {"soort": "ocmw", "gemeente": "9090"}],
)
def test_an_organisation_is_found_by(administrator: Browser, asked: dict[str, str]) -> None:
    page = administrator.get("directory.organisations", **asked)
    assert "OCMW Merelbeke-Melle" in page.text
    assert "1 van 1" in page.text


def test_a_search_without_result_says_what_to_do(administrator: Browser) -> None:
    page = administrator.get("directory.organisations", gemeente="Parijs")
    assert "Geen organisatie gevonden" in page.text
    assert administrator.path("directory.new_organisation") in page.links()


def test_the_number_of_queries_does_not_depend_on_the_number_of_organisations(
    administrator: Browser,
) -> None:
    with count_queries() as one:
        administrator.get("directory.organisations", q="merelbeke ocmw")
    with count_queries() as many:
        administrator.get("directory.organisations")
    assert len(many) == len(one) <= 8


def test_an_organisation_is_added_with_its_number_and_municipality(
    administrator: Browser, session: Session
) -> None:
    form = administrator.get("directory.new_organisation")
    page = administrator.follow(administrator.submit(form, "directory.new_organisation", NEW))
    assert page.heading.startswith("CAW Oost-Vlaanderen")
    assert "CAW Oost-Vlaanderen is toegevoegd." in page.text
    added = session.scalars(select(Organisation).filter_by(kbo="0403019261")).one()
    assert added.nis == "44088"
    assert "0403.019.261" in page.text


def test_a_form_sent_twice_adds_one_organisation(administrator: Browser, session: Session) -> None:
    form = administrator.get("directory.new_organisation")
    sent = {"name": "Buurtwerk De Brug", "kind": "buurtwerk"}
    answers = [administrator.submit(form, "directory.new_organisation", sent) for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    assert len(session.scalars(select(Organisation).filter_by(name=sent["name"])).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "Naam: Vul dit in."),
        ({"kind": ""}, "Soort organisatie: Maak een keuze."),
        ({"kind": "hsv"}, "Soort organisatie: Kies een van de mogelijkheden."),
        ({"kind": "other"}, "Welke soort: Zeg wat voor organisatie dit is."),
        ({"kbo": "0403.019.262"}, "Ondernemingsnummer: Dit ondernemingsnummer klopt niet."),
        ({"kbo": "0207.500.123"}, "Ondernemingsnummer: Stad Antwerpen heeft dit"),
        ({"municipality": "Parijs"}, "Gemeente: Kies een gemeente in Vlaanderen of Brussel."),
        ({"municipality": "1040"}, "Gemeente: Welke gemeente bedoel je: Brussel, Etterbeek?"),
        ({"email": "geen adres"}, "E-mailadres: Vul een e-mailadres in"),
        ({"website": "niks"}, "Website: Vul een webadres in"),
        ({"phone": "bel maar"}, "Telefoon: Vul een telefoonnummer in"),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_typed_is_lost(
    administrator: Browser, session: Session, wrong: dict[str, str], message: str
) -> None:
    sent = {**NEW, "street": "Kerkstraat 1", **wrong}
    form = administrator.get("directory.new_organisation")
    page = administrator.submit(form, "directory.new_organisation", sent)
    assert page.status == 200
    assert any(error.startswith(message) for error in page.errors), page.errors
    assert page.value("street") == "Kerkstraat 1"
    assert session.scalars(select(Organisation).filter_by(name=NEW["name"])).all() == []
    mended = administrator.submit(page, "directory.new_organisation", NEW)
    assert mended.status == 302


def test_an_organisation_is_changed(
    administrator: Browser, new_organisation: Callable[..., Organisation]
) -> None:
    caw = new_organisation(kbo="0403019261", nis="44021")
    form = administrator.get("directory.edit_organisation", organisation_id=caw.id)
    assert form.value("kbo") == "0403.019.261"
    assert form.value("municipality") == "Gent"
    assert form.value("kind") == "caw"
    answer = administrator.submit(
        form,
        "directory.edit_organisation",
        {"name": "CAW Nieuw", "kind": "caw", "municipality": ""},
        organisation_id=caw.id,
    )
    page = administrator.follow(answer)
    assert page.heading.startswith("CAW Nieuw")
    assert not caw.colleagues_see_referrals  # an unticked box is not sent
    assert caw.nis is None


def test_the_second_of_two_who_change_an_organisation_sees_what_changed_and_gets_it_back(
    administrator: Browser, new_organisation: Callable[..., Organisation]
) -> None:
    caw = new_organisation()
    form = administrator.get("directory.edit_organisation", organisation_id=caw.id)
    sent = {"name": "CAW Een", "kind": "caw"}
    administrator.submit(form, "directory.edit_organisation", sent, organisation_id=caw.id)
    late = {"name": "CAW Twee", "kind": "caw", "phone": "09 123 45 67"}
    page = administrator.submit(form, "directory.edit_organisation", late, organisation_id=caw.id)
    assert page.status == 409
    assert "Naam" in page.text
    assert "09 123 45 67" in page.text
    assert caw.name == "CAW Een"


def test_an_organisation_is_stopped_and_resumed(
    administrator: Browser, new_organisation: Callable[..., Organisation]
) -> None:
    caw = new_organisation()
    page = administrator.get("directory.organisation", organisation_id=caw.id)
    answer = administrator.submit(
        page, "directory.deactivate_organisation", {}, organisation_id=caw.id
    )
    page = administrator.follow(answer)
    assert "is stopgezet." in page.text
    assert not caw.active
    administrator.submit(page, "directory.reactivate_organisation", {}, organisation_id=caw.id)
    assert caw.active


def test_home_start_itself_cannot_be_stopped(administrator: Browser, session: Session) -> None:
    hsv = session.scalars(select(Organisation).filter_by(kind=OrganisationKind.HSV)).one()
    shown = administrator.get("directory.organisation", organisation_id=hsv.id)
    assert "Organisatie stopzetten" not in shown.text
    answer = administrator.post(
        "directory.deactivate_organisation", {"version": "1"}, organisation_id=hsv.id
    )
    assert "kun je niet stopzetten" in administrator.follow(answer).text
    assert hsv.active


def test_a_button_without_a_version_does_nothing(
    administrator: Browser, new_organisation: Callable[..., Organisation]
) -> None:
    caw = new_organisation()
    answer = administrator.post("directory.deactivate_organisation", organisation_id=caw.id)
    assert answer.status == 400
    assert caw.active


def test_what_staff_type_is_shown_as_text(
    administrator: Browser, new_organisation: Callable[..., Organisation]
) -> None:
    nasty = "A & B <b>vet</b> {{ 7*7 }} %(name)s"
    added = new_organisation(
        nasty, street="<script>1</script>", kind=OrganisationKind.OTHER, other_kind=nasty
    )
    for page in (
        administrator.get("directory.organisation", organisation_id=added.id),
        administrator.get("directory.organisations", q="vet"),
        administrator.get("directory.edit_organisation", organisation_id=added.id),
    ):
        assert page.status == 200
        assert nasty in page.text or page.value("name") == nasty
        assert not page.find("b")
    organisations.set_active(added, False, None)
    db.session.commit()
    stopped = administrator.get("directory.organisation", organisation_id=added.id)
    administrator.submit(stopped, "directory.reactivate_organisation", {}, organisation_id=added.id)
    assert f"{nasty} is weer actief." in administrator.get("directory.organisations").text


def test_the_list_is_exported_as_filtered_with_text_that_stays_text(
    administrator: Browser, new_organisation: Callable[..., Organisation]
) -> None:
    new_organisation("=1+1 CAW", kind=OrganisationKind.CAW, phone="+32 9 123 45 67")
    path = administrator.path("directory.organisations", soort="caw", formaat="csv")
    text = administrator.client.get(path).get_data(as_text=True)
    assert text.splitlines()[0].startswith('\ufeff"Naam";"Soort"')
    assert len(text.splitlines()) == 2
    assert '"\'=1+1 CAW"' in text
    sheet = administrator.client.get(path.replace("csv", "xlsx")).get_data()
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(sheet)).active for c in row]  # type: ignore[union-attr]
    assert "f" not in {cell.data_type for cell in cells}


def test_an_organisation_that_does_not_exist_is_not_found(administrator: Browser) -> None:
    assert administrator.get("directory.organisation", organisation_id=1).status == 404
    assert administrator.get("directory.edit_organisation", organisation_id=1).status == 404
    assert administrator.open(f"/organisaties/{2**63}").status == 404


def test_everything_that_is_wrong_is_said_at_once(administrator: Browser) -> None:
    form = administrator.get("directory.new_organisation")
    sent = {"kind": "other", "kbo": "123", "municipality": "Parijs", "postcode": "90"}
    page = administrator.submit(form, "directory.new_organisation", sent)
    labels = [error.partition(":")[0] for error in page.errors]
    assert labels == ["Naam", "Welke soort", "Ondernemingsnummer", "Gemeente", "Postcode"]


def test_a_referrer_cannot_come_near_the_organisations(
    referrer: Browser, new_organisation: Callable[..., Organisation]
) -> None:
    caw = new_organisation()
    assert referrer.get("directory.organisations").status == 403
    assert referrer.get("directory.organisation", organisation_id=caw.id).status == 403
    assert referrer.post("directory.new_organisation", NEW).status == 403
    assert referrer.post("directory.deactivate_organisation", organisation_id=caw.id).status == 403
    assert caw.active
