import { describe, expect, test } from '@jest/globals';
import { rtfLines } from '../../../src/documents/text/rtf.ts';
import { codeOf, seen } from './made.ts';

const fonts = String.raw`{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset2 Symbol;}{\f2\fcharset238 Arial CE;}{\f3\fcharset128 Gothic;}}`;
const file = (body: string) =>
  Uint8Array.from(Buffer.from(`{\\rtf1\\ansi\\ansicpg1252\\deff0${fonts}${body}}`, 'latin1'));
const lines = (body: string) => seen(rtfLines(file(body)));

describe('RTF as a reader sees it', () => {
  test('paragraphs between do not part a list of the same tab stops', () => {
    const stops = String.raw`\pard\tx2600\tx3900`;
    expect(
      lines(
        String.raw`${stops} Analyt\tab Einheit\tab 08.09.\par\b Klinische Chemie\b0\par Natrium\tab mmol/l\tab 112\par Alkalische Phosphatase\tab U/l\tab 66\par`,
      ),
    ).toEqual([
      'Analyt                   Einheit   08.09.',
      '*Klinische *Chemie',
      'Natrium                  mmol/l    112',
      'Alkalische Phosphatase   U/l       66',
    ]);
  });

  test('tables keep their columns; merged cells, lines in cells, bold', () => {
    const row = (...cells: readonly string[]) =>
      String.raw`\trowd\cellx3000\cellx4500\cellx6000\cellx9000\pard\intbl ${cells.join('\\cell ')}\cell\row `;
    expect(
      lines(
        [
          String.raw`\pard\b Synthetic Lab\b0\par `,
          row('Test', 'Result', 'Units', 'Reference'),
          String.raw`\trowd\cellx9000\pard\intbl CHEMISTRY\cell\row `,
          row(String.raw`Troponin\line (hs)`, '{\\b 14,5 H}', String.raw`{\f1 m}g/L`, String.raw`\u8804 ?14`),
          row('WBC', '4', String.raw`10{\super 9}/L`, '4-11'),
        ].join('\n'),
      ),
    ).toEqual([
      '*Synthetic *Lab',
      'Test       Result   Units    Reference',
      'CHEMISTRY',
      'Troponin   *14,5 *H   μg/L     ≤14',
      '(hs)',
      'WBC        4        10^9/L   4-11',
    ]);
  });

  test('tabs with stops of their own are columns, spaces of a fixed-width font stay', () => {
    expect(lines(String.raw`\tx3000\tx5000 Na\tab 140\tab mmol/L\par Potassium level\tab 4.5\tab mmol/L\par`)).toEqual([
      'Na                140   mmol/L',
      'Potassium level   4.5   mmol/L',
    ]);
    expect(lines(String.raw`Na        140   mmol/L\par K         4.5   mmol/L\par`)).toEqual([
      'Na        140   mmol/L',
      'K         4.5   mmol/L',
    ]);
  });

  test('code pages of fonts, Unicode with what stands for it, two-byte characters', () => {
    expect(
      lines(String.raw`H\'e4moglobin \u181\'b5g \uc2\u956 ??g \uc0\u8805 5 {\f2 \'e8\'f2} {\f3 \'8c\'8c}`),
    ).toEqual(['Hämoglobin µg μg ≥5 čň 血']);
  });

  test('hidden and deleted text, pictures, fields and styles are left out; headers and results of fields are shown', () => {
    expect(
      lines(
        String.raw`{\stylesheet{\s0 Normal;}}{\*\generator x;}{\header Patient: Sample, Ada\par}{\footer Page 1\par}` +
          String.raw`K 4.1 {\v 9.9}{\deleted 8.8}{\pict 3737}{\*\unknown 7.7}{\field{\*\fldinst DATE}{\fldrslt 2025-03-01}}\par\page Na 140\par`,
      ),
    ).toEqual(['Patient: Sample, Ada', 'K 4.1 2025-03-01', 'Na 140', 'Page 1']);
  });
});

describe('bad RTF', () => {
  test.each([
    ['cut', String.raw`{\rtf1\ansi Na 140\par`, 'document-damaged'],
    ['nested beyond reason', `{\\rtf1${'{'.repeat(2000)}Na${'}'.repeat(2001)}`, 'document-unreadable'],
  ])('%s', (_name, text, code) => {
    expect(codeOf(() => rtfLines(Uint8Array.from(Buffer.from(text, 'latin1'))))).toBe(code);
  });

  test('what stands behind the last brace is not read, binary data is stepped over', () => {
    expect(seen(rtfLines(Uint8Array.from(Buffer.from('{\\rtf1 Na{\\bin4 }}{{} 140}K 99', 'latin1'))))).toEqual([
      'Na 140',
    ]);
  });
});
