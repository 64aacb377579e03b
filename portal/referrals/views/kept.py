"""Keeping what a form asks, once; it is the kernel's."""

from portal.core.kept import keep

__all__ = ["keep"]
