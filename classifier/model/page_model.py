"""The fitted parts in a row: lexical head, stacker, temperature; from a batch to probabilities."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures, featurize
from classifier.features.page_inputs import input_names, page_inputs
from classifier.labels import LABELS
from classifier.model.calibration import softmax
from classifier.model.lexical import LEXICAL_FEATURES, LexicalHead
from classifier.model.pages import Pages
from classifier.model.spans import SpanWeights
from classifier.model.stacker import Stacker
from classifier.text.batch import LineBatch

STACKER_INPUTS: tuple[str, ...] = input_names(LEXICAL_FEATURES)
"""Names of the rows of the stacker's inputs, in their order."""


@dataclass(frozen=True, slots=True)
class PageModel:
    """What was learned.

    Attributes
    ----------
    lexical
        Scores each line alone, by its n-grams.
    stacker
        Judges each line in its page.
    temperature
        What the stacker's logits are divided by.
    spans
        What finds spam inside lines; None in a model that was taught no spans.
    """

    lexical: LexicalHead
    stacker: Stacker
    temperature: float
    spans: SpanWeights | None = None

    def probabilities(self, batch: LineBatch) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the calibrated probabilities of every line, and which lines are blank.

        Returns
        -------
        probabilities : float32 array of shape (n_lines, 4)
            Rows of blank lines are zero.
        is_blank : bool array of shape (n_lines,)
        """
        return self.judge(featurize(batch))

    def judge(self, features: LineFeatures) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return what `probabilities` returns, for features computed before."""
        n_lines = features.characters.n_lines
        probabilities = np.zeros((n_lines, len(LABELS)), dtype=np.float32)
        is_blank = np.ones(n_lines, dtype=np.bool_)
        if len(features.visible):
            inputs = self.inputs(features)
            logits = self.stacker.logits(inputs, Pages.of(features.document_offsets))
            probabilities[features.visible] = softmax(logits, self.temperature).T
            is_blank[features.visible] = False
        return probabilities, is_blank

    def inputs(self, features: LineFeatures) -> NDArray[np.float32]:
        """Return what the stacker reads, shape (len(STACKER_INPUTS), n_visible)."""
        lexical = self.lexical.apply(features.characters, features.ngrams)
        return page_inputs(
            features.matrix,
            lexical if lexical.shape[1] == len(features.visible) else lexical[:, features.visible],
            features.lengths,
            features.edges,
            features.document_offsets,
        )
