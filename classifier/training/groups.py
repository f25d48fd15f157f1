"""Which site or template family a page belongs to; folds never part a group."""

import re
from urllib.parse import urlsplit

# A name that a country registers below a second-level domain, as in bbc.co.uk.
_BELOW_REGISTRY = re.compile(
    r"\.(?:ac|ad|co|com|edu|go|gob|gov|gub|ltd|mil|ne|net|nom|or|org)\.[a-z]{2}$"
)

# An archived page belongs to its own site: https://web.archive.org/web/20220721150811/https://…
_ARCHIVED = re.compile(r"^[a-z]+://web\.archive\.org/web/\w+/(?=https?:)", re.IGNORECASE)


def group_of(identifier: str, *, url: str = "", given: str = "") -> str:
    """Return the group of a page, the same in whatever collection the page is.

    Sections and mirrors of a site share its templates, so all hosts below one registered name are
    one group: ``www2.example.org`` and ``sport.example.org``, and all blogs of one platform.

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
    >>> group_of("7", url="sport.example.co.uk/cup"), group_of("8", url="http://192.0.2.7/a")
    ('example.co.uk', '192.0.2.7')
    >>> group_of("shop/build/terms.html"), group_of("page-7")
    ('shop/build', 'page-7')
    """
    return given or _site(url) or identifier.lstrip("/").rpartition("/")[0] or identifier


def _site(url: str) -> str:
    """Return the registered name of a page's host, or the host if it has none."""
    address = _ARCHIVED.sub("", url.strip())
    if "://" not in address and not address.startswith("/"):
        address = f"//{address}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    host = host.lower().rstrip(".")
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():  # an address of the network, not a name
        return host
    return ".".join(labels[-3 if _BELOW_REGISTRY.search(host) else -2 :])
