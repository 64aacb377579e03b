"""Directory: municipalities, organisations, branches and the area each branch serves."""

from flask import Flask

from portal.directory import models


def init_app(app: Flask) -> None:
    """Register the slice."""
