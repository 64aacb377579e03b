"""What the form refuses, and the words in which it says so."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMessage
from portal.referrals.models import Referral
from portal.referrals.submission import submit
from tests.browser import Browser
from tests.referrals import make_referral as make
from tests.referrals import typed
from tests.referrals.conftest import World


def day(offset: int) -> str:
    return (clock.today() + timedelta(days=offset)).isoformat()


YEAR = clock.today().year
NO_CHILD = {"children-0-first_name": "", "children-0-month": "", "children-0-year": ""}


@pytest.mark.parametrize(
    ("step", "answers", "message"),
    [
        ("instemming", {"crisis": ""}, "Is er nu een crisis of acuut gevaar? Maak een keuze."),
        ("instemming", {"court_measure": ""}, "Maak een keuze."),
        ("instemming", {"function": ""}, "Je functie: Vul dit in."),
        ("instemming", {"phone": "12"}, "Vul een telefoonnummer in"),
        ("instemming", {"relation": ""}, "Hoe ken je dit gezin? Maak een keuze."),
        ("instemming", {"informed": ""}, "Verwijzen kan alleen als het gezin geïnformeerd is."),
        ("instemming", {"agrees": ""}, "Verwijzen kan alleen als het gezin instemt."),
        ("instemming", {"given_by": "buur"}, "Kies een van de mogelijkheden."),
        ("instemming", {"given_on": "straks"}, "Vul een datum in"),
        ("instemming", {"given_on": day(1)}, "De datum van de instemming ligt in de toekomst."),
        ("instemming", {"given_on": day(-400)}, "De instemming is ouder dan een jaar."),
        ("instemming", {"feedback": ""}, "Wat mag jij later nog horen? Maak een keuze."),
        ("instemming", {"wants_feedback": ""}, "Wil je daarover een mail krijgen? Maak een keuze."),
        ("gezin", {"municipality": ""}, "In welke gemeente woont het gezin? Vul dit in."),
        (
            "gezin",
            {"municipality": "Namen"},
            "Deze gemeente vinden we niet in Vlaanderen of Brussel.",
        ),
        ("gezin", {"municipality": "a"}, "Dit past bij veel gemeenten."),
        ("gezin", {"municipality": "1040"}, "Kies de gemeente die je bedoelt."),
        ("gezin", {"municipality": "Gent"}, "Welke postcode? Kies de postcode."),
        ("gezin", {"first_name": ""}, "Voornaam: Vul dit in."),
        ("gezin", {"last_name": " "}, "Familienaam: Vul dit in."),
        ("gezin", {"phone": ""}, "Vul het nummer in waarop de coördinator mag bellen."),
        ("gezin", {"call_moment": ""}, "Schrijf wanneer bellen kan, of “altijd”."),
        ("gezin", {"email": "nadia"}, "Vul een e-mailadres in"),
        ("gezin", {"adults": "7"}, "Kies een van de mogelijkheden."),
        ("gezin", {"language": "other"}, "Welke taal? Schrijf welke taal."),
        ("gezin", {"children-0-month": ""}, "Kinderen 1, Geboortemaand: Kies de maand."),
        ("gezin", {"children-0-year": ""}, "Kinderen 1, Geboortejaar: Vul het jaar in."),
        ("gezin", {"children-0-year": "24"}, "Vul het jaar met vier cijfers in, zoals 2021."),
        ("gezin", {"children-0-year": "abc"}, "Vul een geheel getal in."),
        ("gezin", {"children-0-year": str(YEAR + 1)}, "Een geboortemaand ligt in de toekomst."),
        ("gezin", {"children-0-year": str(YEAR - 14)}, "minstens één kind jonger dan 12"),
        ("gezin", NO_CHILD, "minstens één kind jonger dan 12, of een zwangerschap."),
        ("gezin", {"pregnant": "ja"}, "Kies de maand waarin de baby verwacht wordt."),
        ("gezin", {"pregnant": "ja", "due": "2031-01"}, "Kies een van de mogelijkheden."),
        (
            "vraag",
            {"upbringing": [], "network": [], "question": ""},
            "Kruis minstens één vraag aan, of schrijf de vraag in eigen woorden.",
        ),
        ("vraag", {"question": "x" * 1001}, "Gebruik hoogstens 1000 tekens."),
        ("vraag", {"strengths": "x" * 1001}, "Gebruik hoogstens 1000 tekens."),
        ("vraag", {"indicators": ["rijk"]}, "Kies uit de mogelijkheden."),
        ("praktisch", {"pets": ""}, "Zijn er huisdieren? Maak een keuze."),
        ("praktisch", {"known_risk": ""}, "Maak een keuze."),
    ],
)
def test_a_step_says_what_is_wrong_and_keeps_what_was_typed(
    signed_in: Browser, step: str, answers: dict[str, Any], message: str
) -> None:
    draft = typed.begin(signed_in)
    page = typed.save(signed_in, draft, step, {**typed.of(step), **answers})
    assert page.status == 200
    assert any(message in error for error in page.errors), page.errors
    assert (page.find("title")[0].text or "").startswith("Fout:")
    for name, value in answers.items():
        if isinstance(value, str) and name not in ("given_by", "adults", "due"):
            assert page.value(name).strip() == value.strip()


def test_every_error_links_to_its_field(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    page = typed.save(signed_in, draft, "gezin", {"municipality": "Gent", "children-0-year": "24"})
    ids = {e.get("id") for e in page.find()}
    linked = [href[1:] for href in page.links() if href.startswith("#") and href != "#inhoud"]
    assert len(linked) >= 9
    assert set(linked) <= ids


@pytest.mark.parametrize("answers", [typed.consent(crisis="ja"), {"crisis": "ja"}])
def test_in_a_crisis_nothing_is_sent_and_the_numbers_to_call_are_shown(
    signed_in: Browser, answers: dict[str, Any]
) -> None:
    draft = typed.up_to_check(signed_in)
    page = typed.save(signed_in, draft, "instemming", answers)

    assert page.status == 200
    assert page.errors == [
        "Is er nu een crisis of acuut gevaar? Home-Start is er niet voor crisissen. "
        "Bel 1712 of, bij direct gevaar, 112. Er is niets verstuurd."
    ]
    assert {"tel:1712", "tel:112"} <= set(page.links())
    assert "Vertrouwenscentrum" in page.text
    assert typed.send(signed_in, draft).status == 200
    assert db.session.scalars(select(Referral)).all() == []
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_a_court_measure_asks_to_call_first(signed_in: Browser) -> None:
    draft = typed.up_to_check(signed_in)
    page = typed.save(signed_in, draft, "instemming", typed.consent(court_measure="ja"))
    assert len(page.errors) == 1
    assert "Bel bij een gerechtelijke maatregel eerst de coördinator" in page.errors[0]
    assert signed_in.path("directory.municipalities") in page.links()
    check = signed_in.get("referrals.check", draft_id=draft)
    assert "Dit moet eerst nog in orde" in check.text
    typed.send(signed_in, draft)
    assert db.session.scalars(select(Referral)).all() == []


def test_a_known_risk_is_for_the_telephone(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    page = signed_in.get("referrals.step", draft_id=draft, name="praktisch")
    assert "Bespreek dit telefonisch" in page.text
    assert "risk" not in {t.get("name", "") for t in page.find("textarea")}


def test_the_five_lines_are_asked_before_sending(signed_in: Browser) -> None:
    draft = typed.up_to_check(signed_in)
    page = typed.send(signed_in, draft, typed.lines("interest"))
    assert page.status == 200
    assert page.errors == [
        "Bevestig wat gedeeld beroepsgeheim vraagt: Bevestig de vijf punten over het "
        "beroepsgeheim voor je verstuurt."
    ]
    assert db.session.scalars(select(Referral)).all() == []
    again = signed_in.get("referrals.check", draft_id=draft)
    ticked = [b for b in again.find("input") if b.get("checked") is not None]
    assert len(ticked) == 4
    assert typed.send(signed_in, draft).status == 303


def test_what_is_missing_is_named_with_a_link_to_its_step(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    typed.save(signed_in, draft, "gezin", typed.family(phone="nee"))
    page = signed_in.get("referrals.check", draft_id=draft)

    assert any("Het gezin, Telefoon: Vul een telefoonnummer in" in e for e in page.errors)
    assert "Praktisch: Deze stap is nog niet ingevuld." in page.errors
    link = next(href for href in page.links() if href.endswith("#phone") and "controleer" in href)
    step = signed_in.open(link.split("#")[0])
    assert any("Vul een telefoonnummer in" in error for error in step.errors)


def test_a_rule_of_the_service_lands_on_the_step_it_is_about(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise DomainError("De postcode hoort niet bij %(name)s.", "postcode", name="Gent")

    draft = typed.up_to_check(signed_in)
    monkeypatch.setattr("portal.referrals.views.submit.submit", refuse)
    page = typed.send(signed_in, draft)
    assert page.errors == ["Het gezin, Welke postcode? De postcode hoort niet bij Gent."]
    assert any(href.endswith("controleer=1#postcode") for href in page.links())
    monkeypatch.undo()
    assert typed.send(signed_in, draft).status == 303


def test_what_was_wrong_at_sending_does_not_spend_the_form(signed_in: Browser) -> None:
    draft = typed.up_to_check(signed_in)
    page = typed.send(signed_in, draft, {})
    answer = signed_in.submit(page, "referrals.check", typed.lines(), draft_id=draft)
    assert answer.status == 303
    assert len(db.session.scalars(select(Referral)).all()) == 1


def test_a_pregnancy_that_has_passed_since_is_asked_anew(
    signed_in: Browser, world: World, clock: Any
) -> None:
    page = signed_in.get("referrals.step", draft_id=typed.begin(signed_in), name="gezin")
    months = [
        o.get("value") for o in page.find("option") if (o.get("value") or "").startswith("20")
    ]
    draft = typed.up_to_check(signed_in, gezin={"pregnant": "ja", "due": months[0]})
    clock.shift(timedelta(days=40))
    signed_in.sign_in(world.referrer_account)
    page = signed_in.get("referrals.check", draft_id=draft)
    assert any("Wanneer wordt de baby verwacht?" in error for error in page.errors)


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"crisis": True}, "crisis"),
        ({"court_measure": True}, "court_measure"),
        ({"consent": {"informed": False}}, "informed"),
        ({"consent": {"agrees": False}}, "agrees"),
        ({"consent": {"shares_health": False}}, "health"),
        ({"consent": {"secrecy_lines": ("bound",)}}, "secrecy_lines"),
        ({"household": {"children": ()}}, "children"),
        ({"identity": {"last_name": ""}}, "first_name"),
        ({"nis": "99999"}, "municipality"),
        ({"postcode": "2000"}, "postcode"),
    ],
)
def test_the_service_refuses_what_no_form_should_let_through(
    world: World, overrides: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        submit(world.referrer, make.submission(**overrides))
    assert refused.value.field == field
