import type { Observation, Quantity, Reference } from '@medplum/fhirtypes';
import type { Box } from '../../documents/page.ts';
import { codeSystem } from '../../fhir/codes.ts';
import type { ObservationDraft, Region } from '../../fhir/result-draft.ts';
import { siteDateTime } from '../../fhir/site-time.ts';
import type { AnalysisDraft, DraftContext } from '../analysis.ts';
import type { LabFinding, LabRow, LabValue } from './finding.ts';
import type { LabInput } from './input.ts';
import { type PanelGroup, panelElements, panelsOf } from './panels.ts';
import { timeOf } from './times.ts';

const renderedValue = 'http://hl7.org/fhir/StructureDefinition/rendered-value';

/** Finding → one Observation a row and the report that groups them; see reference fhir.md, section 4. */
export function draft(finding: LabFinding, input: LabInput, context: DraftContext): AnalysisDraft {
  const { sha256 } = input.document;
  const { collected } = finding.document;
  const when = collected ?? finding.document.received;
  const abnormal = finding.rows.filter(isAbnormal).length;
  const performer = finding.document.laboratory;
  const known = finding.known?.length ?? 0;
  const sourceIdentity = context.subject
    ? `${context.subject.split('/').at(-1)}:${sha256.slice(0, 16)}`
    : sha256.slice(0, 16);
  return {
    sourceIdentity,
    // A panel comes after its members: they are written in this order, and it refers to them.
    observations: [
      ...finding.rows.map((row) => observation(row, finding, input, context)),
      ...panelsOf(finding).map((group) => panelObservation(group, sourceIdentity, input, context)),
    ],
    report: {
      resourceType: 'DiagnosticReport',
      category: [{ coding: [{ system: codeSystem.diagnosticServiceSection, code: 'LAB', display: 'Laboratory' }] }],
      code: {
        coding: [{ system: codeSystem.loinc, code: '11502-2', display: 'Laboratory report' }],
        text: 'Laboratory report',
      },
      ...(when ? { effectiveDateTime: siteDateTime(when, context.timeZone) } : {}),
      ...(performer ? { performer: [{ display: performer }] } : {}),
      conclusion: `${finding.rows.length} ${finding.rows.length === 1 ? 'result' : 'results'} read from the document, ${abnormal} outside the printed range or flagged, ${finding.unread.length} ${finding.unread.length === 1 ? 'line' : 'lines'} not read${known === 0 ? '' : `, ${known} in the chart already`}.`,
    },
    media: [],
    inputs: [
      {
        ...(context.subject ? { reference: context.subject } : {}),
        sha256,
        ...(input.title ? { display: input.title.slice(0, 200) } : {}),
      },
    ],
  };
}

/** Flagged on paper, or outside the range by computation. */
export function isAbnormal({ flag, flagDerived }: LabRow): boolean {
  return (flag !== undefined && flag.code !== 'N') || (flagDerived !== undefined && flagDerived !== 'N');
}

const laboratory = [
  { coding: [{ system: codeSystem.observationCategory, code: 'laboratory', display: 'Laboratory' }] },
];

function derivedFrom(input: LabInput, { subject }: DraftContext) {
  const reference = subject?.includes('DocumentReference/') ? subject : input.documentReference;
  return reference ? { derivedFrom: [{ reference } as Reference<never>] } : {};
}

/** What groups the members of a panel; it has no value of its own. */
function panelObservation(
  group: PanelGroup,
  sourceIdentity: string,
  input: LabInput,
  context: DraftContext,
): ObservationDraft {
  const pages = [...new Set(group.rows.map(({ page }) => page))];
  return {
    item: group.item,
    resource: {
      resourceType: 'Observation',
      category: laboratory,
      ...panelElements(group, sourceIdentity),
      ...(group.when ? { effectiveDateTime: siteDateTime(group.when, context.timeZone) } : {}),
      ...derivedFrom(input, context),
    },
    regions: pages.map((page) => {
      const boxes = group.rows.filter((row) => row.page === page).flatMap((row) => Object.values(row.boxes));
      return place(page, around(boxes), input, context.subject);
    }),
  };
}

function observation(row: LabRow, finding: LabFinding, input: LabInput, context: DraftContext): ObservationDraft {
  const collected = timeOf(row, finding);
  const notes = row.issues.map((issue) => issueTexts[issue]).filter((text) => text !== undefined);
  const resource: ObservationDraft['resource'] = {
    resourceType: 'Observation',
    category: laboratory,
    code: {
      ...(row.loinc ? { coding: [{ system: codeSystem.loinc, code: row.loinc, display: row.display }] } : {}),
      text: row.name,
    },
    ...(collected ? { effectiveDateTime: siteDateTime(collected, context.timeZone) } : {}),
    ...valueElement(row.value, row),
    ...(row.flag?.code
      ? {
          interpretation: [
            { coding: [{ system: codeSystem.interpretation, code: row.flag.code }], text: row.flag.text },
          ],
        }
      : {}),
    ...(row.range ? { referenceRange: [rangeOf(row)] } : {}),
    ...(row.specimen ? { specimen: { display: row.specimen } } : {}),
    ...(row.method ? { method: { text: row.method } } : {}),
    ...(notes.length > 0 ? { note: notes.map((text) => ({ text })) } : {}),
    ...derivedFrom(input, context),
  };
  return { item: row.item, resource, regions: regionsOf(row, input, context.subject) };
}

/** Why a person should look at this row; said in a note of the Observation and in the summary. */
export const issueTexts: Readonly<Record<string, string>> = {
  'test-unknown': 'The test name is not in the dictionary: text only, no code.',
  'test-ambiguous-name': 'The printed name may mean several tests: no code was given.',
  'test-ambiguous-specimen': 'The specimen does not fit the test: no code was given.',
  'test-ambiguous-unit': 'The unit leaves open which test is meant: no code was given.',
  'test-ambiguous-method': 'The method leaves open which test is meant: no code was given.',
  'unit-unknown': 'The printed unit was not recognised and is kept as text.',
  'mark-unread': 'A mark behind the number could not be read.',
  'unit-misread': 'The unit was hard to read on the scan and was taken for the nearest one of this test.',
  'unit-missing': 'No unit is printed beside the value.',
  'number-ambiguous': 'The printed number can be read in two ways.',
  'limits-contradict-flag': 'The printed limits, as they were read, contradict the printed flag.',
  'contradicts-other-results': 'The value contradicts other results on the same report.',
  'differs-from-chart': 'The chart has another value of this test at the same time.',
  'far-from-history': 'The value is far from the earlier ones of this patient.',
};

type Value = Pick<Observation, 'valueQuantity' | 'valueRatio' | 'valueRange' | 'valueString' | 'dataAbsentReason'>;

function valueElement(value: LabValue, row: LabRow): Value {
  const unit = unitOf(row);
  switch (value.kind) {
    case 'quantity': {
      const rendered = value.text.replace(/^\s*(?:[<>≤≥]=?|=[<>])\s*/, '').trim();
      return {
        valueQuantity: {
          value: value.number,
          // 7.40 is not 7.4: the printed digits say how precisely it was measured.
          ...(rendered === String(value.number)
            ? {}
            : { _value: { extension: [{ url: renderedValue, valueString: rendered }] } }),
          ...(value.comparator ? { comparator: value.comparator } : {}),
          ...unit,
        } as Quantity,
      };
    }
    case 'ratio':
      return value.comparator
        ? { valueString: value.text }
        : { valueRatio: { numerator: { value: value.numerator }, denominator: { value: value.denominator } } };
    case 'range':
      return { valueRange: { low: { value: value.low, ...unit }, high: { value: value.high, ...unit } } };
    case 'text':
      return { valueString: value.text };
    case 'absent':
      return {
        dataAbsentReason: { coding: [{ system: codeSystem.dataAbsentReason, code: value.reason }], text: value.text },
      };
  }
}

/** A unit that is no UCUM is text alone; no unit printed, none invented. */
function unitOf({ unit, ucum }: LabRow): Pick<Quantity, 'unit' | 'system' | 'code'> {
  return { ...(unit ? { unit } : {}), ...(ucum ? { system: codeSystem.ucum, code: ucum } : {}) };
}

function rangeOf(row: LabRow) {
  const { low, high, text } = row.range!;
  const limit = (value: number) => ({ value, ...unitOf(row) });
  return {
    ...(low === undefined ? {} : { low: limit(low) }),
    ...(high === undefined ? {} : { high: limit(high) }),
    text,
  };
}

/** The value first, then the row from name to range. */
function regionsOf({ page, boxes }: LabRow, input: LabInput, source: string | undefined): readonly Region[] {
  return [boxes.value, around(Object.values(boxes))].map((box) => place(page, box, input, source));
}

function place(page: number, box: Box, { document }: LabInput, source: string | undefined): Region {
  const size = document.pages.find(({ number }) => number === page);
  return {
    ...(source ? { source } : {}),
    page,
    box: box.map((edge) => Math.round(edge * 100) / 100) as unknown as Box,
    ...(size ? { width: Math.round(size.width), height: Math.round(size.height) } : {}),
  };
}

function around(boxes: readonly Box[]): Box {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}
