import type { Radiograph } from '../../imaging/image.ts';

/** One film with what the chart says of its study. */
export interface Film {
  readonly radiograph: Radiograph;
  /** `ImagingStudy/id`; absent on the command line. */
  readonly study?: string;
  /** FHIR dateTime of ImagingStudy.started. */
  readonly started?: string;
}

/** Whose films they should be; absent on the command line. */
export interface ChartIdentity {
  /** Values of Patient.identifier. */
  readonly identifiers: readonly string[];
  /** Every name, family and given parts. */
  readonly names: readonly { readonly family?: string; readonly given: readonly string[] }[];
  readonly birthDate?: string;
}

export interface ComparisonInput {
  readonly prior: Film;
  readonly current: Film;
  readonly patient?: ChartIdentity;
}

/** When a film was taken: what the chart says, else what its header says. */
export function dateOf(film: Film): string | undefined {
  return film.started ?? film.radiograph.header.acquired;
}
