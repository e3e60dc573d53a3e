"""Networks as scikit-learn's estimators: for pipelines, searches and cross-validation."""

from nn.extras import required

required("sklearn", "train", "an estimator")

from nn.estimators.estimators import NeuralClassifier, NeuralRegressor  # noqa: E402

__all__ = ["NeuralClassifier", "NeuralRegressor"]
