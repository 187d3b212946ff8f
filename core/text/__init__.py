"""Text without models: sentences, words, language."""
