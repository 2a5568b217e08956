import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseCsv } from '../../../src/evaluation/comparison/csv.ts';
import { loadPairs } from '../../../src/evaluation/comparison/pair-dataset.ts';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'interval-pairs-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('CSV', () => {
  test('quotes, commas, line ends in cells, a byte order mark and Windows line ends', () => {
    expect(parseCsv('\uFEFFa,b\r\n"x, ""y""","1\n2"\r\n\r\nz,\r\n', 'f')).toEqual([
      { a: 'x, "y"', b: '1\n2' },
      { a: 'z', b: '' },
    ]);
  });

  test.each([
    ['an open quote', 'a,b\n"x,1\n'],
    ['a short row', 'a,b\nx\n'],
    ['a column twice', 'a,a\n1,2\n'],
    ['nothing', ''],
  ])('%s is refused', (_name, text) => {
    expect(() => parseCsv(text, 'pairs.csv')).toThrow(expect.objectContaining({ code: 'dataset-invalid' }));
  });
});

describe('a site’s own pairs', () => {
  const films = { 'a/1.dcm': '', 'a/2.dcm': '' };
  const head =
    'patient,prior,current,view_prior,view_current,pleural-effusion,pleural-effusion_score,overall,expect,group\n';

  test('labels, scores, views, groups and pairs that must be refused', async () => {
    const folder = folderOf({
      ...films,
      'pairs.csv': `${head}p1,a/1.dcm,a/2.dcm,AP,pa erect,worsened,2.5,stable,,portable\np2,a/2.dcm,a/1.dcm,,,,,,refuse,\n`,
    });
    const { format, pairs } = await loadPairs(folder);
    expect(format).toBe('site');
    expect(pairs[0]).toEqual({
      id: 'pair-1',
      patient: 'p1',
      filedUnder: 'p1',
      prior: join(folder, 'a/1.dcm'),
      current: join(folder, 'a/2.dcm'),
      views: { prior: 'AP', current: 'PA' },
      labels: { 'pleural-effusion': { change: 'worsened', score: 2.5 }, overall: { change: 'stable' } },
      group: 'portable',
    });
    expect(pairs[1]).toMatchObject({ refuse: true, labels: {} });
  });

  test.each([
    ['a change of another name', `${head}p,a/1.dcm,a/2.dcm,,,better,,,,\n`],
    ['a score that is no number', `${head}p,a/1.dcm,a/2.dcm,,,worsened,much,,,\n`],
    ['a score without a change', `${head}p,a/1.dcm,a/2.dcm,,,,2,,,\n`],
    ['no label', `${head}p,a/1.dcm,a/2.dcm,,,,,,,\n`],
    ['no patient', `${head},a/1.dcm,a/2.dcm,,,worsened,,,,\n`],
    ['a path that leaves the folder', `${head}p,../1.dcm,a/2.dcm,,,worsened,,,,\n`],
    ['a film that is not there', `${head}p,a/1.dcm,a/3.dcm,,,worsened,,,,\n`],
    ['another expectation', `${head}p,a/1.dcm,a/2.dcm,,,,,,abstain,\n`],
    ['an unknown column', 'patient,prior,current,edema\np,a/1.dcm,a/2.dcm,worsened\n'],
    ['no pair', head],
  ])('%s is refused with a code, and without what stands in the row', async (_name, text) => {
    const folder = folderOf({ ...films, 'pairs.csv': text });
    await expect(loadPairs(folder)).rejects.toMatchObject({ code: 'dataset-invalid' });
  });

  test('a folder that is not there, or holds no table', async () => {
    await expect(loadPairs('/nowhere/at/all')).rejects.toMatchObject({ code: 'dataset-invalid' });
    await expect(loadPairs(folderOf(films))).rejects.toMatchObject({ code: 'dataset-invalid' });
  });
});

describe('films scored at two dates', () => {
  const films = { 'images/1.png': '', 'images/2.png': '' };
  const pairs = 'patient,prior,current,view_prior,view_current,score_change,label,readers_agree\n';
  const zones = 'abcdef';
  const columns = ['senior', 'junior']
    .flatMap((reader) => [...zones].map((zone) => `brixia_${reader}_${zone}`))
    .join(',');

  test('the change of score, of each zone, and who agreed', async () => {
    const folder = folderOf({
      ...films,
      'pairs.csv': `${pairs}7,1.png,2.png,AP Supine,PA,3.00,worse,mixed\n`,
      'images.csv': `file,${columns}\n1.png,0,0,1,0,0,0,0,0,1,0,0,0\n2.png,1,2,3,0,0,0,1,1,3,0,0,1\n`,
      'negatives.csv': 'prior,current,expected\n1.png,2.png,abstain\n',
    });
    const { format, pairs: loaded } = await loadPairs(folder);
    expect(format).toBe('scored');
    expect(loaded[0]).toMatchObject({
      patient: '7',
      filedUnder: '7',
      views: { prior: 'AP', current: 'PA' },
      labels: { overall: { change: 'worsened', score: 3 } },
      zoneScores: [1, 1.5, 2, 0, 0, 0.5],
      group: 'readers agree: mixed',
    });
    expect(loaded[1]).toMatchObject({ refuse: true, labels: {} });
    // nobody says whose the films of a negative pair are
    expect(loaded[1]!.filedUnder).toBeUndefined();
  });

  test('without images.csv there are no zones; another label is refused', async () => {
    const row = (label: string) => ({ ...films, 'pairs.csv': `${pairs}7,1.png,2.png,,,3,${label},all\n` });
    expect((await loadPairs(folderOf(row('same')))).pairs[0]!.zoneScores).toBeUndefined();
    await expect(loadPairs(folderOf(row('worsened')))).rejects.toMatchObject({ code: 'dataset-invalid' });
  });
});

describe('MS-CXR-T', () => {
  const head =
    'subject_id,study_id,dicom_id,previous_study_id,previous_dicom_id,consolidation_progression,edema_progression,pleural_effusion_progression,pneumonia_progression,pneumothorax_progression\n';
  const row = '10000032,50414267,aa-1,s50414266,bb-2,improving,,stable,worsening,\n';
  const films = {
    'files/p10/p10000032/s50414267/aa-1.jpg': '',
    'files/p10/p10000032/s50414266/bb-2.dcm': '',
  };

  test('films of MIMIC-CXR by their ids, as picture or DICOM, in a folder of their own', async () => {
    const images = folderOf(films);
    const folder = folderOf({ 'MS_CXR_T_temporal_image_classification_v1.0.0.csv': head + row });
    const { format, pairs } = await loadPairs(folder, images);
    expect(format).toBe('ms-cxr-t');
    expect(pairs).toEqual([
      {
        id: 'pair-1',
        patient: '10000032',
        filedUnder: '10000032',
        prior: join(images, 'files/p10/p10000032/s50414266/bb-2.dcm'),
        current: join(images, 'files/p10/p10000032/s50414267/aa-1.jpg'),
        views: {},
        labels: {
          consolidation: { change: 'improved' },
          'pleural-effusion': { change: 'stable' },
          pneumonia: { change: 'worsened' },
        },
      },
    ]);
  });

  test.each([
    ['a progression of another name', head + row.replace('stable', 'unchanged')],
    ['an id that is a path', head + row.replace('aa-1', '../aa')],
    ['a film that is not there', head + row.replace('aa-1', 'aa-3')],
  ])('%s is refused', async (_name, text) => {
    const folder = folderOf({ 'ms-cxr-t.csv': text });
    await expect(loadPairs(folder, folderOf(films))).rejects.toMatchObject({ code: 'dataset-invalid' });
  });
});
