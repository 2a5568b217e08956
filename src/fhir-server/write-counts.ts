/**
 * How often resources of each type were written by this server, whatever became of the transaction: what was read before a
 * count changed may have changed too. Lies in memory that another thread may look at without asking.
 */
export interface WriteCounts {
  add(type: string): void;
  /** Says something else after every write of these types, and after `others` was told something else. */
  revision(types: readonly string[]): string;
  /** What another process did to the same file: SQLite's `data_version`. */
  others(version: number): void;
  readonly shared: SharedCounts;
}

/** One number a type, then that of other processes. */
export interface SharedCounts {
  readonly types: readonly string[];
  readonly memory: Int32Array<SharedArrayBuffer>;
}

export function createWriteCounts(types: readonly string[]): WriteCounts {
  return overCounts({ types, memory: new Int32Array(new SharedArrayBuffer(4 * (types.length + 1))) });
}

/** The same counts, seen from another thread. */
export function overCounts(shared: SharedCounts): WriteCounts {
  const { types, memory } = shared;
  const places = new Map(types.map((type, place) => [type, place]));
  const last = types.length;
  const read = (type: string) => {
    const place = places.get(type);
    return place === undefined ? 0 : Atomics.load(memory, place);
  };
  return {
    shared,
    add(type) {
      const place = places.get(type);
      if (place !== undefined) {
        Atomics.add(memory, place, 1);
      }
    },
    others(version) {
      Atomics.store(memory, last, version);
    },
    revision: (wanted) => `${wanted.map(read).join('.')}/${Atomics.load(memory, last)}`,
  };
}
