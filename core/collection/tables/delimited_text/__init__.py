"""Delimited text: its delimiter, records, header and rows."""
