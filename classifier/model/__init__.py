"""The model: lexical head, stacker, calibration, persistence, and `LineClassifier` over all."""
