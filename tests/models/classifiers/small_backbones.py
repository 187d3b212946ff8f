"""Small pretrained image networks in folders, and what they are trained on."""

import numpy as np
import torch

LABELS = {"labels": np.arange(8) % 2, "label_names": ["folk", "rock"]}
TEXTS = ["a sad song", "dance jump sing", "night", "all the day long we work"] * 2
QUICK = {"epochs": "1", "batch_size": "4", "lr": "1e-4"}


def save_resnet(folder):
    from transformers import ResNetConfig, ResNetModel

    torch.manual_seed(0)
    config = ResNetConfig(
        num_channels=3, embedding_size=8, hidden_sizes=[8, 12], depths=[1, 1], layer_type="basic"
    )
    ResNetModel(config).save_pretrained(folder)
    return str(folder)


def save_vit(folder):
    from transformers import ViTConfig, ViTModel

    torch.manual_seed(0)
    config = ViTConfig(
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=32,
        patch_size=8,
        num_channels=3,
    )
    ViTModel(config).save_pretrained(folder)
    return str(folder)


def spectrograms(n=8):
    return np.random.default_rng(0).normal(size=(n, 16, 40)).astype(np.float32)
