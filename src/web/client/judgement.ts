import { h } from './dom.ts';
import { postJson } from './json.ts';

/** A row as far as it can be judged. */
export interface Judgeable {
  readonly id: string;
  readonly version?: string;
  readonly status: string;
}

export type Judge = (verdict: 'accept' | 'reject', rows: readonly Judgeable[]) => Promise<void>;

/** Sends a judgement about what the page shows, and has the page shown anew. */
export function judgeOf(report: string, showAgain: () => Promise<void>, say: (sentence: string) => void): Judge {
  return async (verdict, rows) => {
    const observations = rows.map(({ id, version }) => ({ id, ...(version ? { version } : {}) }));
    try {
      const { changed, left } = await postJson<{ changed: number; left: number }>(`/review/${report}/judgement`, {
        verdict,
        observations,
      });
      await showAgain();
      const done = `${changed} ${changed === 1 ? 'result' : 'results'} ${verdict === 'accept' ? 'accepted' : 'rejected'}`;
      say(left > 0 ? `${done}; ${left} had changed since the page was loaded: look again.` : `${done}.`);
    } catch (error) {
      say((error as Error).message);
    }
  };
}

/** Two buttons for what is still preliminary; nothing for what somebody has judged. */
export function judgeButtons(
  rows: readonly Judgeable[],
  judge: Judge | undefined,
  what: string,
): HTMLElement | undefined {
  const open = rows.filter(({ status }) => status === 'preliminary');
  if (!judge || open.length === 0) {
    return undefined;
  }
  const button = (verdict: 'accept' | 'reject', label: string) =>
    h(
      'button',
      {
        type: 'button',
        class: verdict === 'accept' ? 'primary' : undefined,
        onclick: (event: Event) => {
          for (const one of (event.currentTarget as Element).parentElement?.querySelectorAll('button') ?? []) {
            one.setAttribute('disabled', '');
          }
          judge(verdict, open);
        },
      },
      label,
    );
  return h('p', { class: 'judge' }, button('accept', `Accept ${what}`), button('reject', `Reject ${what}`));
}
