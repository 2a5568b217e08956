"""Trains the token-role model from exported features and writes model.onnx. Two small networks in a row: the second
sees what the first thought of the token and its neighbours. CPU, one core, minutes.

    node models/lab-token-roles/export.ts DIR && python models/lab-token-roles/train.py DIR
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.neural_network import MLPClassifier

SEED = 20261122
HIDDEN = (64, 48)
folder = Path(sys.argv[1])
shape = json.loads((folder / "shape.json").read_text())
F, K, ROLES = shape["featureCount"], shape["neighbourCount"], shape["roles"]
C = len(ROLES)


def load(name):
    x = np.fromfile(folder / f"{name}.features.bin", np.float32).reshape(-1, F)
    nb = np.fromfile(folder / f"{name}.neighbours.bin", np.int32).reshape(-1, K).astype(np.int64)
    y = np.fromfile(folder / f"{name}.labels.bin", np.uint8).astype(np.int64)
    doc = np.fromfile(folder / f"{name}.documents.bin", np.int32)
    nb[nb < 0] = len(x)
    return x, nb, y, doc


def gather(values, nb):
    padded = np.vstack([values, np.zeros((1, values.shape[1]), values.dtype)])
    return padded[nb].reshape(len(nb), -1)


def first_input(x, nb):
    return np.hstack([x, gather(x, nb)])


def second_input(x, nb, p):
    return np.hstack([x, p, gather(p, nb)])


def network(hidden, seed):
    return MLPClassifier((hidden,), activation="relu", alpha=2e-4, batch_size=512, learning_rate_init=1.5e-3,
                         max_iter=12, early_stopping=False, random_state=seed)


def probabilities(net, data):
    """Columns for all roles, also those that training never saw."""
    full = np.zeros((len(data), C), np.float32)
    full[:, net.classes_] = net.predict_proba(data).astype(np.float32)
    return full


x, nb, y, doc = load("train")
half = doc % 2 == 0
print(f"{len(x)} tokens of {len(np.unique(doc))} documents", flush=True)
a = first_input(x, nb)
# The second network is trained on what the first says of documents that it has not seen.
crossed = np.zeros((len(x), C), np.float32)
for part in (half, ~half):
    net = network(HIDDEN[0], SEED).fit(a[~part], y[~part])
    crossed[part] = probabilities(net, a[part])
first = network(HIDDEN[0], SEED + 1).fit(a, y)
second = network(HIDDEN[1], SEED + 2).fit(second_input(x, nb, crossed), y)

for name in ("seen", "unseen"):
    tx, tn, ty, _ = load(name)
    p1 = probabilities(first, first_input(tx, tn))
    p2 = probabilities(second, second_input(tx, tn, p1))
    print(name, "first", round(float((p1.argmax(1) == ty).mean()), 4), "second", round(float((p2.argmax(1) == ty).mean()), 4))


def weights(net):
    """Last layer spread to all roles; a role never seen gets a logit that softmax makes zero."""
    w0, w1 = (w.astype(np.float32) for w in net.coefs_)
    b0, b1 = (b.astype(np.float32) for b in net.intercepts_)
    full_w, full_b = np.zeros((w1.shape[0], C), np.float32), np.full(C, -30, np.float32)
    full_w[:, net.classes_], full_b[net.classes_] = w1, b1
    return w0, b0, full_w, full_b


init = {"zero_row": np.zeros((1, F), np.float32), "zero_p": np.zeros((1, C), np.float32),
        "wide_f": np.array([-1, F * K], np.int64), "wide_p": np.array([-1, C * K], np.int64)}
for tag, net in (("a", first), ("b", second)):
    for key, value in zip(("w0", "b0", "w1", "b1"), weights(net)):
        init[f"{tag}_{key}"] = value
node = helper.make_node
nodes = [
    node("Concat", ["features", "zero_row"], ["padded"], axis=0),
    node("Gather", ["padded", "neighbours"], ["around"], axis=0),
    node("Reshape", ["around", "wide_f"], ["around_flat"]),
    node("Concat", ["features", "around_flat"], ["a_in"], axis=1),
    node("Gemm", ["a_in", "a_w0", "a_b0"], ["a_h"]), node("Relu", ["a_h"], ["a_r"]),
    node("Gemm", ["a_r", "a_w1", "a_b1"], ["a_l"]), node("Softmax", ["a_l"], ["p"], axis=1),
    node("Concat", ["p", "zero_p"], ["p_padded"], axis=0),
    node("Gather", ["p_padded", "neighbours"], ["p_around"], axis=0),
    node("Reshape", ["p_around", "wide_p"], ["p_flat"]),
    node("Concat", ["features", "p", "p_flat"], ["b_in"], axis=1),
    node("Gemm", ["b_in", "b_w0", "b_b0"], ["b_h"]), node("Relu", ["b_h"], ["b_r"]),
    node("Gemm", ["b_r", "b_w1", "b_b1"], ["b_l"]), node("Softmax", ["b_l"], ["probabilities"], axis=1),
]
graph = helper.make_graph(
    nodes, "lab-token-roles",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["tokens", F]),
     helper.make_tensor_value_info("neighbours", TensorProto.INT64, ["tokens", K])],
    [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["tokens", C])],
    [numpy_helper.from_array(value, key) for key, value in init.items()])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="lab-token-roles", ir_version=8)
onnx.checker.check_model(model)
target = Path(__file__).with_name("model.onnx")
onnx.save(model, target)
print(f"{target.stat().st_size} bytes")
