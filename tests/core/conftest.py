"""For tests of templates: a template rendered as the page a person gets."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from flask import Flask, render_template_string
from werkzeug.test import TestResponse

from tests.browser import Page


@pytest.fixture
def render(app: Flask) -> Iterator[Callable[..., Page]]:
    """Return a function that renders a template as the page a person gets."""

    def to_page(template: str, **values: Any) -> Page:
        response = app.make_response(render_template_string(template, **values))
        return Page(cast(TestResponse, app.process_response(response)))

    with app.test_request_context("/"):
        yield to_page
