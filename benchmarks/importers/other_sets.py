"""The data sets that need nothing special: documents, questions, examples, and a line of settings."""

from pathlib import Path

from benchmarks.importers.folder import (
    Row,
    Source,
    as_chat,
    as_question,
    read_rows,
    read_sources,
    write_documents,
    write_rows,
)

SHORT_ANSWERS = '[prompt]\ninstruction = "Answer in as few words as possible."\n'


def import_dstc11_support(data: Path, target: Path) -> None:
    """Write guest reviews and FAQs, and conversations that a person answered from them."""
    folder = data / "dstc11-support"
    write_documents(target / "documents", read_sources(folder / "docs.jsonl"))
    write_rows(target / "examples" / "train.jsonl", map(as_chat, read_rows(folder / "examples.train.jsonl")))
    write_rows(target / "questions" / "test.jsonl", map(as_chat, read_rows(folder / "examples.test.jsonl")))
    _write_settings(
        target,
        # The gold documents of a turn are opinions about one house: several are needed, none is a sentence
        # that must be copied, so an unsupported word is no reason to refuse.
        '[prompt]\nmax_answer_tokens = 96\n\n[retrieval]\nn_kept = 6\ngrounding = "flag"\n\n'
        '[evaluation]\nprimary = "semantic"\n',
    )


def import_aws_docs(data: Path, target: Path) -> None:
    """Write 2,757 pages of technical documentation, and questions about them."""
    _import_documents_and_questions(data / "aws-docs", target, "[prompt]\nmax_answer_tokens = 96\n")


def import_claude_docs(data: Path, target: Path) -> None:
    """Write sections of a product's documentation, and questions about them."""
    _import_documents_and_questions(data / "claude-docs", target, "")


def import_squad2(data: Path, target: Path) -> None:
    """Write paragraphs, and questions of which half have no answer in them."""
    _import_documents_and_questions(data / "squad2", target, SHORT_ANSWERS)


def import_pubmedqa(data: Path, target: Path) -> None:
    """Write abstracts without their conclusions, and questions to be answered yes, no or maybe.

    Examples and questions share no abstract: the set's own train and dev parts.
    """
    folder = data / "pubmedqa"
    abstracts = [Source(row["id"], row["title"], row["text"]) for row in read_rows(folder / "docs.jsonl")]
    write_documents(target / "documents", abstracts)
    for name, part in (("examples", "train"), ("questions", "dev")):
        rows = map(_without_abstract, read_rows(folder / f"examples.{part}.jsonl"))
        write_rows(target / name / f"{part}.jsonl", rows)
    _write_settings(target, '[prompt]\nmax_answer_tokens = 8\n\n[evaluation]\nprimary = "exact"\n')


def import_examples_only(data: Path, target: Path, *, name: str) -> None:
    """Write a set that has examples and no documents; its dev part is held out."""
    for folder, part in (("examples", "train"), ("questions", "dev")):
        write_rows(
            target / folder / f"{part}.jsonl", map(as_chat, read_rows(data / name / f"examples.{part}.jsonl"))
        )
    primary = "token_f1" if name == "mts-dialog" else "exact"
    _write_settings(target, f'[evaluation]\nprimary = "{primary}"\n')


def _import_documents_and_questions(folder: Path, target: Path, settings: str) -> None:
    write_documents(target / "documents", read_sources(folder / "docs.jsonl"))
    write_rows(target / "questions" / "test.jsonl", map(as_question, read_rows(folder / "questions.jsonl")))
    _write_settings(target, settings)


def _without_abstract(row: Row) -> Row:
    """Return the chat with the question alone: finding the abstract is the task."""
    system, asked, answer = row["messages"]
    question = asked["content"].rpartition("Question: ")[2]
    found = {**row["meta"], "doc_ids": [row["meta"]["id"]]}
    return as_chat({"messages": [system, {"role": "user", "content": question}, answer], "meta": found})


def _write_settings(target: Path, settings: str) -> None:
    (target / "lorewright.toml").write_text(settings, encoding="utf-8")
