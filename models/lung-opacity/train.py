"""Trains models/lung-opacity/model.onnx on the CPU. See README.md beside this file for data, licences and figures.

    node models/lung-field/simulate.ts /tmp/simulated.bin 1600
    node models/lung-opacity/films.ts DATA /tmp/films.bin
    /tmp/env/bin/python models/lung-opacity/train.py --simulated /tmp/simulated.bin --films /tmp/films.bin --out model.onnx

A small network over the features of one cell (features.py). Each film is developed several times, with opacity drawn on
some of the copies: the network must find what was drawn, and nothing between two copies of one film.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from scipy import ndimage

from features import NAMES, features

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lung-field"))
from films import SIDE, develop, half, load_simulated, save

BIG = 288
# Cells that are looked at in each zone of a copy.
SAMPLE = 40


def load_films(path):
    raw = np.fromfile(path, np.uint8).reshape(-1, 3 + 2 * BIG * BIG)
    films = []
    for one in raw:
        labels = one[3 + BIG * BIG :].reshape(BIG, BIG)
        films.append({
            "clean": bool(one[0]),
            "number": len(films),
            "patient": int(one[1]),
            "day": int(one[2]),
            "image": one[3 : 3 + BIG * BIG].reshape(BIG, BIG) / 255.0,
            "lungs": labels & 3,
            "heart": labels >> 2,
        })
    return films


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
    """What machines do to a film before it is kept: curve, local contrast, grain, window."""
    inside = v > 0.004
    if rng.random() < 0.35:
        wide = ndimage.gaussian_filter(v, rng.uniform(6, 25))
        v = np.clip(v + (v - wide) * rng.uniform(-0.35, 1.2), 0, 1)
    v = np.where(inside, np.maximum(develop(v.copy(), rng), 0.005), 0)
    if rng.random() < 0.5 and inside.sum() > 1000:
        low, high = np.percentile(v[inside], [rng.uniform(0.1, 2), rng.uniform(98, 99.9)])
        v = np.where(inside, np.clip((v - low) / max(0.05, high - low), 0.005, 1), 0)
    return np.round(v * 255) / 255


def copy_of(v, lungs, heart, share, rng):
    """Features and what was drawn of cells sampled in each zone: ([6, SAMPLE, F], [6, SAMPLE]), or None."""
    # the network of the lung fields is a little off each time
    grow = rng.integers(-1, 2)
    on = lungs > 0
    shape = ndimage.binary_erosion(on, iterations=1) if grow < 0 else on
    cells = lambda a: a[::2, ::2]
    grey = half(process(v, rng).astype(np.float32))
    small, beats = cells(lungs * shape), cells(heart)
    all_ = features(grey, small, beats)
    if all_ is None:
        return None
    drawn = half(share.astype(np.float32))
    height = all_[..., 12]
    rows, targets = [], []
    for side in (1, 2):
        for third in range(3):
            ys, xs = np.nonzero((small == side) & (beats == 0) & (np.minimum(2, np.floor(height * 3)) == third))
            if len(ys) < 8:
                return None
            pick = rng.integers(0, len(ys), SAMPLE)
            rows.append(all_[ys[pick], xs[pick]])
            targets.append(drawn[ys[pick], xs[pick]])
    return np.stack(rows), np.stack(targets)


def of_simulated(job):
    seed, film, lungs, heart, loss = job
    rng = np.random.default_rng(seed)
    at = geometry(rng, lungs)
    one = copy_of(take(film / 255.0, at), take(lungs, at, 0), take(heart, at, 0) > 0, take(loss / 255.0, at), rng)
    return [] if one is None else [(*one, -1)]


def of_real(job):
    """Copies of one film: two as it is, the others with opacity drawn on; -1: all that was drawn is known, else relative."""
    seed, film = job
    rng = np.random.default_rng(seed)
    copies = []
    for n in range(5):
        at = geometry(rng, film["lungs"])
        v, lungs, heart = take(film["image"], at), take(film["lungs"], at, 0), take(film["heart"], at, 0) > 0
        share = draw_share(rng, lungs) if n > 1 else np.zeros(lungs.shape)
        one = copy_of(fill(rng, v, lungs, share) if n > 1 else v, lungs, heart, share, rng)
        if one is None:
            if n == 0:
                return []
            continue
        copies.append((*one, -1 if film["clean"] else -2 if n == 0 else 0))
    return copies


def still_pairs(films):
    """Two films of one person within three days, or both without a finding: little or nothing of the lungs has changed."""
    return [
        (a["number"], b["number"])
        for a in films
        for b in films[: films.index(a)]
        if a["patient"] == b["patient"]
        and ((a["clean"] and b["clean"]) or (max(a["day"], b["day"]) < 255 and abs(a["day"] - b["day"]) <= 3))
    ]


def gather(simulated, films, copies, seed):
    """All copies: features [N, 6, SAMPLE, F], drawn [N, 6, SAMPLE], base [N]: -1 known, -2 a first copy, else its index,
    and plain [N]: number of the film that a copy shows as it is, else -1."""
    jobs = [(seed + n, one[0], one[1], one[2], one[3]) for n, one in enumerate(simulated) if (one[1] > 0).sum() > 500]
    more = [(seed + 10_000 * (k + 1) + n, film) for k in range(copies) for n, film in enumerate(films)]
    xs, ys, bases, plain = [], [], [], []
    with ProcessPoolExecutor(2) as pool:
        groups = list(pool.map(of_simulated, jobs, chunksize=20)) + list(pool.map(of_real, more, chunksize=4))
    for n, group in enumerate(groups):
        first = len(xs)
        for x, y, base in group:
            film = -1 if n < len(jobs) or y.any() else films[(n - len(jobs)) % len(films)]["number"]
            plain.append(film)
            xs.append(x)
            ys.append(y)
            bases.append(first if base == 0 else base)
    return np.stack(xs), np.stack(ys), np.array(bases), np.array(plain)


def init(rng, width):
    sizes = (len(NAMES), width, width, 1)
    return [
        (rng.normal(size=(a, b)).astype(np.float32) * np.sqrt(2 / a) * (0.3 if b == 1 else 1), np.zeros(b, np.float32))
        for a, b in zip(sizes, sizes[1:])
    ]


def train(x, y, base, plain, pairs, steps, seed, calm, width=24):
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(seed)
    flat = x.reshape(-1, x.shape[-1])
    mean, scale = flat.mean(0), flat.std(0) + 1e-3
    z = np.clip((x - mean) / scale, -4, 4).astype(np.float32)
    p = init(rng, width)

    def forward(p, z):
        for n, (w, b) in enumerate(p):
            z = z @ w + b
            z = jax.nn.relu(z) if n < len(p) - 1 else jax.nn.sigmoid(z)
        return z[..., 0]

    def loss_fn(p, z, y, zb, kind, za, zc):
        found = forward(p, z)
        before = forward(p, zb)
        zone, under = found.mean(-1), before.mean(-1)
        drawn = y.mean(-1)
        relative = under + (1 - under) * drawn
        target = jnp.where((kind >= 0)[:, None], relative, drawn)
        weight = (kind != -2).astype(jnp.float32)
        known = (kind == -1).astype(jnp.float32)
        zones = ((zone - target) ** 2).mean(-1)
        lungs = ((zone - target).reshape(-1, 2, 3).mean(-1) ** 2).mean(-1)
        cells = ((found - y) ** 2).mean((1, 2))
        # what differs between two films of one person a day apart is mostly technique
        apart = forward(p, za).mean(-1) - forward(p, zc).mean(-1)
        technique = (apart**2).mean() + 2 * (apart.reshape(-1, 2, 3).mean(-1) ** 2).mean()
        return (weight * (zones + 2 * lungs) + 0.3 * known * cells).sum() / weight.sum() + calm * technique

    @jax.jit
    def step(p, m, v, t, *batch):
        loss, g = jax.value_and_grad(loss_fn)(p, *batch)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, v, g)
        rate = 3e-3 * (0.5 + 0.5 * jnp.cos(jnp.pi * t / steps)) + 1e-5
        p = jax.tree.map(
            lambda p, m, v: p - rate * (m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.99**t)) + 1e-8) + 3e-4 * p), p, m, v
        )
        return p, m, v, loss

    m = jax.tree.map(np.zeros_like, p)
    v = jax.tree.map(np.zeros_like, p)
    copies = {film: np.nonzero(plain == film)[0] for film in set(plain)}
    pairs = [(a, b) for a, b in pairs if a in copies and b in copies]
    for t in range(1, steps + 1):
        pick = rng.integers(0, len(x), 64)
        some = [pairs[n] for n in rng.integers(0, len(pairs), 16)]
        one, other = (np.array([rng.choice(copies[pair[side]]) for pair in some]) for side in (0, 1))
        p, m, v, loss = step(p, m, v, float(t), z[pick], y[pick], z[np.maximum(base[pick], 0)], base[pick], z[one], z[other])
    return {"layers": [(np.asarray(w), np.asarray(b)) for w, b in p], "mean": mean, "scale": scale}


def apply(net, x):
    z = np.clip((x - net["mean"]) / net["scale"], -4, 4)
    for n, (w, b) in enumerate(net["layers"]):
        z = z @ w + b
        z = np.maximum(z, 0) if n < len(net["layers"]) - 1 else 1 / (1 + np.exp(-z))
    return z[..., 0]


def measure(name, value, y, base, plain, pairs):
    """On films kept aside, per lung: what was drawn against what is found more than on another copy of the film, and how
    much two real films of one person differ between which nothing has changed."""
    drawn, more, still, real = [], [], [], []
    for a, b in pairs:
        one, other = (value[plain == film] for film in (a, b))
        if len(one) and len(other):
            real += list((one.mean((0, 2)) - other.mean((0, 2))).reshape(2, 3).mean(1))
    first = None
    for n in range(len(value)):
        lungs, share = value[n].reshape(2, -1).mean(1), y[n].reshape(2, -1).mean(1)
        if base[n] == -2 or (base[n] == -1 and share.sum() == 0 and (first is None or first[1])):
            first = (lungs, False)
        elif first is not None and share.sum() == 0:
            still += list(lungs - first[0])
            first = (first[0], True)
        elif first is not None:
            drawn += list(share)
            more += list(lungs - first[0])
    slope, level = np.polyfit(drawn, more, 1)
    noise = np.std(np.array(more) - slope * np.array(drawn) - level) / slope
    print(f"{name}: r {np.corrcoef(drawn, more)[0, 1]:.3f}, slope {slope:.3f}, error {noise:.3f} of a lung's air; "
          f"other copy {np.std(still):.4f}, slope over it {slope / np.std(still):.1f}; "
          f"{len(real) // 2} real pairs {np.sqrt(np.mean(np.square(real))):.4f}, slope over it "
          f"{slope / np.sqrt(np.mean(np.square(real))):.1f}", flush=True)


def export(net, path):
    from onnx import helper, numpy_helper

    tensors = [("mean", net["mean"]), ("scale", net["scale"]), ("low", -4), ("high", 4)]
    nodes = [
        helper.make_node("Sub", ["features", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "scale"], ["wide"]),
        helper.make_node("Clip", ["wide", "low", "high"], ["h0"]),
    ]
    for n, (w, b) in enumerate(net["layers"]):
        last = n == len(net["layers"]) - 1
        tensors += [(f"w{n}", w), (f"b{n}", b)]
        nodes.append(helper.make_node("Gemm", [f"h{n}", f"w{n}", f"b{n}"], [f"s{n}"]))
        nodes.append(helper.make_node("Sigmoid" if last else "Relu", [f"s{n}"], ["opacity" if last else f"h{n + 1}"]))
    weights = [numpy_helper.from_array(np.asarray(value, np.float32), name) for name, value in tensors]
    save(path, "lung-opacity", nodes, weights, ("features", ["n", len(NAMES)]), ("opacity", ["n", 1]))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--simulated", required=True)
    args.add_argument("--films", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--copies", type=int, default=3, help="times five copies of each film")
    args.add_argument("--steps", type=int, default=1000)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--calm", type=float, default=1, help="weight of what differs between two films of an unchanged person")
    args.add_argument("--cache", default="", help="keeps the copies for another run")
    args.add_argument("--folds", type=int, default=5, help="patients are kept aside in turn to measure on; 0 for none")
    a = args.parse_args()
    films = load_films(a.films)
    pairs = still_pairs(films)
    parts = []
    for fold in range(5):
        path = f"{a.cache}{fold}.npz"
        if not (a.cache and os.path.exists(path)):
            own = [f for f in films if f["patient"] % 5 == fold]
            simulated = load_simulated(a.simulated)[fold::5]
            np.savez(path or "/tmp/fold.npz", **dict(zip("xybp", gather(simulated, own, a.copies, a.seed * 1000 + fold))))
        with np.load(path or "/tmp/fold.npz") as saved:
            parts.append((saved["x"], saved["y"], saved["b"], saved["p"]))
        print("fold", fold, len(parts[-1][0]), "copies", flush=True)

    def joined(some):
        xs, ys, bs, ps, at = [], [], [], [], 0
        for x, y, b, plain in some:
            xs.append(x)
            ys.append(y)
            bs.append(np.where(b >= 0, b + at, b))
            ps.append(plain)
            at += len(x)
        return np.concatenate(xs), np.concatenate(ys), np.concatenate(bs), np.concatenate(ps)

    for fold in range(a.folds):
        x, y, b, plain = parts[fold]
        real = np.arange(len(x)) >= next(n for n in range(len(x)) if b[n] == -2 or n + 5 >= len(x))
        net = train(*joined([part for n, part in enumerate(parts) if n != fold]), pairs, a.steps, a.seed, a.calm)
        measure(f"fold {fold}, network", apply(net, x[real]), y[real], b[real], plain[real], pairs)
        measure(f"fold {fold}, rank among soft tissue", x[real][..., NAMES.index("rank among soft")], y[real], b[real], plain[real], pairs)
    net = train(*joined(parts), pairs, a.steps, a.seed, a.calm)
    export(net, a.out)


if __name__ == "__main__":
    main()
