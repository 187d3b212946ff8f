"""Gated mixture model of two modalities: how much of each track's audio and text belongs to what both share.

With K prototypes per modality, A_k for audio and T_k for text, track i is generated as

    z ~ p(z)             the prototype that both modalities share
    g ~ p(g | z)         the gate, on a grid over [0, 1]: 1 favours audio, 0 text
    u, v ≠ z, uniform    private prototypes of audio and of text
    audio_i = g·A_z + (1 − g)·A_u + noise
    text_i  = (1 − g)·T_z + g·T_v + noise

so a modality that carries little of what is shared carries private content instead. z, g, u and v are
marginalised exactly; prototypes, p and the noise are fitted by expectation–maximisation (Dempster, Laird and
Rubin 1977) without labels or cues. It is a generative form of the gated unit of Arevalo et al., "Gated
Multimodal Units for Information Fusion", 2017.

Initialisation: each modality is first fitted alone as a mixture of two of its prototypes, several times, and
the likeliest fit is used; then audio and text prototypes are paired by :func:`pair_prototypes`.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

N_GATES = 11
RIDGE = 0.5
SPREAD = 10.0
"""Root mean squared norm of both inputs; the ridge and the smallest noise variance are relative to it."""


@contextmanager
def single_threaded():
    """Run on one thread: for small matrix products the overhead of threads exceeds their gain."""
    import torch
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(before)


class PrototypeModel:
    """One modality: data X, K prototypes C and a noise variance; tensors are float32.

    The likelihood of x under prototypes z and u at gate g is normal around ``g·C_z + (1 − g)·C_u``.
    """

    def __init__(self, X: np.ndarray, n_prototypes: int, seed: int):
        import warnings

        import torch
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        with warnings.catch_warnings():
            # fewer distinct tracks than prototypes leave some prototypes equal
            warnings.simplefilter("ignore", ConvergenceWarning)
            centres = KMeans(n_prototypes, n_init=2, random_state=seed).fit(X).cluster_centers_
        # mixtures lie between prototypes, so prototypes lie outside the centroids
        self.C = torch.as_tensor(1.2 * centres, dtype=torch.float32)  # (K, d)
        self.variance = float(X.var())
        self.set_data(X)

    def set_data(self, X: np.ndarray) -> None:
        """Replace the data."""
        import torch

        self.X = torch.as_tensor(X, dtype=torch.float32)  # (n, d)
        self.norms = self.X.square().sum(1)  # (n,)

    def log_likelihood(self, gates) -> "Tensor":
        """Return log p(x | g, z, u), shape (n, G, K, K), -inf where z = u."""
        import torch

        XC, g = self.X @ self.C.T, gates[None, :, None, None]  # (n, K)
        dot = g * XC[:, None, :, None] + (1 - g) * XC[:, None, None, :]  # (n, G, K, K)
        error = self.norms[:, None, None, None] - 2 * dot + self._square_means(gates)[None]
        off = torch.zeros(len(self.C), len(self.C)).fill_diagonal_(-torch.inf)
        return -0.5 * error / self.variance - 0.5 * self.X.shape[1] * np.log(self.variance) + off

    def fit(self, P, gates) -> None:
        """Fit prototypes and noise by ridge regression on responsibilities P, shape=(n, G, K, K)."""
        import torch

        Pg = P.sum(0)  # (G, K, K)
        cross = torch.einsum("gzu,g->zu", Pg, gates * (1 - gates))
        own = torch.einsum("gzu,g->z", Pg, gates**2) + torch.einsum("gzu,g->u", Pg, (1 - gates) ** 2)
        weights = self.shares(P, gates)  # (n, K)
        self.C = torch.linalg.solve(
            cross + cross.T + torch.diag(own) + RIDGE * torch.eye(len(self.C)), weights.T @ self.X
        )
        error = (
            self.norms.sum()
            - 2 * (weights * (self.X @ self.C.T)).sum()
            + (Pg * self._square_means(gates)).sum()
        )
        self.variance = max(float(error) / self.X.numel(), 1e-4 * SPREAD)

    def shares(self, P, gates) -> "Tensor":
        """Return the expected share of each prototype in each track, shape=(n, K); rows sum to 1."""
        import torch

        return torch.einsum("ngz,g->nz", P.sum(3), gates) + torch.einsum("ngu,g->nu", P.sum(2), 1 - gates)

    def _square_means(self, gates) -> "Tensor":
        """Return |g·C_z + (1 − g)·C_u|², shape (G, K, K)."""
        CC, g = self.C @ self.C.T, gates[:, None, None]
        d = CC.diagonal()
        return g**2 * d[None, :, None] + (1 - g) ** 2 * d[None, None, :] + 2 * g * (1 - g) * CC[None]


def fit_modality(
    X: np.ndarray, n_prototypes: int, seed: int, n_steps: int
) -> tuple[float, PrototypeModel, np.ndarray]:
    """Fit one modality as mixtures of two prototypes; return log-likelihood, model, and shares (n, K)."""
    import torch

    model, gates = PrototypeModel(X, n_prototypes, seed), torch.linspace(0.5, 1, 6)
    for _ in range(n_steps):
        L = model.log_likelihood(gates)
        total = torch.logsumexp(L.flatten(1), 1)
        P = (L - total[:, None, None, None]).exp()
        model.fit(P, gates)
    return float(total.sum()), model, model.shares(P, gates).numpy()


def pair_prototypes(shares_a: np.ndarray, shares_t: np.ndarray) -> np.ndarray:
    """Return the matching text prototype of each audio prototype.

    A shared prototype has share g in audio and 1 − g in text, so the shares of a true pair add up to 1
    wherever both occur; those of other pairs only by chance. Pairs are scored by ``Σ_i a·t·exp(−(a + t − 1)²
    / 2·0.15²)``, normalised by rows and columns, and matched one to one (Kuhn 1955).
    """
    from scipy.optimize import linear_sum_assignment

    a, t = shares_a[:, :, None], shares_t[:, None, :]  # (n, K, 1), (n, 1, K)
    score = (np.exp(-(((a + t - 1) / 0.15) ** 2) / 2) * a * t).sum(0)
    score /= np.sqrt(np.maximum(score.sum(0, keepdims=True) * score.sum(1, keepdims=True), 1e-12))
    return linear_sum_assignment(-score)[1]


@dataclass(eq=False)
class Gate:
    """A fitted gate: both modalities, log p(z) of shape (K,) and log p(g | z) of shape (K, G)."""

    audio: PrototypeModel
    text: PrototypeModel
    log_z: "Tensor"
    log_g: "Tensor"
    log_likelihood: float = -np.inf

    @property
    def n_parameters(self) -> int:
        """Number of free parameters: prototypes, p(z), p(g | z), two variances."""
        K, G = self.log_g.shape
        return K * (self.audio.C.shape[1] + self.text.C.shape[1]) + (K - 1) + K * (G - 1) + 2

    def bic(self) -> float:
        """Return the Bayesian information criterion; lower is better (Schwarz 1978)."""
        return -2 * self.log_likelihood + self.n_parameters * np.log(len(self.audio.X))

    def infer(self) -> tuple[float, "Tensor", "Tensor", "Tensor"]:
        """Compute the E step.

        Returns
        -------
        log_likelihood : float
        R : Tensor, shape=(n, G, K)
            p(g, z | audio, text).
        U, V : Tensor, shape=(n, G, K, K)
            p(u | g, z, audio) and p(v | g, z, text).
        """
        import torch

        g = torch.linspace(0, 1, self.log_g.shape[1])
        n_others = np.log(len(self.log_z) - 1)
        L_a, L_t = self.audio.log_likelihood(g) - n_others, self.text.log_likelihood(1 - g) - n_others
        l_a, l_t = torch.logsumexp(L_a, 3), torch.logsumexp(L_t, 3)  # (n, G, K)
        joint = l_a + l_t + self.log_z + self.log_g.T
        total = torch.logsumexp(joint.flatten(1), 1)
        R = (joint - total[:, None, None]).exp()
        return float(total.sum()), R, (L_a - l_a[..., None]).exp(), (L_t - l_t[..., None]).exp()

    def expected_gates(self, audio: np.ndarray, text: np.ndarray, batch: int = 2000) -> np.ndarray:
        """Return the expected gate of each track, shape=(n,), 0 to 1."""
        import torch

        found = []
        for start in range(0, len(audio), batch):
            self.audio.set_data(audio[start : start + batch])
            self.text.set_data(text[start : start + batch])
            found.append((self.infer()[1].sum(2) * torch.linspace(0, 1, self.log_g.shape[1])).sum(1).numpy())
        return np.concatenate(found)


def fit_gate(
    audio: np.ndarray, text: np.ndarray, *, n_prototypes: int, n_starts: int, n_steps: int, seed: int
) -> Gate:
    """Fit the model by expectation–maximisation.

    Parameters
    ----------
    audio, text : ndarray, shape=(n, d_audio) and (n, d_text)
        Centred, of root mean squared norm :data:`SPREAD`.
    n_prototypes : int
        K, 2 or more.
    """
    import torch

    G = torch.linspace(0, 1, N_GATES)
    best = []
    for X in (audio, text):
        fits = [fit_modality(X, n_prototypes, seed + start, n_steps) for start in range(n_starts)]
        best.append(max(fits, key=lambda fit: fit[0]))
    (_, model_a, shares_a), (_, model_t, shares_t) = best
    model_t.C = model_t.C[torch.as_tensor(pair_prototypes(shares_a, shares_t))]
    log_z = torch.full((n_prototypes,), -np.log(n_prototypes)).float()
    log_g = torch.full((n_prototypes, N_GATES), -np.log(N_GATES)).float()
    gate = Gate(model_a, model_t, log_z, log_g)
    for _ in range(n_steps):
        gate.log_likelihood, R, U, V = gate.infer()
        model_a.fit(R[..., None] * U, G)
        model_t.fit(R[..., None] * V, 1 - G)
        # pseudo-counts keep every probability above 0
        counts, gates = R.sum((0, 1)) + 1, R.sum(0).T + 0.5  # (K,), (K, G)
        gate.log_z, gate.log_g = (counts / counts.sum()).log(), (gates / gates.sum(1, keepdim=True)).log()
    return gate
