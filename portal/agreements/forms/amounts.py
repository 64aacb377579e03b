"""The fields for amounts and shares, which the kernel has; kept here for who asks for them here."""

from portal.core.amount_fields import AmountField, FteField, HoursField, ShareField

__all__ = ["AmountField", "FteField", "HoursField", "ShareField"]
