"""Audio over HTTP: routes with range requests, and signed links."""
