"""The trajectory of a family with its volunteer: what it wants, what was done, how it went."""
