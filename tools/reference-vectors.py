"""
What PyTorch and Hugging Face Transformers compute from the tiny Gemma 3, for the tests of our own engine.

    node test/support/tiny-gemma/write.ts tmp/tiny-gemma
    python -m venv tmp/reference && tmp/reference/bin/pip install -r tools/reference-requirements.txt
    tmp/reference/bin/python -B tools/reference-vectors.py tmp/tiny-gemma test/fixtures/gemma-vectors

Float32, eager attention, one thread. The files are described in test/fixtures/gemma-vectors/README.md. It stops when the
reference disagrees with itself: cached decoding against one long forward pass, and our arg-max loop against `generate`.
"""

import gzip
import hashlib
import json
import platform
import re
import sys
from pathlib import Path

import numpy as np
import tokenizers
import torch
import torchvision
import transformers
from PIL import Image
from reference_inputs import CASES, CHATS, FILMS, INJECTIONS, PLAIN, PREPROCESS, RAW, STEPS, synthetic_image, user
from transformers import AutoConfig, AutoProcessor, DynamicCache, Gemma3ForConditionalGeneration, GenerationConfig

model_folder, output_folder = (Path(argument) for argument in sys.argv[1:3])
binaries = {}

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


# --- what comes out


def write_json(name, value):
    (output_folder / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_binary(name, values):
    data = np.ascontiguousarray(values).tobytes()
    (output_folder / name).write_bytes(gzip.compress(data, 9, mtime=0))
    binaries[name] = {"shape": list(values.shape), "sha256": hashlib.sha256(data).hexdigest()}


def write_floats(name, tensor):
    write_binary(f"{name}.f32.gz", tensor.detach().numpy().astype("<f4"))


# --- images


def padded(pixels):
    """RGB on a black square, floor(d / 2) before."""
    height, width, channels = pixels.shape
    side = max(height, width)
    square = np.zeros((side, side, 3), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = pixels if channels == 3 else np.repeat(pixels, 3, axis=-1)
    return Image.fromarray(square)


def preprocess(processor, name, size):
    """The reference's 8-bit pixels, before normalisation; size × size × 3."""
    image = padded(images[name])
    values = processor.image_processor(
        images=[image], size={"height": size, "width": size}, do_pan_and_scan=False, return_tensors="pt"
    )["pixel_values"][0]
    bytes_ = (values.numpy().transpose(1, 2, 0) * 0.5 + 0.5) * 255
    assert np.abs(bytes_ - bytes_.round()).max() < 1e-3, "the reference resizes in 8 bits"
    return bytes_.round().astype(np.uint8)


# --- model


def load(change=None):
    config = AutoConfig.from_pretrained(model_folder)
    if change:
        change(config.text_config)
    model, loaded = Gemma3ForConditionalGeneration.from_pretrained(
        model_folder, config=config, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    assert not any(loaded.values()), loaded
    return model.eval()


def prepared(processor, case):
    messages = [user(*case["content"])]
    prompt = processor.apply_chat_template(messages, add_generation_prompt=True)
    pictures = [padded(images[name]) for name in case["images"]] or None
    inputs = processor(text=[prompt], images=pictures, add_special_tokens=False, return_tensors="pt")
    inputs.pop("attention_mask")
    return messages, prompt, dict(inputs)


def greedy(model, inputs):
    """Ids by arg-max and the logits that chose them, [STEPS, vocabulary]; end tokens do not end it."""
    cache = DynamicCache(config=model.config.get_text_config())
    output = model(**inputs, cache=cache, use_cache=True)
    chosen, rows = [], []
    while True:
        rows.append(output.logits[0, -1])
        chosen.append(int(rows[-1].argmax()))
        if len(chosen) == STEPS:
            return chosen, torch.stack(rows)
        output = model(input_ids=torch.tensor([chosen[-1:]]), cache=cache, use_cache=True)


def check(model, inputs, chosen, rows):
    """Largest difference between decoding with a cache and one pass over everything."""
    following = torch.tensor([chosen[:-1]])
    whole = {**inputs, "input_ids": torch.cat([inputs["input_ids"], following], dim=1)}
    if "token_type_ids" in inputs:
        whole["token_type_ids"] = torch.cat([inputs["token_type_ids"], torch.zeros_like(following)], dim=1)
    difference = float((model(**whole, use_cache=False).logits[0, -STEPS:] - rows).abs().max())
    assert difference < 2e-4, difference
    model.generation_config = GenerationConfig(max_new_tokens=STEPS, do_sample=False, pad_token_id=0)
    generated = model.generate(**inputs)[0, inputs["input_ids"].shape[1] :].tolist()
    assert generated == chosen, "generate chose other tokens"
    return difference


def write_details(model, case, inputs):
    """Every prompt position, image features, and the decoder's state at its entrance, after a local and a global layer."""
    output = model(**inputs, use_cache=False, output_hidden_states=True)
    write_floats(f"{case}.prompt-logits", output.logits[0])
    write_floats(f"{case}.features", model.get_image_features(inputs["pixel_values"]).pooler_output[0])
    for name, index in [("embeddings", 0), ("0", 1), ("5", 6)]:
        write_floats(f"{case}.hidden-{name}", output.hidden_states[index][0])


def rope(kind, **values):
    return lambda config: config.rope_parameters[kind].update(values)


CONTROLS = {
    "local RoPE base 1e6": rope("sliding_attention", rope_theta=1e6),
    "global RoPE base 1e4": rope("full_attention", rope_theta=1e4),
    "global RoPE without scaling": rope("full_attention", factor=1.0),
    "no sliding window": lambda config: setattr(config, "sliding_window", 4096),
}


def control(model, prompts, expected, drop=()):
    """Max abs logit difference at the last prompt position, by case."""
    differences = {}
    for name, inputs in prompts.items():
        kept = {key: value for key, value in inputs.items() if key not in drop}
        logits = model(**kept, use_cache=False).logits[0, -1]
        differences[name] = round(float((logits - expected[name]).abs().max()), 4)
    return differences


# --- tokens


def tokenizer_with(controls_special):
    """controls_special: `[multimodal]` and `<unused…>` count as special too, as they must in text from outside."""
    definition = json.loads((model_folder / "tokenizer.json").read_text(encoding="utf-8"))
    for token in definition["added_tokens"]:
        if controls_special and (token["content"] == "[multimodal]" or token["content"].startswith("<unused")):
            token["special"] = True
    return tokenizers.Tokenizer.from_str(json.dumps(definition))


def plain_ids(value, special_as_text, controls_special=False):
    tokenizer = tokenizer_with(controls_special)
    tokenizer.encode_special_tokens = special_as_text
    return tokenizer.encode(value, add_special_tokens=False).ids


def harmless_ids(processor, messages):
    """
    The chat with control tokens only where the template puts them. `<` of a text is a private character while the template
    is filled; what stands between two control tokens is one text, so that newlines of template and text still join.
    """
    mark, image_token = "\ue000", "<start_of_image>"
    marked = json.loads(json.dumps(messages, ensure_ascii=False).replace("<", mark))
    rendered = processor.apply_chat_template(marked, add_generation_prompt=True)
    rendered = rendered.replace(image_token, processor.full_image_sequence)
    ids = []
    for piece in re.split("(<[^>]+>)", rendered):
        control = piece.startswith("<")
        ids += plain_ids(piece.replace(mark, "<"), special_as_text=not control, controls_special=True)
    return ids


def template_vector(processor, name, messages):
    rendered = processor.apply_chat_template(messages, add_generation_prompt=True)
    count = rendered.count("<start_of_image>")
    pictures = [Image.new("RGB", (8, 8))] * count or None
    ids = list(processor(text=[rendered], images=pictures, add_special_tokens=False)["input_ids"][0])
    assert harmless_ids(processor, messages) == ids, name
    return {"name": name, "messages": messages, "images": count, "rendered": rendered, "ids": ids}


# --- all of it


@torch.no_grad()
def main():
    processor = AutoProcessor.from_pretrained(model_folder)
    model = load()
    cases, prompts, first_rows, margins = [], {}, {}, {}
    for case in CASES:
        name = case["name"]
        messages, prompt, inputs = prepared(processor, case)
        chosen, rows = greedy(model, inputs)
        assert model.config.image_token_id not in chosen
        noise = check(model, inputs, chosen, rows)
        steps = list(range(STEPS)) if name == "two-images" else [0, 1, 15, 16, 31, 32, 33, 64, 128, 199]
        write_floats(f"{name}.logits", rows[steps])
        if name == "one-image":
            write_details(model, name, inputs)
        top = rows.topk(2).values
        gaps = top[:, 0] - top[:, 1]
        margins[name] = {
            "smallest": round(float(gaps.min()), 5),
            "median": round(float(gaps.median()), 3),
            "distinct": len(set(chosen)),
            "cacheDifference": noise,
        }
        prompts[name], first_rows[name] = inputs, rows[0]
        ids = inputs["input_ids"][0].tolist()
        cases.append(
            {"name": name, "images": case["images"], "messages": messages, "prompt": prompt}
            | {"ids": ids, "steps": steps, "greedy": chosen}
        )
    write_json("cases.json", cases)

    with_images = {name: inputs for name, inputs in prompts.items() if "pixel_values" in inputs}
    controls = {"no image mask": control(model, with_images, first_rows, drop=["token_type_ids"])}
    for name, change in CONTROLS.items():
        controls[name] = control(load(change), prompts, first_rows)

    write_json("templates.json", [template_vector(processor, name, messages) for name, messages in CHATS.items()])
    write_json(
        "injections.json",
        [
            {"name": name, "messages": messages, "ids": harmless_ids(processor, messages)}
            for name, messages in INJECTIONS.items()
        ],
    )
    write_json(
        "plain-text.json",
        [
            {
                "text": value,
                "trusted": plain_ids(value, False),
                "specialsAsText": plain_ids(value, True),
                "controlsAsText": plain_ids(value, True, controls_special=True),
            }
            for value in PLAIN
        ],
    )

    resized = []
    for entry in PREPROCESS:
        file = f"{entry['image']}.{entry['size']}.u8.gz"
        pixels = preprocess(processor, entry["image"], entry["size"])
        if region := entry.get("region"):
            left, top = region["left"], region["top"]
            pixels = pixels[top : top + region["height"], left : left + region["width"]]
        write_binary(file, pixels)
        resized.append(entry | {"file": file})
    write_json("preprocess.json", resized)
    write_json(
        "images.json",
        {
            name: specification | {"sha256": hashlib.sha256(images[name].tobytes()).hexdigest()}
            for name, specification in (FILMS | RAW).items()
        },
    )

    write_json(
        "manifest.json",
        {
            "versions": {
                "python": platform.python_version(),
                "torch": torch.__version__,
                "torchvision": torchvision.__version__,
                "transformers": transformers.__version__,
                "tokenizers": tokenizers.__version__,
                "numpy": np.__version__,
                "pillow": Image.__version__,
            },
            "model": {
                file.name: {"bytes": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
                for file in sorted(model_folder.iterdir())
            },
            "margins": margins,
            "controls": controls,
            "binaries": binaries,
        },
    )


images = {name: synthetic_image(**specification) for name, specification in (FILMS | RAW).items()}
output_folder.mkdir(parents=True, exist_ok=True)
main()
