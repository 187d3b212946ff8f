"""What a collection is read from: folders, feature tables, the demo, uploads."""
