"""Runs of recipes as files: figures as SVG and PNG, tables as CSV and LaTeX, a report as one HTML file."""
