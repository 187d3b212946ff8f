"""The Help page: the documentation of docs/, and the generated reference."""
