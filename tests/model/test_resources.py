"""Where the shipped model is looked for."""

from pathlib import Path

import pytest

from classifier.errors import ModelError
from classifier.model import resources
from classifier.model.resources import SHIPPED_MODEL, shipped_model


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where the package is, with no model."""
    monkeypatch.setattr(
        resources, "__file__", str(tmp_path / "classifier" / "model" / "resources.py")
    )
    return tmp_path


def _put_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    return folder


def test_a_checkout_has_it_in_models(place: Path) -> None:
    folder = _put_model(place / "models" / SHIPPED_MODEL)
    assert shipped_model() == folder


def test_an_installed_package_holds_it(place: Path) -> None:
    _put_model(place / "models" / SHIPPED_MODEL)
    inside = _put_model(place / "classifier" / "_models" / SHIPPED_MODEL)
    assert shipped_model() == inside


def test_a_folder_without_manifest_is_no_model(place: Path) -> None:
    (place / "models" / SHIPPED_MODEL).mkdir(parents=True)
    with pytest.raises(ModelError, match=r"is in none of .*; install the package anew"):
        shipped_model()


def test_the_shipped_model_of_this_checkout_is_found() -> None:
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / "models" / SHIPPED_MODEL / "manifest.json").is_file():
        pytest.skip(f"models/{SHIPPED_MODEL} is not trained yet; run make model")
    assert shipped_model().name == SHIPPED_MODEL
