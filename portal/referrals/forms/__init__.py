"""What people fill in about referrals: one module per form."""
