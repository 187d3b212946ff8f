"""Tables of per-track rows: Lance tables in a folder, or on object storage."""
