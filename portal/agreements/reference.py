"""What a portal needs before anybody can agree on anything; loaded with every upgrade."""

from portal.agreements import legal, packages


def load_reference() -> None:
    """Put the shipped offer and legal grounds in place where there are none yet."""
    packages.load_first_edition()
    legal.load_first_grounds()
