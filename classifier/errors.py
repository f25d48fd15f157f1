"""What can go wrong, as exceptions whose message says where, what is wrong, what would be right.

ClassifierError
├── InputError          a file, record or text that cannot be read as asked
├── LabelError          a label that does not exist
├── ModelError          a model folder that cannot be trusted or used
├── ConfigError         a parameter with a value out of its range
└── MissingExtraError   an optional package that is not installed (also an ImportError)
"""


class ClassifierError(Exception):
    """Base of everything this package raises on purpose."""


class InputError(ClassifierError):
    """A file, record or text cannot be read as asked."""


class LabelError(ClassifierError):
    """A label is not one of the four, nor one of the two codes for partial knowledge."""


class ModelError(ClassifierError):
    """A model folder is missing, damaged, tampered with, or made for another version."""


class ConfigError(ClassifierError):
    """A parameter has a value out of its range."""


class MissingExtraError(ClassifierError, ImportError):
    """An optional package is needed and not installed; the message names the extra."""
