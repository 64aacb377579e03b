"""What the parties of an agreement in force are told; part of the one table in `notices`."""

from portal.core.i18n import N_

_NOT_BY_ITSELF = N_(
    "De lokale werking en haar werkingsgebied blijven open: dat sluit niet vanzelf. Beslis wat er "
    "met de gezinnen, de vrijwilligers en de afdeling gebeurt."
)
_WIND_DOWN = N_(
    "Lopende trajecten worden afgerond of overgedragen zoals de overeenkomst het zegt. De "
    "geschiedenis blijft in het portaal te lezen."
)

TEXTS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("ask_renewal", "hsv"): (
        N_("Verder na de einddatum? Overeenkomst {reference}"),
        N_("De overeenkomst “{title}” loopt binnen enkele maanden af."),
        N_("Alle partijen kregen de vraag of ze verder gaan. Antwoord ook voor ons."),
    ),
    ("ask_renewal", "partners"): (
        N_("Verder na de einddatum? Overeenkomst {reference}"),
        N_("De overeenkomst “{title}” loopt binnen enkele maanden af."),
        N_(
            "Laat in het portaal weten of jullie verder willen gaan. Daar staat ook tot wanneer "
            "dat kan en wat er gebeurt zonder antwoord."
        ),
    ),
    ("answer_renewal", "hsv"): (
        N_("Wil verder: overeenkomst {reference}"),
        N_("{who} wil verder gaan met “{title}”."),
        N_("In het portaal zie je wie er nog moet antwoorden."),
    ),
    ("answer_renewal", "partners"): (
        N_("Wil verder: overeenkomst {reference}"),
        N_("{who} wil verder gaan met “{title}”."),
        N_("In het portaal zie je wie er nog moet antwoorden."),
    ),
    ("refuse_renewal", "hsv"): (
        N_("Gaat niet verder: overeenkomst {reference}"),
        N_("{who} gaat na de einddatum niet verder met “{title}”."),
        N_("De reden staat in het portaal. Bespreek op tijd wat er met de werking gebeurt."),
    ),
    ("refuse_renewal", "partners"): (
        N_("Gaat niet verder: overeenkomst {reference}"),
        N_("{who} gaat na de einddatum niet verder met “{title}”."),
        N_("De reden staat in het portaal. Home-Start Vlaanderen neemt contact op."),
    ),
    ("renew", "hsv"): (
        N_("Stilzwijgend verlengd: overeenkomst {reference}"),
        N_("Geen enkele partij zegde af: “{title}” loopt verder onder dezelfde voorwaarden."),
        N_("Dat kan één keer. Een volgende verlenging vraagt een addendum."),
    ),
    ("renew", "partners"): (
        N_("Stilzwijgend verlengd: overeenkomst {reference}"),
        N_("Geen enkele partij zegde af: “{title}” loopt verder onder dezelfde voorwaarden."),
        N_("De nieuwe einddatum staat in het portaal."),
    ),
    ("give_notice", "hsv"): (
        N_("Opzegging: overeenkomst {reference}"),
        N_("Er is een opzegging geregistreerd van de overeenkomst “{title}”."),
        N_(
            "Kijk de brief en de termijn na in het portaal. Blijven er partners over, leg dan de "
            "nieuwe verdeling vast voor de laatste dag."
        ),
    ),
    ("give_notice", "partners"): (
        N_("Opzegging: overeenkomst {reference}"),
        N_("Er is een opzegging geregistreerd van de overeenkomst “{title}”."),
        N_("Wie opzegt, waarom en tegen wanneer lees je in het portaal."),
    ),
    ("withdraw_notice", "hsv"): (
        N_("Opzegging ingetrokken: overeenkomst {reference}"),
        N_("Een opzegging van “{title}” is in onderling akkoord ingetrokken."),
        N_("De reden staat in het portaal."),
    ),
    ("withdraw_notice", "partners"): (
        N_("Opzegging ingetrokken: overeenkomst {reference}"),
        N_("Een opzegging van “{title}” is in onderling akkoord ingetrokken."),
        N_("De reden staat in het portaal. Klopt dat niet? Laat het ons meteen weten."),
    ),
    ("end", "hsv"): (
        N_("Afgelopen: overeenkomst {reference}"),
        N_("De laatste dag van “{title}” is voorbij."),
        _NOT_BY_ITSELF,
    ),
    ("end", "partners"): (
        N_("Afgelopen: overeenkomst {reference}"),
        N_("De laatste dag van “{title}” is voorbij."),
        _WIND_DOWN,
    ),
    ("terminate", "hsv"): (
        N_("Beëindigd na opzegging: overeenkomst {reference}"),
        N_("De opzegtermijn van “{title}” is voorbij."),
        _NOT_BY_ITSELF,
    ),
    ("terminate", "partners"): (
        N_("Beëindigd na opzegging: overeenkomst {reference}"),
        N_("De opzegtermijn van “{title}” is voorbij."),
        _WIND_DOWN,
    ),
}
