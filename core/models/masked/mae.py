"""Contrastive masked autoencoder of audio and lyrics.

Most of a spectrogram's patches and of a text's words are hidden; what is left passes through one joint
encoder in three streams: both together, from which a decoder draws what was hidden, and each alone, whose
means must find each other (Jiang, Multimodal Self-supervised Music Genre Classification with Audio and
Lyrics, chapter 4, after CAV-MAE, Gong et al. 2023).
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from core.models.contrastive.contrastive_losses import nt_xent
from core.models.contrastive.two_towers import recall_at_1, same_rows
from core.models.latent_model import LatentModel
from core.models.masked.mae_config import PRESETS, MAEConfig
from core.models.masked.mae_encoder import MAEEncoder, trim, valid_patches
from core.models.masked.masking import Masked, put_back, random_masking, unpatchify
from core.models.shared_layers import Layer, attention_mask, grid_positions, masked_mean, sinusoids
from core.models.train_config import TrainConfig

WORDS_AT_ONCE = 2048
"""Hidden words whose likelihoods under the whole vocabulary are held at a time: 250 MB."""


class MAE(LatentModel):
    """The pretraining model of figure 4.2."""

    name = "mae"
    Config = MAEConfig
    training = TrainConfig(epochs=40, batch_size=24, lr=1e-3)
    presets = PRESETS

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
    def from_pretrained(cls, config: MAEConfig, input_shape: dict, n_labels: int, reads: dict) -> "MAE":
        """Build the model that training starts from, with pretrained weights where some are named.

        Raises
        ------
        CheckpointError, TextError
            When weights can't be had, or don't fit.
        """
        from core.models.masked.mae_pretrained import mae_from_pretrained

        return mae_from_pretrained(cls, config, input_shape, n_labels, reads)

    def fit_statistics(self, X: dict[str, np.ndarray]) -> None:
        """Take the mean and deviation of all spectrograms X["audio"]."""
        self.encoder.fit_statistics(X["audio"])

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return c_a of sounds (n, n_mels, n_frames), (n, latent_dim)."""
        return self.encoder.encode_audio(x)

    def encode_text(self, x: Tensor) -> Tensor:
        """Return c_t of texts (n, n_tokens), (n, latent_dim)."""
        return self.encoder.encode_text(x)

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return x of tracks with sound, words or both, (n, latent_dim)."""
        return self.encoder.encode_joint(batch)

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of the sound in a track's joint latent, (n,)."""
        return self.encoder.gate(batch)

    def forward_encoder(
        self, batch: dict[str, Tensor], ratios: dict[str, float]
    ) -> tuple[dict[str, Tensor], dict[str, Masked]]:
        """Hide, encode what is kept of each modality by itself, and return tokens (n, K_m, dim) and what was hidden."""
        e = self.encoder
        embedded = {"audio": e.embed_audio(e.patches(batch["audio"])), "text": e.embed_text(batch["text"])}
        valid = {"audio": valid_patches(batch, e.patch_positions.shape[0]), "text": batch["text"] > 0}
        masked = {m: random_masking(valid[m], ratios[m]) for m in embedded}
        return {m: e.forward_kept(m, embedded[m], masked[m]) for m in embedded}, masked

    def forward_decoder(self, kept: dict[str, Tensor], masked: dict[str, Masked]) -> tuple[Tensor, Tensor]:
        """Draw everything from what was kept of both, equations 4.6 to 4.9.

        Returns
        -------
        pixels : Tensor, shape=(n, n_patches, patch²)
        words : Tensor, shape=(n, L, decoder_dim)
            From which :meth:`token_logits` guesses.
        """
        n_audio, valid = (
            kept["audio"].shape[1],
            torch.cat([masked[m].kept_valid for m in ("audio", "text")], 1),
        )
        x = self.to_decoder(
            self.encoder.forward_joint(torch.cat([kept["audio"], kept["text"]], 1), valid, "joint")
        )
        audio = (
            put_back(x[:, :n_audio], masked["audio"], self.mask_token)
            + self.decoder_modality["audio"]
            + self.patch_positions
        )
        text = put_back(x[:, n_audio:], masked["text"], self.mask_token) + self.decoder_modality["text"]
        text = text + self.word_positions[: text.shape[1]]
        mask = attention_mask(torch.cat([_ever_valid(masked[m]) for m in ("audio", "text")], 1))
        x = torch.cat([audio, text], 1)
        for layer in self.decoder:
            x = layer(x, mask)
        x = self.decoder_norm(x)
        return self.to_pixels(x[:, : audio.shape[1]]), x[:, audio.shape[1] :]

    def token_logits(self, x: Tensor) -> Tensor:
        """Return the logits of each word of the vocabulary, (n, n_words), from the decoder's tokens (n, decoder_dim)."""
        x = self.to_word(x)
        return F.linear(x, self.encoder.embed_word.weight, self.word_bias) if self.config.tied_words else x

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return total (4.19) and its parts: contrastive (4.18), audio_error (4.10), text_error (4.13); and accuracy.

        ``accuracy`` is the paper's contrastive accuracy: for which share of the tracks that have both its
        words are nearer to a sound than all others of the batch. A summed ``audio_error`` has the mean per
        hidden pixel beside it, ``pixel_error``. Padding is neither hidden nor guessed, and tracks without
        sound or words have no part in the means.
        """
        c, batch = self.config, {**batch, "text": trim(batch["text"])}
        kept, masked = self.forward_encoder(batch, {"audio": c.audio_mask_ratio, "text": c.text_mask_ratio})
        pixels, words = self.forward_decoder(kept, masked)
        squared = (pixels.float() - self.encoder.patches(batch["audio"])).square().sum(2) * masked[
            "audio"
        ].hidden  # (n, n_patches)
        n_hidden = masked["audio"].hidden.sum(1) * c.patch**2
        pixel_error = (squared.sum(1) / n_hidden.clamp_min(1)).sum() / (n_hidden > 0).sum().clamp_min(1)
        n_heard = (n_hidden > 0).sum().clamp_min(1)
        parts = {"audio_error": squared.sum() / n_heard if c.audio_error == "sum" else pixel_error}
        parts["text_error"] = self.mlm_loss(words, batch["text"], masked["text"].hidden)
        parts["contrastive"], parts["accuracy"] = self._contrast(kept, masked, batch)
        reconstruction = parts["audio_error"] + c.text_error_weight * parts["text_error"]
        total = c.contrastive_weight * parts["contrastive"] + c.reconstruction_weight * reconstruction
        return {"total": total, **parts} | (
            {"pixel_error": pixel_error.detach()} if c.audio_error == "sum" else {}
        )

    def mlm_loss(self, words: Tensor, tokens: Tensor, hidden: Tensor) -> Tensor:
        """Return the mean over texts of the mean cross-entropy of their hidden words (4.13)."""
        share = hidden / hidden.sum(1, keepdim=True).clamp_min(1) / hidden.any(1).sum().clamp_min(1)  # (n, L)
        some = words[hidden], tokens[hidden] - 1, share[hidden]
        if len(some[0]) <= WORDS_AT_ONCE:
            return self._token_loss(*some)
        parts = zip(
            *(each.split(WORDS_AT_ONCE) for each in some)
        )  # of several parts only one is held: they are computed again for the gradient
        return sum(checkpoint(self._token_loss, *part, use_reentrant=False) for part in parts)

    def _token_loss(self, x: Tensor, target: Tensor, share: Tensor) -> Tensor:
        """Return the weighted cross-entropy of some words."""
        return (F.cross_entropy(self.token_logits(x).float(), target, reduction="none") * share).sum()

    def _contrast(
        self, kept: dict[str, Tensor], masked: dict[str, Masked], batch: dict[str, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Return the contrastive loss and its accuracy among the tracks that have both; those with the same words are no wrong answers."""
        pooled = {
            m: masked_mean(self.encoder.forward_joint(kept[m], masked[m].kept_valid, m), masked[m].kept_valid)
            for m in kept
        }
        both = masked["audio"].kept_valid.any(1) & masked["text"].kept_valid.any(1)
        c_a, c_t, tokens = pooled["audio"][both], pooled["text"][both], batch["text"][both]
        if len(c_a) < 2:
            return 0.0 * (pooled["audio"].sum() + pooled["text"].sum()), torch.zeros((), device=tokens.device)
        same = same_rows(tokens)
        return nt_xent(c_a, c_t, self.config.temperature, same=same), recall_at_1(c_a, c_t, same)

    @torch.no_grad()
    def inpaint(
        self, x: Tensor, *, mask_ratio: float, seed: int = 0, text: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Hide patches of spectrograms and draw them again (section 5.3; He et al. 2022).

        Parameters
        ----------
        x : Tensor, shape=(n, n_mels, n_frames)
        text : Tensor, shape=(n, n_tokens), optional
            Words that go with them; none where left out. They are shown as in training, ``text_mask_ratio``
            of them hidden: a decoder that never saw a whole text draws badly beside one.

        Returns
        -------
        restored : Tensor, shape=(n, n_mels, n_frames)
            In the input's units; what was not hidden is as it was given.
        hidden : Tensor of bool, shape=(n, n_mels, n_frames)
        """
        e, generator = self.encoder, torch.Generator().manual_seed(seed)
        tokens = torch.zeros((len(x), 1), dtype=torch.long, device=x.device) if text is None else trim(text)
        noise = torch.rand((len(x), self.patch_positions.shape[0]), generator=generator)
        word_noise = torch.rand(tokens.shape, generator=generator)
        embedded = {"audio": e.embed_audio(e.patches(x)), "text": e.embed_text(tokens)}
        everywhere = torch.ones_like(noise, dtype=torch.bool).to(x.device)
        masked = {
            "audio": random_masking(everywhere, mask_ratio, noise.to(x.device)),
            "text": random_masking(tokens > 0, self.config.text_mask_ratio, word_noise.to(x.device)),
        }
        pixels, _ = self.forward_decoder(
            {m: e.forward_kept(m, embedded[m], masked[m]) for m in embedded}, masked
        )
        size, n_mels = self.config.patch, x.shape[1]
        hidden = unpatchify(masked["audio"].hidden[..., None].expand(-1, -1, size**2), n_mels, size)
        return torch.where(hidden, unpatchify(pixels, n_mels, size) * e.deviation + e.mean, x), hidden

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return how well it guesses patches and words of 48 tracks (the published batch), as in training, and the contrastive accuracy among them."""
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


def _ever_valid(masked: Masked) -> Tensor:
    """Return where a row has tokens, kept or hidden, (n, L), bool."""
    return masked.hidden | masked.kept_valid.new_zeros(masked.hidden.shape).scatter(
        1, masked.kept, masked.kept_valid
    )
