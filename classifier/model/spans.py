"""Finds spam inside lines that are otherwise content, and says how sure it is and why.

Candidates come from their form (`span_candidates`), from lines copied without their spaces
(`span_copies`), and in documents that look suspicious from their words too: runs that read like
queries (`span_runs`) and phrases that come back (`span_repeats`). From likely ones others follow:
with other bounds (`span_variants`), or where the same phrase stands (`span_echoes`). A network of
one hidden layer over features (`span_features`, `span_context`) gives each its probability of
being spam; of those that overlap the likeliest stays.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_candidates import Candidates, delimited, trimmed
from classifier.model.span_context import CONTEXT_FEATURES, context_features
from classifier.model.span_copies import despaced_copies
from classifier.model.span_features import PART_FEATURES, promising, span_features
from classifier.model.span_following import Following
from classifier.model.span_repeats import repeated_phrases
from classifier.model.span_runs import UnitWeights, units_of, unlikely_runs
from classifier.text.batch import LineBatch

SPAN_FEATURES = (*PART_FEATURES, *CONTEXT_FEATURES)
"""Names of all features of a candidate."""

N_HIDDEN = 128

OPEN_PROBABILITY = 0.2
"""Content and stuffing together must be at least this likely for a line to be looked at."""

FLOOR = 0.2
"""Confidence from which on a part is kept for operating points to decide on."""

_SUSPECT_LOGIT = -1.0
"""Logit of a candidate from which on its document is looked at word by word."""

_STRONG_LOGIT = -3.0
"""Logit from which on other bounds of a candidate are tried."""


@dataclass(frozen=True, slots=True)
class SpanWeights:
    """What was learned of spans.

    Attributes
    ----------
    ngrams
        Array of shape (N_SPAN_BUCKETS + 1,): the weight of every n-gram; the last, for positions
        without one, is zero.
    units
        Array of shape (len(UNIT_FEATURES),): the weight of each feature of a word.
    hidden
        Array of shape (N_HIDDEN, len(SPAN_FEATURES)): the weights of the features of a candidate
        in each hidden unit; what is below zero counts as zero.
    hidden_bias, output
        Arrays of shape (N_HIDDEN,): bias of each hidden unit, and its weight in the logit.
    biases
        Array of shape (2,): of n-grams, and of the logit.
    """

    ngrams: NDArray[np.float32]
    units: NDArray[np.float32]
    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    output: NDArray[np.float32]
    biases: NDArray[np.float32]

    def logits(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logit of each candidate from its features."""
        hidden = np.maximum(self.hidden @ rows + self.hidden_bias[:, None], 0)
        logits: NDArray[np.float64] = self.output @ hidden + self.biases[1]
        return logits

    @property
    def of_units(self) -> UnitWeights:
        """What is needed to find runs of words."""
        return UnitWeights(self.ngrams, float(self.biases[0]), self.units)


@dataclass(frozen=True, slots=True)
class ScoredCandidates:
    """Candidates with their features and logits.

    Attributes
    ----------
    candidates
        The parts.
    features
        Array of shape (len(SPAN_FEATURES), n_candidates).
    logits
        Array of shape (n_candidates,).
    """

    candidates: Candidates
    features: NDArray[np.float64]
    logits: NDArray[np.float64]

    def joined(self, others: "ScoredCandidates") -> "ScoredCandidates":
        """Return these and the others; a part that is in both is there twice."""
        return ScoredCandidates(
            self.candidates.followed_by(others.candidates),
            np.concatenate([self.features, others.features], axis=1),
            np.concatenate([self.logits, others.logits]),
        )

    def at(self, chosen: NDArray[np.int64]) -> "ScoredCandidates":
        """Return the chosen ones."""
        return ScoredCandidates(
            self.candidates.at(chosen), self.features[:, chosen], self.logits[chosen]
        )


class SpanFinder:
    """Finds spam inside the lines of a batch.

    Parameters
    ----------
    weights
        What was learned.
    """

    def __init__(self, weights: SpanWeights) -> None:
        self.weights = weights

    def find(
        self,
        batch: LineBatch,
        features: LineFeatures,
        texts: Sequence[str],
        is_open: NDArray[np.bool_],
        is_suspect: NDArray[np.bool_] | None = None,
    ) -> ScoredCandidates:
        """Return the parts of open lines that may be spam, disjoint, in order of place.

        Parameters
        ----------
        batch, features, texts
            The documents.
        is_open
            Array of shape (n_lines,): which lines to look at.
        is_suspect
            Array of shape (n_documents,): documents looked at word by word even if no form in
            them is suspicious; all if None.
        """
        scored = self.scored(batch, features, texts, is_open, is_suspect)
        return scored.at(_disjoint(scored))

    def scored(
        self,
        batch: LineBatch,
        features: LineFeatures,
        texts: Sequence[str],
        is_open: NDArray[np.bool_],
        is_suspect: NDArray[np.bool_] | None = None,
    ) -> ScoredCandidates:
        """Return all candidates, overlapping ones too; parameters as of `find`."""
        scorer = _Scorer(batch, features, self.weights)
        formal = scorer.scored(self._formal(batch, features, texts, is_open))
        documents = batch.document_of_line
        if is_suspect is None:
            is_read = is_open
        else:
            is_read = is_suspect.copy()
            is_read[documents[formal.candidates.line[formal.logits > _SUSPECT_LOGIT]]] = True
            is_read = is_open & is_read[documents]
        scored = formal.joined(scorer.scored(self._read(features, is_read, documents)))
        strong = scored.at(np.flatnonzero(scored.logits > _STRONG_LOGIT))
        if len(strong.candidates) == 0:
            return scored
        return scored.joined(
            scorer.scored(
                Following(batch, texts, is_open).candidates(strong.candidates, strong.logits)
            )
        )

    def _formal(
        self,
        batch: LineBatch,
        features: LineFeatures,
        texts: Sequence[str],
        is_open: NDArray[np.bool_],
    ) -> Candidates:
        """Return the candidates told without reading every word."""
        characters, words = features.characters, self.weights.of_units
        parted = delimited(characters, batch.codepoints, is_open)
        parted = parted.at(promising(features, parted, words.ngrams, words.ngram_bias))
        copies = despaced_copies(characters, texts, batch.document_offsets, is_open)
        return Candidates.joined([parted, copies])

    def _read(
        self, features: LineFeatures, is_read: NDArray[np.bool_], documents: NDArray[np.int64]
    ) -> Candidates:
        """Return the candidates that are told by their words."""
        words, lines = self.weights.of_units, np.flatnonzero(is_read)
        if len(lines) == 0:
            return Candidates.from_rows([])
        repeated = repeated_phrases(features, words.ngrams, is_read, documents)
        repeated = trimmed(features.characters, repeated)
        repeated = repeated.at(promising(features, repeated, words.ngrams, words.ngram_bias))
        units = units_of(features, words, lines, documents)
        runs = unlikely_runs(units, words.units @ units.features)
        return Candidates.joined([repeated, trimmed(features.characters, runs)])


@dataclass(frozen=True, slots=True)
class _Scorer:
    batch: LineBatch
    features: LineFeatures
    weights: SpanWeights

    def scored(self, candidates: Candidates) -> ScoredCandidates:
        """Return candidates with their features and logits."""
        if len(candidates) == 0:
            return ScoredCandidates(candidates, np.zeros((len(SPAN_FEATURES), 0)), np.zeros(0))
        words, documents = self.weights.of_units, self.batch.document_of_line
        units = units_of(self.features, words, np.unique(candidates.line), documents)
        of_parts = span_features(
            self.features, candidates, words.ngrams, words.ngram_bias, self.batch.document_offsets
        )
        of_context = context_features(
            units, words.units @ units.features, words.ngram_bias, candidates
        )
        rows = np.concatenate([of_parts, of_context])
        return ScoredCandidates(candidates, rows, self.weights.logits(rows))


def _disjoint(scored: ScoredCandidates) -> NDArray[np.int64]:
    """Return which candidates stay: the likeliest first, none that overlaps one that stays."""
    floor = np.log(FLOOR / (1 - FLOOR))
    starts, ends = scored.candidates.start.tolist(), scored.candidates.end.tolist()
    chosen: list[tuple[int, int, int]] = []
    for index in np.argsort(-scored.logits, kind="stable").tolist():
        if scored.logits[index] < floor:
            break
        place = bisect_left(chosen, (starts[index],))
        is_behind = place == 0 or chosen[place - 1][1] <= starts[index]
        if is_behind and (place == len(chosen) or ends[index] <= chosen[place][0]):
            chosen.insert(place, (starts[index], ends[index], index))
    return np.array([index for _, _, index in chosen], dtype=np.int64)
