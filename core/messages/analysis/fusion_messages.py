"""Sentences about what a fusion did, from the details that it returns."""

from core.fusion.auto import SHARED_Z


def describe_fusion(details: dict) -> str:
    """Return one clause about a fusion's fit, "" where there are no details (see ``Fused.details``)."""
    if "picked" in details:
        return _describe_choice(details)
    if "agreement" in details:
        return _describe_trust(details)
    if "n_prototypes" in details:
        return (
            f"gate with {details['n_prototypes']} prototypes, learnt from {details['n_fitted']:,} tracks "
            "without labels"
        )
    if "checkpoint" in details:
        return f"{details['latent_dim']}-dimensional joint latent of {details['checkpoint']}"
    if "model" in details:
        return (
            f"{details['latent_dim']}-dimensional latent of a {details['model']} trained on these "
            f"{details['n_trained']:,} tracks"
        )
    return ""


def describe_fusion_fully(details: dict) -> list[str]:
    """Return the clauses about a fusion and, where it chose another, about the chosen one."""
    clauses = [describe_fusion(details), describe_fusion(details.get("of_picked", {}))]
    return [clause for clause in clauses if clause]


def add_sentence(details: dict) -> dict:
    """Return details as ``--json`` prints them: with the clauses under ``words``."""
    if not (sentence := describe_fusion(details)):
        return details
    inner = {"of_picked": add_sentence(details["of_picked"])} if "of_picked" in details else {}
    return {**details, **inner, "words": sentence}


def _describe_choice(details: dict) -> str:
    """Say which fusion `auto` chose, and why."""
    if "n_both" in details:
        return (
            f"weighted: only {details['n_both']} tracks have both audio and text, too few to measure "
            "replication"
        )
    picked, replication = details["picked"], details["replication"]
    listed = ", ".join(
        f"{name} {mean:.2f}" for name, mean in sorted(replication.items(), key=lambda item: -item[1])
    )
    default, shared = details.get("default", "weighted"), details.get("shared")
    if picked != default:
        lead = f"{details['lead']:+.2f} ± {details['lead_error']:.2f}"
        reason = f"its clusters replicate best beyond chance, {lead} against {default}"
    elif shared and picked == "graph":
        reason = (
            f"audio and text share {shared['overlap'] / max(shared['expected'], 1e-12):.1f} times as many "
            "nearest neighbours as by chance, and no fusion replicates clearly better"
        )
    elif shared and shared["z"] < SHARED_Z:
        reason = "audio and text share no more nearest neighbours than by chance"
    else:
        reason = "no fusion replicates clearly better than equal weights"
    return f"chose {picked}: {reason} (replication {listed}; without labels)"


def _describe_trust(details: dict) -> str:
    """Say how far per-track weights follow the cues."""
    trust, alpha = details["trust"], details["agreement"]
    if not details["has_cues"]:
        return "no track has a cue, so every track that has both modalities gets equal weights"
    if details["trust_mode"] == "full":
        return "the cues are trusted fully, whether they agree or not"
    if trust == 1:
        return f"the cues agree (Cronbach's alpha {alpha:.2f}), so they are trusted fully"
    if trust == 0:
        return (
            f"the cues contradict each other (Cronbach's alpha {alpha:.2f}), so every track that has both "
            "modalities gets equal weights"
        )
    return f"the cues agree in part (Cronbach's alpha {alpha:.2f}), so they are trusted at {trust:.0%}"
