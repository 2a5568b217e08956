import { describe, expect, test } from '@jest/globals';
import { htmlLines } from '../../../src/documents/text/html.ts';
import { codeOf, seen } from './made.ts';

const lines = (html: string) => seen(htmlLines(html));

describe('HTML as a reader sees it', () => {
  test('tables keep their columns, end tags may be missing, cells span rows and columns', () => {
    expect(
      lines(`<!doctype html><html><body><h1>Synthetic Lab</h1><p>Patient: <b>Sample, Ada</b><br>DOB: 1950-01-31
        <table><thead><tr><th>Test<th>Result<th>Units<th>Reference</thead>
        <tr><td colspan=4>CHEMISTRY
        <tr><td rowspan=2>Glucose<td><b>250 H</b><td>mg/dL<td>&lt; 100
        <tr><td>13.9<td>mmol/L<td>3.9 &ndash; 5.6
        <tfoot><tr><td>End</tfoot></table></body></html>`),
    ).toEqual([
      '*Synthetic *Lab',
      'Patient: *Sample, *Ada',
      'DOB: 1950-01-31',
      '*Test      *Result   *Units    *Reference',
      'CHEMISTRY',
      'Glucose   *250 *H    mg/dL    < 100',
      '          13.9     mmol/L   3.9 – 5.6',
      'End',
    ]);
  });

  test('exponents keep their sign, footnote marks do not become digits of a value', () => {
    expect(
      lines(
        '<p>WBC 4.5 x10<sup>9</sup>/L; 10<sup>&minus;3</sup><p>eGFR 60 mL/min/1.73m<sup>2</sup><p>Na 138<sup>1</sup> H<sub>2</sub>O',
      ),
    ).toEqual(['WBC 4.5 x10^9/L; 10^-3', 'eGFR 60 mL/min/1.73m2', 'Na 138 H2O']);
  });

  test('spans that a style sheet draws apart are words of their own, parts of a number are not', () => {
    expect(
      lines(
        '<div><span class="v">7.1</span><span class="u">mmol/L</span><span class="badge">Urgent: very high</span></div>',
      ),
    ).toEqual(['7.1 mmol/L Urgent: very high']);
    expect(lines('<p><span class="v">13</span><span class="f">.5</span> <span>g/dL</span>')).toEqual(['13.5 g/dL']);
    expect(lines('<p>Haemo<span>globin</span><span>s</span>')).toEqual(['Haemoglobins']);
  });

  test('what is hidden is not there; what is hidden on paper only is', () => {
    expect(
      lines(`<html><head><title>T</title><style>.gone, #x { display: none } @media print { .screen { display:none } }</style></head>
        <body>K 4.1 <span class="gone">9.9</span><span id=x>8.8</span><span hidden>7.7</span>
        <span style="visibility:hidden">6.6</span><script>document.write('5.5')</script><input type=hidden value=3.3>
        <input value="4.4"><select><option>a<option selected>b</select><!-- 2.2 --><span class=screen>mmol/L</span></body></html>`),
    ).toEqual(['K 4.1 4.4 b mmol/L']);
  });

  test('entities, preformatted columns, spaces that do not break, page breaks', () => {
    const html = `<pre>Test&#9;Value\nK&amp;Na\t4</pre>&micro;g/L &#x3bc;g &le;5 &nope; &#133;<p style="page-break-before:always">Na&nbsp;&nbsp;&nbsp;140`;
    expect(lines(html)).toEqual(['Test    Value', 'K&Na    4', 'µg/L μg ≤5 &nope; …', 'Na\u00a0\u00a0\u00a0140']);
    expect(htmlLines(html)).toContain('\f');
  });

  test('tables inside tables, as mail programs lay pages out', () => {
    expect(
      lines(
        '<table><tr><td><table><tr><td>Na</td><td>140</td></tr><tr><td>K</td><td>4</td></tr></table></td><td>Note</td></tr></table>',
      ),
    ).toEqual(['Na   140   Note', 'K    4']);
  });
});

describe('bad HTML', () => {
  test.each([
    ['cut inside a tag', '<table><tr><td cla', 'document-damaged'],
    ['cut before its end', '<html><body><table><tr><td>Na<td>140', 'document-damaged'],
    ['open comment', '<p>Na <!-- 140', 'document-damaged'],
    ['more elements than a page has', '<br>'.repeat(400_001), 'document-too-large'],
    [
      'a table wider than print',
      `<table><tr>${`<td>${'x '.repeat(70)}`.repeat(90)}${'<tr><td>x'.repeat(1000)}</table>`,
      'document-too-large',
    ],
  ])('%s', (_name, html, code) => {
    expect(codeOf(() => htmlLines(html))).toBe(code);
  });

  test('end tags that were forgotten do not add up; tables without end do', () => {
    expect(lines(`${'<b>'.repeat(50_000)}Na 140`)).toEqual(['*Na *140']);
    expect(codeOf(() => htmlLines(`${'<table><tr><td>'.repeat(2000)}Na 140`))).toBe('document-unreadable');
  });
});
