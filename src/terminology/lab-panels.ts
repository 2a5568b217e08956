import { labTests } from './lab-tests.ts';
import { normaliseName } from './test-name.ts';

/** A LOINC panel term, for the code of a DiagnosticReport that groups its members. */
export interface LabPanel {
  readonly loinc: string;
  /** Long common name. */
  readonly display: string;
}

interface PanelEntry extends LabPanel {
  /** What the normalised heading must say. */
  readonly heading: RegExp;
  /** Keys of `labTests` that define it. At least half must stand under the heading. */
  readonly members: readonly string[];
  /** Keys of which at least one must stand there too. */
  readonly needs?: readonly string[];
}

const indices = 'leukocytes erythrocytes hemoglobin hematocrit mcv mch mchc platelets'.split(' ');
const differential = 'neutrophils lymphocytes monocytes eosinophils basophils'.split(' ');
const bloodCount =
  /\b(?:cbc|fbc|full blood (?:count|picture|examination)|complete blood (?:count|picture|cell count)|ha?emogramm?e?|ha?emogram|blutbild|emocromo|esame emocromocitometrico|biometria hematica|hematimetria|numeration formule sanguine|nfs)\b/;
const urinalysis =
  /\b(?:urinalysis|urine (?:routine|analysis|examination|complete)|urinstatus|harnstatus|urinanalyse|sumario de orina|examen (?:general|basico|completo) de orina|ego|exame (?:comum|de) urina|urina tipo (?:i|1)|eas|esame (?:chimico fisico )?(?:delle )?urine|esame urine completo|examen (?:cytologique )?des urines)\b/;

/** First match wins: the narrower panel stands before the wider one. */
const panels: readonly PanelEntry[] = [
  {
    loinc: '57021-8',
    display: 'CBC W Auto Differential panel - Blood',
    heading: bloodCount,
    members: [...indices, ...differential],
    needs: differential,
  },
  { loinc: '58410-2', display: 'CBC panel - Blood by Automated count', heading: bloodCount, members: indices },
  {
    loinc: '24323-8',
    display: 'Comprehensive metabolic 2000 panel - Serum or Plasma',
    heading: /\b(?:comp(?:rehensive)?\.? metabolic|cmp)\b/,
    members:
      'sodium potassium chloride carbon-dioxide-total glucose urea-nitrogen creatinine calcium protein-total albumin bilirubin-total alp alt ast'.split(
        ' ',
      ),
  },
  {
    loinc: '51990-0',
    display: 'Basic metabolic panel - Blood',
    heading: /\b(?:basic metabolic|bmp|chem ?7)\b/,
    members: 'sodium potassium chloride carbon-dioxide-total glucose urea-nitrogen creatinine calcium'.split(' '),
  },
  {
    loinc: '24331-1',
    display: 'Lipid 1996 panel - Serum or Plasma',
    heading:
      /\b(?:lipid(?:s|e|es|i|ic|ico)?|lipidogram(?:m|me|ma)?|perfil lipidico|profilo lipidico|assetto lipidico|bilan lipidique|lipidstatus|lipidprofil|fettstoffwechsel)\b/,
    members: 'cholesterol-total hdl-cholesterol ldl-cholesterol triglycerides'.split(' '),
  },
  {
    loinc: '24325-3',
    display: 'Hepatic function 2000 panel - Serum or Plasma',
    heading:
      /\b(?:hepatic function|liver (?:function|panel|profile)|lfts?|leberwerte|perfil hepatico|funcion hepatica|funzionalita epatica|profilo epatico|bilan hepatique|funcao hepatica|provas hepaticas)\b/,
    members: 'albumin bilirubin-total bilirubin-direct alp alt ast protein-total'.split(' '),
  },
  {
    loinc: '24362-6',
    display: 'Renal function 2000 panel - Serum or Plasma',
    heading:
      /\b(?:renal (?:function|panel|profile)|kidney (?:function|panel|profile)|rfts?|kfts?|nierenwerte|perfil renal|funcion renal|funzionalita renale|bilan renal|funcao renal)\b/,
    members:
      'sodium potassium chloride carbon-dioxide-total glucose urea-nitrogen creatinine calcium phosphate albumin'.split(
        ' ',
      ),
  },
  {
    loinc: '24326-1',
    display: 'Electrolytes 1998 panel - Serum or Plasma',
    heading: /\b(?:(?:serum )?electrolytes?|elektrolyte|electrolitos|elettroliti|ionogramme|eletrolitos|ionograma)\b/,
    members: 'sodium potassium chloride carbon-dioxide-total'.split(' '),
  },
  {
    loinc: '50190-8',
    display: 'Iron and Iron binding capacity panel - Serum or Plasma',
    heading: /\b(?:iron (?:studies|panel|profile|and (?:tibc|total iron binding capacity))|eisenstoffwechsel)\b/,
    members: 'iron tibc transferrin-saturation'.split(' '),
  },
  {
    loinc: '24336-0',
    display: 'Gas panel - Arterial blood',
    heading:
      /\b(?:arterial blood gas(?:es)?|abg|arterielle blutgas\w*|gasometria arterial|gaz du sang arteriels?|emogasanalisi arteriosa)\b/,
    members: 'ph-blood pco2 po2 bicarbonate base-excess oxygen-saturation'.split(' '),
  },
  {
    loinc: '24356-8',
    display: 'Urinalysis complete panel - Urine',
    heading: urinalysis,
    members:
      'urine-colour urine-appearance urine-specific-gravity urine-ph urine-protein urine-glucose urine-ketones urine-blood urine-nitrite urine-leukocyte-esterase'.split(
        ' ',
      ),
    needs: ['leukocytes', 'erythrocytes', 'urine-epithelial-cells', 'urine-bacteria', 'urine-casts'],
  },
  {
    loinc: '24357-6',
    display: 'Urinalysis macro (dipstick) panel - Urine',
    heading: /\b(?:dip ?sticks?|urine strip|test strip|urinteststreifen|teststreifen|bandelette|tira reactiva)\b/,
    members:
      'urine-specific-gravity urine-ph urine-protein urine-glucose urine-ketones urine-blood urine-nitrite urine-leukocyte-esterase'.split(
        ' ',
      ),
  },
];

const keysOfCode: ReadonlyMap<string, readonly string[]> = (() => {
  const keys = new Map<string, string[]>();
  for (const { key, variants } of labTests) {
    for (const { loinc } of variants) {
      keys.set(loinc, [...(keys.get(loinc) ?? []), key]);
    }
  }
  return keys;
})();

/** Protein and glucose are tests of blood and of urine alike; a strip counts those of urine. */
const inUrine: Readonly<Record<string, string>> = { 'urine-protein': 'protein-total', 'urine-glucose': 'glucose' };

/**
 * The panel that a printed heading names; undefined unless the heading says it and at least half of its defining
 * members are there. `members` are LOINC codes, or keys of `labTests`, of the results under the heading.
 */
export function panelOf(heading: string, members: readonly string[]): LabPanel | undefined {
  const text = normaliseName(heading);
  const present = new Set(members.flatMap((member) => keysOfCode.get(member) ?? [member]));
  const has = (key: string) => present.has(key) || present.has(inUrine[key] ?? key);
  const found = panels.find(
    (panel) =>
      panel.heading.test(text) &&
      panel.members.filter(has).length * 2 >= panel.members.length &&
      (panel.needs?.some(has) ?? true),
  );
  return found && { loinc: found.loinc, display: found.display };
}

/** Every panel term used, for the tests of codes. */
export const panelCodes: readonly LabPanel[] = panels.map(({ loinc, display }) => ({ loinc, display }));
