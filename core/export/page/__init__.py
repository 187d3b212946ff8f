"""The map as one HTML file: scripts and styles in one, and the data that they show."""
