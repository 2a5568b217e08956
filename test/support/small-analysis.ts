import type { DiagnosticReport, Patient } from '@medplum/fhirtypes';
import { type ActiveAnalysis, activate } from '../../src/analyses/active.ts';
import { type Abstention, abstain, defineAnalysis } from '../../src/analyses/analysis.ts';
import { IntervalError } from '../../src/errors.ts';
import { codeSystem } from '../../src/fhir/codes.ts';

/** What the small analysis shall do in the next attempt. */
export interface Behaviour {
  load?: () => Abstention | undefined;
  read?: () => void;
  value?: number;
  /** Hash of the bytes, as other bytes are another source of results. */
  bytes?: string;
  /** After it was read, before anything is written. */
  drafted?: () => void;
}

interface Input {
  readonly report: string;
}
interface Finding {
  readonly potassium: number;
}

/**
 * A complete analysis of a few lines, so that the way of a job (ledger, guards, drafts, write-back) can be tested on the
 * real store without waiting for a reader: it "reads" one potassium from a report.
 */
export async function smallAnalysis(behaviour: Behaviour = {}): Promise<ActiveAnalysis> {
  const analysis = defineAnalysis<Input, Finding>({
    id: 'lab-report',
    title: 'Small analysis',
    version: '1',
    subjects: ['DiagnosticReport'],
    candidates: (chart) =>
      chart.reports
        .filter(({ status }) => status !== 'cancelled')
        .map((report) => ({
          subject: { reference: `DiagnosticReport/${report.id}`, version: report.meta?.versionId ?? '' },
          companions: [],
        })),
    async load(candidate, patient: Patient, world) {
      if (patient.id !== 'p1') {
        return abstain('patient-mismatch', 'The report names another patient.');
      }
      const { source, signal } = world;
      const id = candidate.subject.reference.split('/')[1] ?? '';
      const { presentedForm = [] } = await source.read<DiagnosticReport>('DiagnosticReport', id, { signal });
      for (const { url } of presentedForm) {
        await source.binary(url ?? '', { signal });
      }
      return behaviour.load?.() ?? { report: candidate.subject.reference };
    },
    open: async () => abstain('not-from-files', 'This analysis reads no files.'),
    readers: {
      embedded: async () => ({
        id: 'embedded',
        version: '1',
        models: [],
        async read() {
          behaviour.read?.();
          return { potassium: behaviour.value ?? 6.8 };
        },
      }),
    },
    schema: {
      type: 'object',
      required: ['potassium'],
      additionalProperties: false,
      properties: { potassium: { type: 'number' } },
    },
    guards: [
      (finding) => (finding.potassium > 20 ? abstain('implausible', 'The value is not physically possible.') : finding),
    ],
    draft: (finding, input, context) => {
      behaviour.drafted?.();
      return {
        sourceIdentity: `${input.report.replace('/', '.')}${behaviour.bytes === undefined ? '' : `:${behaviour.bytes}`}`,
        observations: [
          {
            item: 'potassium.0',
            resource: {
              resourceType: 'Observation',
              category: [{ coding: [{ system: codeSystem.observationCategory, code: 'laboratory' }] }],
              code: { coding: [{ system: codeSystem.loinc, code: '2823-3' }], text: 'Potassium' },
              effectiveDateTime: '2026-03-02',
              valueQuantity: { value: finding.potassium, unit: 'mmol/L', system: codeSystem.ucum, code: 'mmol/L' },
            },
            regions: [{ source: context.subject ?? '', page: 1, box: [10, 20, 30, 40], width: 595, height: 842 }],
          },
          {
            item: 'sodium.0',
            resource: {
              resourceType: 'Observation',
              category: [{ coding: [{ system: codeSystem.observationCategory, code: 'laboratory' }] }],
              code: { coding: [{ system: codeSystem.loinc, code: '2951-2' }], text: 'Sodium' },
              effectiveDateTime: '2026-03-02',
              valueQuantity: { value: 140, unit: 'mmol/L', system: codeSystem.ucum, code: 'mmol/L' },
            },
            regions: [{ source: context.subject ?? '', page: 1, box: [10, 40, 30, 60], width: 595, height: 842 }],
          },
        ],
        report: {
          resourceType: 'DiagnosticReport',
          category: [{ coding: [{ system: codeSystem.diagnosticServiceSection, code: 'LAB' }] }],
          code: { coding: [{ system: codeSystem.loinc, code: '11502-2' }], text: 'Laboratory report' },
          effectiveDateTime: '2026-03-02',
        },
        media: [
          {
            item: 'overlay',
            contentType: 'image/png',
            bytes: new Uint8Array([137, 80, 78, 71]),
            title: 'Overlay',
            width: 2,
            height: 2,
          },
        ],
        inputs: [{ ...(context.subject ? { reference: context.subject } : {}), sha256: 'a'.repeat(64) }],
      };
    },
    evidence: () => [],
    summarize: () => [],
  });
  return activate(analysis, 'embedded', {
    tensor: async () => {
      throw new IntervalError('reader-unavailable', 'No model here.');
    },
  }) as Promise<ActiveAnalysis<unknown, unknown>>;
}
