"""Tables: reading, key columns, joining to tracks."""
