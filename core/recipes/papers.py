"""Titles of the papers, as sources of recipes."""

PAPER_A = "Hybrid Audio–Text Clustering for Music (Siddique)"
PAPER_B = "Hybrid Music Representation Learning using Variational Autoencoders"
PAPER_C = "Multimodal Self-supervised Music Genre Classification with Audio and Lyrics (Jiang)"
PAPER_D = "Audio-Lyrics Multimodal Fusion with Dynamic Modality Weighting (ITM Web of Conferences 84, 2026)"
PAPER_E = "Multimodal Pretraining for Music Audio (Sideras)"
