"""Which site or template family a page belongs to; folds never part a group."""

import re
from urllib.parse import urlsplit

# An archived page belongs to its own site: https://web.archive.org/web/20220721150811/https://…
_ARCHIVED = re.compile(r"^[a-z]+://web\.archive\.org/web/\w+/(?=https?:)", re.IGNORECASE)


def group_of(identifier: str, *, url: str = "", given: str = "") -> str:
    """Return the group of a page, the same in whatever collection the page is.

    Parameters
    ----------
    identifier
        The page's id.
    url
        Its address, with or without the scheme; empty if unknown.
    given
        The group its record states; it wins.

    Examples
    --------
    >>> group_of("dev/2935", url="https://www.Example.org:8080/a?b")
    'example.org'
    >>> group_of("shop/build/terms.html"), group_of("page-7")
    ('shop/build', 'page-7')
    """
    return given or _host(url) or identifier.lstrip("/").rpartition("/")[0] or identifier


def _host(url: str) -> str:
    address = _ARCHIVED.sub("", url.strip())
    if "://" not in address and not address.startswith("/"):
        address = f"//{address}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    return host.lower().removeprefix("www.")
