"""Files to take along: tables and reports."""
