"""What several pages use: frame, player, jobs, forms, address."""
