import type { Reference } from '@medplum/fhirtypes';
import { codeSystem, identifierSystem } from '../../fhir/codes.ts';
import { resultKey } from '../../fhir/result-key.ts';
import { type LabPanel, panelOf } from '../../terminology/lab-panels.ts';
import type { LabFinding, LabRow } from './finding.ts';
import { testOf } from './row-test.ts';
import { timeOf } from './times.ts';

/** Rows under one printed heading that are a panel of LOINC beyond doubt. */
export interface PanelGroup {
  readonly panel: LabPanel;
  /** As printed. */
  readonly heading: string;
  readonly rows: readonly LabRow[];
  /** When all of them were collected; as `timeOf` has it. */
  readonly when?: string;
  /** Unique among the items of a finding. */
  readonly item: string;
}

/** Panels of a finding: by heading and time of collection, at least two rows, and only those that the headings and rows prove. */
export function panelsOf(finding: LabFinding): readonly PanelGroup[] {
  const groups = new Map<string, { heading: string; when: string | undefined; rows: LabRow[] }>();
  for (const row of finding.rows) {
    if (!row.panel) continue;
    const when = timeOf(row, finding);
    const key = JSON.stringify([row.panel, when]);
    const group = groups.get(key) ?? { heading: row.panel, when, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const used = new Map<string, number>();
  return [...groups.values()].flatMap(({ heading, when, rows }): readonly PanelGroup[] => {
    const members = rows.map((row) => row.loinc ?? testOf(row)?.entry.key).filter((key) => key !== undefined);
    const panel = rows.length > 1 ? panelOf(heading, members) : undefined;
    if (!panel) return [];
    const ordinal = used.get(panel.loinc) ?? 0;
    used.set(panel.loinc, ordinal + 1);
    return [{ panel, heading, rows, item: `panel-${panel.loinc}.${ordinal}`, ...(when ? { when } : {}) }];
  });
}

/** Code and members of the Observation that groups a panel. Members are named by their keys; who writes them binds them. */
export function panelElements({ panel, heading, rows }: PanelGroup, sourceIdentity: string) {
  return {
    code: {
      coding: [{ system: codeSystem.loinc, code: panel.loinc, display: panel.display }],
      text: heading,
    },
    hasMember: rows.map(
      ({ item, name }): Reference<never> => ({
        type: 'Observation',
        identifier: { system: identifierSystem.result, value: resultKey('lab-report', sourceIdentity, item) },
        display: name,
      }),
    ),
  };
}
