import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Memory, memoryOf } from '../test/support/memory.ts';
import type { Started } from '../test/support/service.ts';

export interface Quarter extends Memory {
  readonly sent: number;
  /** Records that the store holds: answers, audit events, feedback. */
  readonly records: number;
  /** MiB of the store's files. */
  readonly store: number;
}

/** What is left after a collection, and what the store holds by then. */
export async function quarterOf(service: Started, data: string, sent: number): Promise<Quarter> {
  const memory = await memoryOf(service);
  const store = readdirSync(data).reduce((sum, name) => sum + statSync(join(data, name)).size, 0) / 1024 / 1024;
  return { ...memory, sent, records: recordsIn(join(data, 'interval.sqlite')), store };
}

function recordsIn(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const types = "('GuidanceResponse', 'AuditEvent', 'Communication')";
  const row = database.prepare(`SELECT count(*) AS n FROM resource WHERE type IN ${types}`).get();
  database.close();
  return Number(row?.n);
}

/** Heap that may come with a quarter of the requests, in MiB: what varies between two collections. */
const HEAP_MIB = 4;
/** SQLite's page cache is filled up to this, and stays (src/fhir-server/database.ts). */
const CACHE_MIB = 64;
/** Of resident memory beside it: what the allocator keeps. */
const RESIDENT_MIB = 32;

/** Whether memory is flat, with the rule by which it is said. The first quarter warms up: caches, compiled code, pools. */
export function verdictOn(quarters: readonly Quarter[]): { readonly flat: boolean; readonly words: string } {
  const [first, last] = [quarters[0]!, quarters.at(-1)!];
  const heap = last.heap + last.external - first.heap - first.external;
  const resident = last.resident - first.resident;
  const cache = Math.min(CACHE_MIB, last.store) - Math.min(CACHE_MIB, first.store);
  const flat = heap <= HEAP_MIB && resident <= RESIDENT_MIB + cache;
  return {
    flat,
    words: `${flat ? 'flat' : 'NOT FLAT'}: from the first quarter to the last, after collections, JavaScript holds ${heap.toFixed(1)} MiB more (at most ${HEAP_MIB}), the process ${resident.toFixed(0)} MiB (at most ${RESIDENT_MIB}, and ${cache.toFixed(0)} of SQLite's page cache, which holds at most ${CACHE_MIB} MiB of the store)`,
  };
}
