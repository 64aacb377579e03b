"""The fields a template may use, for people who write templates. A test keeps them complete.

A name with [] is a list: {%p for p in partners %} … {{ p.naam }} … {%p endfor %}.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.agreements.contract import TemplateKind
from portal.core.i18n import N_


@dataclass(frozen=True)
class Field:
    """A field: its name in a template, and what it holds (a message id)."""

    name: str
    meaning: str


def _group(prefix: str, fields: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    return tuple(Field(f"{prefix}{name}", meaning) for name, meaning in fields)


_PERSON = (("naam", N_("Naam")), ("hoedanigheid", N_("Hoedanigheid")))
_PARTY = (
    ("naam", N_("Naam van de partij")),
    ("rechtsvorm", N_("Rechtsvorm; leeg als die niet vaststaat")),
    ("adres", N_("Adres of zetel")),
    ("kbo", N_("Ondernemingsnummer")),
    ("rpr", N_("Rechtspersonenregister; leeg bij een openbaar bestuur")),
    ("publiek", N_("Waar als een openbaar orgaan moet beslissen")),
    ("orgaan", N_("Het orgaan dat beslist, met lidwoord")),
    ("ondertekenaars[].naam", N_("Wie ondertekent")),
    ("ondertekenaars[].hoedanigheid", N_("Hoedanigheid van wie ondertekent")),
    ("vertegenwoordigd", N_("Wie de partij vertegenwoordigt, in één zin")),
    ("contact.naam", N_("Aanspreekpunt")),
    ("contact.hoedanigheid", N_("Hoedanigheid van het aanspreekpunt")),
    ("contact_mail", N_("E-mailadres van het aanspreekpunt")),
    ("dpo", N_("Functionaris voor gegevensbescherming")),
    ("besluit.bekend", N_("Waar als de beslissing bekend is")),
    ("besluit.datum", N_("Datum van de beslissing")),
    ("besluit.titel", N_("Titel van de beslissing")),
    ("besluit.nummer", N_("Nummer van de beslissing")),
    ("besluit.vindplaats", N_("URI van de beslissing")),
)
_SHARE = (
    ("nummer", N_("Volgnummer van de partner")),
    ("aandeel", N_("Aandeel, in woorden of percent")),
    ("totaal", N_("Bijdrage over de hele looptijd")),
    ("stuk", N_("Waarmee betaald wordt: factuur of schuldvordering")),
)

FIELDS: tuple[Field, ...] = (
    Field("referentie", N_("Referentie van de overeenkomst")),
    Field("versie", N_("Nummer van de versie, of “ontwerp”")),
    Field("versie_datum", N_("Datum van de versie")),
    Field("titel", N_("Titel van de samenwerking")),
    Field("formule", N_("A, B of C")),
    Field("formule_naam", N_("Naam van de formule")),
    Field("doel", N_("Op te starten, te versterken, of allebei")),
    Field("meer_partners", N_("Waar als er meer dan één partner is")),
    *_group("hsv.", (*_PARTY, ("iban", N_("Rekening waarop betaald wordt")))),
    *_group("partners[].", (*_PARTY, *_SHARE)),
    *_group(
        "partners[].schijven[].",
        (
            ("jaar", N_("Begrotingsjaar")),
            ("schijf", N_("Naam van de schijf")),
            ("vervalt", N_("Datum of voorwaarde")),
            ("bedrag", N_("Bedrag")),
        ),
    ),
    *_group(
        "partijen[].",
        (
            ("naam", N_("Elke partij, Home-Start Vlaanderen eerst")),
            ("publiek", N_("Waar als een openbaar orgaan moet beslissen")),
            ("orgaan", N_("Het orgaan dat beslist, met lidwoord")),
        ),
    ),
    *_group("partijen[].ondertekenaars[].", _PERSON),
    Field("gebied_tekst", N_("De gemeenten, in één zin")),
    *_group(
        "gebied[].",
        (
            ("naam", N_("Gemeente")),
            ("nis", N_("NIS-code")),
            ("inwoners", N_("Aantal inwoners")),
            ("op", N_("Jaar van dat aantal")),
        ),
    ),
    Field("rechtsgronden[]", N_("Rechtsgronden van de overwegingen")),
    *_group("sdgs[].", (("nummer", N_("Nummer van het doel")), ("naam", N_("Naam van het doel")))),
    Field("meerjarenplan", N_("Actie van het meerjarenplan; kan leeg zijn")),
    Field("bijzondere_bepalingen[]", N_("Elke bijzondere bepaling")),
    *_group(
        "diensten[].",
        (
            ("nummer", N_("Nummer van de dienst; leeg bij een vrije dienst")),
            ("titel", N_("Naam van de dienst")),
            ("tekst", N_("Beschrijving")),
            ("door", N_("Wie de dienst uitvoert")),
        ),
    ),
    Field("gezinnen", N_("Gezinnen die tegelijk ondersteund worden")),
    *_group(
        "streefdoelen[].",
        (
            ("werkjaar", N_("Eerste, tweede, derde")),
            ("gezinnen", N_("Gezinnen dat werkjaar")),
            ("vrijwilligers", N_("Vrijwilligers dat werkjaar")),
        ),
    ),
    *_group(
        "coordinator.",
        (
            ("vte", N_("Voltijdse equivalenten")),
            ("naam", N_("Naam; kan leeg zijn")),
            ("functie", N_("Functie; kan leeg zijn")),
            ("dienst", N_("Dienst; kan leeg zijn")),
            ("standplaats", N_("Standplaats")),
            ("start", N_("Vanaf wanneer")),
            ("paritair_comite", N_("Paritair comité; kan leeg zijn")),
            ("vervanging", N_("Na hoelang vervanging")),
        ),
    ),
    Field("uren_expert", N_("Uren van de expert per werkjaar; kan leeg zijn")),
    Field("coachingsgesprekken", N_("Coachingsgesprekken per werkjaar; kan leeg zijn")),
    Field("vrijwilligersorganisatie", N_("Organisatie in de zin van de vrijwilligerswet")),
    Field("verzekering", N_("Verzekering van de vrijwilligers; kan leeg zijn")),
    Field("lokalen", N_("Lokalen die een partner geeft; kan leeg zijn")),
    *_group(
        "begroting[].",
        (
            ("jaren[]", N_("Kalenderjaren van deze tabel, ten hoogste vier")),
            ("lijnen[].code", N_("Code van de begrotingslijn")),
            ("lijnen[].omschrijving", N_("Omschrijving")),
            ("lijnen[].dienst", N_("Dienst waarvoor; kan leeg zijn")),
            ("lijnen[].bedragen[]", N_("Bedrag per jaar")),
            ("totalen[]", N_("Totale kosten per jaar")),
            ("inkomsten[].code", N_("Code van andere inkomsten")),
            ("inkomsten[].omschrijving", N_("Omschrijving van andere inkomsten")),
            ("inkomsten[].bedragen[]", N_("Andere inkomsten per jaar")),
            ("bijdragen[]", N_("Bijdrage van de partners samen per jaar")),
            ("partners[].naam", N_("Partner")),
            ("partners[].bedragen[]", N_("Bijdrage van de partner per jaar")),
        ),
    ),
    *_group("jaarbijdragen[].", (("jaar", N_("Kalenderjaar")), ("bedrag", N_("Bijdrage samen")))),
    *_group(
        "natura[].",
        (
            ("omschrijving", N_("Bijdrage in natura")),
            ("door", N_("Wie ze geeft")),
            ("waarde", N_("Waarde per jaar, of “pro memorie”")),
        ),
    ),
    Field("begin", N_("Eerste dag")),
    Field("einde", N_("Laatste dag")),
    Field("duur", N_("Duur, in woorden")),
    Field("verlenging.stilzwijgend", N_("Waar bij stilzwijgende verlenging")),
    Field("verlenging.duur", N_("Duur van een stilzwijgende verlenging")),
    Field("opzegtermijn", N_("Opzegtermijn")),
    Field("verbrekingskosten", N_("Waar als partners verbrekingskosten dragen")),
    Field("indexering.wijze", N_("gezondheidsindex, spilindex, of leeg")),
    Field("indexering.basismaand", N_("Maand van de aanvangsindex")),
    Field("indexering.referentiemaand", N_("Maand van de nieuwe index")),
    Field("indexering.ondergrens", N_("Waar als een bedrag nooit daalt")),
    Field("indexering.plafond", N_("Grootste stijging per jaar; kan leeg zijn")),
    Field("reserve", N_("Deel dat als reserve mag blijven; kan leeg zijn")),
    Field("interest", N_("“wettelijk” of “handel”")),
    Field("privacyrol", N_("“partner” of “gezamenlijk”")),
    Field("rechtbank", N_("Bevoegde rechtbank")),
    Field("plaats", N_("Waar de overeenkomst is opgemaakt")),
    Field("handtekening", N_("Soort elektronische handtekening")),
    *_group(
        "termijnen.",
        (
            ("terugkoppeling", N_("Terugkoppeling aan de verwijzer")),
            ("betaling", N_("Betalingstermijn")),
            ("startopleiding", N_("Startopleiding")),
            ("visitatie", N_("Hoe vaak een visitatie")),
            ("stuurgroep", N_("Hoe vaak de stuurgroep")),
            ("verslag", N_("Verslag van de stuurgroep")),
            ("tussentijdse_evaluatie", N_("Tussentijdse evaluatie")),
            ("eindevaluatie", N_("Eindevaluatie, vóór het einde")),
            ("verbetering", N_("Verbeterplan")),
            ("datalek", N_("Melding van een datalek")),
            ("ingebrekestelling", N_("Na een ingebrekestelling")),
            ("afronding", N_("Afronding van trajecten")),
            ("verantwoording", N_("Dag van het financieel verslag")),
        ),
    ),
    *_group(
        "bewaring[].",
        (("gegevens", N_("Welke gegevens")), ("termijn", N_("Hoelang ze bewaard worden"))),
    ),
    *_group(
        "recht.",
        (
            ("vrijwilligers", N_("De wet over vrijwilligers")),
            ("gezinsondersteuning", N_("Het decreet over preventieve gezinsondersteuning")),
            ("lokaal_sociaal_beleid", N_("Het decreet over het lokaal sociaal beleid")),
            ("lokaal_bestuur", N_("Het decreet over het lokaal bestuur")),
            ("avg", N_("De privacyverordening")),
            ("gezamenlijke_verantwoordelijken", N_("AVG, gezamenlijke verantwoordelijken")),
            ("verwerker", N_("AVG, verwerker")),
            ("bijzondere_gegevens", N_("AVG, bijzondere categorieën")),
            ("beroepsgeheim", N_("Het beroepsgeheim")),
            ("terbeschikkingstelling", N_("Het verbod op terbeschikkingstelling")),
            ("interest_wettelijk", N_("De wettelijke rentevoet")),
            ("interest_handel", N_("De rentevoet voor handelstransacties")),
            ("btw", N_("De vrijstelling van btw")),
            ("handtekening", N_("De regels voor elektronische handtekeningen")),
            ("toezichthouder", N_("De toezichthouder voor privacy")),
            ("taalgebruik", N_("De taalwetgeving")),
        ),
    ),
)

DECISION_FIELDS: tuple[Field, ...] = (
    *FIELDS,
    *_group(
        "bestuur.",
        (
            *(one for one in _PARTY if not one[0].startswith(("besluit.", "contact."))),
            *_SHARE,
            ("orgaan_naam", N_("Het orgaan, met hoofdletter")),
            ("ondertekenaars_tekst", N_("Wie ondertekent, naar hoedanigheid")),
        ),
    ),
    Field("andere_partners", N_("De andere partners, in één zin; kan leeg zijn")),
    Field("alle_partners", N_("Alle partners, in één zin")),
    *_group(
        "andere_besluiten[].",
        (
            ("orgaan", N_("Orgaan van een andere partner dat al besliste, met lidwoord")),
            ("naam", N_("Die partner")),
            ("datum", N_("Datum van die beslissing")),
        ),
    ),
    Field("gronden[]", N_("Juridische gronden van het besluit")),
    Field("kwalificatie", N_("Subsidie of dienst; leeg als dat niet vaststaat")),
    Field("kwalificatie_reden", N_("Waarom")),
    *_group("bijdragen[].", (("jaar", N_("Kalenderjaar")), ("bedrag", N_("Bijdrage")))),
)

ADDENDUM_FIELDS: tuple[Field, ...] = (
    *FIELDS,
    *_group(
        "addendum.",
        (
            ("nummer", N_("Nummer van het addendum")),
            ("overeenkomst_datum", N_("Wanneer de overeenkomst ondertekend is")),
            ("vanaf", N_("Vanaf wanneer het addendum geldt")),
            ("aanleiding", N_("Waarom")),
            ("financieel", N_("Financiële gevolgen")),
            ("nieuwe_begroting", N_("Waar als de begroting vervangen wordt")),
            ("wijzigingen[].artikel", N_("Nummer van het artikel")),
            ("wijzigingen[].titel", N_("Titel van het artikel")),
            ("wijzigingen[].tekst[]", N_("Alinea’s van de nieuwe tekst")),
        ),
    ),
)


def fields_of(kind: TemplateKind) -> tuple[Field, ...]:
    """Return the fields a template of a kind may use."""
    if kind == TemplateKind.DECISION:
        return DECISION_FIELDS
    return ADDENDUM_FIELDS if kind == TemplateKind.ADDENDUM else FIELDS
