"""The theme: enough contrast in light and dark, nothing fetched from elsewhere."""

import re
from pathlib import Path

import pytest

STATIC = Path("portal/core/static")
TEXT_PAIRS = [
    ("ink", ("paper", "surface", "sunken", "info-tint", "warning-tint", "danger-tint", "success-tint")),
    ("ink-soft", ("paper", "surface", "sunken")),
    ("brand", ("paper", "surface", "sunken", "brand-tint", "info-tint", "warning-tint", "danger-tint")),
    ("on-brand", ("brand", "brand-strong")),
    ("success", ("success-tint",)),
    ("warning", ("warning-tint",)),
    ("danger", ("danger-tint", "paper", "surface")),
    ("info", ("info-tint",)),
    ("surface", ("accent",)),
]  # fmt: skip
CONTROL_PAIRS = [
    ("control", ("paper", "surface", "sunken")),
    ("focus", ("paper", "surface", "sunken")),
]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("scheme", "number"), [("light", 0), ("dark", 1)])
def test_colours_have_the_contrast_of_wcag_aa(root: Path, scheme: str, number: int) -> None:
    css = (root / STATIC / "portal.css").read_text()
    block = re.findall(r":root \{(.*?)\n *\}", css, re.DOTALL)[number]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    pairs = [(a, b, 4.5) for a, many in TEXT_PAIRS for b in many]
    pairs += [(a, b, 3.0) for a, many in CONTROL_PAIRS for b in many]
    low = [(a, b) for a, b, least in pairs if _contrast(colours[a], colours[b]) < least]
    assert not low, f"too little contrast in {scheme}: {low}"


def test_the_theme_fetches_nothing_from_elsewhere(root: Path) -> None:
    for name in ("portal.css", "portal.js"):
        text = (root / STATIC / name).read_text()
        assert not re.search(r"https?:|@import|url\(|innerHTML|\.style\b", text), name
