"""The pages the shipped model is trained on, and which texts of the corpora stand in none of them.

They are read from ``build/corpus`` if ``linespam corpus build`` has written them, else built.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from environment import corpora
from numpy.typing import NDArray

from classifier.cli.corpus_run import DOCUMENTS, build_folder
from classifier.corpus.deduplicate import are_among, line_hashes
from classifier.corpus.layout import CLEAN, HEADLINES, Layout
from classifier.corpus.texts import texts_by_language
from classifier.datamodels import LabelledDocument
from classifier.training.labelled import read_labelled
from classifier.training.recipe import training_documents

_MOST_KNOWN_LINES = 0.1

_PARALLEL = ("UDHR", "Debian handbook", "Debian FAQ", "xquad", "chatterbot", "PUD")
"""Parts of the names of clean sources that are the same text in many languages."""


def training_pages(folder: Path) -> list[LabelledDocument]:
    """Return the pages of a build folder, built first if they are not there."""
    if not (folder / DOCUMENTS).is_file():
        build_folder(corpora(), output=folder, choices={}, data=None, quiet=False)
    return training_documents(folder)


def known_lines(pages: Sequence[LabelledDocument]) -> NDArray[np.uint64]:
    """Return the sorted hashes of all lines of some pages."""
    return np.unique(line_hashes([line for page in pages for line in page.lines]))


def unused_hosts(
    training: Sequence[LabelledDocument], known: NDArray[np.uint64]
) -> list[LabelledDocument]:
    """Return the clean documents that the caps of the build left out.

    Without those of which more than a tenth of the lines stand in a training page, and without
    texts that are there in many languages, as one may have been trained on.
    """
    files = Layout(corpora()).files(CLEAN)
    used = {(page.source, page.id) for page in training}
    left = [
        document
        for document in read_labelled(files)
        if (f"clean/{document.source}", document.id) not in used
        and not any(name in document.source for name in _PARALLEL)
    ]
    return [
        document
        for document in left
        if are_among(line_hashes(document.lines), known).mean() <= _MOST_KNOWN_LINES
    ]


def unused_headlines(known: NDArray[np.uint64]) -> dict[str, list[str]]:
    """Return by language the headlines that stand in no training page."""
    by_language = texts_by_language(Layout(corpora()).files(HEADLINES))
    unused = {}
    for language, texts in by_language.items():
        is_known = are_among(line_hashes(texts), known).tolist()
        unused[language] = [text for text, seen in zip(texts, is_known, strict=True) if not seen]
    return unused
