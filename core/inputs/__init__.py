"""What a model reads of a collection, by name."""
