"""What one does with predictions: annotate, clean, explain, report."""
