"""What is known of each cell of a film: as src/analyses/chest-xray-comparison/tissue-features.ts, which must say the same.

Films are 112 × 112 cells of grey from 0 to 1; lungs 0, 1 (the patient's right), 2; heart 0 or 1.
"""

import numpy as np

CELLS = 112
NAMES = (
    "grey over soft", "grey over heart", "soft over heart", "soft spread", "dark over soft", "middle over soft",
    "bright over soft", "own middle over soft", "fine texture", "coarse texture", "texture of soft", "texture of lungs",
    "height", "rank among soft", "rank among lungs", "soft", "rank of middle",
)


def dilate(mask, radius):
    for _ in range(radius):
        grown = mask.copy()
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        mask = grown
    return mask


def box(a, radius):
    """Mean over (2 radius + 1)² cells, edges repeated."""
    for axis in (0, 1):
        padded = np.concatenate([np.repeat(a.take([0], axis), radius, axis), a, np.repeat(a.take([-1], axis), radius, axis)], axis)
        sums = np.cumsum(padded, axis)
        sums = np.concatenate([np.zeros_like(sums.take([0], axis)), sums], axis)
        n = a.shape[axis]
        a = (sums.take(range(2 * radius + 1, n + 2 * radius + 1), axis) - sums.take(range(0, n), axis)) / (2 * radius + 1)
    return a


def quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rank(ordered, values):
    return np.searchsorted(ordered, values, "left") / len(ordered)


def features(grey, lungs, heart):
    """[112, 112, 17], or None where there is too little of lung or of tissue around it."""
    inside = lungs > 0
    open_ = inside & ~(heart > 0)
    ring = dilate(inside, 12) & ~dilate(inside, 2) & (grey > 0.004)
    if ring.sum() < 100 or open_.sum() < 100:
        return None
    soft = np.sort(grey[ring])
    lung = np.sort(grey[open_])
    middle = max(quantile(soft, 0.5), 0.02)
    beats = grey[heart > 0]
    bright = max(quantile(np.sort(beats), 0.5) if len(beats) >= 50 else quantile(soft, 0.75), 0.02)
    smooth = box(grey, 1)
    detail = np.abs(grey - smooth)
    fine = box(detail, 2) / middle
    coarse = np.sqrt(np.maximum(0, box(grey * grey, 4) - box(grey, 4) ** 2)) / middle
    log = lambda v: np.log(np.maximum(v, 0) + 0.003)
    ring_texture, lung_texture = log(quantile(np.sort(fine[ring]), 0.5)), log(quantile(np.sort(fine[open_]), 0.5))
    height = np.zeros(grey.shape)
    own = np.zeros(grey.shape)
    for side in (1, 2):
        rows = np.nonzero((lungs == side).any(1))[0]
        if len(rows):
            line = (np.arange(CELLS) + 0.5 - rows[0]) / (rows[-1] - rows[0] + 1)
            height = np.where(lungs == side, line[:, None], height)
        part = np.sort(grey[open_ & (lungs == side)])
        if len(part):
            own = np.where(lungs == side, quantile(part, 0.5) / middle, own)
    plain = np.ones(grey.shape)
    return np.stack(
        [
            smooth / middle,
            smooth / bright,
            plain * middle / bright,
            plain * (quantile(soft, 0.75) - quantile(soft, 0.25)) / middle,
            plain * quantile(lung, 0.05) / middle,
            plain * quantile(lung, 0.5) / middle,
            plain * quantile(lung, 0.95) / middle,
            own,
            log(fine),
            log(coarse),
            plain * ring_texture,
            plain * lung_texture,
            height,
            rank(soft, smooth),
            rank(lung, smooth),
            plain * middle,
            plain * rank(soft, quantile(lung, 0.5)),
        ],
        -1,
    ).astype(np.float32)
