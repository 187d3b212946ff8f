"""What clusters, selections and pairs of tracks say about themselves, and how far to trust the map."""
