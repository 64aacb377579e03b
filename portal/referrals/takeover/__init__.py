"""Taking over the families a branch follows in a spreadsheet, running or on its waiting list."""
