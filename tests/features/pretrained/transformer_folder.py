"""Tiny untrained transformers that tests save to disk, as transformers saves a BERT or a RoBERTa."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def save_bert(folder, size=16, intermediate=32):
    """Write a BERT of one layer, one token per letter, and return its folder."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{c}" for c in LETTERS)]
    BertTokenizerFast(vocab={word: i for i, word in enumerate(words)}, model_max_length=32).save_pretrained(
        folder
    )
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=size,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=intermediate,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def save_roberta(folder, size=16):
    """Write a RoBERTa of one layer that reads 30 tokens, one per letter, and return its folder."""
    import torch
    from transformers import RobertaConfig, RobertaModel, RobertaTokenizerFast

    torch.manual_seed(0)
    words = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *LETTERS, "Ġ", *(f"Ġ{c}" for c in LETTERS)]
    RobertaTokenizerFast(vocab={word: i for i, word in enumerate(words)}, merges=[]).save_pretrained(folder)
    config = RobertaConfig(
        vocab_size=len(words),
        hidden_size=size,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    RobertaModel(config).save_pretrained(folder)
    return folder
