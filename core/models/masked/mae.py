"""Contrastive masked autoencoder of audio and lyrics.

Most of a spectrogram's patches and of a text's word pieces are masked. The visible ones pass through a joint
encoder in three streams: both modalities together, from which a decoder reconstructs the masked ones, and
each alone, for a contrastive loss between their means (Jiang, Multimodal Self-supervised Music Genre
Classification with Audio and Lyrics, chapter 4, after CAV-MAE, Gong et al. 2023).
"""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from core.models.continue_training import continue_training
from core.models.contrastive.contrastive_losses import nt_xent
from core.models.contrastive.two_towers import recall_at_1, same_rows
from core.models.latent_model import LatentModel, Pretrained
from core.models.masked.mae_config import PRESETS, MAEConfig
from core.models.masked.mae_encoder import MAEEncoder, trim, valid_patches
from core.models.masked.mae_pretrained import count_words, load_initial_weights, tokenizer_of
from core.models.masked.masking import Masked, keep_modalities, random_masking, restore, unpatchify
from core.models.shared_layers import Layer, attention_mask, grid_positions, masked_mean, sinusoids
from core.models.train_config import TrainConfig

WORDS_PER_CHUNK = 2048  # masked word pieces whose logits over the vocabulary are in memory at a time: 250 MB


class MAE(LatentModel):
    """The pretraining model of figure 4.2."""

    name = "mae"
    Config = MAEConfig
    train_config = TrainConfig(epochs=40, batch_size=24, lr=1e-3)
    presets = PRESETS
    patch_positions: Tensor
    word_positions: Tensor

    def __init__(self, config: MAEConfig, input_shape: dict[str, tuple[int, ...]], n_labels: int = 0):
        super().__init__(config, input_shape, n_labels)
        self.latent_dim = config.dim
        self.encoder = MAEEncoder(config, self.input_shape)
        width = config.decoder_dim
        self.to_decoder = nn.Linear(config.dim, width)
        self.mask_token = nn.Parameter(0.02 * torch.randn(width))
        self.decoder_modality = nn.ParameterDict(
            {m: nn.Parameter(0.02 * torch.randn(width)) for m in ("audio", "text")}
        )
        self.decoder = nn.ModuleList(Layer(width, config.decoder_heads) for _ in range(config.decoder_layers))
        self.decoder_norm = nn.LayerNorm(width)
        self.to_pixels = nn.Linear(width, config.patch**2)
        self.to_word = nn.Linear(width, config.word_dim if config.tied_words else config.n_words)
        if config.tied_words:
            self.word_bias = nn.Parameter(torch.zeros(config.n_words))
        n_mels, n_frames = self.input_shape["audio"]
        positions = grid_positions(n_mels // config.patch, n_frames // config.patch, width)
        self.register_buffer("patch_positions", positions, persistent=False)
        self.register_buffer(
            "word_positions",
            torch.from_numpy(sinusoids(np.arange(self.input_shape["text"][0]), width)),
            persistent=False,
        )

    @classmethod
    def from_pretrained(
        cls,
        config: MAEConfig,
        input_shape: dict,
        n_labels: int,
        reads: dict,
        pretrained: Pretrained | None = None,
    ) -> "MAE":
        """Build the model, with the pretrained weights that the config names: a checkpoint's, or others.

        Raises
        ------
        CheckpointError, ConfigError, TextError
            When weights aren't available, or don't fit.
        """
        if pretrained is not None:
            return continue_training(cls, config, input_shape, n_labels, reads, pretrained)
        model = cls(replace(config, n_words=count_words(reads, config.n_words)), input_shape, n_labels)
        model.started_from = load_initial_weights(model, model.encoder, config, tokenizer_of(reads))
        return model

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Compute the mean and deviation of all spectrograms X["audio"]; a checkpoint keeps its own."""
        if not self.config.start:
            self.encoder.fit_statistics(X["audio"])

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return c_a of spectrograms (n, n_mels, n_frames), (n, latent_dim)."""
        return self.encoder.encode_audio(x)

    def encode_text(self, x: Tensor) -> Tensor:
        """Return c_t of texts (n, n_tokens), (n, latent_dim)."""
        return self.encoder.encode_text(x)

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return x of tracks with audio, text or both, (n, latent_dim)."""
        return self.encoder.encode_joint(batch)

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio in a track's joint latent, (n,)."""
        return self.encoder.gate(batch)

    def forward_encoder(
        self, batch: dict[str, Tensor], ratios: dict[str, float]
    ) -> tuple[dict[str, Tensor], dict[str, Masked]]:
        """Mask and encode each modality; return visible tokens (n, K_m, dim) and the masks."""
        e = self.encoder
        embedded = {"audio": e.embed_audio(e.patches(batch["audio"])), "text": e.embed_text(batch["text"])}
        valid = {"audio": valid_patches(batch, e.patch_positions.shape[0]), "text": batch["text"] > 0}
        masked = {m: random_masking(valid[m], ratios[m]) for m in embedded}
        return {m: e.forward_visible(m, embedded[m], masked[m]) for m in embedded}, masked

    def forward_decoder(self, visible: dict[str, Tensor], masked: dict[str, Masked]) -> tuple[Tensor, Tensor]:
        """Reconstruct all tokens from the visible ones of both modalities, equations 4.6 to 4.9.

        Returns
        -------
        pixels : Tensor, shape=(n, n_patches, patch²)
        words : Tensor, shape=(n, L, decoder_dim)
            The input of :meth:`token_logits`.
        """
        n_audio, modalities = visible["audio"].shape[1], ("audio", "text")
        valid = torch.cat([masked[m].visible_valid for m in modalities], 1)
        x = torch.cat([visible[m] for m in modalities], 1)
        x = self.to_decoder(self.encoder.forward_joint(x, valid, "joint"))
        audio = restore(x[:, :n_audio], masked["audio"], self.mask_token) + self.decoder_modality["audio"]
        text = restore(x[:, n_audio:], masked["text"], self.mask_token) + self.decoder_modality["text"]
        mask = attention_mask(torch.cat([masked[m].valid for m in modalities], 1))
        x = torch.cat([audio + self.patch_positions, text + self.word_positions[: text.shape[1]]], 1)
        for layer in self.decoder:
            x = layer(x, mask)
        x = self.decoder_norm(x)
        return self.to_pixels(x[:, : audio.shape[1]]), x[:, audio.shape[1] :]

    def token_logits(self, x: Tensor) -> Tensor:
        """Return logits over the vocabulary (n, n_words) of the decoder's tokens (n, decoder_dim)."""
        x = self.to_word(x)
        return F.linear(x, self.encoder.embed_word.weight, self.word_bias) if self.config.tied_words else x

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total (4.19), contrastive (4.18), audio_error (4.10), text_error (4.13) and accuracy.

        ``accuracy`` is the paper's contrastive accuracy: recall@1 of the own text among the batch's tracks
        with both modalities. Beside a summed ``audio_error`` there is its mean per masked pixel,
        ``pixel_error``. Padding and tracks without a modality are excluded from its means.
        """
        c, batch = self.config, keep_modalities(batch, self.config.modalities)
        batch = {**batch, "text": trim(batch["text"])}
        visible, masked = self.forward_encoder(
            batch, {"audio": c.audio_mask_ratio, "text": c.text_mask_ratio}
        )
        pixels, words = self.forward_decoder(visible, masked)
        mask = masked["audio"].mask  # (n, n_patches)
        squared = (pixels.float() - self.encoder.patches(batch["audio"])).square().sum(2) * mask
        n_masked = mask.sum(1) * c.patch**2
        n_tracks = (n_masked > 0).sum().clamp_min(1)
        pixel_error = (squared.sum(1) / n_masked.clamp_min(1)).sum() / n_tracks
        parts = {"audio_error": squared.sum() / n_tracks if c.audio_error == "sum" else pixel_error}
        parts["text_error"] = self.mlm_loss(words, batch["text"], masked["text"].mask)
        parts["contrastive"], parts["accuracy"] = self.contrastive_loss(visible, masked, batch)
        reconstruction = parts["audio_error"] + c.text_error_weight * parts["text_error"]
        total = c.contrastive_weight * parts["contrastive"] + c.reconstruction_weight * reconstruction
        return {"total": total, **parts} | (
            {"pixel_error": pixel_error.detach()} if c.audio_error == "sum" else {}
        )

    def mlm_loss(self, words: Tensor, tokens: Tensor, mask: Tensor) -> Tensor:
        """Return the mean over texts of the mean cross-entropy of their masked word pieces (4.13)."""
        weights = mask / mask.sum(1, keepdim=True).clamp_min(1) / mask.any(1).sum().clamp_min(1)  # (n, L)
        selected = words[mask], tokens[mask] - 1, weights[mask]
        if len(selected[0]) <= WORDS_PER_CHUNK:
            return self._token_loss(*selected)
        # checkpointed: the logits of one chunk at a time are in memory and recomputed for the gradient
        chunks = zip(*(part.split(WORDS_PER_CHUNK) for part in selected))
        losses = [checkpoint(self._token_loss, *chunk, use_reentrant=False) for chunk in chunks]
        return torch.stack(losses).sum()

    def _token_loss(self, x: Tensor, target: Tensor, weights: Tensor) -> Tensor:
        """Return the weighted cross-entropy of some word pieces."""
        return (F.cross_entropy(self.token_logits(x).float(), target, reduction="none") * weights).sum()

    def contrastive_loss(
        self, visible: dict[str, Tensor], masked: dict[str, Masked], batch: dict[str, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Return the contrastive loss and its recall@1 among tracks with both modalities."""
        valid = {m: masked[m].visible_valid for m in visible}
        pooled = {
            m: masked_mean(self.encoder.forward_joint(visible[m], valid[m], m), valid[m]) for m in visible
        }
        both = valid["audio"].any(1) & valid["text"].any(1)
        c_a, c_t, tokens = pooled["audio"][both], pooled["text"][both], batch["text"][both]
        if len(c_a) < 2:
            return 0.0 * (pooled["audio"].sum() + pooled["text"].sum()), torch.zeros((), device=tokens.device)
        same = same_rows(tokens)
        return nt_xent(c_a, c_t, self.config.temperature, same=same), recall_at_1(c_a, c_t, same)

    @torch.no_grad()
    def inpaint(
        self, x: Tensor, *, mask_ratio: float, seed: int = 0, text: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Mask patches of spectrograms and reconstruct them (section 5.3; He et al. 2022).

        Parameters
        ----------
        x : Tensor, shape=(n, n_mels, n_frames)
        text : Tensor, shape=(n, n_tokens), optional
            Word pieces of the tracks' text. ``text_mask_ratio`` of them is masked, as in training: the
            decoder wasn't trained on whole texts.

        Returns
        -------
        inpainted : Tensor, shape=(n, n_mels, n_frames)
            In the input's units; unmasked patches are unchanged.
        mask : Tensor of bool, shape=(n, n_mels, n_frames)
        """
        e, generator = self.encoder, torch.Generator().manual_seed(seed)
        tokens = torch.zeros((len(x), 1), dtype=torch.long, device=x.device) if text is None else trim(text)
        noise = torch.rand((len(x), self.patch_positions.shape[0]), generator=generator)
        word_noise = torch.rand(tokens.shape, generator=generator)
        embedded = {"audio": e.embed_audio(e.patches(x)), "text": e.embed_text(tokens)}
        all_valid = torch.ones_like(noise, dtype=torch.bool).to(x.device)
        masked = {
            "audio": random_masking(all_valid, mask_ratio, noise.to(x.device)),
            "text": random_masking(tokens > 0, self.config.text_mask_ratio, word_noise.to(x.device)),
        }
        pixels, _ = self.forward_decoder(
            {m: e.forward_visible(m, embedded[m], masked[m]) for m in embedded}, masked
        )
        size, n_mels = self.config.patch, x.shape[1]
        mask = unpatchify(masked["audio"].mask[..., None].expand(-1, -1, size**2), n_mels, size)
        return torch.where(mask, unpatchify(pixels, n_mels, size) * e.deviation + e.mean, x), mask

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return losses and contrastive accuracy as in training on 48 tracks, the published batch size."""
        some = {name: value[:48] for name, value in batch.items()}
        with torch.random.fork_rng():
            torch.manual_seed(0)
            parts = self.forward_loss(some)
        figures = {
            "pixel_error": parts.get("pixel_error", parts["audio_error"]),
            "text_error": parts["text_error"],
            "contrastive_accuracy": parts["accuracy"],
        }
        return {name: value.item() for name, value in figures.items()} | {"gallery": len(some["audio"])}
