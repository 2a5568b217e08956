/** One number that takes part in an identity. */
export interface Part {
  /** Keys of the dictionary; the one of them that is printed takes part. */
  readonly tests: readonly string[];
  /** UCUM unit of the formula; other units of the same kind are converted. */
  readonly unit: string;
  /** Urine, or whole blood alone; otherwise blood, serum or plasma. */
  readonly from?: 'urine' | 'whole-blood';
  /** Only rows in this very unit: UCUM would turn % into mmol/mol. */
  readonly exact?: true;
  /** g/mol, between mass and amount, where the dictionary has none. */
  readonly molarMass?: number;
}

export interface Rule {
  readonly name: string;
  /** The first is what the formula gives, the others are what it is made from. */
  readonly parts: readonly Part[];
  /** What the first may be by the formulas in use, from the values of all parts in their units. */
  readonly expected: (values: readonly number[]) => readonly number[];
  /** What methods and formulas may account for, beside the rounding of the printed numbers: share and least amount. */
  readonly relative: number;
  readonly least?: number;
  /** Whether the formula holds for these numbers at all. */
  readonly applies?: (values: readonly number[]) => boolean;
}

const part = (test: string, unit: string, more: Omit<Part, 'tests' | 'unit'> = {}): Part => ({
  tests: test.split(' '),
  unit,
  ...more,
});
const monomer = { molarMass: 16114 };
const [hb, hct, rbc, wbc] = [
  part('hemoglobin', 'g/dL', monomer),
  part('hematocrit', '%'),
  part('erythrocytes', '10*6/uL'),
  part('leukocytes', '10*3/uL'),
];
const mass = (test: string) => part(test, 'mg/dL');
const amount = (test: string) => part(test, 'mmol/L');
const [cholesterol, hdl, ldl, vldl, triglycerides] = [
  mass('cholesterol-total'),
  mass('hdl-cholesterol'),
  mass('ldl-cholesterol'),
  mass('vldl-cholesterol'),
  mass('triglycerides'),
];

const bloodCount: readonly Rule[] = [
  {
    name: 'MCV = Hct / RBC',
    parts: [part('mcv', 'fL'), hct, rbc],
    expected: ([, h, r]) => [(h! / r!) * 10],
    relative: 0.05,
  },
  {
    name: 'MCH = Hb / RBC',
    parts: [part('mch', 'pg', monomer), hb, rbc],
    expected: ([, h, r]) => [(h! / r!) * 10],
    relative: 0.05,
  },
  {
    name: 'MCHC = Hb / Hct',
    parts: [part('mchc', 'g/dL', monomer), hb, hct],
    expected: ([, h, p]) => [(h! / p!) * 100],
    relative: 0.05,
  },
  ...['neutrophils', 'lymphocytes', 'monocytes', 'eosinophils', 'basophils', 'immature-granulocytes'].map(
    (cell): Rule => ({
      name: `${cell} = % × WBC`,
      parts: [part(cell, '10*3/uL'), part(cell, '%'), wbc],
      expected: ([, percent, white]) => [(percent! * white!) / 100],
      relative: 0.06,
      least: 0.03,
    }),
  ),
];

const chemistry: readonly Rule[] = [
  {
    name: 'anion gap = Na − Cl − CO2, with or without K',
    parts: [amount('anion-gap'), amount('sodium'), amount('chloride'), amount('bicarbonate carbon-dioxide-total')],
    // Potassium is in it or not: 3 to 5 mmol/L more.
    expected: ([, na, cl, co2]) => [0, 3, 5].map((potassium) => na! - cl! - co2! + potassium),
    relative: 0,
    least: 2,
  },
  {
    name: 'protein = albumin + globulin',
    parts: [part('protein-total', 'g/dL'), part('albumin', 'g/dL'), part('globulin', 'g/dL')],
    expected: ([, albumin, globulin]) => [albumin! + globulin!],
    relative: 0.05,
  },
  {
    name: 'A/G = albumin / globulin',
    parts: [part('albumin-globulin-ratio', '1'), part('albumin', 'g/dL'), part('globulin', 'g/dL')],
    expected: ([, albumin, globulin]) => [albumin! / globulin!],
    relative: 0.08,
  },
  {
    name: 'A/G = albumin / (protein − albumin)',
    parts: [part('albumin-globulin-ratio', '1'), part('albumin', 'g/dL'), part('protein-total', 'g/dL')],
    expected: ([, albumin, total]) => [albumin! / (total! - albumin!)],
    relative: 0.1,
    applies: ([, albumin, total]) => total! > albumin!,
  },
  {
    name: 'bilirubin = direct + indirect',
    parts: [mass('bilirubin-total'), mass('bilirubin-direct'), mass('bilirubin-indirect')],
    expected: ([, direct, indirect]) => [direct! + indirect!],
    relative: 0.1,
    least: 0.1,
  },
  {
    name: 'saturation = iron / TIBC',
    parts: [part('transferrin-saturation', '%'), part('iron', 'ug/dL'), part('tibc', 'ug/dL')],
    expected: ([, iron, tibc]) => [(100 * iron!) / tibc!],
    relative: 0.06,
    least: 1,
  },
  {
    name: 'TIBC = iron + UIBC',
    parts: [part('tibc', 'ug/dL'), part('iron', 'ug/dL'), part('uibc', 'ug/dL')],
    expected: ([, iron, uibc]) => [iron! + uibc!],
    relative: 0.04,
  },
  {
    name: 'BUN / creatinine',
    parts: [part('bun-creatinine-ratio', '1'), mass('urea-nitrogen'), mass('creatinine')],
    expected: ([, bun, creatinine]) => [bun! / creatinine!],
    relative: 0.06,
    least: 0.6,
  },
  {
    name: 'corrected calcium, by albumin',
    parts: [mass('calcium-corrected'), mass('calcium'), part('albumin', 'g/dL')],
    expected: ([, calcium, albumin]) => [calcium! + 0.8 * (4 - albumin!)],
    relative: 0,
    least: 0.6,
  },
  {
    name: 'osmolality = 2 Na + glucose + urea',
    parts: [
      part('osmolality-calculated', 'mosm/kg'),
      amount('sodium'),
      mass('glucose glucose-fasting'),
      mass('urea-nitrogen'),
    ],
    expected: ([, na, glucose, bun]) => [2 * na! + glucose! / 18 + bun! / 2.8],
    relative: 0,
    least: 14,
  },
];

const lipids: readonly Rule[] = [
  {
    name: 'non-HDL = cholesterol − HDL',
    parts: [mass('non-hdl-cholesterol'), cholesterol, hdl],
    expected: ([, total, high]) => [total! - high!],
    relative: 0.02,
    least: 2,
  },
  {
    name: 'cholesterol / HDL',
    parts: [part('cholesterol-hdl-ratio', '1'), cholesterol, hdl],
    expected: ([, total, high]) => [total! / high!],
    relative: 0.05,
  },
  {
    name: 'cholesterol = HDL + LDL + VLDL',
    parts: [cholesterol, hdl, ldl, vldl],
    expected: ([, high, low, very]) => [high! + low! + very!],
    // A measured LDL does not add up as a computed one does.
    relative: 0.12,
  },
  {
    name: 'VLDL = triglycerides / 5',
    parts: [vldl, triglycerides],
    expected: ([, fat]) => [fat! / 5],
    relative: 0.35,
    least: 3,
    applies: ([, fat]) => fat! <= 400,
  },
  {
    name: 'LDL after Friedewald',
    parts: [ldl, cholesterol, hdl, triglycerides],
    expected: ([, total, high, fat]) => [total! - high! - fat! / 5],
    relative: 0.12,
    least: 15,
    applies: ([, , , fat]) => fat! <= 400,
  },
];

const sugar: readonly Rule[] = [
  {
    name: 'eAG = 28.7 A1c − 46.7',
    parts: [mass('estimated-average-glucose'), part('hba1c', '%', { exact: true })],
    expected: ([, a1c]) => [28.7 * a1c! - 46.7],
    relative: 0.04,
  },
  {
    name: 'IFCC = (A1c − 2.15) × 10.929',
    parts: [part('hba1c', 'mmol/mol', { exact: true }), part('hba1c', '%', { exact: true })],
    expected: ([, a1c]) => [(a1c! - 2.15) * 10.929],
    relative: 0,
    least: 1.5,
  },
];

const urine = { from: 'urine' } as const;
const ratio = (name: string, of: string, result: string, unit: 'mg/g' | 'mg/mmol'): Rule => ({
  name,
  parts: [
    part(result, unit, { exact: true, ...urine }),
    part(of, 'mg/L', urine),
    part('creatinine', unit === 'mg/g' ? 'g/L' : 'mmol/L', urine),
  ],
  expected: ([, protein, creatinine]) => [protein! / creatinine!],
  relative: 0.08,
});
const ofUrine: readonly Rule[] = (['mg/g', 'mg/mmol'] as const).flatMap((unit) => [
  ratio('ACR', 'urine-microalbumin albumin', 'albumin-creatinine-ratio', unit),
  ratio('PCR', 'protein-total', 'protein-creatinine-ratio', unit),
]);

const gases: readonly Rule[] = [
  {
    name: 'Henderson–Hasselbalch',
    parts: [
      part('ph-blood', '[pH]', { exact: true }),
      part('bicarbonate', 'mmol/L', { from: 'whole-blood' }),
      part('pco2', 'mm[Hg]'),
    ],
    expected: ([, bicarbonate, pressure]) => [6.1 + Math.log10(bicarbonate! / (0.0307 * pressure!))],
    relative: 0,
    least: 0.04,
    applies: ([, bicarbonate, pressure]) => bicarbonate! > 0 && pressure! > 0,
  },
];

/**
 * Arithmetic that holds between results of one specimen, with what rounding and method may account for: reference labs.md,
 * section 7.3. Limits are wide: what they are to catch is a misread digit or sign, not an analyser.
 */
export const rules: readonly Rule[] = [...bloodCount, ...chemistry, ...lipids, ...sugar, ...ofUrine, ...gases];
