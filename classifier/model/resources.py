"""Where the shipped model is: inside an installed package, or in ``models/`` of a checkout."""

from pathlib import Path

from classifier.errors import ModelError

SHIPPED_MODEL = "line-1"


def shipped_model() -> Path:
    """Return the folder of the model that comes with the package.

    Raises
    ------
    ModelError
        If there is none, which means a broken installation.
    """
    package = Path(__file__).resolve().parent.parent
    candidates = (package / "_models" / SHIPPED_MODEL, package.parent / "models" / SHIPPED_MODEL)
    for folder in candidates:
        if (folder / "manifest.json").is_file():
            return folder
    raise ModelError(
        f"the shipped model {SHIPPED_MODEL} is in none of {', '.join(map(str, candidates))}; "
        "install the package anew, or name a model folder"
    )
