"""What the finance slice stores, a module per noun."""
