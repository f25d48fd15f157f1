"""The commands about models themselves: ``model info`` and ``model verify``."""

import json
from typing import Any

import typer

from classifier.cli import options
from classifier.model.line_classifier import LineClassifier
from classifier.model.persistence import verify_model
from classifier.model.resources import shipped_model
from classifier.text.printable import printable

model_app = typer.Typer(
    name="model", help="Look at a model folder, check it.", no_args_is_help=True
)

_HIGHLIGHTS = ("name", "format_version", "created_with", "labels", "feature_schema")


@model_app.command()
def info(
    folder: options.ModelFolder = None,
    *,
    info_format: options.Informing = options.InfoFormat.TEXT,
) -> None:
    """Say what a model is: labels, operating points, training, library versions."""
    manifest = LineClassifier.load(folder).manifest_
    if info_format is options.InfoFormat.JSON:
        typer.echo(json.dumps(manifest, indent=2))
        return
    facts = [(key, manifest[key]) for key in _HIGHLIGHTS if key in manifest]
    for group in ("training", "libraries"):
        facts += [(f"{group} {key}", value) for key, value in manifest.get(group, {}).items()]
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        typer.echo(printable(f"{name:<{width}}  {_spelled(value)}"))
    typer.echo("\nmax content loss  content threshold")
    for point in manifest.get("operating_points", []):
        typer.echo(f"{point['max_content_loss']:>16}  {point['content_threshold']:>17.4f}")


@model_app.command()
def verify(folder: options.ModelFolder = None) -> None:
    """Check every file of a model against the digests in its manifest."""
    chosen = folder or shipped_model()
    checked = verify_model(chosen)
    for name in checked:
        typer.echo(f"{printable(name)}  ok")
    typer.echo(f"{printable(str(chosen))}: all {len(checked)} files are as the manifest says")


def _spelled(value: Any) -> str:  # noqa: ANN401 - a manifest holds whatever JSON can
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
