import type { Observation } from '@medplum/fhirtypes';
import { jobOfTask } from '../../fhir/job-task.ts';
import type { Summary } from '../../summary.ts';
import type { Chart, ReaderId, StoredResult } from '../analysis.ts';
import { chestStudies } from './chest-study.ts';
import { storedChange } from './stored.ts';
import { earlier, startedOf, studyTime } from './timeline.ts';
import { byWeight, changesInWords, dayOf, isOpen, nameOf } from './wording.ts';

const TOPIC = 'chest-xray-comparison';

/** The newest comparison that a patient has, or why there is none. */
export function summarize(results: readonly StoredResult[], chart: Chart): readonly Summary[] {
  const ended = results.filter(({ task }) => ['completed', 'rejected', 'failed'].includes(task.status ?? ''));
  const newestFirst = ended.toSorted((one, other) => studyTime(other, chart).localeCompare(studyTime(one, chart)));
  // a film that turned out to be no chest hides no comparison
  const newest = newestFirst.find((one) => reasonOf(one) !== 'not-a-chest') ?? newestFirst[0];
  if (!newest) {
    return [];
  }
  return newest.task.status === 'completed'
    ? fromReport(newest, earlier(newest, ended, chart), chart)
    : refused(newest, chart);
}

function fromReport(
  { task, report, observations }: StoredResult,
  before: readonly string[],
  chart: Chart,
): readonly Summary[] {
  if (!report) {
    return [];
  }
  const changes = byWeight(observations.flatMap((one) => storedChange(one) ?? []));
  const [currentReference, priorReference] = report.imagingStudy ?? [];
  const current = dayOf(report.effectiveDateTime ?? startedOf(currentReference?.reference, chart));
  const prior = dayOf(startedOf(priorReference?.reference, chart) ?? dateIn(priorReference?.display));
  const first = changesInWords(changes)[0];
  const worse = changes.some(({ change }) => change === 'worsened');
  const lines = changes.map(
    (one) =>
      `${capital(nameOf(one))}: ${isOpen(one) ? 'no change, or on neither film' : one.change}${reviewed(one.observation)}`,
  );
  const reader = (jobOfTask(task)?.reader ?? 'embedded') as ReaderId;
  const readBy = observations[0]?.device?.display ?? `Interval, ${reader} reader`;
  return [
    {
      topic: TOPIC,
      indicator: worse ? 'warning' : 'info',
      headline: shorten(
        first
          ? `Chest X-ray ${current}: ${first} since ${prior}`
          : `Chest X-ray ${current}: no measurable lung opacity, stable since ${prior}`,
      ),
      lines: [
        ...(lines.length > 0 ? lines : [report.conclusion ?? 'No measurable lung opacity on either film.']),
        ...before,
      ],
      sources: [
        source(`Current chest X-ray, ${current}`, currentReference?.reference, undefined, readBy),
        source(`Prior chest X-ray, ${prior}`, priorReference?.reference, undefined, readBy),
      ].flatMap((one) => one ?? []),
      caveats: [...viewCaveat([currentReference?.reference, priorReference?.reference], chart), ...caveats[reader]],
      links: report.id ? [{ label: 'Review the films and the difference', url: `/review/${report.id}` }] : [],
      suggestions: [],
      overrideReasons: [],
      basis: [
        ...(report.id ? [`DiagnosticReport/${report.id}`] : []),
        ...changes.flatMap(({ observation }) => (observation.id ? [`Observation/${observation.id}`] : [])),
      ],
    },
  ];
}

/** A bedside film against one from the X-ray room: comparable, with what everybody knows about it. */
function viewCaveat(references: readonly (string | undefined)[], chart: Chart): readonly string[] {
  const ids = references.map((one) => one?.split('/').at(-1));
  const studies = chart.studies.filter(({ id }) => id !== undefined && ids.includes(id));
  const bedside = new Set(chestStudies(studies, undefined, chart).map((one) => one.bedside));
  return bedside.size > 1
    ? [
        'One film was taken at the bedside (AP), the other was not: heart and vessels look larger on it, effusions paler.',
      ]
    : [];
}

/** What each reader cannot do, and what is known of it (README.md beside this file), for whoever acts on a card. */
const caveats: Readonly<Record<ReaderId, readonly string[]>> = {
  embedded: [
    'The embedded reader measures density inside the lungs and the size of the heart; it does not tell fluid, pneumonia, edema and collapse apart, and it does not look for pneumothorax, nodules, tubes or bones.',
    'On 34 real pairs scored by radiologists it was right in 10 of the 11 in which it said that something had changed, and in 7 of the 23 that it called stable: stable means no change that it can measure, and 4 of 5 improvements were overlooked. Look at both films.',
  ],
  medgemma: [
    'MedGemma was asked for the change of five findings, in both orders of the films; answers that did not mirror each other were dropped. It was not asked whether a finding is there, and it does not look for nodules, tubes or bones.',
    'Its publisher states a macro accuracy of 65.7 % for MedGemma 1.5 4B on MS-CXR-T, where three classes make a guess right in 33 %; this project has not measured it. Look at both films.',
  ],
};

/** Reasons that a clinician should hear of even though nothing was read; others say only that nothing was compared. */
const warnings: Readonly<Record<string, string>> = {
  'patient-mismatch': 'the image carries another patient’s identity and was not read',
  'study-other-patient': 'the image carries another patient’s identity and was not read',
};

const plain: Readonly<Record<string, string>> = {
  'view-mirrored': 'not compared, a film is stored mirrored or turned',
  'view-lateral': 'not compared, one of the films is not a frontal view',
  'not-a-chest': 'not compared, an image is not a frontal chest film',
  'registration-poor': 'not compared, the two films cannot be laid over each other',
  'time-order': 'not compared, the dates of the two films contradict each other',
  'image-too-small': 'not compared, an image is too small',
  'image-blank': 'not compared, an image has no contrast',
  'image-clipped': 'not compared, an image is over- or under-exposed',
  'image-flat': 'not compared, an image has too little contrast',
  'image-rotated': 'not compared, the chest is turned on an image',
  'inspiration-differs': 'not compared, the films were taken at different depths of breath',
  'identity-unsure': 'not compared, nothing says that the images are of one person',
  'not-mirrored': 'not compared, the reading was not consistent',
};

function reasonOf({ task }: StoredResult): string {
  return task.statusReason?.coding?.[0]?.code ?? '';
}

function refused(result: StoredResult, chart: Chart): readonly Summary[] {
  const { task } = result;
  const code = reasonOf(result);
  const reference = task.focus?.reference;
  const started = startedOf(reference, chart);
  const failed = /^(?:reply|model|engine)-/.test(code)
    ? 'not compared, the language model gave no usable answer'
    : 'not compared, its images could not be read';
  const said = warnings[code] ?? plain[code] ?? failed;
  return [
    {
      topic: TOPIC,
      indicator: warnings[code] ? 'warning' : 'info',
      headline: shorten(`Chest X-ray ${dayOf(started)}: ${said}`),
      lines: [task.statusReason?.text ?? 'No reason was recorded.'],
      sources: [source('Chest X-ray', reference, started, undefined)].flatMap((one) => one ?? []),
      caveats: [],
      links: [],
      suggestions: [],
      overrideReasons: [],
      basis: task.id ? [`Task/${task.id}`] : [],
    },
  ];
}

function reviewed({ status }: Observation): string {
  return status === 'preliminary' ? '' : ' (confirmed by a clinician)';
}

function dateIn(display: string | undefined): string | undefined {
  return display?.match(/\d{1,2} \w{3} \d{4}/)?.[0];
}

function source(label: string, reference: string | undefined, date: string | undefined, readBy: string | undefined) {
  return reference ? { label, reference, ...(date ? { date } : {}), ...(readBy ? { readBy } : {}) } : undefined;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function shorten(text: string): string {
  return text.length <= 139 ? text : `${text.slice(0, 138)}…`;
}
