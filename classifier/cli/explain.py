"""The command that shows why a line got its label: ``explain``."""

import json
from collections.abc import Sequence
from dataclasses import replace

from classifier.actions.explain import Contribution, Explanation, explain_line
from classifier.cli import options
from classifier.datamodels import Document
from classifier.errors import ConfigError
from classifier.io.base import encode_rows
from classifier.io.formats import STANDARD_STREAM, find_sources
from classifier.io.output import open_output
from classifier.io.reading import read_documents
from classifier.labels import LABELS, Label
from classifier.model.judging import part_with_line
from classifier.model.line_classifier import LineClassifier
from classifier.text.printable import printable

_DECIMALS = 3
_SHOWN_TEXT_CHARS = 200


def explain(  # noqa: PLR0913 - each parameter is an argument of the command
    file: options.Input,
    *,
    line: options.LineNumber,
    document_id: options.DocumentId = None,
    top: options.Top = 12,
    explanation_format: options.Explaining = options.ExplanationFormat.TEXT,
    model: options.Model = None,
    input_format: options.Reading = None,
) -> None:
    """Show which features and n-grams moved one line to which label; they sum to the logits."""
    document = _find_document(file, document_id, input_format)
    part, number = part_with_line(document.text, line)
    explanation = explain_line(LineClassifier.load(model), part, number)
    explanation = replace(explanation, line=replace(explanation.line, number=line))
    if explanation_format is options.ExplanationFormat.JSONL:
        report = _jsonl(document.id, explanation, top)
    else:
        report = _table(document.id, explanation, top)
    with open_output(STANDARD_STREAM) as stream:
        stream.write(encode_rows(report))


def _find_document(file: str, document_id: str | None, input_format: str | None) -> Document:
    found: Document | None = None
    for document in read_documents(find_sources([file], input_format)):
        if document_id is None and found is not None:
            raise ConfigError(f"{file}: holds several documents; say which with --id")
        if document_id in (None, document.id):
            found = document
            if document_id is not None:
                return found
    if found is None:
        raise ConfigError(f"{file}: holds no document with the id {document_id!r}")
    return found


def _strongest(explanation: Explanation, top: int) -> list[Contribution]:
    """Return the contributions that set the labels most apart, strongest first."""

    def spread(contribution: Contribution) -> float:
        return max(contribution.values.values()) - min(contribution.values.values())

    return sorted(explanation.contributions, key=spread, reverse=True)[:top]


def _rest(explanation: Explanation, shown: Sequence[Contribution], decimals: int) -> list[float]:
    """Return what is missing to each logit once all `shown` are rounded and added up."""
    return [
        round(logit, decimals) - sum(round(each.values[label], decimals) for each in shown)
        for label, logit in explanation.logits.items()
    ]


def _table(document_id: str, explanation: Explanation, top: int) -> str:
    shown = _strongest(explanation, top)
    n_others = len(explanation.contributions) - len(shown)
    rows = [
        _row([each.values[label] for label in LABELS], f"{each.kind}  {printable(each.name)}")
        for each in shown
    ]
    rest = _rest(explanation, shown, _DECIMALS)
    if n_others or any(round(value, _DECIMALS) for value in rest):
        rows.append(_row(rest, f"all others ({n_others:,})" if n_others else "rounding"))
    line, confidence = explanation.line, explanation.line.confidence or 0.0
    return "\n".join(
        [
            f"{printable(document_id)}, line {line.number}: {line.label} {confidence:.4f}",
            f"  {printable(line.text[:_SHOWN_TEXT_CHARS])}",
            "",
            "  ".join(f"{label:>11}" for label in LABELS),
            _row([explanation.logits[label] for label in LABELS], "logit, the sum of what follows"),
            *rows,
            *_span_rows(explanation, top),
            "",
        ]
    )


def _span_rows(explanation: Explanation, top: int) -> list[str]:
    rows = []
    for each in explanation.spans:
        span = each.span
        rows += [
            "",
            f"part {span.start} to {span.end}, spam {span.confidence:.4f}: {printable(each.text)}",
            *(f"  {printable(words)}" for words in each.evidence),
            f"{each.logit:>+11.{_DECIMALS}f}  logit, the sum of what follows",
            *(f"{value:>+11.{_DECIMALS}f}  {name}" for name, value in each.contributions[:top]),
        ]
        others = each.contributions[top:]
        if others:
            total = each.logit - sum(
                round(value, _DECIMALS) for _, value in each.contributions[:top]
            )
            rows.append(f"{total:>+11.{_DECIMALS}f}  all others ({len(others)})")
    return rows


def _row(values: Sequence[float], name: str) -> str:
    # Adding 0.0 takes the sign off a negative zero.
    numbers = (f"{round(value, _DECIMALS) + 0.0:>+11.{_DECIMALS}f}" for value in values)
    return "  ".join([*numbers, name])


def _jsonl(document_id: str, explanation: Explanation, top: int) -> str:
    shown, decimals = _strongest(explanation, top), 6
    others = _rest(explanation, shown, decimals)
    line = explanation.line

    def by_label(values: dict[Label, float]) -> dict[str, float]:
        return {label: round(values[label], decimals) for label in LABELS}

    report = {
        "id": document_id,
        "line": line.number,
        "text": line.text,
        "label": line.label,
        "confidence": None if line.confidence is None else round(line.confidence, 4),
        "logits": by_label(explanation.logits),
        "contributions": [
            {"kind": each.kind, "name": each.name, "values": by_label(each.values)}
            for each in shown
        ],
        "all_others": by_label(dict(zip(explanation.logits, others, strict=True))),
        "spans": [
            {
                "start": each.span.start,
                "end": each.span.end,
                "confidence": round(each.span.confidence, 4),
                "text": each.text,
                "evidence": each.evidence,
                "logit": round(each.logit, decimals),
                "contributions": {
                    name: round(value, decimals) for name, value in each.contributions
                },
            }
            for each in explanation.spans
        ],
    }
    return json.dumps(report, ensure_ascii=False) + "\n"
