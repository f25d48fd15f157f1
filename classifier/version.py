"""Which version of the package this is."""

VERSION = "0.1.0"


def installed_version() -> str:
    """Return the version that is installed; of a checkout nobody installed, its own and "source".

    Examples
    --------
    >>> installed_version().startswith(VERSION)
    True
    """
    # Takes as long to import as numpy's smallest part, and few runs need it.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("linespam")
    except PackageNotFoundError:
        return f"{VERSION}+source"
