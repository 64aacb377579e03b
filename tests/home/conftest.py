"""The small world of referrals, for start pages."""

from tests.referrals.conftest import world

__all__ = ["world"]
