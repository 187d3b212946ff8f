"""A gate learnt from the two modalities alone: how much of each track's sound and words belongs to what both share.

With K prototypes per modality, A_k for sound and T_k for words, a track i is drawn as

    z ~ p(z)             the prototype that both modalities share
    g ~ p(g | z)         the gate, on a grid over [0, 1]: 1 leans on the sound, 0 on the words
    u, v ≠ z, uniform    private prototypes, of the sound alone and of the words alone
    audio_i = g·A_z + (1 − g)·A_u + noise
    text_i  = (1 − g)·T_z + g·T_v + noise

so a modality that says little of what is shared is not only faint: it says something else. All of z, g, u and
v are summed out exactly; prototypes, p and the noise are fitted by expectation–maximisation (Dempster, Laird
and Rubin 1977), which needs no labels and no cues. It is the gated unit of Arevalo et al., "Gated Multimodal
Units for Information Fusion", 2017, as a generative model.

The start decides which optimum is found: each modality is first fitted alone (as a mixture of two of its own
prototypes, several times, the likeliest kept), then sound prototypes are paired with word prototypes by
:func:`pair_prototypes`.
"""

from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

N_GATES = 11
RIDGE = 0.5
SPREAD = 10.0
"""Both sides are scaled to this root mean squared norm, of which the ridge and the smallest noise are fractions."""


@contextmanager
def one_thread():
    """Keep small products on one thread: handing them out costs more than they do, many times more on a busy machine."""
    import torch
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(before)


class Side:
    """One modality: data, K prototypes and a noise variance. Every tensor is float32.

    The likelihood of x under prototypes z and u at gate g is normal around ``g·C_z + (1 − g)·C_u``.
    """

    def __init__(self, X: np.ndarray, n_prototypes: int, seed: int):
        import warnings

        import torch
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", ConvergenceWarning
            )  # fewer different tracks than prototypes: some stay equal
            centres = KMeans(n_prototypes, n_init=2, random_state=seed).fit(X).cluster_centers_
        self.C = torch.as_tensor(
            1.2 * centres, dtype=torch.float32
        )  # (K, d); means lie inside what they are means of
        self.variance = float(X.var())
        self.look_at(X)

    def look_at(self, X: np.ndarray) -> None:
        """Take other data."""
        import torch

        self.X = torch.as_tensor(X, dtype=torch.float32)  # (n, d)
        self.norms = self.X.square().sum(1)  # (n,)

    def log_likelihood(self, gates) -> "torch.Tensor":  # noqa: F821
        """Return log p(x | g, z, u), shape (n, G, K, K), -inf where z = u."""
        import torch

        XC, g = self.X @ self.C.T, gates[None, :, None, None]  # (n, K)
        dot = g * XC[:, None, :, None] + (1 - g) * XC[:, None, None, :]  # (n, G, K, K)
        error = self.norms[:, None, None, None] - 2 * dot + self._square_means(gates)[None]
        off = torch.zeros(len(self.C), len(self.C)).fill_diagonal_(-torch.inf)
        return -0.5 * error / self.variance - 0.5 * self.X.shape[1] * np.log(self.variance) + off

    def fit(self, P, gates) -> None:
        """Fit prototypes and noise to responsibilities P of shape (n, G, K, K): a ridge regression."""
        import torch

        Pg = P.sum(0)  # (G, K, K)
        cross = torch.einsum("gzu,g->zu", Pg, gates * (1 - gates))
        own = torch.einsum("gzu,g->z", Pg, gates**2) + torch.einsum("gzu,g->u", Pg, (1 - gates) ** 2)
        weights = self.share(P, gates)  # (n, K)
        self.C = torch.linalg.solve(
            cross + cross.T + torch.diag(own) + RIDGE * torch.eye(len(self.C)), weights.T @ self.X
        )
        error = (
            self.norms.sum()
            - 2 * (weights * (self.X @ self.C.T)).sum()
            + (Pg * self._square_means(gates)).sum()
        )
        self.variance = max(float(error) / self.X.numel(), 1e-4 * SPREAD)

    def share(self, P, gates) -> "torch.Tensor":  # noqa: F821
        """Return how much of each track each prototype makes, shape (n, K), rows summing to 1."""
        import torch

        return torch.einsum("ngz,g->nz", P.sum(3), gates) + torch.einsum("ngu,g->nu", P.sum(2), 1 - gates)

    def _square_means(self, gates) -> "torch.Tensor":  # noqa: F821
        """Return |g·C_z + (1 − g)·C_u|², shape (G, K, K)."""
        CC, g = self.C @ self.C.T, gates[:, None, None]
        d = CC.diagonal()
        return g**2 * d[None, :, None] + (1 - g) ** 2 * d[None, None, :] + 2 * g * (1 - g) * CC[None]


def fit_alone(X: np.ndarray, n_prototypes: int, seed: int, n_steps: int) -> tuple[float, Side, np.ndarray]:
    """Fit one modality as a mixture of two prototypes per track; return log-likelihood, side, and shares (n, K)."""
    import torch

    side, gates = Side(X, n_prototypes, seed), torch.linspace(0.5, 1, 6)
    for _ in range(n_steps):
        L = side.log_likelihood(gates)
        total = torch.logsumexp(L.flatten(1), 1)
        P = (L - total[:, None, None, None]).exp()
        side.fit(P, gates)
    return float(total.sum()), side, side.share(P, gates).numpy()


def pair_prototypes(shares_a: np.ndarray, shares_t: np.ndarray) -> np.ndarray:
    """Return, per sound prototype, the word prototype that belongs to it.

    A shared prototype makes a share g of the sound and 1 − g of the words, so the shares of a true pair add
    up to 1 wherever both are there; of other pairs they do so by chance. Pairs are scored by ``Σ_i
    a·t·exp(−(a + t − 1)² / 2·0.15²)``, scaled by rows and columns, and matched one to one (Kuhn 1955).
    """
    from scipy.optimize import linear_sum_assignment

    a, t = shares_a[:, :, None], shares_t[:, None, :]  # (n, K, 1), (n, 1, K)
    score = (np.exp(-(((a + t - 1) / 0.15) ** 2) / 2) * a * t).sum(0)
    score /= np.sqrt(np.maximum(score.sum(0, keepdims=True) * score.sum(1, keepdims=True), 1e-12))
    return linear_sum_assignment(-score)[1]


@dataclass(eq=False)
class Gate:
    """A fitted gate: both sides, log p(z) of shape (K,) and log p(g | z) of shape (K, G)."""

    audio: Side
    text: Side
    log_z: "torch.Tensor"  # noqa: F821
    log_g: "torch.Tensor"  # noqa: F821
    log_likelihood: float = -np.inf

    @property
    def n_parameters(self) -> int:
        """Count what was fitted: prototypes, p(z), p(g | z), two variances."""
        K, G = self.log_g.shape
        return K * (self.audio.C.shape[1] + self.text.C.shape[1]) + (K - 1) + K * (G - 1) + 2

    def bic(self) -> float:
        """Return the Bayesian information criterion, smaller is better (Schwarz 1978)."""
        return -2 * self.log_likelihood + self.n_parameters * np.log(len(self.audio.X))

    def infer(self):
        """Return log-likelihood and responsibilities of what both sides look at: (n, G, K) of g and z, and of u and of v given them."""
        import torch

        g = torch.linspace(0, 1, self.log_g.shape[1])
        n_others = np.log(len(self.log_z) - 1)
        L_a, L_t = self.audio.log_likelihood(g) - n_others, self.text.log_likelihood(1 - g) - n_others
        l_a, l_t = torch.logsumexp(L_a, 3), torch.logsumexp(L_t, 3)  # (n, G, K)
        joint = l_a + l_t + self.log_z + self.log_g.T
        total = torch.logsumexp(joint.flatten(1), 1)
        R = (joint - total[:, None, None]).exp()
        return float(total.sum()), R, (L_a - l_a[..., None]).exp(), (L_t - l_t[..., None]).exp()

    def open(self, audio: np.ndarray, text: np.ndarray, batch: int = 2000) -> np.ndarray:
        """Return the expected gate of each track, shape (n,), 0 to 1."""
        import torch

        found = []
        for start in range(0, len(audio), batch):
            self.audio.look_at(audio[start : start + batch])
            self.text.look_at(text[start : start + batch])
            found.append((self.infer()[1].sum(2) * torch.linspace(0, 1, self.log_g.shape[1])).sum(1).numpy())
        return np.concatenate(found)


def fit_gate(
    audio: np.ndarray, text: np.ndarray, *, n_prototypes: int, n_starts: int, n_steps: int, seed: int
) -> Gate:
    """Fit the whole model.

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
        fits = [fit_alone(X, n_prototypes, seed + start, n_steps) for start in range(n_starts)]
        best.append(max(fits, key=lambda fit: fit[0]))
    (_, side_a, shares_a), (_, side_t, shares_t) = best
    side_t.C = side_t.C[torch.as_tensor(pair_prototypes(shares_a, shares_t))]
    uniform = (
        torch.full((n_prototypes,), -np.log(n_prototypes)),
        torch.full((n_prototypes, N_GATES), -np.log(N_GATES)),
    )
    gate = Gate(side_a, side_t, *(p.float() for p in uniform))
    for _ in range(n_steps):
        gate.log_likelihood, R, U, V = gate.infer()
        side_a.fit(R[..., None] * U, G)
        side_t.fit(R[..., None] * V, 1 - G)
        counts, gates = (
            R.sum((0, 1)) + 1,
            R.sum(0).T + 0.5,
        )  # (K,), (K, G): a count of one half more keeps all possible
        gate.log_z, gate.log_g = (counts / counts.sum()).log(), (gates / gates.sum(1, keepdim=True)).log()
    return gate
