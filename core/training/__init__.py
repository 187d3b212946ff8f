"""Training: one loop for every model, one checkpoint format.

``config`` what can be set; ``loop`` the epochs; ``resume`` the state that survives a killed job; ``fit`` from
features and ``--set`` values to a trained model; ``checkpoint`` the file; ``encode`` from features to
latents.
"""
