"""Recipes of the masked autoencoder of audio and lyrics."""
