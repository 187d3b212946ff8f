"""The masked autoencoder's losses: as published, and with a modality missing."""

from dataclasses import replace

import pytest
import torch


def test_what_is_hidden_never_reaches_the_encoder(small):
    model, batch = small
    ratios = {"audio": 0.5, "text": 0.5}
    torch.manual_seed(3)
    kept, masked = model.forward_encoder(batch, ratios)
    hidden = (
        masked["audio"].mask.view(12, 2, 4).repeat_interleave(8, 1).repeat_interleave(8, 2)
    )  # (n, 16, 32)
    other = batch | {
        "audio": torch.where(hidden, 99.0, batch["audio"]),
        "text": torch.where(masked["text"].mask, 1 + batch["text"] % 30, batch["text"]),
    }
    torch.manual_seed(3)
    again, _ = model.forward_encoder(other, ratios)
    for m in kept:
        torch.testing.assert_close(again[m][masked[m].visible_valid], kept[m][masked[m].visible_valid])


def test_losses_are_the_printed_ones(small):
    model, batch = small
    model.eval()
    torch.manual_seed(5)
    parts = model.forward_loss(batch)
    torch.manual_seed(5)
    n_longest = int((batch["text"] > 0).sum(1).max())
    batch["text"] = batch["text"][:, :n_longest]
    kept, masked = model.forward_encoder(batch, {"audio": 0.75, "text": 0.75})
    pixels, words = model.forward_decoder(kept, masked)
    patches, logits = model.encoder.patches(batch["audio"]), model.token_logits(words)
    n, audio, text, contrast, c = 12, 0.0, 0.0, 0.0, {}
    for k in range(n):
        for i in range(8):  # equation 4.10: the squared Frobenius norm of all hidden patches
            if masked["audio"].mask[k, i]:
                audio += ((pixels[k, i] - patches[k, i]) ** 2).sum().item() / n
        gone = [i for i in range(n_longest) if masked["text"].mask[k, i]]
        for i in gone:  # equation 4.13
            text -= torch.log_softmax(logits[k, i], 0)[batch["text"][k, i] - 1].item() / len(gone) / n
    for m in ("audio", "text"):  # equations 4.16 and 4.17
        h = model.encoder.forward_joint(kept[m], masked[m].visible_valid, m)
        c[m] = [h[k][masked[m].visible_valid[k]].mean(0) for k in range(n)]
    cosine = torch.stack(
        [torch.stack([torch.cosine_similarity(a, t, dim=0) for t in c["text"]]) for a in c["audio"]]
    ).detach()
    for k in range(n):  # equation 4.18
        contrast -= (cosine[k, k] / 0.1 - torch.logsumexp(cosine[k] / 0.1, 0)).item() / n
    assert parts["audio_error"].item() == pytest.approx(audio, rel=1e-4)
    assert parts["text_error"].item() == pytest.approx(text, rel=1e-4)
    assert parts["contrastive"].item() == pytest.approx(contrast, rel=1e-3)
    assert parts["accuracy"].item() == pytest.approx(
        (cosine.argmax(1) == torch.arange(n)).float().mean().item()
    )
    config = model.config  # equations 4.15 and 4.19
    assert parts["total"].item() == pytest.approx(
        contrast + config.reconstruction_weight * (audio + config.text_error_weight * text), rel=1e-4
    )
    n_pixels = int(masked["audio"].mask.sum()) * 64 / n
    assert parts["pixel_error"].item() == pytest.approx(audio / n_pixels, rel=1e-4)


def test_words_that_are_too_many_to_hold_give_the_same_loss_and_gradient(small, monkeypatch):
    model, batch = small

    def gradient():
        torch.manual_seed(0)
        model.zero_grad()
        missed = model.forward_loss(batch)["text_error"]
        missed.backward()
        return missed.detach(), model.encoder.embed_word.weight.grad.clone()

    whole = gradient()
    monkeypatch.setattr("core.models.masked.mae.WORDS_PER_CHUNK", 7)
    for a, b in zip(gradient(), whole):
        torch.testing.assert_close(a, b)


def test_a_track_that_lacks_one_may_hold_anything_there(small):
    model, batch = small
    model.eval()
    batch["audio_present"] = torch.arange(12) >= 4
    batch["text"] = torch.where(
        (torch.arange(12) < 8)[:, None], batch["text"], 0
    )  # rows 8 to 11 have no words
    z, gate = model.encode_joint(batch), model.gate(batch)
    assert (gate[:4] == 0).all() and (gate[8:] == 1).all() and ((gate[4:8] > 0) & (gate[4:8] < 1)).all()

    def parts():
        torch.manual_seed(0)
        return model.forward_loss(batch)

    before = parts()
    batch["audio"] = torch.where(batch["audio_present"][:, None, None], batch["audio"], 1e3)
    assert torch.allclose(model.encode_joint(batch), z) and all(
        torch.equal(value, before[name]) for name, value in parts().items()
    )
    assert not model.encode_text(torch.zeros(2, 12, dtype=torch.long)).any()


def test_a_batch_with_one_modality_alone_can_still_be_learnt_from(small):
    model, batch = small
    for lacking in (
        {"text": torch.zeros_like(batch["text"])},
        {"audio_present": torch.zeros(12, dtype=torch.bool)},
    ):
        parts = model.forward_loss(batch | lacking)
        assert (
            all(value.isfinite() for value in parts.values())
            and parts["contrastive"] == parts["accuracy"] == 0
        )
        parts["total"].backward()
        assert all(p.grad is None or p.grad.isfinite().all() for p in model.parameters())


def test_padding_changes_nothing(small):
    model, batch = small
    model.eval()
    short = torch.zeros_like(batch["text"])
    short[:, :3] = batch["text"][:, :3]
    torch.testing.assert_close(model.encode_text(short)[:1], model.encode_text(short[:1, :3]))
    mixed = torch.cat([short[:1], batch["text"][1:]])
    torch.testing.assert_close(model.encode_text(mixed)[:1], model.encode_text(short[:1]))


def test_pretraining_on_one_modality_learns_from_nothing_of_the_other(small):
    model, batch = small
    losses = {}
    for modalities in ("both", "audio", "text"):
        model.config = replace(model.config, modalities=modalities)
        torch.manual_seed(0)
        losses[modalities] = {name: part.item() for name, part in model.forward_loss(dict(batch)).items()}
    assert (
        losses["audio"]["text_error"] == 0 == losses["audio"]["contrastive"] < losses["audio"]["audio_error"]
    )
    assert losses["text"]["audio_error"] == 0 == losses["text"]["contrastive"] < losses["text"]["text_error"]
    assert all(losses["both"][part] > 0 for part in ("audio_error", "text_error", "contrastive"))
    other = batch | {"text": torch.roll(batch["text"], 1, 0)}
    model.config = replace(model.config, modalities="audio")
    torch.manual_seed(0)
    assert model.forward_loss(other)["total"].item() == losses["audio"]["total"]
