"""Writing a draft: every step, saved at once, with its amounts."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.agreements import compute, drafting, drafting_checks, drafting_parties
from portal.agreements.drafting_checks import STEPS
from portal.agreements.models import Agreement
from portal.agreements.terms import (
    ALL_BP,
    BudgetLine,
    DecidingBody,
    Formula,
    Person,
    Renewal,
    Share,
    ShareKind,
)
from portal.core.errors import ConflictError, DomainError
from tests import make
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import GENT, MERELBEKE_MELLE, World
from tests.browser import Browser, Page


@pytest.fixture
def hsv(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.manager.account)


def _open(browser: Browser, agreement: Agreement, step: str) -> Page:
    page = browser.get("agreements.edit", reference=agreement.reference, step=step)
    assert page.status == 200
    return page


def filled(page: Page) -> dict[str, Any]:
    """Everything the form of a page would send as it stands, one value per name or a list."""
    found: dict[str, Any] = {}
    for control in page.find():
        name, tag = control.get("name"), control.tag.rpartition("}")[2]
        if not name or tag not in ("input", "select", "textarea"):
            continue
        if control.get("type") in ("radio", "checkbox") and control.get("checked") is None:
            continue
        if tag == "select":
            options = [o for o in control.iter() if o.tag.endswith("option")]
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            value = chosen[0].get("value", "") if chosen else ""
        elif tag == "textarea":
            value = "".join(control.itertext()).lstrip("\n")
        else:
            value = control.get("value", "on" if control.get("type") == "checkbox" else "")
        found[name] = [*_listed(found[name]), value] if name in found else value
    found.pop("locale", None)
    found.pop("next", None)
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def send(browser: Browser, agreement: Agreement, step: str, **changes: Any) -> Page:
    """Fill in a step as it stands, with some answers changed, and send it."""
    data = {**filled(_open(browser, agreement, step)), **changes}
    path = browser.path("agreements.edit", reference=agreement.reference, step=step)
    kept = {name: value for name, value in data.items() if value is not None}
    return browser.post_to(path, kept)


def test_hsv_opens_a_draft_that_the_package_fills_in(hsv: Browser, world: World) -> None:
    page = hsv.get("agreements.open_draft")
    sent = {"formula": "B", "partner": "Stad Gent", "starts_on": "2028-01-01", "years": "3"}
    answer = hsv.submit(page, "agreements.open_draft", sent)
    shown = hsv.follow(answer)
    assert shown.heading.startswith("Partijen")
    assert "Stad Gent" in shown.text
    agreement = make.only(Agreement)
    terms = agreement.terms
    assert [p.name for p in terms.area] == ["Gent"]
    assert terms.ends_on == date(2030, 12, 31)
    assert terms.court == "de rechtbank van eerste aanleg Oost-Vlaanderen"
    assert sum(line.cents[0] for line in terms.lines) == 53_244_00
    assert terms.partners[0].deciding_body == DecidingBody.COUNCIL
    assert [p.capacity for p in terms.partners[0].signatories] == [
        "voorzitter van de gemeenteraad",
        "algemeen directeur",
    ]


def test_a_double_click_opens_one_draft(hsv: Browser, world: World) -> None:
    page = hsv.get("agreements.open_draft")
    sent = {"formula": "A", "partner": "Stad Gent", "starts_on": "2028-01-01", "years": "2"}
    first = hsv.submit(page, "agreements.open_draft", sent)
    second = hsv.submit(page, "agreements.open_draft", sent)
    assert first.location == second.location
    assert make.number_of(Agreement) == 1


def test_a_partner_nobody_knows_is_an_error_at_its_field(hsv: Browser, world: World) -> None:
    page = hsv.get("agreements.open_draft")
    sent = {"formula": "B", "partner": "Gemeente Nergens", "starts_on": "2028-01-01", "years": "3"}
    answer = hsv.submit(page, "agreements.open_draft", sent)
    assert any("kennen deze organisatie niet" in error for error in answer.errors)
    assert answer.value("partner") == "Gemeente Nergens"


def test_every_step_sent_as_it_stands_changes_nothing(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, formula=Formula.CUSTOM)
    before = agreement.terms
    answer = None
    for step in list(STEPS)[:-1]:
        answer = send(hsv, agreement, step)
        assert answer.status == 303, (step, answer.errors)
        assert agreement.terms == before, step
    assert answer is not None
    page = _open(hsv, agreement, "nakijken")
    assert page.heading.startswith("Nakijken")


def test_what_is_saved_is_found_again_by_a_colleague(hsv: Browser, world: World, app: Any) -> None:
    agreement = make_negotiation.drafted(world)
    answer = send(hsv, agreement, "duur", notice_months="9", actie="later")
    assert answer.location.endswith(agreement.reference)
    colleague = make.membership(
        "agreements_manager", make.home_start(), make.account(name="Lies Baert")
    )
    page = _open(Browser(app).sign_in(colleague.account), agreement, "duur")
    assert page.value("notice_months") == "9"


def test_amounts_per_partner_per_year_follow_what_is_typed(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent, world.melle)
    before = agreement.terms
    page = send(hsv, agreement, "begroting", **{"lines-0-cents-0": "44.000", "actie": "bereken"})
    assert page.status == 200
    assert "€ 64.044,00" in page.text.replace("\u00a0", " ")  # + 10.000 and 8 % overhead on it
    assert "€ 32.022,00" in page.text.replace("\u00a0", " ")  # half of it each
    assert agreement.terms == before


def test_an_amount_that_is_none_stays_in_its_field_with_the_reason(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.drafted(world)
    page = send(hsv, agreement, "begroting", **{"lines-0-cents-0": "1.5"})
    assert page.status == 200
    assert any("1.250" in error for error in page.errors)
    assert page.value("lines-0-cents-0") == "1.5"


def test_a_line_left_empty_is_left_out_and_a_new_one_gets_a_code(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.drafted(world)
    count = len(agreement.terms.lines)
    new = {f"lines-{count}-label": "Tolken", f"lines-{count}-cents-0": "300"}
    gone = {"lines-1-code": "", "lines-1-label": "", "lines-1-wage": None}
    gone |= {f"lines-1-cents-{n}": "" for n in range(3)}
    assert send(hsv, agreement, "begroting", **gone, **new).status == 303
    lines = {line.label: line for line in agreement.terms.lines}
    assert "Sociaal secretariaat en verplichte verzekeringen" not in lines
    assert lines["Tolken"].cents == (300_00, 0, 0)
    assert lines["Tolken"].code == "B50"


def test_income_from_elsewhere_lowers_what_partners_bear(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    sent = {"income-0-label": "Subsidie Opgroeien"} | {
        f"income-0-cents-{n}": "10000" for n in range(3)
    }
    assert send(hsv, agreement, "begroting", **sent).status == 303
    assert [y.shares_cents for y in compute.totals(agreement.terms)] == [(43_244_00,)] * 3


def test_shares_by_percentage_that_do_not_sum_keep_the_draft_from_being_proposed(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.drafted(world, world.gent, world.melle)
    assert send(hsv, agreement, "verdeling", **{"shares-0-percentage": "60"}).status == 303
    page = _open(hsv, agreement, "nakijken")
    assert "De percentages zijn samen 110,00 % in plaats van 100 %." in page.text
    assert "voorleggen aan de partners" not in page.text


def test_shares_follow_inhabitants_at_the_press_of_a_button(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent, world.melle)
    assert send(hsv, agreement, "verdeling", actie="inwoners").status == 303
    shares = [p.share for p in agreement.terms.partners]
    assert [s.kind for s in shares] == [ShareKind.INHABITANTS] * 2
    assert shares[0].value == 263_927
    assert all(sum(y.shares_cents) == y.partners_cents for y in compute.totals(agreement.terms))


def test_a_vzw_without_municipality_of_its_own_cannot_share_by_inhabitants(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.drafted(world)
    page = send(hsv, agreement, "verdeling", actie="inwoners")
    assert any("Vriendenkring De Wieg vzw" in error for error in page.errors)


def test_fixed_amounts_go_first(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent, world.vzw)
    fixed = {"shares-1-kind": "fixed"} | {f"shares-1-per_year-{n}": "5.000" for n in range(3)}
    sent = {"shares-0-percentage": "100", **fixed}
    assert send(hsv, agreement, "verdeling", **sent).status == 303
    assert compute.totals(agreement.terms)[0].shares_cents == (48_244_00, 5_000_00)


def test_a_longer_term_gives_the_budget_a_year_more(world: World) -> None:
    terms = make_negotiation.drafted(world, world.gent).terms
    longer = drafting.with_dates(terms, terms.starts_on, date(2031, 12, 31))
    assert [len(line.cents) for line in longer.lines] == [4] * len(longer.lines)
    assert compute.totals(longer)[3].cost_cents == compute.totals(terms)[2].cost_cents


def test_a_year_of_fewer_months_costs_in_proportion(world: World) -> None:
    terms = make_negotiation.drafted(world, world.gent).terms
    shorter = drafting.with_dates(terms, date(2028, 7, 1), terms.ends_on)
    assert compute.totals(shorter)[0].cost_cents == 26_622_00
    assert compute.totals(shorter)[1].cost_cents == 53_244_00


def test_the_last_day_of_a_term_that_begins_on_a_leap_day() -> None:
    assert drafting.last_day(date(2028, 2, 29), 3) == date(2031, 2, 28)
    assert drafting.last_day(date(2027, 1, 1), 3) == date(2029, 12, 31)


def test_partners_are_added_and_taken_out_with_the_cost_shared_anew(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    page = _open(hsv, agreement, "partijen")
    sent = {"partner": "Gemeente Merelbeke-Melle"}
    hsv.submit(page, "agreements.add_partner", sent, reference=agreement.reference)
    assert [p.share.value for p in agreement.terms.partners] == [5000, 5000]
    assert [p.nis for p in agreement.terms.area] == [GENT, MERELBEKE_MELLE]
    assert len(agreement.parties) == 2
    page = _open(hsv, agreement, "partijen")
    hsv.submit(page, "agreements.remove_partner", {}, reference=agreement.reference, position=1)
    assert [p.name for p in agreement.terms.partners] == ["Gemeente Merelbeke-Melle"]
    assert [p.share.value for p in agreement.terms.partners] == [ALL_BP]


def test_the_same_organisation_is_a_party_once(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    page = _open(hsv, agreement, "partijen")
    answer = hsv.submit(
        page, "agreements.add_partner", {"partner": "Stad Gent"}, reference=agreement.reference
    )
    assert any("al een partij" in error for error in answer.errors)


def test_who_signs_changes_with_the_body_and_no_name_moves_to_another_office(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    page = hsv.get("agreements.edit_party", reference=agreement.reference, position=1)
    sent = {**filled(page), "deciding_body": "college"}
    path = hsv.path("agreements.edit_party", reference=agreement.reference, position=1)
    after = hsv.follow(hsv.post_to(path, sent))
    party = agreement.terms.partners[0]
    assert party.signatories == (
        Person("", "burgemeester"),
        Person("Jan Smet", "algemeen directeur"),
    )
    assert "Nu tekenen anderen" in after.text


def test_an_enterprise_number_and_an_account_number_are_checked(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    page = hsv.get("agreements.edit_party", reference=agreement.reference, position=1)
    path = hsv.path("agreements.edit_party", reference=agreement.reference, position=1)
    wrong = {"kbo": "0207.451.228", "iban": "BE71 0961 2345 6760"}
    answer = hsv.post_to(path, {**filled(page), **wrong})
    assert len(answer.errors) == 2
    right = {"kbo": "BE 0207 451 227", "iban": "be71 0961 2345 6769"}
    assert hsv.post_to(path, {**filled(page), **right}).status == 303
    party = agreement.terms.partners[0]
    assert (party.kbo, party.iban) == ("0207451227", "BE71096123456769")


def test_municipalities_are_added_by_any_name_and_taken_out(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    assert (
        send(hsv, agreement, "gebied", municipality="9090 Melle", actie="toevoegen").status == 303
    )
    assert [p.name for p in agreement.terms.area] == ["Gent", "Merelbeke-Melle"]
    assert send(hsv, agreement, "gebied", kept=[MERELBEKE_MELLE]).status == 303
    assert [p.name for p in agreement.terms.area] == ["Merelbeke-Melle"]


def test_package_c_chooses_its_services_and_adds_its_own(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent, formula=Formula.CUSTOM)
    sent = {"services": ["1", "6"], "free-0-title": "Babytheek", "free-0-by": "both"}
    assert send(hsv, agreement, "diensten", **sent).status == 303
    services = agreement.terms.services
    assert [s.number for s in services] == [1, 6, None]
    assert services[-1].by == "Home-Start Vlaanderen en de partner samen"


def test_packages_a_and_b_keep_their_services(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    before = agreement.terms.services
    assert send(hsv, agreement, "diensten", services=["1"], fte="0,6").status == 303
    assert agreement.terms.services == before
    assert agreement.terms.coordination.fte_percent == 60


def test_an_instalment_has_a_day_or_a_condition(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    page = send(hsv, agreement, "betaling", **{"instalments-0-month": ""})
    assert any("een dag én een maand" in error for error in page.errors)
    page = send(hsv, agreement, "betaling", **{"instalments-0-day": "30"})
    assert any("bestaat niet elk jaar" in error for error in page.errors)
    sent = {"instalments-0-month": "", "instalments-0-day": "", "instalments-0-condition": "start"}
    assert send(hsv, agreement, "betaling", **sent).status == 303
    assert agreement.terms.instalments[0].condition == "start"


def test_tacit_renewal_asks_for_how_long(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    page = send(hsv, agreement, "duur", renewal="tacit")
    assert any("hoeveel jaar" in error for error in page.errors)
    assert send(hsv, agreement, "duur", renewal="tacit", renewal_years="1").status == 303
    assert agreement.terms.renewal == Renewal.TACIT


@pytest.mark.parametrize(
    "clause",
    [
        "In afwijking van artikel 3 betaalt het gezin een bijdrage.",
        "Artikel 18 is niet van toepassing.",
        "Art. 17 vervalt.\nDe rest blijft.",
    ],
)
def test_special_clauses_cannot_undo_the_articles_that_are_the_same_for_everybody(
    world: World, clause: str
) -> None:
    terms = make_negotiation.drafted(world, world.gent).terms.with_(special_clauses=clause)
    assert any("liggen vast" in one.message for one in drafting_checks.blocking(terms))


def test_special_clauses_may_mention_those_articles(world: World) -> None:
    clause = "Met respect voor artikel 18 komt de stuurgroep drie keer samen."
    terms = make_negotiation.drafted(world, world.gent).terms.with_(special_clauses=clause)
    assert drafting_checks.blocking(terms) == []


def test_two_managers_at_once_the_second_sees_what_changed_and_loses_nothing(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    stale = filled(_open(hsv, agreement, "bepalingen"))
    assert send(hsv, agreement, "duur", notice_months="12").status == 303
    path = hsv.path("agreements.edit", reference=agreement.reference, step="bepalingen")
    answer = hsv.post_to(path, {**stale, "special_clauses": "Drie folders in het Turks."})
    assert answer.status == 409
    assert "Ontwerp aangepast" in answer.text
    assert "Drie folders in het Turks." in answer.text
    assert agreement.terms.notice_months == 12
    assert agreement.terms.special_clauses == ""


def test_a_draft_with_nothing_missing_says_so(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world)
    page = _open(hsv, agreement, "nakijken")
    assert "Versie 1 voorleggen aan de partners" in page.text


def test_fifty_budget_lines_are_kept(session: Session, world: World) -> None:
    lines = tuple(BudgetLine(f"X{n}", f"Lijn {n}", cents=(n, n, n)) for n in range(1, 51))
    agreement = make_negotiation.drafted(world, world.gent, lines=lines)
    session.expire_all()
    assert compute.totals(agreement.terms)[0].cost_cents == 1275


def test_nobody_is_a_thirteenth_partner(world: World) -> None:
    terms = make_negotiation.drafted(world, world.gent).terms
    full = terms.with_(partners=terms.partners * 12)
    with pytest.raises(DomainError, match="twaalf"):
        drafting_parties.with_partner(full, world.melle)


def test_a_draft_whose_text_is_agreed_cannot_be_written_any_more(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    page = hsv.get("agreements.edit", reference=agreement.reference, step="duur")
    assert page.status == 409
    with pytest.raises(ConflictError):
        drafting.save(
            make_negotiation.manager(world), agreement, agreement.terms.with_(title="x"), None
        )


def test_a_fixed_share_keeps_its_amounts_when_the_term_changes(world: World) -> None:
    terms = make_negotiation.drafted(world, world.gent).terms
    fixed = Share(ShareKind.FIXED, 0, (100_00, 100_00, 100_00))
    partners = tuple(
        type(p)(**{**{f: getattr(p, f) for f in p.__dataclass_fields__}, "share": fixed})
        for p in terms.partners
    )
    moved = drafting.with_dates(terms.with_(partners=partners), date(2028, 7, 1), terms.ends_on)
    assert moved.partners[0].share.per_year == (50_00, 100_00, 100_00)


def test_another_package_fills_the_draft_in_anew(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    answer = send(hsv, agreement, "diensten", formula="A")
    assert "Het pakket is gewijzigd" in hsv.follow(answer).text
    terms = agreement.terms
    assert terms.formula == Formula.EXPERT
    assert [s.number for s in terms.services] == [1, 2, 3]
    assert [p.name for p in terms.partners] == ["Stad Gent"]


def test_a_partner_without_anybody_to_read_is_noticed(hsv: Browser, world: World) -> None:
    lonely = make.organisation("ocmw", "OCMW Nergenshuizen")
    agreement = make_negotiation.drafted(world, world.gent, lonely)
    page = _open(hsv, agreement, "nakijken")
    assert "Voor OCMW Nergenshuizen kan nog niemand het voorstel lezen" in page.text
    assert "voorleggen aan de partners" in page.text


def test_an_amount_that_is_none_is_named_by_its_line_and_year(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world)
    path = {"reference": agreement.reference, "step": "begroting"}
    page = hsv.get("agreements.edit", **path)
    answers = {**filled(page), "lines-1-cents-0": "veel"}

    page = hsv.submit(page, "agreements.edit", answers, **path)

    assert "Kosten 2, 2028: Vul een bedrag in" in page.text


def test_a_share_that_is_none_is_named_by_its_partner(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world)
    path = {"reference": agreement.reference, "step": "verdeling"}
    page = hsv.get("agreements.edit", **path)
    answers = {**filled(page), "shares-1-percentage": "de helft"}

    page = hsv.submit(page, "agreements.edit", answers, **path)

    assert f"{world.melle.name}, Percentage: Vul een percentage in" in page.text
