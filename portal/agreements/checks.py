"""What is wrong with the money of an agreement: everything at once, in words to act on."""

from dataclasses import dataclass

from portal.agreements import compute
from portal.agreements.terms import ALL_BP, IndexKind, ShareKind, Terms
from portal.core.i18n import N_
from portal.core.money import euro


@dataclass(frozen=True)
class Problem:
    """What is wrong, about which part (`shares`, `instalments`, …); message is a message id."""

    part: str
    message: str
    values: tuple[tuple[str, object], ...] = ()


def money_problems(terms: Terms) -> list[Problem]:
    """Return what keeps the amounts of these terms from adding up; nothing when they do."""
    if not terms.years:
        return [Problem("dates", N_("Vul de eerste en de laatste dag in."))]
    return [
        *_line_problems(terms),
        *_share_problems(terms),
        *_instalment_problems(terms),
        *_index_problems(terms),
    ]


def _line_problems(terms: Terms) -> list[Problem]:
    found = []
    if not terms.lines:
        found.append(Problem("lines", N_("De begroting heeft nog geen lijnen.")))
    if any(len(line.cents) != len(terms.years) for line in (*terms.lines, *terms.income)):
        found.append(Problem("lines", N_("Niet elke lijn heeft een bedrag voor elk jaar.")))
    codes = [line.code for line in (*terms.lines, *terms.income)]
    if len(codes) != len(set(codes)):
        found.append(Problem("lines", N_("Twee lijnen hebben dezelfde code.")))
    return found + [
        Problem(
            "lines",
            N_("In %(year)s zijn de inkomsten hoger dan de kosten."),
            (("year", year.year),),
        )
        for year in compute.totals(terms)
        if year.partners_cents < 0
    ]


def _share_problems(terms: Terms) -> list[Problem]:
    if not terms.partners:
        return [Problem("shares", N_("Er is nog geen partner."))]
    others = [p.share for p in terms.partners if p.share.kind != ShareKind.FIXED]
    if len({share.kind for share in others}) > 1:
        return [
            Problem("shares", N_("Verdeel volgens percentages of volgens inwoners, niet allebei."))
        ]
    if any(share.value < 0 for share in others) or (others and not sum(s.value for s in others)):
        return [Problem("shares", N_("Geef aan wie welk deel draagt."))]
    percentages = sum(s.value for s in others if s.kind == ShareKind.PERCENTAGE)
    if others and others[0].kind == ShareKind.PERCENTAGE and percentages != ALL_BP:
        return [
            Problem(
                "shares",
                N_("De percentages zijn samen %(sum)s %% in plaats van 100 %%."),
                (("sum", f"{percentages / 100:.2f}".replace(".", ",")),),
            )
        ]
    return _fixed_problems(terms, all_fixed=not others)


def _fixed_problems(terms: Terms, *, all_fixed: bool) -> list[Problem]:
    found = []
    for index, year in enumerate(compute.totals(terms)):
        fixed = sum(compute.fixed_cents(p, index) for p in terms.partners)
        if fixed > year.partners_cents or (all_fixed and fixed != year.partners_cents):
            message = N_(
                "In %(year)s zijn de vaste bedragen samen %(fixed)s; te verdelen is %(total)s."
            )
            values = (
                ("year", year.year),
                ("fixed", euro(fixed)),
                ("total", euro(year.partners_cents)),
            )
            found.append(Problem("shares", message, values))
    return found


def _instalment_problems(terms: Terms) -> list[Problem]:
    if not terms.instalments:
        return [Problem("instalments", N_("Er zijn nog geen schijven."))]
    found = []
    total = sum(one.share_bp for one in terms.instalments)
    if total != ALL_BP or any(one.share_bp < 0 for one in terms.instalments):
        found.append(
            Problem(
                "instalments",
                N_("De schijven zijn samen %(sum)s %% in plaats van 100 %%."),
                (("sum", f"{total / 100:.2f}".replace(".", ",")),),
            )
        )
    if any(one.month is None and not one.condition for one in terms.instalments):
        found.append(Problem("instalments", N_("Een schijf heeft geen datum en geen voorwaarde.")))
    return found


def _index_problems(terms: Terms) -> list[Problem]:
    if terms.indexation.kind != IndexKind.NONE and terms.indexation.base_month is None:
        return [Problem("indexation", N_("Kies de maand van de aanvangsindex."))]
    return []
