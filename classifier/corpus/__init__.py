"""Making training data: lexicons, pages of synthetic spam, and what is built from corpora."""
