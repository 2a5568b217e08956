"""Trains models/lung-opacity/model.onnx on the CPU. See README.md beside this file for data, licences and figures.

    node models/lung-field/simulate.ts /tmp/simulated.bin 1600
    node models/lung-opacity/films.ts DATA /tmp/films.bin
    /tmp/env/bin/python models/lung-opacity/train.py --simulated /tmp/simulated.bin --films /tmp/films.bin --out model.onnx

The same network as models/lung-field, begun from its weights, with one map: the share of the air that is gone. Nothing but
these two files and models/lung-field/model.onnx is read.
"""

import argparse
import importlib.util
import os
import time

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from onnx import numpy_helper
from scipy import ndimage

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("lung_field", os.path.join(HERE, "../lung-field/train.py"))
field = importlib.util.module_from_spec(spec)
spec.loader.exec_module(field)
SIDE, BIG = field.SIDE, 288


def load_films(path):
    raw = np.fromfile(path, np.uint8).reshape(-1, 2 + 2 * BIG * BIG)
    return [
        {
            "clean": bool(one[0]),
            "patient": int(one[1]),
            "image": one[2 : 2 + BIG * BIG].reshape(BIG, BIG) / 255.0,
            "lungs": one[2 + BIG * BIG :].reshape(BIG, BIG),
        }
        for one in raw
    ]


def warm(p, path):
    """The weights of lung-field, but for the last layer."""
    arrays = {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    for name, layer in p.items():
        if name != "out":
            layer["w"] = jnp.asarray(arrays[name + ".w"].transpose(2, 3, 1, 0))
            layer["b"] = jnp.asarray(arrays[name + ".b"])
    p["out"] = {"w": p["out"]["w"][..., :1], "b": p["out"]["b"][:1] - 1.5}
    return p


def geometry(rng, lungs):
    """Index map from the 224 square around the lungs to the film, a little off each time, as lung-field is."""
    ys, xs = np.nonzero(lungs > 0)
    centre = np.array([(ys.min() + ys.max()) / 2, (xs.min() + xs.max()) / 2]) + rng.normal(size=2) * 3
    scale = max(np.ptp(ys), np.ptp(xs)) * 1.24 / SIDE * np.exp(rng.normal() * 0.06)
    angle = np.deg2rad(rng.normal() * 5)
    ratio = np.exp(rng.normal() * 0.04)
    c, s = np.cos(angle), np.sin(angle)
    m = np.array([[c, -s], [s, c]]) @ np.diag([scale * ratio, scale / ratio])
    return m, centre - m @ np.array([SIDE / 2, SIDE / 2])


def take(a, at, order=1):
    m, o = at
    return ndimage.affine_transform(a, m, o, output_shape=(SIDE, SIDE), order=order, mode="constant", cval=0)


def noise(rng, shape, width):
    n = ndimage.gaussian_filter(rng.normal(size=shape), width)
    return n / (n.std() + 1e-6)


def draw_share(rng, lungs):
    """Share of the air that is gone: patches, bands at the base, or haze over one or both lungs, ragged at many scales."""
    share = np.zeros(lungs.shape)
    if rng.random() < 0.4:  # haze
        for side in (1, 2):
            if rng.random() < 0.75:
                level = rng.uniform(0.05, 0.7)
                ys = np.nonzero(lungs == side)[0]
                top, tall = (ys.min(), np.ptp(ys) + 1) if len(ys) else (0, 1)
                slope = rng.uniform(-0.6, 1.2) * ((np.arange(SIDE)[:, None] - top) / tall - 0.5)
                rough = 0.35 * noise(rng, lungs.shape, rng.uniform(10, 30)) + 0.25 * noise(rng, lungs.shape, rng.uniform(2, 6))
                share = np.where(lungs == side, np.clip(level * (1 + slope + rough), 0, 0.97), share)
    for _ in range(rng.integers(0 if share.any() else 1, 6)):
        side = rng.integers(1, 3)
        ys, xs = np.nonzero(lungs == side)
        if len(ys) < 50:
            continue
        top, bottom = ys.min(), ys.max()
        i = rng.integers(len(ys))
        if rng.random() < 0.3:
            level = bottom - (bottom - top) * rng.uniform(0.05, 0.6)
            rows = np.arange(SIDE)[:, None] + np.zeros((1, SIDE))
            one = np.clip((rows - level) / rng.uniform(6, 40) + 0.5, 0, 1) * rng.uniform(0.3, 0.97)
        else:
            rows, columns = np.mgrid[:SIDE, :SIDE]
            d2 = ((rows - ys[i]) / rng.uniform(8, 60)) ** 2 + ((columns - xs[i]) / rng.uniform(8, 40)) ** 2
            rough = noise(rng, lungs.shape, rng.uniform(2, 7)) + 0.7 * noise(rng, lungs.shape, rng.uniform(6, 14))
            one = np.clip((1.1 - d2 + 0.4 * rough) / 0.9, 0, 1) * rng.uniform(0.1, 0.95)
        share = 1 - (1 - share) * (1 - one * (lungs == side))
    return ndimage.gaussian_filter(share, 1) * (lungs > 0)


def fill(rng, v, lungs, share):
    """The film with that share of the air gone: lung goes towards the grey of soft tissue, vessels fade, ribs stay."""
    inside = v[lungs > 0]
    outside = v[(lungs == 0) & (v > 0.05)]
    soft = np.percentile(inside, 95) if outside.size < 50 else np.percentile(outside, rng.uniform(55, 90))
    soft = max(soft, np.percentile(inside, 80))
    plain = ndimage.gaussian_filter(v, rng.uniform(1.5, 3.5))
    faded = v + (plain - v) * share * rng.uniform(0.1, 0.75)
    return faded + (soft - faded) * share * rng.uniform(0.75, 0.95)


def process(v, rng):
    """What machines do to a film before it is kept."""
    if rng.random() < 0.35:
        wide = ndimage.gaussian_filter(v, rng.uniform(6, 25))
        v = np.clip(v + (v - wide) * rng.uniform(-0.35, 1.3), 0, 1)
    return field.expose(v.copy(), rng)


def batch(rng, simulated, clean, sick):
    images, truth, lung, base = [], [], [], []
    half = lambda a: field.half(a.astype(np.float32))

    def add(image, share, lungs, on=-1):
        images.append(process(image, rng))
        truth.append(half(share))
        lung.append(np.stack([half(lungs == 1), half(lungs == 2)], -1))
        base.append(on)

    for _ in range(4):
        while True:
            film, lungs, _, loss = simulated[rng.integers(len(simulated))]
            if (lungs > 0).sum() > 500:
                break
        at = geometry(rng, lungs)
        add(take(film / 255.0, at), take(loss / 255.0, at), take(lungs, at, 0))
    for _ in range(2):
        film = clean[rng.integers(len(clean))]
        at = geometry(rng, film["lungs"])
        v, lungs = take(film["image"], at), take(film["lungs"], at, 0)
        share = draw_share(rng, lungs) if rng.random() < 0.75 else np.zeros(lungs.shape)
        add(fill(rng, v, lungs, share) if share.any() else v, share, lungs)
    for _ in range(2):
        some = sick if rng.random() < 0.8 else clean
        film = some[rng.integers(len(some))]
        at = geometry(rng, film["lungs"])
        v, lungs = take(film["image"], at), take(film["lungs"], at, 0)
        share = draw_share(rng, lungs) if rng.random() < 0.7 else np.zeros(lungs.shape)
        first = len(images)
        add(v, np.zeros(lungs.shape), lungs, on=-2)
        add(fill(rng, v, lungs, share) if share.any() else v, share, lungs, on=first)
    return np.stack(images)[..., None], np.stack(truth)[..., None], np.stack(lung), np.array(base)


def loss_fn(p, images, truth, lung, base):
    logits = field.forward(p, images)
    prob = jax.nn.sigmoid(logits)
    # what is drawn onto a sick film comes on top of what the network finds in the film before; one exposure of it
    # without anything drawn is only held to say the same as the other
    before = jax.lax.stop_gradient(prob)[jnp.maximum(base, 0)]
    sick = (base >= 0)[:, None, None, None]
    target = jnp.where(sick, 1 - (1 - before) * (1 - truth), truth)
    known = (base != -2).astype(jnp.float32)
    both = lung.sum(-1, keepdims=True)
    # cross-entropy, not a distance: most cells have lost nothing, and a median would say so of all of them
    safe = jnp.clip(target, 0, 1)
    error = (jnp.maximum(logits, 0) - logits * safe + jnp.log1p(jnp.exp(-jnp.abs(logits)))) * both
    cells = error.sum((1, 2, 3)) / (both.sum((1, 2, 3)) + 1)
    lungs = jnp.abs(((prob - target) * lung).sum((1, 2)) / (lung.sum((1, 2)) + 20)).mean(-1)
    return ((cells + 1.5 * lungs) * known).mean()


def validate(p, films, seed=5):
    """Films kept aside, with haze and patches drawn on: what is drawn against what is found more, per lung."""
    rng = np.random.default_rng(seed)
    step = jax.jit(field.forward)
    drawn, found, still = [], [], []
    for film in films:
        for n in range(3):
            at = geometry(rng, film["lungs"])
            v, lungs = take(film["image"], at), take(film["lungs"], at, 0)
            share = draw_share(rng, lungs)
            versions = [process(v, rng), process(v, rng), process(fill(rng, v, lungs, share), rng)]
            maps = np.asarray(jax.nn.sigmoid(step(p, np.stack(versions)[..., None])))[..., 0]
            s = field.half(share.astype(np.float32))
            for side in (1, 2):
                mask = field.half((lungs == side).astype(np.float32)) > 0.5
                if mask.sum() > 30:
                    drawn.append((s[mask] * (1 - maps[0][mask])).mean())
                    found.append((maps[2] - maps[0])[mask].mean())
                    still.append((maps[1] - maps[0])[mask].mean())
    return np.corrcoef(drawn, found)[0, 1], np.mean(np.abs(np.subtract(drawn, found))), np.mean(np.abs(still))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--simulated", required=True)
    args.add_argument("--films", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--steps", type=int, default=500)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--hold-out", type=int, default=0, help="one patient in so many is kept aside to measure on")
    a = args.parse_args()
    rng = np.random.default_rng(a.seed)
    simulated = field.load_simulated(a.simulated)
    films = load_films(a.films)
    held = [f for f in films if f["patient"] % (a.hold_out or 8) == 0]
    train = [f for f in films if not a.hold_out or f["patient"] % a.hold_out]
    clean, sick = [f for f in train if f["clean"]], [f for f in train if not f["clean"]]
    print(len(simulated), "simulated", len(clean), "clean", len(sick), "others", len(held), "measured on", flush=True)
    p = warm(field.init(jax.random.key(a.seed)), os.path.join(HERE, "../lung-field/model.onnx"))
    m = jax.tree.map(jnp.zeros_like, p)
    v = jax.tree.map(jnp.zeros_like, p)
    mean = p

    @jax.jit
    def step(p, m, v, mean, t, images, truth, lung, base):
        loss, g = jax.value_and_grad(loss_fn)(p, images, truth, lung, base)
        rate = 1e-3 * jnp.minimum(1, t / 30) * (0.5 + 0.5 * jnp.cos(jnp.pi * t / a.steps)) + 1e-5
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, v, g)
        p = jax.tree.map(
            lambda p, m, v: p - rate * (m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.99**t)) + 1e-8) + 1e-4 * p), p, m, v
        )
        keep = jnp.minimum(0.98, t / (t + 10))
        mean = jax.tree.map(lambda a, b: keep * a + (1 - keep) * b, mean, p)
        return p, m, v, mean, loss

    start, running = time.time(), 0.0
    for t in range(1, a.steps + 1):
        p, m, v, mean, loss = step(p, m, v, mean, float(t), *batch(rng, simulated, clean, sick))
        running += float(loss)
        if t % 50 == 0:
            r, error, still = validate(mean, held)
            print(t, f"{time.time() - start:.0f} s", f"loss {running / 50:.4f}",
                  f"kept aside: r {r:.3f} error {error:.4f} other exposure {still:.4f}", flush=True)
            running = 0.0
            field.export(mean, a.out, "lung-opacity")


if __name__ == "__main__":
    main()
