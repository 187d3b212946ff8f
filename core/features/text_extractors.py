"""Entries of the extractors that represent text; those of one class are entered from the bottom up."""

from core.features.extractors import register

TEXT = {"reads": "text", "modality": "text"}
EMBEDDING = {**TEXT, "may_standardise": False}
FOR_MODELS = {**TEXT, "only_for_models": True}


@register(
    name="sentence-mpnet",
    title="Sentence embedding (multilingual MPNet)",
    **EMBEDDING,
    seconds_per_track=0.12,
    settings={"model": "paraphrase-multilingual-mpnet-base-v2"},
    help="Embedding by multilingual MPNet (about 50 languages), downloaded from the Hugging Face Hub once.",
    source="Siddique, Hybrid Audio–Text Clustering for Music, section 3.1.2",
)
@register(
    name="sentence-minilm",
    title="Sentence embedding (English)",
    **EMBEDDING,
    seconds_per_track=0.06,
    settings={"model": "minilm"},
    help="Embedding by MiniLM, for English.",
    source="Reimers & Gurevych 2019; Wang et al. 2020",
)
@register(
    name="sentence",
    title="Sentence embedding (multilingual)",
    **EMBEDDING,
    seconds_per_track=0.02,
    takes_name="model",
    help="Embedding by the multilingual Universal Sentence Encoder (16 languages; no Bangla).",
    source="Yang et al. 2019",
)
def _sentence():
    from core.features.pretrained.sentence import Sentence

    return Sentence


@register(
    name="passages",
    title="Sentence embeddings of text and passages",
    **FOR_MODELS,
    seconds_per_track=0.03,
    takes_name="model",
    may_standardise=False,
    help="Embeddings of the text and of its three sentences or thirds: the contrastive text tower's input.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.4.2",
)
def _passages():
    from core.features.pretrained.passages import Passages

    return Passages


@register(
    name="tokens",
    title="Tokens of text and passages",
    **FOR_MODELS,
    seconds_per_track=0.0005,
    takes_name="model",
    help="Tokens of the text and of its three passages, for models that fine-tune a transformer: slow.",
    source="Sideras, Multimodal Pretraining for Music Audio, section 4.4.1",
)
def _tokens():
    from core.features.pretrained.tokens import Tokens

    return Tokens


@register(
    name="wordpieces-en",
    title="Word pieces (English)",
    **FOR_MODELS,
    seconds_per_track=0.0003,
    settings={"english_only": True},
    help="BERT's word pieces of English texts only, as in the masked autoencoder's paper.",
    source="Wu et al. 2016",
)
@register(
    name="wordpieces",
    title="Word pieces",
    **FOR_MODELS,
    seconds_per_track=0.0003,
    takes_name="model",
    help="BERT's word pieces of the text without repeated lines, for models that learn word embeddings.",
    source="Wu et al. 2016",
)
def _wordpieces():
    from core.features.pretrained.wordpieces import Wordpieces

    return Wordpieces


@register(
    name="tfidf",
    title="TF-IDF",
    reads="corpus",
    modality="text",
    may_standardise=False,
    seconds_per_track=0.001,
    help="TF-IDF of words and character n-grams, reduced by latent semantic analysis; reads any language.",
    source="Spärck Jones 1972; Deerwester et al. 1990",
)
def _tfidf():
    from core.features.tfidf import Tfidf

    return Tfidf


@register(
    name="clap-text",
    title="CLAP (text tower)",
    **EMBEDDING,
    seconds_per_track=0.03,
    help="Embedding by CLAP's text tower, trained on English captions; the model must be downloaded.",
    source="Wu et al. 2023",
)
def _clap_text():
    from core.features.pretrained.clap import ClapText

    return ClapText
