"""Forms of the finance slice, a module per noun."""
