"""Instalments over addenda: the past stays, and every year comes to what was agreed last."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.agreements import addenda, compute, contract_samples, drafting, in_force, instalments
from portal.agreements.in_force import Later, Layer
from portal.agreements.terms import Formula, Terms

BASE = contract_samples.sample(Formula.COORDINATOR)
BEGIN, END = date(2027, 3, 1), date(2030, 2, 28)
days = st.dates(BEGIN + timedelta(days=1), END)
percent = st.integers(100, 400)
changes = st.lists(
    st.tuples(days, percent, st.integers(0, 3), st.integers(1_000, 8_000)), max_size=3
)


def _dearer(terms: Terms, by_percent: int, from_on: date) -> Terms:
    """The same with every amount of the years still to come so much higher."""
    years = [one.year for one in terms.years]

    def grown(cents: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(
            amount * by_percent // 100 if year >= from_on.year else amount
            for amount, year in zip(cents, years, strict=True)
        )

    return terms.with_(lines=tuple(replace(x, cents=grown(x.cents)) for x in terms.lines))


def _shared(terms: Terms, first_bp: int) -> Terms:
    """The same with another share for the first partner; the others share the rest."""
    rest = compute.ALL_BP - first_bp
    values = (first_bp, rest // 2, rest - rest // 2)
    pairs = zip(terms.partners, values, strict=True)
    return terms.with_(
        partners=tuple(replace(p, share=replace(p.share, value=v)) for p, v in pairs)
    )


def _layers(drawn: list[tuple[date, int, int, int]]) -> list[Layer]:
    """An agreement and its addenda in order, each drawn from what was signed before it."""
    found = [Layer(BASE, BEGIN)]
    for number, (day, by_percent, more_years, share) in enumerate(sorted(drawn), 1):
        before = found[-1].terms
        assert before.ends_on is not None
        longer = drafting.with_dates(
            before,
            before.starts_on,
            drafting.last_day(before.ends_on, more_years) if more_years else before.ends_on,
        )
        wanted = _shared(_dearer(longer, by_percent, day), share)
        found.append(Layer(addenda.settled(before, wanted, day), day, number))
    return found


@settings(max_examples=60, deadline=None)
@given(changes, days)
def test_the_terms_of_a_day_are_the_base_and_the_changes_until_then(
    drawn: list[tuple[date, int, int, int]], day: date
) -> None:
    layers = _layers(drawn)
    later = [Later(x.terms, x.from_on, x.number, None) for x in layers[1:]]
    assert in_force.layered(BASE, None, reversed(later)) == layers
    applied = [one for one in layers[1:] if one.from_on <= day]
    expected = applied[-1].terms if applied else BASE
    assert in_force.on_day(layers, day).terms == expected


@settings(max_examples=60, deadline=None)
@given(changes)
def test_an_addendum_never_changes_what_fell_due_before_its_day(
    drawn: list[tuple[date, int, int, int]],
) -> None:
    layers = _layers(drawn)
    for count in range(1, len(layers)):
        day = layers[count].from_on
        before, after = (
            [one.due for one in instalments.of(layers[:n]) if one.due.on and one.due.on < day]
            for n in (count, count + 1)
        )
        assert sorted(map(repr, before)) == sorted(map(repr, after))
        assert instalments.fallen(layers[:count], day) == instalments.fallen(
            layers[: count + 1], day
        )


@settings(max_examples=60, deadline=None)
@given(changes)
def test_every_year_comes_to_what_was_agreed_last_for_it_or_to_what_fell_due(
    drawn: list[tuple[date, int, int, int]],
) -> None:
    layers = _layers(drawn)
    owed: dict[tuple[int, int], int] = {}
    for one in instalments.of(layers):
        assert one.due.cents > 0
        key = (one.due.year, one.due.partner)
        owed[key] = owed.get(key, 0) + one.due.cents
    for year in {y.year for one in layers for y in one.terms.years}:
        begun = [n for n, x in enumerate(layers) if not n or x.from_on <= date(year, 12, 31)]
        last = layers[begun[-1]]
        shares = {y.year: y.shares_cents for y in compute.totals(last.terms)}.get(year, (0, 0, 0))
        for partner, share in enumerate(shares):
            fallen = instalments.fallen(layers[: begun[-1]] or layers[:1], last.from_on)
            least = fallen.get((year, partner), 0) if begun[-1] else 0
            assert owed.get((year, partner), 0) == max(share, least)


def test_a_year_of_which_nothing_is_left_to_fall_due_gets_one_more_instalment() -> None:
    day = date(2029, 12, 20)
    base = BASE.with_(instalments=(replace(BASE.instalments[0], share_bp=compute.ALL_BP),))
    found = instalments.of([Layer(base, BEGIN), Layer(_dearer(base, 200, day), day, 1)])
    extra = [one.due for one in found if one.due.label == instalments.ADJUSTMENT]
    assert {one.on for one in extra} == {day}
    assert {one.year for one in extra} == {2029}


def test_what_hangs_on_a_condition_takes_its_part_of_what_is_left() -> None:
    conditional = replace(BASE.instalments[-1], month=None, day=None, condition="Na het verslag")
    base = BASE.with_(instalments=(*BASE.instalments[:-1], conditional))
    day = date(2028, 12, 1)
    found = instalments.of([Layer(base, BEGIN), Layer(_dearer(base, 150, day), day, 1)])
    mine = [one.due for one in found if (one.due.year, one.due.partner) == (2028, 0)]
    waiting = [one for one in mine if one.on is None]
    assert [one.label for one in waiting] == [conditional.label]
    total = compute.totals(_dearer(base, 150, day))[1].shares_cents[0]
    assert sum(one.cents for one in mine) == total
