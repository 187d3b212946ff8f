"""Groups of tracks, clusters or selections, described against the other tracks of the map."""
