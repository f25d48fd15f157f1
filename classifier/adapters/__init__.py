"""Other programs' pipelines: scikit-learn, Arrow, Ray Data, Spark, datatrove."""
