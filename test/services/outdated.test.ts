import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentReference } from '@medplum/fhirtypes';
import { type JudgedWorld, judgedWorld, patientId, user } from './judged-world.ts';

const document = (versionId: string, more: Partial<DocumentReference> = {}): DocumentReference => ({
  resourceType: 'DocumentReference',
  id: 'd1',
  meta: { versionId },
  status: 'current',
  subject: { reference: `Patient/${patientId}` },
  content: [{ attachment: { contentType: 'application/pdf', url: 'Binary/b1' } }],
  ...more,
});
const bundle = (entries: readonly object[], more: object = {}) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: entries.map((resource) => ({ resource })),
  ...more,
});

describe('a hook beside a chart that has changed', () => {
  let world: JudgedWorld;
  beforeEach(async () => {
    world = await judgedWorld();
  });
  afterEach(() => world.close());

  async function open(documents: object | null): Promise<readonly { summary: string; indicator: string }[]> {
    const { status, body } = await world.front.post('/cds-services/lab-report-results', {
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      context: { userId: user, patientId },
      prefetch: { patient: null, reports: bundle([]), documents, studies: null, labs: null },
    });
    expect(status).toBe(200);
    await world.keeping.background.idle();
    return body.cards;
  }

  const shown = [expect.objectContaining({ summary: expect.stringContaining('potassium') })];

  test.each([
    ['the version that was read', bundle([document('1')]), shown],
    ['a newer version', bundle([document('2')]), []],
    ['taken back', bundle([document('2', { status: 'entered-in-error' })]), []],
    ['taken back, the version unchanged', bundle([document('1', { docStatus: 'entered-in-error' })]), []],
    ['another document in its place', bundle([document('2', { status: 'superseded' })]), []],
    ['no longer there', bundle([]), []],
    ['perhaps on a further page', bundle([], { total: 51 }), shown],
    ['without a version', bundle([document('', { meta: {} })]), shown],
    ['not sent', null, shown],
  ] as const)('%s', async (_name, documents, expected) => {
    expect((await open(documents)).map(({ summary }) => ({ summary: summary.toLowerCase() }))).toEqual(expected);
  });

  test('what was accepted before the correction is named, not shown', async () => {
    const [card] = await world.open();
    await world.send([
      {
        card: card.uuid,
        outcome: 'accepted',
        acceptedSuggestions: [{ id: card.suggestions[0].uuid }],
        outcomeTimestamp: '2026-03-14T16:00:00Z',
      },
    ]);
    const cards = await open(bundle([document('2')]));
    expect(cards.map(({ summary, indicator }) => [indicator, summary])).toEqual([
      ['warning', '3 accepted results come from an earlier version of a document that was corrected since'],
    ]);
    expect(JSON.stringify(cards)).not.toMatch(/5\.6/);
  });
});
