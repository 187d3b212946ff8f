"""Take along: what Explore shows, as files, saved views and links."""
