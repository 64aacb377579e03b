"""Made-up data: for the demonstration, and in any number for measurements."""
