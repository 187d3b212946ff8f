"""How good a representation is without clusters: neighbours, a linear probe, hubness, effective rank."""
