import type { ViewPair } from '../options.ts';
import type { View } from './film-geometry.ts';
import type { Turn } from './film-window.ts';
import type { StageMode } from './stage-frame.ts';

export interface StageState {
  readonly view: View;
  readonly turn: Turn;
  readonly mode: StageMode;
  readonly aligned: boolean;
  readonly pair: ViewPair | undefined;
  /** Whether there is a prior film at all. */
  readonly compares: boolean;
}

/** What is shown, in one line, for the eye and for screen readers. */
export function stageStatus({ view, turn, mode, aligned, pair, compares }: StageState): string {
  const percent = (value: number) => Math.round(value * 100);
  const parts = [`Zoom ${percent(view.zoom)} %`];
  if (turn.width !== 1 || turn.level !== 0) {
    const sign = turn.level < 0 ? '−' : '+';
    parts.push(`window ${percent(turn.width)} %, level ${sign}${Math.abs(percent(turn.level))} %`);
  }
  if (compares) {
    const laid = pair
      ? `aligned by the reader’s registration (match ${pair.score.toFixed(2)})`
      : 'laid centre on centre';
    parts.push(aligned ? laid : 'not aligned');
  }
  if (mode === 'difference') {
    parts.push(pair?.difference ? 'red: denser than before, blue: clearer' : 'no difference was measured');
  }
  return parts.join(' · ');
}
