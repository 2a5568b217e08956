import type { TimelineFilm, ViewPair } from '../options.ts';
import type { Review, ReviewImage } from '../review.ts';
import { createDifferenceLayer } from './difference-layer.ts';
import { h, show } from './dom.ts';
import {
  fromCentres,
  invert,
  type Matrix,
  moved,
  overlaid,
  type Size,
  toPanel,
  type View,
  wholeFilm,
  zoomedAt,
} from './film-geometry.ts';
import { createFilmLayer, type FilmLayer } from './film-layer.ts';
import { markSeen } from './film-panel.ts';
import { openFilm } from './film-source.ts';
import { type Turn, turned, unturned } from './film-window.ts';
import { captionOf } from './format.ts';
import { getJson } from './json.ts';
import { referenceId } from './reference.ts';
import { type Mark, markLayer, type Selection } from './region-overlay.ts';
import { type StageMode, stageFrame } from './stage-frame.ts';
import { stageStatus } from './stage-status.ts';
import { timelineStrip } from './timeline-strip.ts';
import type { ViewerActs } from './viewer-input.ts';

interface StageOptions {
  readonly current: ReviewImage;
  readonly prior?: ReviewImage;
  readonly marks: readonly Mark[];
  readonly selection: Selection;
  /** What is shown, in one line. */
  say(text: string): void;
  /** What is to be borne in mind; empty: nothing. */
  warn(text: string): void;
}

const REST_MS = 140;
const IDENTITY: Matrix = [1, 0, 0, 0, 1, 0];

/** Both films on one stage: one view, one window, the prior laid under the current one. */
export function filmStage(review: Review, options: StageOptions) {
  const address = `/review/${encodeURIComponent(review.id)}`;
  const stage = stageFrame(options);
  const { panels } = stage;
  const difference = createDifferenceLayer(stage.tint);
  const timeline = h('div', {});

  const layers: { prior?: FilmLayer; current?: FilmLayer } = {};
  let marks: ReturnType<typeof markLayer> | undefined;
  let pair: ViewPair | undefined;
  let frame: Size = { width: 1, height: 1 };
  let view: View = wholeFilm(frame);
  let turn: Turn = unturned;
  let aligned = true;
  let priorName = 'prior';
  let resting: ReturnType<typeof setTimeout> | undefined;
  let asked = false;

  const placedPrior = (layer: FilmLayer): Matrix =>
    aligned && pair ? fromCentres(invert(pair.matrix)) : overlaid(layer.source.head.levels[0]!, frame);

  const invalidate = (): void => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        paint();
      });
    }
  };
  const paint = (): void => {
    const panel = stage.size();
    const mode = stage.mode();
    const onPanel = toPanel(view, panel, frame);
    const common = { view: onPanel, panel, turn, quick: resting !== undefined };
    if (layers.current) {
      markSeen('current', layers.current.paint({ ...common, placed: IDENTITY }));
    }
    if (layers.prior && mode !== 'difference') {
      markSeen('prior', layers.prior.paint({ ...common, placed: placedPrior(layers.prior) }));
    }
    marks?.place(onPanel);
    if (mode === 'difference') {
      difference.paint(onPanel, panel);
    }
    options.say(stageStatus({ view, turn, mode, aligned, pair, compares: options.prior !== undefined }));
  };

  const load = async (role: 'prior' | 'current', name: string, image: Pick<ReviewImage, 'role' | 'title' | 'date'>) => {
    const panel = panels[role];
    panel.loading(captionOf(image));
    const isStale = () => role === 'prior' && name !== priorName;
    try {
      const source = await openFilm(review.id, name, invalidate, panel.message);
      if (isStale()) {
        return;
      }
      if (role === 'current') {
        frame = source.head.levels[0]!;
        view = wholeFilm(frame);
        marks = markLayer(options.marks, frame, options.selection);
        panel.picture.append(marks.element);
      }
      layers[role] = createFilmLayer(panel.canvas, source);
      panel.loaded();
      invalidate();
    } catch (error) {
      if (!isStale()) {
        const why = error instanceof Error ? error.message : 'The film could not be loaded.';
        panel.failed(why, `${address}/images/${encodeURIComponent(name)}.png`, captionOf(image));
      }
    }
  };
  const lay = async (name: string): Promise<void> => {
    const found = await getJson<ViewPair>(`${address}/pairs/${encodeURIComponent(name)}.json`).catch(() => undefined);
    if (name === priorName) {
      pair = found;
      difference.show(found?.difference);
      invalidate();
    }
  };
  const takePrior = (film: TimelineFilm): void => {
    const isRead = referenceId(film.study) === referenceId(options.prior?.study ?? '');
    priorName = isRead ? 'prior' : (film.study.split('/').at(-1) ?? '');
    pair = undefined;
    difference.show(undefined);
    options.warn(
      isRead ? '' : 'The findings compare with another film than the one now shown; nobody has read this pair.',
    );
    void load('prior', priorName, { role: isRead ? 'prior' : 'earlier', title: film.title, date: film.date });
    void lay(priorName);
  };
  const start = async (): Promise<void> => {
    await Promise.all([
      load('current', 'current', options.current),
      options.prior ? load('prior', 'prior', options.prior) : undefined,
    ]);
    if (!options.prior) {
      return;
    }
    await lay('prior');
    const films = await getJson<readonly TimelineFilm[]>(`${address}/timeline.json`).catch(() => []);
    if (films.length > 1) {
      show(
        timeline,
        timelineStrip(films, {
          ...(options.current.date ? { current: options.current.date } : {}),
          ...(options.prior.study ? { read: options.prior.study } : {}),
          choose: takePrior,
        }),
      );
      // the one that was read, at the end of what may be a long row
      const row = timeline.querySelector('ol');
      row?.scrollTo({ left: row.scrollWidth });
    }
  };

  const acts: Omit<ViewerActs, 'letter'> = {
    pan(dx, dy) {
      view = moved(view, stage.size(), frame, dx, dy);
      invalidate();
    },
    zoom(factor, point) {
      const panel = stage.size();
      view = zoomedAt(view, panel, frame, factor, point?.x ?? panel.width / 2, point?.y ?? panel.height / 2);
      invalidate();
    },
    turn(wider, higher) {
      turn = turned(turn, wider, higher);
      clearTimeout(resting);
      resting = setTimeout(() => {
        resting = undefined;
        layers.prior?.tidy();
        layers.current?.tidy();
        invalidate();
      }, REST_MS);
      invalidate();
    },
    reset() {
      view = wholeFilm(frame);
      turn = { ...unturned, inverted: turn.inverted };
      invalidate();
    },
  };
  new ResizeObserver(invalidate).observe(stage.element);
  void start();

  return {
    element: stage.element,
    slider: stage.slider,
    timeline,
    acts,
    choose(wanted: StageMode): void {
      stage.choose(wanted);
      invalidate();
    },
    flip: stage.flip,
    align(on: boolean): void {
      aligned = on;
      invalidate();
    },
    showMarks(on: boolean): void {
      stage.element.classList.toggle('unmarked', !on);
    },
    invert(on: boolean): void {
      turn = { ...turn, inverted: on };
      invalidate();
    },
  };
}
