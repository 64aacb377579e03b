"""A redirect never leads out of the portal."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.redirects import inside

HERE = "https://portaal.example"
OUTSIDE = [
    "https://elders.example",
    "http://elders.example/",
    "//elders.example",
    "///elders.example",
    "////elders.example",
    "/\\elders.example",
    "/\\/elders.example",
    "\\\\elders.example",
    "\\/elders.example",
    "/\t/elders.example",
    "/\n/elders.example",
    "/\r/elders.example",
    "\t//elders.example",
    " //elders.example",
    "\x00//elders.example",
    "https:elders.example",
    "https:/elders.example",
    "https:///elders.example",
    "http:\\\\elders.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "elders.example",
    "@elders.example",
    "/..//elders.example",
    "/.//elders.example",
    "/x/..//elders.example",
    "//elders.example/%2e%2e",
    "//portaal.example@elders.example",
    "https://portaal.example@elders.example",
    "https://portaal.example.elders.example",
    "/\u2028/elders.example",
    "／／elders.example",
    "/\x7f/elders.example",
    "/verwijzingen\r\nSet-Cookie: x=y",
    "",
    None,
]


@pytest.mark.parametrize("target", OUTSIDE)
def test_a_target_outside_leads_to_the_start_page(target: str | None) -> None:
    followed = inside(target)
    assert urlsplit(urljoin(HERE, followed)).netloc == "portaal.example"
    assert "\r" not in followed
    assert "\n" not in followed


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/verwijzingen",
        "/verwijzingen?status=new&na=abc",
        "/a/b#c",
        "/zoek?q=https://x.example",
    ],
)
def test_a_path_of_the_portal_is_followed(target: str) -> None:
    assert inside(target) == target


def test_another_start_can_be_named() -> None:
    assert inside("//x", "/account") == "/account"


@given(st.text(alphabet=st.sampled_from("/\\.:@?#%\t\r\n \0ahtps2fé")))
def test_whatever_is_asked_a_browser_stays_here(target: str) -> None:
    followed = inside(target)
    as_browsers_read = "".join(c for c in followed if c not in "\t\r\n").replace("\\", "/").strip()
    assert urlsplit(urljoin(HERE, as_browsers_read)).netloc == "portaal.example"
