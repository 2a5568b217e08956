/**
 * Tells when output goes in circles: the same block of up to `period` units, over and over, at the end of what came so
 * far. A table whose keys and units repeat never trips it, since each row has a name or a value of its own.
 */
export interface RepetitionWatch<Unit> {
  /** Takes what came next; true when the output repeats itself. Stays true. */
  push(unit: Unit): boolean;
}

export interface RepetitionOptions {
  /** Longest block that is looked for, in units. One eight-key object of a lab list is about 100 tokens. Default 256. */
  readonly period?: number;
  /** The same block this often, one after the other. Default 6: that many equal rows are not on a report. */
  readonly repeats?: number;
  /** Units that the repetition must span at least, so that rulers, dot leaders and runs of zeros may pass. Default 64. */
  readonly span?: number;
}

/** Over token ids, or any other whole numbers. `period` comparisons a unit. */
export function createRepetitionWatch(options: RepetitionOptions = {}): RepetitionWatch<number> {
  const { period = 256, repeats = 6, span = 64 } = options;
  // The last units, written twice, so that looking back never wraps round.
  const recent = new Int32Array(2 * period);
  /** runs[p]: how many units in a row equal the one p before; needed[p]: how many are too many. */
  const runs = new Int32Array(period + 1);
  const needed = Int32Array.from({ length: period + 1 }, (_, p) => Math.max(span, repeats * p) - p);
  let count = 0;
  let tripped = false;

  return {
    push(unit) {
      const at = (count % period) + period;
      const longest = Math.min(period, count);
      for (let p = 1; p <= longest; p++) {
        if (recent[at - p] !== unit) {
          runs[p] = 0;
        } else if (++runs[p]! >= needed[p]!) {
          tripped = true;
        }
      }
      recent[at] = unit;
      recent[at - period] = unit;
      count++;
      return tripped;
    },
  };
}

// A word, one digit, a run of the same sign or blank; at most 16 characters, so that an endless one does not hide.
const pieces = /[\p{L}\p{M}]{1,16}|\p{N}|(\P{L})\1{0,15}/gsuy;

/** Over text that comes in parts, cut anywhere; a word counts once the next piece has begun. */
export function createTextRepetitionWatch(options: RepetitionOptions = {}): RepetitionWatch<string> {
  const watch = createRepetitionWatch(options);
  const numbers = new Map<string, number>();
  let rest = '';

  const numberOf = (piece: string): number => {
    const known = numbers.get(piece) ?? numbers.size;
    numbers.set(piece, known);
    return known;
  };

  return {
    push(text) {
      rest += text;
      let [at, tripped] = [0, false];
      for (const match of rest.matchAll(pieces)) {
        const end = match.index + match[0].length;
        if (end === rest.length && match[0].length < 16) {
          break;
        }
        at = end;
        tripped = watch.push(numberOf(match[0]));
      }
      rest = rest.slice(at);
      return tripped;
    },
  };
}
