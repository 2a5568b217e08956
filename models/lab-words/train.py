"""Trains the word reader on drawn strings and writes model.onnx. CPU, one core.

    node models/lab-words/export.ts > vocabulary.json && python models/lab-words/train.py vocabulary.json OUT
"""
import json
import random
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

from pictures import HEIGHT, Drawer, find_fonts
from strings import CHARSET, COMMON

SEED = 20261130
BATCH, POOL = 48, 14  # words of a step; pages drawn for one pool
#: Words seen (each drawn word twice) and highest learning rate.
WORDS, RATE = 217_000, 3e-3


class Reader(nn.Module):
    """[N, 1, 32, W] → [N, W / 4, characters + 1]; 0 is the blank. Sees about two letters to either side, no further."""

    def __init__(self):
        super().__init__()

        def conv(i, o, kernel, stride=1, padding=(1, 1), dilation=1):
            return [nn.Conv2d(i, o, kernel, stride, padding, dilation, bias=False), nn.BatchNorm2d(o), nn.ReLU()]

        self.eyes = nn.Sequential(
            *conv(1, 16, 5, 2, (2, 2)), nn.MaxPool2d((2, 1)),
            *conv(16, 36, 3), nn.MaxPool2d(2),
            *conv(36, 72, 3), *conv(72, 96, 3), nn.MaxPool2d((2, 1)),
            *conv(96, 128, (2, 3), padding=(0, 1)),
        )
        self.first = nn.Sequential(*conv(128, 128, (1, 5), padding=(0, 2)))
        self.second = nn.Sequential(*conv(128, 128, (1, 5), padding=(0, 4), dilation=(1, 2)))
        self.last = nn.Conv2d(128, len(CHARSET) + 1, 1)

    def forward(self, x):
        x = self.eyes(x)
        x = x + self.first(x)
        x = x + self.second(x)
        return self.last(x).squeeze(2).transpose(1, 2)


def batches(words, rng):
    """Words of about one width together; the rest of each row is paper."""
    order = sorted(range(len(words)), key=lambda i: words[i][1].shape[1] + rng.uniform(0, 12))
    groups = [order[i:i + BATCH] for i in range(0, len(order) - BATCH + 1, BATCH)]
    rng.shuffle(groups)
    for group in groups:
        yield pack([words[i] for i in group])


def pack(words):
    width = (max(c.shape[1] for _, c in words) + 3) // 4 * 4
    x = np.zeros((len(words), 1, HEIGHT, width), np.float32)
    for i, (_, crop) in enumerate(words):
        x[i, 0, :, : crop.shape[1]] = crop
    texts = [t for t, _ in words]
    target = torch.tensor([CHARSET.index(c) + 1 for t in texts for c in t])
    steps = torch.tensor([(c.shape[1] + 3) // 4 for _, c in words])
    return torch.from_numpy(x), target, torch.tensor([len(t) for t in texts]), steps, texts


def decode(best, steps):
    out = []
    for row, n in zip(best, steps):
        row = row[:n]
        out.append("".join(CHARSET[c - 1] for i, c in enumerate(row) if c and (i == 0 or c != row[i - 1])))
    return out


def evaluate(model, words):
    model.eval()
    right, numeric, count, numbers = 0, 0, 0, 0
    with torch.no_grad():
        for i in range(0, len(words), BATCH):
            x, _, _, steps, texts = pack(words[i:i + BATCH])
            for text, read in zip(texts, decode(model(x).argmax(2).numpy(), steps.tolist())):
                digit = any(c.isdigit() for c in text)
                right, count = right + (text == read), count + 1
                numeric, numbers = numeric + (digit and text == read), numbers + digit
    model.train()
    return right / count, numeric / numbers


def fused(model):
    """Folds each normalisation into the convolution before it."""
    for block in (model.eyes, model.first, model.second):
        layers = list(block)
        for i, layer in enumerate(layers):
            if isinstance(layer, nn.BatchNorm2d):
                block[i - 1] = nn.utils.fusion.fuse_conv_bn_eval(layers[i - 1], layer)
                block[i] = nn.Identity()
    return model


def export(model, path):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights, x = [], [], ["picture"]

    def add(op, inputs, **attributes):
        name = f"t{len(nodes)}"
        nodes.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    def constant(array):
        """Kept as float16, half the size; cast once when the model is opened."""
        name = f"w{len(weights)}"
        weights.append(numpy_helper.from_array(array.detach().numpy().astype(np.float16), name))
        return add("Cast", [name], to=TensorProto.FLOAT)

    def run(block, x):
        for layer in block:
            if isinstance(layer, nn.Conv2d):
                (a, b), s, d = layer.padding, layer.stride, layer.dilation
                x = add("Conv", [x, constant(layer.weight), constant(layer.bias)], pads=[a, b, a, b], strides=list(s), dilations=list(d))
            elif isinstance(layer, nn.ReLU):
                x = add("Relu", [x])
            elif isinstance(layer, nn.MaxPool2d):
                k = layer.kernel_size if isinstance(layer.kernel_size, tuple) else (layer.kernel_size,) * 2
                x = add("MaxPool", [x], kernel_shape=list(k), strides=list(k))
        return x

    x = run(model.eyes, "picture")
    x = add("Add", [x, run(model.first, x)])
    x = add("Add", [x, run(model.second, x)])
    x = run([model.last], x)
    axes = numpy_helper.from_array(np.array([2], np.int64), "axes")
    x = add("Squeeze", [x, "axes"])
    x = add("Transpose", [x], perm=[0, 2, 1])
    nodes.append(helper.make_node("Softmax", [x], ["probabilities"], axis=2))
    graph = helper.make_graph(
        nodes, "lab-words",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["words", 1, HEIGHT, "width"])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["words", "steps", len(CHARSET) + 1])],
        weights + [axes],
    )
    onnx_model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(onnx_model, {"charset": CHARSET})
    onnx.checker.check_model(onnx_model)
    onnx.save(onnx_model, path)


def train(model, drawer, held, words, highest, rng):
    """The rate is held for a third of the words, then falls to nearly nothing."""
    optimiser = torch.optim.AdamW(model.parameters(), highest, weight_decay=0.01)
    loss_of = nn.CTCLoss(zero_infinity=True)
    seen, step, mean, said = 0, 0, 0.0, 0
    while seen < words:
        pool = [w for _ in range(POOL) for w in drawer.crops()]
        for _ in range(2):
            for x, target, lengths, steps, _ in batches(pool, rng):
                part = min(1, seen / words)
                rate = highest * min(1, (step + 1) / 200) * (1 if part < 0.35 else max(0.01, (1 - part) / 0.65))
                for group in optimiser.param_groups:
                    group["lr"] = rate
                log = model(x.contiguous(memory_format=torch.channels_last)).log_softmax(2).transpose(0, 1)
                loss = loss_of(log, target, steps, lengths)
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 5)
                optimiser.step()
                step, seen = step + 1, seen + len(x)
                mean = 0.98 * mean + 0.02 * loss.item() if step > 1 else loss.item()
        if seen - said > 12_000 or seen >= words:
            said = seen
            all_right, numbers_right = evaluate(model, held)
            print(f"{seen} words, loss {mean:.3f}, held: all {all_right:.3f}, with digits {numbers_right:.3f}", flush=True)


def main(vocabulary_file, folder):
    folder = Path(folder)
    folder.mkdir(exist_ok=True, parents=True)
    torch.set_num_threads(1)
    vocabulary = {**json.loads(Path(vocabulary_file).read_text()), "common": COMMON}
    fonts = find_fonts()
    judge = Drawer(vocabulary, SEED + 1, fonts)
    held = [w for _ in range(24) for w in judge.crops()]
    torch.manual_seed(SEED)
    model = Reader().to(memory_format=torch.channels_last)
    print(sum(p.numel() for p in model.parameters()), "weights,", len(held), "held words", flush=True)
    train(model, Drawer(vocabulary, SEED, fonts), held, WORDS, RATE, random.Random(SEED))
    torch.save(model.state_dict(), folder / "model.pt")
    export(fused(model.eval()), folder / "model.onnx")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
