"""`NeuralClassifier` and `NeuralRegressor`; imported when first used, for scikit-learn is heavy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import check_is_fitted, validate_data

import autograd
from autograd import no_grad
from nn.data import DataLoader
from nn.estimators.dense import dense
from nn.module import Module
from nn.optim import Adam
from nn.training import History, fit
from nn.training.randomness import seeded
from nn.training.steps import given_to, numbers

FLOATS = [np.float64, np.float32]  # what is neither becomes the first


class NeuralEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What both estimators share: how the network is made, and how it is trained."""

    def __init__(
        self,
        hidden: Sequence[int] = (32,),
        *,
        activation: str = "relu",
        module: Callable[[int, int], Module] | None = None,
        loss: Callable[[Any, Any], Any] | None = None,
        optimizer: Callable[..., Any] = Adam,
        lr: float = 0.01,
        epochs: int = 50,
        batch_size: int = 32,
        callbacks: Sequence[Any] = (),
        clip_grad_norm: float | None = None,
        compile: Any = "auto",
        progress: bool = False,
        random_state: Any = None,
        validation_fraction: float | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.module = module
        self.loss = loss
        self.optimizer = optimizer
        self.lr = lr
        self.epochs = epochs
        self.batch_size = batch_size
        self.callbacks = callbacks
        self.clip_grad_norm = clip_grad_norm
        self.compile = compile
        self.progress = progress
        self.random_state = random_state
        self.validation_fraction = validation_fraction

    def fit(self, X: Any, y: Any) -> Self:
        """Train a new network.

        Parameters
        ----------
        X : array of shape (n_samples, n_features)
        y : array of shape (n_samples,), or for several targets (n_samples, n_outputs)
        """
        share = self.validation_fraction
        if share is not None and not 0.0 < share < 1.0:
            raise ValueError(f"validation_fraction is a share between 0 and 1, but is {share!r}")
        X, target, outputs = self._prepared(X, y, reset=True)
        self._begin(X.shape[1], outputs)
        if share is None:
            return self._train(X, target, self.epochs)
        X, held_out, target, truth = train_test_split(
            X,
            target,
            test_size=share,
            stratify=self._strata(target),
            random_state=int(self._seeds.integers(2**31)),
        )
        return self._train(X, target, self.epochs, (held_out, truth))

    def _strata(self, target: Any) -> Any:
        """What the held-out samples are to have as many of as the others; None if of nothing."""
        return None

    def _begin(self, features: int, outputs: int) -> None:
        """Make the network and its optimiser."""
        self._seeds = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
        make = self.module or self._dense
        with seeded(int(self._seeds.integers(2**31))):
            self.module_ = make(features, outputs)
        self.optimizer_ = self.optimizer(self.module_.parameters(), lr=self.lr)
        self.history_ = History()

    def _dense(self, features: int, outputs: int) -> Module:
        return dense([features, *self.hidden, outputs], self.activation)

    def _train(self, X: Any, target: Any, epochs: int, validation: Any = None) -> Self:
        with seeded(int(self._seeds.integers(2**31))):
            history = fit(
                self.module_,
                DataLoader((X, target), self.batch_size, shuffle=True),
                self.loss or self._usual_loss,
                self.optimizer_,
                epochs=epochs,
                validation=validation,
                callbacks=self.callbacks,
                clip_grad_norm=self.clip_grad_norm,
                compile=self.compile,
                progress=self.progress,
            )
        self.module_.eval()
        self.history_ = History([*self.history_, *history], history.notes)
        return self

    def _outputs(self, X: Any) -> Any:
        """What the network gives for each sample, in evaluation mode."""
        check_is_fitted(self, "module_")
        X = validate_data(self, X, dtype=FLOATS, reset=False)
        with no_grad():
            return numbers(self.module_(given_to(self.module_, X)))


class NeuralClassifier(ClassifierMixin, NeuralEstimator):  # type: ignore[misc]
    """A classifier that is a network: scikit-learn's interface around `nn.fit`.

    Parameters
    ----------
    hidden : sequence of int, default (32,)
        How many units each hidden layer has, if no module is given.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        That of the hidden layers.
    module : callable, optional
        ``module(n_features, n_classes)`` makes another network, which gives a score for each class.
    loss : callable, optional
        ``loss(scores, classes)``; the cross-entropy if omitted. The classes are counted from 0.
    optimizer : callable, default Adam
        ``optimizer(parameters, lr=lr)``.
    lr : float, default 0.01
    epochs : int, default 50
    batch_size : int, default 32
    callbacks, clip_grad_norm, compile, progress
        As for `nn.fit`; no progress is shown by default.
    random_state : int, RandomState or None
        What the weights, the order of the samples and all else random come from.
    validation_fraction : float, optional
        Which share of the samples `fit` holds out, to measure the loss on after each epoch; of a
        classifier's, the same share of each class. `EarlyStopping` watches it.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
    module_ : Module
        The network.
    optimizer_ : Optimizer
    history_ : History
    n_features_in_ : int

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], ["low", "low", "high", "high"]
    >>> NeuralClassifier((8,), lr=0.05, random_state=0).fit(X, y).predict([[0.5], [2.5]])
    array(['low', 'high'], dtype='<U4')
    """

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Go through the data once, and keep what was learned before.

        Parameters
        ----------
        X, y
            As for `fit`.
        classes : array, optional
            All classes that there will ever be; the first call takes them, unless y has all.
        """
        first = not hasattr(self, "module_")
        if first and classes is not None:
            self.classes_ = unique_labels(classes)
        X, target, outputs = self._prepared(X, y, reset=first, classes=classes)
        if first:
            self._begin(X.shape[1], outputs)
        return self._train(X, target, 1)

    def predict(self, X: Any) -> Any:
        """The class with the highest score, of shape (n_samples,)."""
        answers = self._outputs(X).argmax(axis=1)
        return self.classes_[answers]

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class, of shape (n_samples, n_classes)."""
        return numbers(autograd.softmax(self._outputs(X), 1))

    def _usual_loss(self, output: Any, target: Any) -> Any:
        return autograd.cross_entropy(output, target)

    def _strata(self, target: Any) -> Any:
        return target

    def _prepared(self, X: Any, y: Any, reset: bool, classes: Any = None) -> tuple[Any, Any, int]:
        X, y = validate_data(self, X, y, dtype=FLOATS, reset=reset)
        check_classification_targets(y)
        if reset and classes is None:
            self.classes_ = unique_labels(y)
        strange = np.setdiff1d(y, self.classes_)
        if strange.size:
            raise ValueError(f"y has classes {strange}, which are not among {self.classes_}")
        return X, np.searchsorted(self.classes_, y), len(self.classes_)


class NeuralRegressor(RegressorMixin, NeuralEstimator):  # type: ignore[misc]
    """A regressor that is a network: scikit-learn's interface around `nn.fit`.

    The parameters are those of `NeuralClassifier`; the loss is the mean squared error if omitted,
    and a module is made by ``module(n_features, n_outputs)``.

    Examples
    --------
    >>> X = np.linspace(-1.0, 1.0, 50).reshape(-1, 1)
    >>> model = NeuralRegressor((16,), lr=0.02, epochs=100, random_state=0).fit(X, X[:, 0] ** 2)
    >>> model.score(X, X[:, 0] ** 2) > 0.95
    True
    """

    def partial_fit(self, X: Any, y: Any) -> Self:
        """Go through the data once, and keep what was learned before."""
        first = not hasattr(self, "module_")
        X, target, outputs = self._prepared(X, y, reset=first)
        if first:
            self._begin(X.shape[1], outputs)
        return self._train(X, target, 1)

    def predict(self, X: Any) -> Any:
        """What the network gives, of the shape that the targets had."""
        found = self._outputs(X)
        return found.reshape(len(found), *self._shape)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _usual_loss(self, output: Any, target: Any) -> Any:
        return autograd.square(output.reshape(target.shape) - target).mean()

    def _prepared(self, X: Any, y: Any, reset: bool) -> tuple[Any, Any, int]:
        X, y = validate_data(
            self, X, y, dtype=FLOATS, multi_output=True, y_numeric=True, reset=reset
        )
        if reset:
            self._shape = y.shape[1:]
        elif y.shape[1:] != self._shape:
            raise ValueError(f"y has targets of shape {y.shape[1:]}, but had {self._shape} before")
        return X, y.astype(X.dtype), int(np.prod(y.shape[1:]))
