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
  BldCo: 'cord-blood',
  Urine: 'urine',
  'Urine sed': 'urine',
  CSF: 'csf',
  Stool: 'stool',
  'Plr fld': 'pleural-fluid',
  'Periton fld': 'peritoneal-fluid',
  'Synv fld': 'synovial-fluid',
  'Body fld': 'fluid',
  Semen: 'semen',
  Saliva: 'saliva',
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
const fluids = new Set<Specimen>(['pleural-fluid', 'peritoneal-fluid', 'synovial-fluid', 'fluid']);
const onlyWhenPrinted: Readonly<Record<string, Specimen>> = {
  BldA: 'arterial-blood',
  BldV: 'venous-blood',
  BldC: 'capillary-blood',
};

/** 0: another specimen; 3: exactly this one; less for the nearest of the same family. */
export function closeness(variant: LabVariant, test: LabTest, specimen: Specimen | undefined): number {
  // A term that names no specimen holds for all of them, and gives way to one that does.
  if (variant.system === 'XXX') {
    return 1;
  }
  const wanted =
    specimen === undefined || specimen === 'blood'
      ? specimen && !blood.has(test.specimen)
        ? 'blood'
        : test.specimen
      : specimen;
  const wantedFamily = blood.has(wanted) ? 'blood' : wanted;
  const ownFamily = family[variant.system] ?? variant.system;
  if (ownFamily !== wantedFamily) {
    // What is true of body fluid is true of each of them.
    return ownFamily === 'fluid' && fluids.has(wanted) ? 2 : 0;
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

/** `blood`, `fluid` for all body fluids, else the specimen itself. */
function groupOf(specimen: string): string {
  return blood.has(specimen as Specimen) ? 'blood' : fluids.has(specimen as Specimen) ? 'fluid' : specimen;
}

const narrowed = new WeakMap<LabTest, Map<string, LabTest>>();

/**
 * The test as measured in this specimen: limits of serum say nothing about urine, so those of another specimen take
 * their place, or none; delta rules hold for the test's own specimen alone. `where` is the chosen
 * term, or the printed specimen where no term was chosen.
 */
export function inSpecimen(test: LabTest, where: LabVariant | Specimen | undefined): LabTest {
  if (where === undefined) {
    return test;
  }
  const system = typeof where === 'string' ? where : (family[where.system] ?? test.specimen);
  const group = groupOf(system);
  if (group === groupOf(test.specimen)) {
    return test;
  }
  const known = narrowed.get(test) ?? new Map<string, LabTest>();
  narrowed.set(test, known);
  let there = known.get(group);
  if (!there) {
    const { plausible: _own, deltaRule: _delta, ...rest } = test;
    const limits = test.plausibleIn?.[group];
    there = limits ? { ...rest, plausible: limits } : rest;
    known.set(group, there);
  }
  return there;
}
