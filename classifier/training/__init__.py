"""Labelled pages in, a model folder out. The only place that imports scikit-learn estimators."""
