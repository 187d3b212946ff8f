"""The score table of the Explore page."""
