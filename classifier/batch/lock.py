"""One run at a time in an output folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from classifier.errors import ConfigError


@contextmanager
def alone_in(folder: Path, work: Path) -> Iterator[None]:
    """Keep other runs out of `folder` while the block lasts; the system frees a killed run's lock.

    Parameters
    ----------
    folder
        The output folder, for the message.
    work
        Folder for the file that is locked; it must be there.

    Raises
    ------
    ConfigError
        If another run is in it.
    """
    try:
        import fcntl  # noqa: PLC0415 - POSIX only; elsewhere nobody is kept out
    except ImportError:
        yield
        return
    with (work / "lock").open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(
                f"{folder}: another run is writing into it; wait for its end or give another folder"
            ) from error
        yield
