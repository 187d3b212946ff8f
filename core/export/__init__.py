"""Export of tables, maps, playlists and reports."""
