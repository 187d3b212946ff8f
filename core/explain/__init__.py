"""What a group of tracks or a pair says about itself, and how far the map can be trusted.

Groups are described against the other tracks of the map (:mod:`core.explain.groups.group_profile`), pairs
against other pairs (:mod:`core.explain.pairs.track_pair`). Everything is measured in the representation that
was clustered, not on the map, except where the two are compared.
"""
