"""Text as arrays: lines, batches of documents, code-point tables."""
