"""Runs over many documents: planned, shared out to processes, resumable."""
