"""Features from pretrained networks: MusiCNN, CLAP, sentence embeddings, tokens."""
