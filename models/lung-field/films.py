"""What both recipes of the lungs share: simulated films, another film of the same rays, and how a network is kept."""

import numpy as np
from scipy import ndimage

SIDE = 224


def load_simulated(path):
    raw = np.fromfile(path, np.uint8).reshape(-1, 4, SIDE, SIDE)
    return raw


def half(a):
    return a.reshape(SIDE // 2, 2, SIDE // 2, 2).mean((1, 3)).astype(np.float32)


def develop(v, rng):
    """A different film of the same rays: curve, local contrast, grain, letters, lines, borders."""
    v = np.clip(v, 0, 1)
    v = v ** np.exp(rng.normal() * 0.35)
    if rng.random() < 0.5:
        t = rng.uniform(0.35, 0.65)
        k = rng.uniform(2, 6)
        w = 1 / (1 + np.exp(-k * (v - t)))
        v = v + (w - v) * rng.random()
    if rng.random() < 0.45:
        wide = ndimage.gaussian_filter(v, rng.uniform(8, 30))
        v = np.clip(v + (v - wide) * rng.uniform(-0.3, 0.8), 0, 1)
    if rng.random() < 0.35:
        field = ndimage.zoom(rng.normal(size=(3, 3)), SIDE / 3, order=1)[:SIDE, :SIDE]
        v = v + field * 0.05
    if rng.random() < 0.4:
        v = ndimage.gaussian_filter(v, rng.uniform(0.3, 1.1))
    v = v + rng.normal(size=v.shape) * rng.uniform(0, 0.03)
    if rng.random() < 0.4:
        for _ in range(rng.integers(1, 4)):
            y, x = rng.integers(4, SIDE - 24, 2)
            v[y : y + rng.integers(4, 14), x : x + rng.integers(4, 22)] = rng.choice([0.0, 1.0, 0.9])
    if rng.random() < 0.4:
        for _ in range(rng.integers(1, 4)):
            line(v, rng)
    if rng.random() < 0.3:
        n = rng.integers(1, 26)
        edge = rng.integers(0, 4)
        value = rng.choice([0.0, 0.0, 1.0])
        if edge == 0:
            v[:n] = value
        elif edge == 1:
            v[-n:] = value
        elif edge == 2:
            v[:, :n] = value
        else:
            v[:, -n:] = value
    return np.clip(v, 0, 1) * rng.uniform(0.6, 1) + rng.uniform(0, 0.1)


def line(v, rng):
    """A tube or cable."""
    p = rng.uniform(0, SIDE, (4, 2))
    t = np.linspace(0, 1, 400)[:, None]
    curve = (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t * t * (1 - t) * p[2] + t**3 * p[3]
    y, x = np.clip(curve.round().astype(int).T, 0, SIDE - 2)
    strength = rng.uniform(0.05, 0.3)
    for dy in range(2):
        v[y + dy, x] = np.minimum(1, v[y + dy, x] + strength)


def save(path, name, nodes, weights, inputs, outputs):
    """Checks and writes a graph of opset 17 with one input and one output, each (name, shape) in float32."""
    import onnx
    from onnx import TensorProto, helper

    of = lambda end: [helper.make_tensor_value_info(end[0], TensorProto.FLOAT, end[1])]
    graph = helper.make_graph(nodes, name, of(inputs), of(outputs), weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)
