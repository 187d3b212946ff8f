"""The Compare page: saved views as cards and as a board, two settings side by side, and a matrix."""
