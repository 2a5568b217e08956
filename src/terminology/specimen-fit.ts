import type { LabTest, LabVariant, Specimen } from './lab-tests.ts';

const family: Readonly<Record<string, string>> = {
  'Ser/Plas': 'blood',
  Ser: 'blood',
  Plas: 'blood',
  PPP: 'blood',
  Bld: 'blood',
  BldA: 'blood',
  BldV: 'blood',
  BldC: 'blood',
  RBC: 'blood',
  'Ser/Plas/Bld': 'blood',
  BldCo: 'blood',
  Urine: 'urine',
  'Urine sed': 'urine',
  CSF: 'csf',
  Stool: 'stool',
  'Plr fld': 'pleural-fluid',
  'Periton fld': 'peritoneal-fluid',
  'Synv fld': 'synovial-fluid',
  'Body fld': 'fluid',
  Semen: 'semen',
  Respiratory: 'respiratory',
  Genital: 'genital',
};
const blood = new Set<Specimen>([
  'serum',
  'plasma',
  'blood',
  'whole-blood',
  'arterial-blood',
  'venous-blood',
  'capillary-blood',
]);
const onlyWhenPrinted: Readonly<Record<string, Specimen>> = {
  BldA: 'arterial-blood',
  BldV: 'venous-blood',
  BldC: 'capillary-blood',
};

/** 0: another specimen; 3: exactly this one; less for the nearest of the same family. */
export function closeness(variant: LabVariant, test: LabTest, specimen: Specimen | undefined): number {
  const wanted =
    specimen === undefined || specimen === 'blood'
      ? specimen && !blood.has(test.specimen)
        ? 'blood'
        : test.specimen
      : specimen;
  const wantedFamily = blood.has(wanted) ? 'blood' : wanted;
  if ((family[variant.system] ?? variant.system) !== wantedFamily) {
    return 0;
  }
  if (wantedFamily !== 'blood') {
    return 3;
  }
  const printed = onlyWhenPrinted[variant.system];
  if (printed) {
    return printed === wanted ? 4 : 0;
  }
  const whole = variant.system === 'Bld' || variant.system === 'RBC' || variant.system === 'Ser/Plas/Bld';
  const wantsWhole = wanted === 'blood' || wanted.endsWith('-blood');
  return whole === wantsWhole ? 3 : variant.system === test.variants[0]?.system ? 2 : 1;
}
