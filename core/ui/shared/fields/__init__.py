"""Form fields that several pages use."""
