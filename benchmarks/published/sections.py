"""Both formats are sections of comma-separated lines, with # for comments."""

from __future__ import annotations

from pathlib import Path


class InstanceError(ValueError):
    """A file that does not hold the format: says where and what was expected."""


def read_sections(path: Path) -> dict[str, list[list[str]]]:
    """Fields of every line per section, such as "STAFF"; "" for what comes before the first."""
    sections: dict[str, list[list[str]]] = {"": []}
    current = ""
    for line in path.read_text(encoding="ascii").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("SECTION_"):
            current = text.removeprefix("SECTION_")
            sections[current] = []
        else:
            sections[current].append(text.split(","))
    if sections.pop(""):
        raise InstanceError(f"{path.name}: lines before the first SECTION_ line")
    return sections


def required(path: Path, sections: dict[str, list[list[str]]], name: str) -> list[list[str]]:
    """The lines of a section that must be there."""
    if not sections.get(name):
        raise InstanceError(f"{path.name}: SECTION_{name} is missing or empty")
    return sections[name]
