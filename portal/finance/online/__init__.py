"""Paying online: asked for at Stripe, heard from it by events, booked in the ledger.

gateway speaks to Stripe; facts reads what it says; checkout, refunds and payouts keep how far each
is; bookings writes what follows from all facts known into the ledger, in whatever order they came.
"""
