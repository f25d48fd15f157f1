"""The recipe of the shipped model: ``python -m classifier.training.recipe CORPORA -o FOLDER``.

Which collections are read, how much of each, and how much a line of each counts. The folder laid
out as `data/README.md` says; its ``benchmark/`` is never opened here.
"""

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from classifier.datamodels import LabelledDocument
from classifier.errors import ClassifierError
from classifier.training.card import CardFacts, model_card
from classifier.training.evaluate import evaluate
from classifier.training.fit import TrainingResult, TrainingSettings, fit_line_classifier
from classifier.training.labelled import read_labelled
from classifier.training.link_lists import pages_with_link_lists
from classifier.training.report import report_json, report_markdown

# A line of gold says most, and there are few; silver labels and clean text only fill gaps.
_WEIGHTS = {"pages": 1.0, "gold": 10.0, "spam": 1.0, "clean": 0.3, "spam-lines": 0.0, "made": 2.0}
_LEXICAL_WEIGHTS = {
    "pages": 1.0,
    "gold": 1.0,
    "spam": 0.3,
    "clean": 0.3,
    "spam-lines": 0.2,
    "made": 0.0,
}
# Rules that leak text of the frame into content, or were never measured (corpora README).
_DOUBTED = {"pages/barbaresi_rules": 0.5, "pages/misc_fixtures_rules": 0.5}

# So that no law, chat log or blog stands for all text.
_CLEAN_PER_SOURCE = 60
_CLEAN_PER_LANGUAGE = 150
_SPAM_PER_SOURCE = 120
_SPAM_LINES_PER_SOURCE = 2500
_MADE_PAGES = 4000
_SHORTEST_HEADLINE = 15

# Judged are pages as they come; clean text alone would flatter, silver labels are not the truth.
_UNJUDGED = frozenset({"clean", "spam", "spam-lines", "made"})

SETTINGS = TrainingSettings(
    n_passes=12,
    weights={**_WEIGHTS, **_DOUBTED},
    lexical_weights={**_LEXICAL_WEIGHTS, **_DOUBTED},
    unjudged=_UNJUDGED,
)


def training_documents(corpora: Path) -> list[LabelledDocument]:
    """Return what the shipped model is trained on, each source named after its collection."""
    documents = list(_collection(read_labelled([corpora / "pages"]), "pages"))
    documents += _collection(read_labelled([corpora / "gold"]), "gold")
    silver = _collection(read_labelled([corpora / "spam" / "pages.jsonl.gz"]), "spam")
    documents += _capped(silver, per_source=_SPAM_PER_SOURCE)
    clean = _collection(read_labelled([corpora / "clean" / "documents.jsonl.gz"]), "clean")
    by_source = (replace(item, group=item.source) for item in clean)
    documents += _capped(by_source, per_source=_CLEAN_PER_SOURCE, per_language=_CLEAN_PER_LANGUAGE)
    hosts = [item for item in documents if item.collection not in {"gold", "spam"}]
    headlines = _headlines(corpora / "clean" / "headlines.jsonl.gz")
    documents += pages_with_link_lists(hosts, headlines, n_pages=_MADE_PAGES, seed=SETTINGS.seed)
    documents += _spam_lines(corpora / "spam" / "lines.jsonl.gz")
    return documents


def _collection(documents: Iterator[LabelledDocument], name: str) -> Iterator[LabelledDocument]:
    for item in documents:
        yield replace(item, source=f"{name}/{item.source.removeprefix(f'{name}/')}")


def _capped(
    documents: Iterator[LabelledDocument], *, per_source: int, per_language: int = sys.maxsize
) -> list[LabelledDocument]:
    """Return at most so many documents of a source and of a language, chosen by hash of the id."""
    chosen: list[LabelledDocument] = []
    sources: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for item in sorted(documents, key=_by_hash):
        if sources[item.source] < per_source and languages[item.language] < per_language:
            sources[item.source] += 1
            languages[item.language] += 1
            chosen.append(item)
    return chosen


def _by_hash(document: LabelledDocument) -> bytes:
    name = f"{document.source}\0{document.id}".encode("utf-8", "surrogatepass")
    return blake2b(name, digest_size=8).digest()


def _headlines(path: Path) -> dict[str, list[str]]:
    """Return headlines by language."""
    headlines: dict[str, list[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in stream:
            record = json.loads(row)
            text = " ".join(record["t"].split())
            if len(text) >= _SHORTEST_HEADLINE:
                headlines.setdefault(record["lang"], []).append(text)
    return headlines


def _spam_lines(path: Path) -> list[LabelledDocument]:
    """Return single spam lines, for the lexical head alone: they have no page."""
    documents = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for number, row in enumerate(stream, 1):
            record = json.loads(row)
            if record["label"] != "s" or not record["t"].strip():
                continue
            source = f"spam-lines/{record['source']}"
            text = record["t"].replace("\n", " ")
            documents.append(
                LabelledDocument(
                    id=f"spam-line {number}",
                    lines=(text,),
                    codes="s",
                    source=source,
                    language=record["lang"],
                    group=source,
                )
            )
    return _capped(iter(documents), per_source=_SPAM_LINES_PER_SOURCE)


def write_model(result: TrainingResult, folder: Path, seed: int) -> str:
    """Write the trained model with card and report; return the report for people."""
    gold = [index for index, item in enumerate(result.documents) if item.collection == "gold"]
    on_gold = evaluate(
        [result.documents[index] for index in gold],
        [result.out_of_fold[index] for index in gold],
        seed=seed,
    )
    facts = CardFacts(
        name=folder.name,
        documents=result.documents,
        n_folds=SETTINGS.n_folds,
        seed=seed,
        comparison="",
    )
    report = {"command": "make model", **result.evaluation.to_dict(), "gold": on_gold.to_dict()}
    text = report_markdown(result.evaluation)
    text += f"\n# Pages labelled by hand alone\n\n{report_markdown(on_gold)}"
    result.model.save(
        folder,
        extra_files={
            "README.md": model_card(facts, on_gold),
            "report.json": report_json(report),
            "report.md": text,
        },
    )
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the shipped model; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m classifier.training.recipe")
    parser.add_argument("corpora", type=Path, help="folder laid out as data/README.md says")
    parser.add_argument("-o", "--output", type=Path, required=True, help="model folder to write")
    parser.add_argument("--seed", type=int, default=SETTINGS.seed)
    chosen = parser.parse_args(arguments)
    try:
        result = fit_line_classifier(
            training_documents(chosen.corpora),
            settings=replace(SETTINGS, seed=chosen.seed),
            on_progress=lambda stage, done: print(f"{done:4.0%} {stage}", file=sys.stderr),  # noqa: T201
        )
        text = write_model(result, chosen.output, chosen.seed)
    except ClassifierError as error:
        sys.stderr.write(f"recipe: {error}\n")
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
