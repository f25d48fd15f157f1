"""The model: lexical head, stacker, calibration, operating points, persistence, `LineClassifier`."""
