import { type JobPriority, jobPriorities } from './queue.ts';

/** What waits, by priority: the most urgent first, and among equals the one that came first. */
export interface Lanes<Entry> {
  readonly size: number;
  push(priority: JobPriority, key: string, entry: Entry): void;
  shift(): Entry | undefined;
  /** Takes one out of the middle. */
  take(key: string): Entry | undefined;
  clear(): void;
}

export function createLanes<Entry>(): Lanes<Entry> {
  // A Map keeps the order in which its keys came, and gives up any of them at no cost.
  const lanes = new Map<JobPriority, Map<string, Entry>>(jobPriorities.map((priority) => [priority, new Map()]));
  const take = (key: string) => {
    for (const lane of lanes.values()) {
      const entry = lane.get(key);
      if (lane.delete(key)) {
        return entry;
      }
    }
    return undefined;
  };
  return {
    get size() {
      return [...lanes.values()].reduce((sum, lane) => sum + lane.size, 0);
    },
    push: (priority, key, entry) => void lanes.get(priority)?.set(key, entry),
    shift() {
      for (const lane of lanes.values()) {
        const first = lane.keys().next();
        if (!first.done) {
          return take(first.value);
        }
      }
      return undefined;
    },
    take,
    clear: () => {
      for (const lane of lanes.values()) {
        lane.clear();
      }
    },
  };
}

/** Whether the one is to be run before the other. */
export function isMoreUrgent(one: JobPriority, other: JobPriority): boolean {
  return jobPriorities.indexOf(one) < jobPriorities.indexOf(other);
}
