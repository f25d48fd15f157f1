r"""Line by line: the article of a web page, apart from stuffing, link farms and page frame.

Examples
--------
>>> from classifier import LineClassifier
>>> page = LineClassifier.load().classify("Home\nLogin\n")
>>> len(page)
3
"""

from classifier.datamodels import Line, PagePredictions, Span
from classifier.errors import ClassifierError
from classifier.labels import LABELS, Label
from classifier.model.line_classifier import LineClassifier
from classifier.version import VERSION

__version__ = VERSION

__all__ = [
    "LABELS",
    "ClassifierError",
    "Label",
    "Line",
    "LineClassifier",
    "PagePredictions",
    "Span",
    "__version__",
]
