"""Networks that predict genres."""
