"""One version, whoever asks for it."""

import importlib.metadata
import tomllib
from pathlib import Path

import pytest

import classifier
from classifier.version import VERSION, installed_version


def test_the_version_of_the_code_is_that_of_the_project(repo_root: Path) -> None:
    project = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION == classifier.__version__


def test_what_is_installed_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", {"linespam": "9.9"}.__getitem__)
    assert installed_version() == "9.9"


def test_a_checkout_nobody_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", absent)
    assert installed_version() == f"{VERSION}+source"
