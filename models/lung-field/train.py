"""Trains models/lung-field/model.onnx on the CPU. See README.md beside this file for data, licences and figures.

    node models/lung-field/simulate.ts /tmp/lung-field.bin 500
    python -m venv /tmp/env && /tmp/env/bin/pip install jax==0.10.2 numpy scipy pillow onnx
    /tmp/env/bin/python models/lung-field/train.py --simulated /tmp/lung-field.bin --hannover DIR --out model.onnx

DIR holds images/, lung_masks/ and images.csv of the Hannover films. Nothing else is read.
"""

import argparse
import csv
import os
import time

import jax
import jax.numpy as jnp
import numpy as np
from PIL import Image
from scipy import ndimage

from films import SIDE, develop, half, load_simulated, save

WIDTHS = (24, 32, 48, 64, 64)


# ---- data ---------------------------------------------------------------------------------------------------------


def load_hannover(folder):
    films = []
    for row in csv.DictReader(open(os.path.join(folder, "images.csv"))):
        image = Image.open(os.path.join(folder, "images", row["file"])).convert("L").resize((SIDE, SIDE), Image.BOX)
        film = {"patient": row["patient"], "finding": row["finding"], "image": np.asarray(image, np.float32) / 255}
        if row["lung_mask"]:
            mask = Image.open(os.path.join(folder, "lung_masks", row["lung_mask"])).convert("L")
            mask = np.asarray(mask.resize((SIDE, SIDE), Image.BOX), np.float32) / 255 > 0.5
            film["lungs"] = sides(mask)
        films.append(film)
    return films


def sides(mask):
    """One mask of both lungs -> 1 the patient's right (left on the picture), 2 the left."""
    labels, n = ndimage.label(mask)
    sizes = ndimage.sum(mask, labels, range(1, n + 1))
    big = np.argsort(sizes)[::-1][:2] + 1
    result = np.zeros(mask.shape, np.uint8)
    if len(big) == 2 and sizes[big[1] - 1] > 0.25 * sizes[big[0] - 1]:
        centres = [ndimage.center_of_mass(labels == b)[1] for b in big]
        first = big[int(np.argmin(centres))]
        second = big[int(np.argmax(centres))]
        result[labels == first] = 1
        result[labels == second] = 2
    else:
        middle = ndimage.center_of_mass(mask)[1]
        columns = np.arange(SIDE)[None, :] + np.zeros((SIDE, 1))
        result[mask & (columns < middle)] = 1
        result[mask & (columns >= middle)] = 2
    return result


# ---- augmentation -------------------------------------------------------------------------------------------------


def affine(rng):
    angle = np.deg2rad(rng.normal() * 6)
    scale = np.exp(rng.normal() * 0.13)
    ratio = np.exp(rng.normal() * 0.07)
    c, s = np.cos(angle), np.sin(angle)
    m = np.array([[c, -s], [s, c]]) @ np.diag([scale * ratio, scale / ratio])
    centre = np.array([SIDE / 2, SIDE / 2])
    return m, centre - m @ centre + rng.normal(size=2) * 12


def warp(a, m, offset, order):
    return ndimage.affine_transform(a, m, offset, order=order, mode="constant", cval=0)


def expose(v, rng):
    return normalise(develop(v, rng))


def normalise(v):
    """As src/analyses/chest-xray-comparison/lungs.ts: each pixel's rank among what is not black border, in 1024 steps."""
    inside = v > 0.004
    if inside.sum() < 100:
        return v.astype(np.float32)
    step = np.clip((v * 1023).astype(int), 0, 1023)
    counts = np.bincount(step[inside], minlength=1024)
    ranks = (np.cumsum(counts) - 0.5 * counts) / counts.sum()
    return np.where(inside, ranks[step], 0).astype(np.float32)


def negative(rng, simulated, films):
    """What is no frontal chest film: wrong polarity, lying on its side or head, blobs, limbs, noise."""
    kind = rng.integers(0, 5)
    v = simulated[rng.integers(len(simulated))][0] / 255.0 if rng.random() < 0.5 else films[rng.integers(len(films))]["image"]
    if kind == 0:
        v = np.where(v > 0.004, 1 - v, 0)
    elif kind == 1:
        v = np.rot90(v, rng.integers(1, 4))
    elif kind == 2:  # a slice of something: ellipses in an ellipse
        v = np.zeros((SIDE, SIDE))
        rows, columns = np.mgrid[:SIDE, :SIDE]
        for n in range(rng.integers(3, 14)):
            big = n == 0
            cy, cx = (SIDE / 2, SIDE / 2) if big else rng.uniform(50, SIDE - 50, 2)
            ry, rx = rng.uniform(60, 105, 2) if big else rng.uniform(5, 50, 2)
            v[((rows - cy) / ry) ** 2 + ((columns - cx) / rx) ** 2 < 1] = rng.uniform(0.1, 1)
        v = ndimage.gaussian_filter(v, rng.uniform(0.5, 4))
    elif kind == 3:  # a limb: soft tissue with one or two bones along it
        columns = np.arange(SIDE)[None, :] + rng.normal() * 0.3 * np.arange(SIDE)[:, None]
        middle = rng.uniform(80, 200)
        v = np.clip(1 - ((columns - middle) / rng.uniform(30, 90)) ** 2, 0, 1) * rng.uniform(0.3, 0.6)
        for _ in range(rng.integers(1, 3)):
            v = v + (np.abs(columns - middle - rng.normal() * 25) < rng.uniform(8, 24)) * rng.uniform(0.2, 0.5)
        v = ndimage.gaussian_filter(np.clip(v, 0, 1), rng.uniform(0.8, 3))
        v = v.T if rng.random() < 0.3 else v
    else:
        v = ndimage.gaussian_filter(rng.normal(size=(SIDE, SIDE)), rng.uniform(0, 20))
        v = (v - v.min()) / (np.ptp(v) + 1e-6)
    return warp(v, *affine(rng), 1)


def add_opacity(v, lungs, rng):
    """Opacity and fluid put on a film: lung is drawn towards the grey of soft tissue, detail fades."""
    share = np.zeros_like(v)
    for _ in range(rng.integers(1, 5)):
        side = rng.integers(1, 3)
        ys, xs = np.nonzero(lungs == side)
        if len(ys) < 50:
            continue
        top, bottom = ys.min(), ys.max()
        i = rng.integers(len(ys))
        if rng.random() < 0.35:
            level = bottom - (bottom - top) * rng.uniform(0.05, 0.6)
            rows = np.arange(SIDE)[:, None] + np.zeros((1, SIDE))
            one = np.clip((rows - level) / rng.uniform(6, 40) + 0.5, 0, 1) * rng.uniform(0.5, 0.97) * (lungs == side)
        else:
            rows, columns = np.mgrid[:SIDE, :SIDE]
            d2 = ((rows - ys[i]) / rng.uniform(10, 60)) ** 2 + ((columns - xs[i]) / rng.uniform(10, 40)) ** 2
            rough = ndimage.gaussian_filter(rng.normal(size=v.shape), rng.uniform(2, 7))
            rough /= rough.std() + 1e-6
            one = np.clip((1.1 - d2 + 0.4 * rough) / 0.9, 0, 1) * rng.uniform(0.12, 0.95)
        share = 1 - (1 - share) * (1 - one)
    share = ndimage.gaussian_filter(share, 1.2) * (lungs > 0)
    outside = v[(lungs == 0) & (v > 0.05)]
    soft = np.percentile(v[lungs > 0], 50) if outside.size < 50 else np.percentile(outside, rng.uniform(55, 90))
    soft = max(soft, np.percentile(v[lungs > 0], 80))
    plain = ndimage.gaussian_filter(v, 2.5)
    faded = v + (plain - v) * share * 0.7
    return faded + (soft - faded) * share * 0.85


def targets(lungs, heart):
    return np.stack([half(lungs == 1), half(lungs == 2), half(heart)], -1)


def batch(rng, simulated, films, n_sim, n_real, n_negative):
    """Images, targets, and which targets are known: nobody drew the heart on the real films."""
    images, truth, known = [], [], []
    for _ in range(n_sim):
        image, lungs, heart, _ = simulated[rng.integers(len(simulated))]
        m, o = affine(rng)
        images.append(expose(warp(image / 255.0, m, o, 1), rng))
        truth.append(targets(warp(lungs, m, o, 0), warp(heart, m, o, 0) > 0))
        known.append([1, 1, 1])
    for _ in range(n_real):
        film = films[rng.integers(len(films))]
        m, o = affine(rng)
        v, lungs = warp(film["image"], m, o, 1), warp(film["lungs"], m, o, 0)
        if rng.random() < 0.6:  # a lung is a lung when there is no air in it
            v = add_opacity(v, lungs, rng)
        images.append(expose(v, rng))
        truth.append(targets(lungs, lungs * 0))
        known.append([1, 1, 0])
    empty = np.zeros((SIDE, SIDE))
    for _ in range(n_negative):
        images.append(expose(negative(rng, simulated, films), rng))
        truth.append(targets(empty, empty))
        known.append([1, 1, 1])
    return np.stack(images)[..., None], np.stack(truth), np.array(known, np.float32)


# ---- network ------------------------------------------------------------------------------------------------------


def conv_init(key, k, cin, cout):
    return {
        "w": jax.random.normal(key, (k, k, cin, cout)) * np.sqrt(2 / (k * k * cin)),
        "b": jnp.zeros(cout),
    }


def init(key):
    keys = iter(jax.random.split(key, 64))
    p = {"stem": conv_init(next(keys), 3, 4, WIDTHS[0])}
    for i, w in enumerate(WIDTHS):
        before = WIDTHS[i - 1] if i else WIDTHS[0]
        p[f"down{i}a"] = conv_init(next(keys), 3, before, w)
        p[f"down{i}b"] = conv_init(next(keys), 3, w, w)
    for i in range(len(WIDTHS) - 2, -1, -1):
        p[f"up{i}a"] = conv_init(next(keys), 3, WIDTHS[i + 1] + WIDTHS[i], WIDTHS[i])
        p[f"up{i}b"] = conv_init(next(keys), 3, WIDTHS[i], WIDTHS[i])
    p["out"] = conv_init(next(keys), 1, WIDTHS[0], 3)
    p["out"]["w"] = p["out"]["w"] * 0.1
    return p


def conv(p, x):
    return jax.lax.conv_general_dilated(x, p["w"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) + p["b"]


def forward(p, x):
    """[N, 224, 224, 1] -> logits [N, 112, 112, 3]: right lung, left lung, heart."""
    n = x.shape[0]
    h = x.reshape(n, SIDE // 2, 2, SIDE // 2, 2).transpose(0, 1, 3, 2, 4).reshape(n, SIDE // 2, SIDE // 2, 4)
    h = jax.nn.relu(conv(p["stem"], h))
    skips = []
    for i in range(len(WIDTHS)):
        if i:
            h = jax.lax.reduce_window(h, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        h = jax.nn.relu(conv(p[f"down{i}a"], h))
        r = jax.nn.relu(conv(p[f"down{i}b"], h))
        h = h + r
        skips.append(h)
    for i in range(len(WIDTHS) - 2, -1, -1):
        h = jnp.repeat(jnp.repeat(h, 2, 1), 2, 2)
        h = jnp.concatenate([h, skips[i]], -1)
        h = jax.nn.relu(conv(p[f"up{i}a"], h))
        h = h + jax.nn.relu(conv(p[f"up{i}b"], h))
    return conv(p["out"], h)


def loss_fn(p, images, truth, known):
    logits = forward(p, images)
    prob = jax.nn.sigmoid(logits)
    bce = jnp.maximum(logits, 0) - logits * truth + jnp.log1p(jnp.exp(-jnp.abs(logits)))
    inter = (prob * truth).sum((1, 2))
    dice = 1 - (2 * inter + 20) / (prob.sum((1, 2)) + truth.sum((1, 2)) + 20)
    return (bce.mean((1, 2)) * known).mean() * 4 + (dice * known).mean() * 2


# ---- export -------------------------------------------------------------------------------------------------------


def export(p, path):
    from onnx import helper, numpy_helper

    nodes, weights = [], []

    def tensor(name, array):
        weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def conv_node(name, x, relu=True):
        w = tensor(name + ".w", np.asarray(p[name]["w"], np.float32).transpose(3, 2, 0, 1))
        b = tensor(name + ".b", np.asarray(p[name]["b"], np.float32))
        k = p[name]["w"].shape[0]
        nodes.append(helper.make_node("Conv", [x, w, b], [name], kernel_shape=[k, k], pads=[k // 2] * 4))
        if not relu:
            return name
        nodes.append(helper.make_node("Relu", [name], [name + ".r"]))
        return name + ".r"

    def add(name, a, b):
        nodes.append(helper.make_node("Add", [a, b], [name]))
        return name

    nodes.append(helper.make_node("SpaceToDepth", ["image"], ["cells"], blocksize=2))
    h = conv_node("stem", "cells")
    skips = []
    for i in range(len(WIDTHS)):
        if i:
            nodes.append(helper.make_node("MaxPool", [h], [f"pool{i}"], kernel_shape=[2, 2], strides=[2, 2]))
            h = f"pool{i}"
        h = conv_node(f"down{i}a", h)
        h = add(f"sum{i}", h, conv_node(f"down{i}b", h))
        skips.append(h)
    scales = tensor("scales", np.array([1, 1, 2, 2], np.float32))
    for i in range(len(WIDTHS) - 2, -1, -1):
        nodes.append(helper.make_node("Resize", [h, "", scales], [f"big{i}"], mode="nearest",
                                      coordinate_transformation_mode="asymmetric", nearest_mode="floor"))
        nodes.append(helper.make_node("Concat", [f"big{i}", skips[i]], [f"cat{i}"], axis=1))
        h = conv_node(f"up{i}a", f"cat{i}")
        h = add(f"upsum{i}", h, conv_node(f"up{i}b", h))
    logits = conv_node("out", h, relu=False)
    nodes.append(helper.make_node("Sigmoid", [logits], ["maps"]))
    save(path, "lung-field", nodes, weights, ("image", ["n", 1, SIDE, SIDE]), ("maps", ["n", 3, SIDE // 2, SIDE // 2]))


# ---- training -----------------------------------------------------------------------------------------------------


def dice_of(p, films):
    step = jax.jit(forward)
    scores = []
    for film in films:
        maps = np.asarray(step(p, normalise(film["image"])[None, ..., None]))[0]
        for c, side in ((0, 1), (1, 2)):
            a, b = maps[..., c] > 0, half(film["lungs"] == side) > 0.5
            scores.append(2 * (a & b).sum() / (a.sum() + b.sum()))
    return np.mean(scores), np.min(scores)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--simulated", required=True)
    args.add_argument("--hannover", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--steps", type=int, default=900)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--hold-out", default="", help="patients to measure on, comma-separated; never trained on")
    a = args.parse_args()
    rng = np.random.default_rng(a.seed)
    simulated = load_simulated(a.simulated)
    films = [f for f in load_hannover(a.hannover) if "lungs" in f]
    kept = set(a.hold_out.split(","))
    train = [f for f in films if f["patient"] not in kept]
    held = [f for f in films if f["patient"] in kept] or train
    print(len(simulated), "simulated", len(train), "train", len(held), "measured on", flush=True)
    p = init(jax.random.key(a.seed))
    print("parameters", sum(x.size for x in jax.tree.leaves(p)))
    m = jax.tree.map(jnp.zeros_like, p)
    v = jax.tree.map(jnp.zeros_like, p)
    mean = p
    n_sim, n_real, n_negative = 4, 3, 1

    @jax.jit
    def step(p, m, v, mean, t, images, truth, known):
        loss, g = jax.value_and_grad(loss_fn)(p, images, truth, known)
        rate = 2e-3 * jnp.minimum(1, t / 50) * (0.5 + 0.5 * jnp.cos(jnp.pi * t / a.steps)) + 1e-5
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, v, g)
        p = jax.tree.map(
            lambda p, m, v: p - rate * (m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.99**t)) + 1e-8) + 1e-4 * p), p, m, v
        )
        keep = jnp.minimum(0.99, t / (t + 10))
        mean = jax.tree.map(lambda a, b: keep * a + (1 - keep) * b, mean, p)
        return p, m, v, mean, loss

    start, running = time.time(), 0.0
    for t in range(1, a.steps + 1):
        p, m, v, mean, loss = step(p, m, v, mean, float(t), *batch(rng, simulated, train, n_sim, n_real, n_negative))
        running += float(loss)
        if t % 50 == 0:
            average, worst = dice_of(mean, held)
            print(t, f"{time.time() - start:.0f} s", f"loss {running / 50:.3f}",
                  f"dice {average:.3f} worst {worst:.3f}", flush=True)
            running = 0.0
            export(mean, a.out)


if __name__ == "__main__":
    main()
