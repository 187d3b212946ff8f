"""Training: one loop for all models, and the application of trained models.

``train_collection`` trains on a collection; ``settings`` reads ``--set``; ``fit`` goes from features and
settings to a trained model by ``loop``; ``resume`` saves the state of a run; ``folds`` cross-validates;
``encode``, ``joint_latents`` and ``predict`` apply trained models.
"""
