"""An entry of the Hugging Face daily-papers API: ``{"paper": {…}, "title": …, …}``."""

from collections.abc import Mapping

SOURCE = "hf-daily"


def flatten(value: object) -> object:
    """The fields of the paper within an entry; anything else as it is."""
    inner = value.get("paper") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(inner, Mapping):
        return value
    identifier = inner.get("id")
    outer = {k: value.get(k) for k in ("title", "summary", "publishedAt")}
    return {
        **outer,
        "url": f"https://huggingface.co/papers/{identifier}" if identifier else None,
        "sources": [SOURCE],
        **{k: v for k, v in inner.items() if v is not None},
    }
