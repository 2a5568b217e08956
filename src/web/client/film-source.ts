import type { FilmHead } from '../films/head.ts';

/** One film, coming in from coarse to fine as it is asked for. */
export interface FilmSource {
  readonly name: string;
  readonly head: FilmHead;
  /** Sizes that are here, by their number; 0 is the finest. */
  readonly levels: ReadonlyMap<number, Uint16Array>;
  /** Asks for a size; `changed` is told when it is here. One at a time: the last one asked for counts. */
  want(level: number): void;
}

/** Loads the smallest size. Throws what the service said of a film that it cannot show. */
export async function openFilm(
  report: string,
  name: string,
  changed: () => void,
  failed: (message: string) => void,
): Promise<FilmSource> {
  const address = (level: string) =>
    `/review/${encodeURIComponent(report)}/films/${encodeURIComponent(name)}/${level}.raw`;
  const first = await load(address('first'));
  const levels = new Map([[first.head.level, first.values]]);
  let loading: number | undefined;
  let wanted: number | undefined;

  const next = async (): Promise<void> => {
    if (loading !== undefined || wanted === undefined || levels.has(wanted)) {
      return;
    }
    loading = wanted;
    try {
      levels.set(loading, (await load(address(String(loading)))).values);
      changed();
    } catch (error) {
      wanted = undefined;
      failed(error instanceof Error ? error.message : 'A film could not be loaded.');
    } finally {
      loading = undefined;
    }
    await next();
  };

  return {
    name,
    head: first.head,
    levels,
    want(level) {
      wanted = level;
      void next();
    },
  };
}

async function load(address: string): Promise<{ readonly head: FilmHead; readonly values: Uint16Array }> {
  const answer = await fetch(address);
  if (!answer.ok) {
    const outcome = (await answer.json().catch(() => undefined)) as
      | { issue?: readonly { details?: { text?: string } }[] }
      | undefined;
    throw new Error(outcome?.issue?.[0]?.details?.text ?? `The film could not be loaded (${answer.status}).`);
  }
  const head = JSON.parse(answer.headers.get('x-film') ?? '') as FilmHead;
  return { head, values: new Uint16Array(await answer.arrayBuffer()) };
}
