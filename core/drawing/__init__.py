"""What a map looks like: colours and symbols, legends, spread positions; for pages and exported files."""
