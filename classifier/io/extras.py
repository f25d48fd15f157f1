"""Optional packages: imported where they are needed, their absence names the extra to install."""

from importlib import import_module
from typing import Any

from classifier.errors import MissingExtraError


def optional_module(name: str, extra: str) -> Any:  # noqa: ANN401 - a module of any package
    """Return the module `name`, which the extra `extra` of this package installs.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise MissingExtraError(
            f"{package} is not installed. Run: pip install 'linespam[{extra}]'"
        ) from error
