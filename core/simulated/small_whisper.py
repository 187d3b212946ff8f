"""A tiny Whisper model with random weights, saved as the transformers library saves one."""

from pathlib import Path

MARKS = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|de|>",
    "<|es|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
N_TIMES = 51
"""Times from 0.00 to 1.00 in steps of 0.02 s, as many as a window of one second has."""


def save_whisper(
    folder: Path, seed: int = 0, marks: list[str] = MARKS, spread: float = 0.5, **generation
) -> Path:
    """Save an untrained model with windows of 1 s, letters as tokens and 24 positions, for tests.

    ``spread`` is that of its random weights: the larger, the surer it is of what it makes up.
    """
    import torch
    from transformers import (
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
        WhisperProcessor,
        WhisperTokenizer,
    )

    torch.manual_seed(seed)
    words = [*"abcdefghijklmnopqrstuvwxyz", "Ġ"]
    vocab = {word: i for i, word in enumerate([*words, marks[0]])}
    tokenizer = WhisperTokenizer(vocab=vocab, merges=[])
    tokenizer.add_tokens(marks[1:], special_tokens=True)
    n = len(words) + len(marks) + N_TIMES
    config = WhisperConfig(
        vocab_size=n,
        num_mel_bins=8,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_source_positions=50,
        max_target_positions=24,
        init_std=spread,
        pad_token_id=27,
        bos_token_id=27,
        eos_token_id=27,
        decoder_start_token_id=28,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    net = WhisperForConditionalGeneration(config)
    for name, value in {"is_multilingual": True, **generation}.items():
        setattr(net.generation_config, name, value)
    net.generation_config._from_model_config = False  # or what was set would not be read again
    net.save_pretrained(folder)
    front = WhisperFeatureExtractor(feature_size=8, chunk_length=1)
    WhisperProcessor(front, tokenizer).save_pretrained(folder)
    return folder
