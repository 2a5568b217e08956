/** What may hold something to read, and the status that makes it worth a look: to be read, or to be taken back. */
export const watched = {
  DiagnosticReport: 'preliminary,partial,final,amended,corrected,appended,cancelled,entered-in-error',
  DocumentReference: 'current,superseded,entered-in-error',
  ImagingStudy: 'available,inactive,unknown,cancelled,entered-in-error',
} as const;

export type WatchedType = keyof typeof watched;

export const watchedTypes = Object.keys(watched) as readonly WatchedType[];

export function isWatched(type: unknown): type is WatchedType {
  return typeof type === 'string' && Object.hasOwn(watched, type);
}

/** Criteria of the Subscription for a type. */
export function criteriaOf(type: WatchedType): string {
  return `${type}?status=${watched[type]}`;
}

/** Path below the service's own URL that notifications of a type are sent to. */
export function pathOf(type: WatchedType): string {
  return `/subscriptions/${type}`;
}
