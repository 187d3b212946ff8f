"""What was read into a collection, as sentences."""
