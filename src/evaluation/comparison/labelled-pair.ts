import type { Change, FindingCode } from '../../analyses/chest-xray-comparison/finding.ts';

/** What a label speaks of: one finding, or the extent of disease in both lungs together. */
export type Target = 'overall' | FindingCode;

export interface Label {
  readonly change: Change;
  /** By how much, on an ordinal scale of the dataset's own; positive is worse. */
  readonly score?: number;
}

/** Two films of one person whose change somebody has judged. */
export interface LabelledPair {
  /** Shown in reports and error lists; made of row numbers, so it says nothing of a person. */
  readonly id: string;
  /** Whom pairs are resampled by. */
  readonly patient: string;
  /** Under whose number the dataset files both films; a picture has no header that says so. Absent: nobody says. */
  readonly filedUnder?: string;
  /** Paths of the files. */
  readonly prior: string;
  readonly current: string;
  /** For pictures, which have no header; what a DICOM header says comes first. */
  readonly views: { readonly prior?: string; readonly current?: string };
  readonly labels: Readonly<Partial<Record<Target, Label>>>;
  /** Change of score per zone where experts scored zones, in the order of `zones` of the analysis. */
  readonly zoneScores?: readonly number[];
  /** What the pairs of one kind are called: agreement of the experts, quality of the label. */
  readonly group?: string;
  /** This pair must be refused; it is never scored. */
  readonly refuse?: true;
}
