import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { cdaContent } from '../../../src/documents/text/cda.ts';
import { sharedData } from '../../support/shared-data.ts';
import { cda, codeOf, observation, organizer, seen } from './made.ts';

function lines(xml: string): readonly string[] {
  const content = cdaContent(xml);
  if ('bytes' in content) throw new Error('The document holds a file.');
  return seen(content);
}
const code = (name: string) => `<code code="1" displayName="${name}" codeSystem="2.16.840.1.113883.6.1"/>`;
const range = (inside: string, kind = 'N') =>
  `<referenceRange><observationRange>${inside}<interpretationCode code="${kind}"/></observationRange></referenceRange>`;

describe('CDA results', () => {
  test('coded entries as a laboratory prints them', () => {
    const narrative = '<table><tbody><tr ID="row1"><td ID="name1">Natrium</td><td>138 mmol/L</td></tr></tbody></table>';
    const referring =
      '<code code="2951-2" displayName="Sodium [Moles/volume] in Serum or Plasma"><originalText><reference value="#name1"/></originalText></code>';
    expect(
      lines(
        cda(
          narrative,
          organizer(
            observation({
              code: referring,
              value: '<value xsi:type="PQ" value="138" unit="mmol/L"/>',
              more: `<interpretationCode code="N"/>${range('<value xsi:type="IVL_PQ"><low value="136" unit="mmol/L"/><high value="145" unit="mmol/L"/></value>')}`,
            }),
            observation({
              code: code('Glucose'),
              value:
                '<value xsi:type="IVL_PQ"><low value="500" unit="mg/dL" inclusive="false"/><high nullFlavor="PINF"/></value>',
              more: range('<text>70-140 mg/dL</text>'),
            }),
            observation({
              code: code('CRP'),
              value: '<value xsi:type="IVL_PQ"><high value="5" unit="mg/L" inclusive="false"/></value>',
            }),
            observation({
              code: code('HBsAg'),
              value: '<value xsi:type="CD" code="260385009" displayName="Negative"/>',
              more:
                range('<value xsi:type="CD" displayName="Positive"/>', 'A') +
                range('<value xsi:type="CD" displayName="Negative"/>'),
            }),
            observation({
              code: code('Platelets'),
              value:
                '<value xsi:type="PQ" nullFlavor="OTH"><translation value="152"><originalText>THOUS/MCL</originalText></translation></value>',
            }),
            observation({
              code: code('Titer'),
              value: '<value xsi:type="RTO"><numerator value="1"/><denominator value="80"/></value>',
            }),
            observation({ code: code('pH'), value: '<value xsi:type="PQ" value="7.4" unit="1"/>' }),
          ),
        ),
      ),
    ).toEqual([
      '*Synthetic *results',
      'Patient: Sample, Ada',
      'Date of birth: 1950-01-31',
      'Sex: F',
      'Patient ID: 12345',
      'Collected: 2025-03-01 08:30',
      'Reported: 2025-03-02',
      '*Chemistry *panel',
      '*Test        *Result     *Units       *Reference *range',
      'Glucose     >500       mg/dL       70-140 mg/dL',
      'CRP         <5         mg/L',
      'HBsAg       Negative               Negative',
      'Platelets   152        THOUS/MCL',
      'Titer       1:80',
      'pH          7.4',
      'Specimen: Serum or Plasma',
      '*Test      *Result   *Units    *Reference *range   *Flag',
      'Natrium   138      mmol/L   136 - 145         N',
    ]);
  });

  test('pending is said; cancelled, negated and empty results are not shown; limits in another unit keep it', () => {
    expect(
      lines(
        cda(
          '',
          organizer(
            observation({ code: code('Sodium'), value: '<value xsi:type="PQ" nullFlavor="NA"/>', status: 'active' }),
            observation({
              code: code('Potassium'),
              value: '<value xsi:type="PQ" value="9.9" unit="mmol/L"/>',
              status: 'cancelled',
            }),
            observation({ code: code('Chloride'), value: '<value xsi:type="PQ" nullFlavor="UNK"/>' }),
            observation({
              code: code('Glucose'),
              value: '<value xsi:type="PQ" value="185" unit="mmol/L"/>',
              more: range(
                '<value xsi:type="IVL_PQ"><low value="70" unit="mg/dL"/><high value="140" unit="mg/dL"/></value>',
              ),
            }),
          ),
        ),
      ).slice(-3),
    ).toEqual([
      '*Test      *Result    *Units    *Reference *range',
      'Sodium    Pending',
      'Glucose   185       mmol/L   70 - 140 mg/dL',
    ]);
  });

  test('without entries the narrative is shown, other sections are not', () => {
    const narrative =
      '<table><thead><tr><th>Test</th><th>Result</th></tr></thead><tbody><tr><td>K</td><td>4.1 mmol/L</td></tr></tbody></table><list><item>Note</item></list>';
    const other =
      '<component><section><code code="10160-0"/><title>Medication</title><text>Aspirin 100 mg</text></section></component>';
    const shown = lines(cda(narrative, '').replace('<component><section>', `${other}<component><section>`));
    expect(shown.slice(-4)).toEqual(['*Results', '*Test   *Result', 'K      4.1 mmol/L', 'Note']);
    expect(shown.join()).not.toContain('Aspirin');
  });

  test('a file in place of a body is given back', () => {
    const xml =
      '<ClinicalDocument><component><nonXMLBody><text mediaType="application/pdf" representation="B64">JVBE Ri0x</text></nonXMLBody></component></ClinicalDocument>';
    expect(cdaContent(xml)).toEqual({ bytes: Uint8Array.from(Buffer.from('%PDF-1')), contentType: 'application/pdf' });
  });
});

describe('bad XML', () => {
  const laughs = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><ClinicalDocument>&b;</ClinicalDocument>`;
  test.each([
    ['entities of its own', laughs, 'document-unsupported'],
    [
      'entities of others',
      '<!DOCTYPE x SYSTEM "file:///etc/passwd" [<!ENTITY a SYSTEM "x">]><section/>',
      'document-unsupported',
    ],
    ['an unknown entity', '<section>&file;</section>', 'document-damaged'],
    ['cut', cda('', organizer(observation({ code: code('K'), value: '<value/>' }))).slice(0, -80), 'document-damaged'],
    ['crossed tags', '<section><a><b></a></b></section>', 'document-damaged'],
    ['nested beyond reason', '<a>'.repeat(5000) + '</a>'.repeat(5000), 'document-unreadable'],
    ['no results section', '<ClinicalDocument><component/></ClinicalDocument>', 'document-empty'],
    ['a results section without results', cda('', ''), 'document-empty'],
  ])('%s', (_name, xml, expected) => {
    expect(codeOf(() => cdaContent(xml))).toBe(expected);
  });
});

const folder = sharedData('lab/ccda');
(folder ? describe : describe.skip)('samples of others', () => {
  const files = folder ? readdirSync(folder).filter((file) => file.endsWith('.xml')) : [];
  test.each(files.map((file) => [file]))('%s: every coded quantity stands on the page', (file) => {
    const xml = readFileSync(`${folder}/${file}`, 'utf8').replace(/<!--[\s\S]*?-->/g, '');
    const shown = lines(xml).join('\n');
    for (const [, value, unit] of xml.matchAll(/<value xsi:type="PQ" value="([^"]+)" unit="([^"]+)"/g)) {
      expect(shown).toMatch(new RegExp(` ${value!.replace('.', '\\.')}(?: |$)`, 'm'));
      expect(unit === '1' || shown.includes(unit!)).toBe(true);
    }
  });
});
