"""From a choice to clusters, scores and a map."""
