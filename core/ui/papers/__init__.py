"""The Papers page: published experiments, run on a collection, and the runs that were kept."""
