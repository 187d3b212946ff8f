"""Masks keep and hide exactly what they say; patches come back as they were."""

import pytest
import torch

from core.models.masked.masking import patchify, random_masking, restore, select_visible, unpatchify


def test_patches_are_the_squares_of_the_spectrogram():
    x = torch.arange(2 * 32 * 48).view(2, 32, 48).float()
    patches = patchify(x, 16)
    assert patches.shape == (2, 6, 256)
    for n in range(2):
        for row in range(2):
            for column in range(3):
                square = x[n, 16 * row : 16 * row + 16, 16 * column : 16 * column + 16]
                assert torch.equal(patches[n, 3 * row + column], square.flatten())
    assert torch.equal(unpatchify(patches, 32, 16), x)


@pytest.mark.parametrize("ratio", [0.05, 0.3, 0.5, 0.75, 0.85, 0.95])
def test_every_row_hides_the_share_of_its_own_tokens(ratio):
    lengths = [20, 7, 1, 0]
    there = torch.arange(20) < torch.tensor(lengths)[:, None]
    masked = random_masking(there, ratio)
    for row, length in enumerate(lengths):
        n_kept = max(1, round(length * (1 - ratio))) if length else 0
        kept = masked.visible[row][masked.visible_valid[row]]
        assert len(kept) == len(set(kept.tolist())) == n_kept
        assert there[row][kept].all() and not masked.mask[row][kept].any()
        assert int(masked.mask[row].sum()) == length - n_kept
        assert not (masked.mask[row] & ~there[row]).any(), "padding is never masked"


def test_the_smallest_noise_stays():
    masked = random_masking(torch.ones(1, 4, dtype=torch.bool), 0.5, torch.tensor([[0.9, 0.1, 0.2, 0.8]]))
    assert sorted(masked.visible[0].tolist()) == [1, 2] and masked.mask[0].tolist() == [
        True,
        False,
        False,
        True,
    ]


def test_nothing_is_hidden_at_ratio_0():
    there = torch.arange(5) < torch.tensor([[5], [2]])
    masked = random_masking(there, 0.0)
    assert not masked.mask.any() and torch.equal(masked.visible_valid.sum(1), torch.tensor([5, 2]))


def test_places_are_drawn_uniformly():
    torch.manual_seed(0)
    hidden = random_masking(torch.ones(4000, 8, dtype=torch.bool), 0.75).mask.float().mean(0)
    assert torch.allclose(hidden, torch.full((8,), 0.75), atol=0.03)


def test_kept_tokens_return_to_their_places():
    torch.manual_seed(0)
    x, there = torch.randn(3, 9, 4), torch.arange(9) < torch.tensor([[9], [4], [0]])
    masked, token = random_masking(there, 0.6), torch.full((4,), 7.0)
    whole = restore(select_visible(x, masked), masked, token)
    kept = there & ~masked.mask
    assert torch.equal(whole[kept], x[kept]) and (whole[~kept] == 7.0).all()
