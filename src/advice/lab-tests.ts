import type { Citation } from './citation.ts';

/** A test or panel that is ordered as one, and how soon a repeat is useful. */
export interface LabTest {
  readonly id: string;
  readonly title: string;
  /** LOINC under which it is ordered. */
  readonly loinc: readonly string[];
  /** English names of the order, lower case. */
  readonly names: RegExp;
  /** What makes it up: one group of equivalent LOINC codes per analyte. All must be resulted for a repeat to be one. */
  readonly analytes: readonly (readonly string[])[];
  readonly retestHours: number;
  readonly citation: Citation;
  /** When the interval does not hold. */
  readonly except?: string;
}

/** Recommendation of the national guidance, by its own number; the shortest interval it names for the test is taken. */
function rcpath(recommendation: string): Citation {
  return {
    label: `National minimum retesting intervals in pathology (RCPath, ACB, IBMS; G147, 2021), ${recommendation}`,
  };
}

const creatinine = ['2160-0', '14682-9', '38483-4', '59826-8'];
const potassium = ['2823-3', '6298-4'];
const sodium = ['2951-2', '2947-0'];
const alt = ['1742-6'];
const bilirubin = ['1975-2', '14631-6'];
const phosphatase = ['6768-6'];
const albumin = ['1751-7'];
const calcium = ['17861-6', '2000-8'];
const phosphate = ['2777-1', '14879-1'];
const hemoglobin = ['718-7', '59260-0'];
const leukocytes = ['6690-2', '26464-8'];
const platelets = ['777-3', '26515-7'];
const cholesterol = ['2093-3', '14647-2'];
const hdl = ['2085-9', '14646-4'];
const triglyceride = ['2571-8', '14927-8'];

const days = 24;

/**
 * Not in the table on purpose: single electrolytes (a critical one is repeated at once), troponin and BNP (no
 * interval is given), PSA (six weeks and three months are both given, for different questions).
 */
export const labTests: readonly LabTest[] = [
  {
    id: 'hba1c',
    title: 'Hemoglobin A1c',
    loinc: ['4548-4', '4549-2', '17856-6', '41995-2', '59261-8'],
    names: /\b(hb ?a1c|a1c|gly(c|cosyl)ated ha?emoglobin)\b/,
    analytes: [['4548-4', '4549-2', '17856-6', '41995-2', '59261-8']],
    retestHours: 60 * days,
    citation: rcpath('B-E19'),
    except:
      'A second value within two weeks confirms a new diagnosis of diabetes (B-E18); pregnancy has its own schedule.',
  },
  {
    id: 'lipids',
    title: 'Lipid panel',
    loinc: ['24331-1', '57698-3'],
    names: /\b(lipid (panel|profile)|lipids)\b/,
    analytes: [cholesterol, hdl, triglyceride],
    retestHours: 28 * days,
    // RCPath says three months after a change of therapy (B-LP3), AHA/ACC four to twelve weeks: the shorter one.
    citation: {
      label: '2018 AHA/ACC guideline on the management of blood cholesterol: 4 to 12 weeks after a change of therapy',
      url: 'https://doi.org/10.1161/CIR.0000000000000625',
    },
    except: 'Parenteral nutrition and pancreatitis from high triglycerides are followed daily.',
  },
  {
    id: 'tsh',
    title: 'TSH',
    loinc: ['3016-3', '11580-8', '11579-0'],
    names: /\b(tsh|thyrotropin|thyroid[- ]stimulating hormone)\b(?!.*(receptor|antibod))/,
    analytes: [['3016-3', '11580-8', '11579-0']],
    retestHours: 28 * days,
    citation: rcpath('B-E4'),
    except: 'After a change of thyroxine dose two months are needed (B-E5); pregnancy has its own schedule.',
  },
  {
    id: 'free-t4',
    title: 'Free T4',
    loinc: ['3024-7', '14920-3'],
    names: /\b(free (t4|thyroxine)|ft4)\b/,
    analytes: [['3024-7', '14920-3']],
    retestHours: 28 * days,
    citation: rcpath('B-E4'),
    except: 'After a change of thyroxine dose two months are needed (B-E5); pregnancy has its own schedule.',
  },
  {
    id: 'vitamin-d',
    title: '25-hydroxyvitamin D',
    loinc: ['1989-3', '62292-8', '35365-6', '49054-0'],
    names: /(?<!1[,.])\b(25[- ]?(oh|hydroxy)[- ]?(vitamin )?d|vitamin d)\b(?!.*1[,.]25)/,
    analytes: [['1989-3', '62292-8', '35365-6', '49054-0']],
    retestHours: 90 * days,
    citation: rcpath('B-B7'),
  },
  {
    id: 'vitamin-b12',
    title: 'Vitamin B12',
    loinc: ['2132-9', '14685-2'],
    names: /\b(vitamin b[- ]?12|b12|cobalamin)\b/,
    analytes: [['2132-9', '14685-2']],
    retestHours: 30 * days,
    citation: rcpath('B-G10'),
    except: 'One to two months after the start of treatment, when there is no response.',
  },
  {
    id: 'folate',
    title: 'Folate',
    loinc: ['2284-8', '14732-2'],
    names: /\b(folate|folic acid)\b/,
    analytes: [['2284-8', '14732-2']],
    retestHours: 30 * days,
    citation: rcpath('B-G10'),
  },
  {
    id: 'ferritin',
    title: 'Ferritin',
    loinc: ['2276-4', '24373-3'],
    names: /\bferritin\b/,
    analytes: [['2276-4', '24373-3']],
    retestHours: 28 * days,
    citation: rcpath('B-G5, B-G8, B-G9'),
    except: 'In kidney disease not before one week after intravenous iron (B-G8).',
  },
  {
    id: 'blood-count',
    title: 'Complete blood count',
    loinc: ['58410-2', '57021-8', '57782-5'],
    names: /\b(cbc|fbc|(complete|full) blood count|ha?emogram)\b/,
    analytes: [hemoglobin, leukocytes, platelets],
    retestHours: days,
    citation: rcpath('H-FBC3'),
    except: 'Bleeding.',
  },
  {
    id: 'electrolytes',
    title: 'Basic metabolic panel',
    loinc: ['51990-0', '24321-2', '24362-6'],
    names: /\b(bmp|basic metabolic( panel)?|u ?& ?es?|urea and electrolytes|renal (function )?panel)\b/,
    analytes: [sodium, potassium, creatinine],
    retestHours: days,
    citation: rcpath('B-R3'),
    except: 'Symptomatic disturbance, hypertonic saline (every two to four hours, B-R4).',
  },
  {
    id: 'comprehensive-metabolic',
    title: 'Comprehensive metabolic panel',
    loinc: ['24323-8'],
    names: /\b(cmp|comprehensive metabolic( panel)?)\b/,
    analytes: [sodium, potassium, creatinine, alt, bilirubin],
    retestHours: days,
    citation: rcpath('B-R3'),
    except: 'Symptomatic disturbance, hypertonic saline (every two to four hours, B-R4).',
  },
  {
    id: 'liver-function',
    title: 'Liver function tests',
    loinc: ['24325-3'],
    names: /\b(lfts?|(liver|hepatic) (function )?(tests?|panel|profile))\b/,
    analytes: [alt, bilirubin, phosphatase, albumin],
    retestHours: 3 * days,
    citation: rcpath('B-L2'),
    except: 'Poisoning, acute liver injury, parenteral nutrition, intensive care (B-L4).',
  },
  {
    id: 'bone-profile',
    title: 'Bone profile',
    loinc: [],
    names: /\bbone profile\b/,
    analytes: [calcium, phosphate, phosphatase],
    retestHours: 2 * days,
    citation: rcpath('B-B2'),
    except: 'Acute calcium disturbance, parenteral nutrition, intensive care (B-B3).',
  },
  {
    id: 'ggt',
    title: 'Gamma-glutamyl transferase',
    loinc: ['2324-2'],
    names: /\b(ggt|gamma[- ]glutamyl ?transferase)\b/,
    analytes: [['2324-2']],
    retestHours: 7 * days,
    citation: rcpath('B-L3'),
  },
  {
    id: 'crp',
    title: 'C-reactive protein',
    loinc: ['1988-5', '76485-2'],
    names: /\b(crp|c[- ]reactive protein)\b/,
    analytes: [['1988-5', '76485-2']],
    retestHours: days,
    citation: rcpath('B-SP7'),
  },
  {
    id: 'procalcitonin',
    title: 'Procalcitonin',
    loinc: ['33959-8', '75241-0'],
    names: /\bprocalcitonin\b/,
    analytes: [['33959-8', '75241-0']],
    retestHours: days,
    citation: rcpath('B-SP8'),
  },
  {
    id: 'ca-125',
    title: 'CA 125',
    loinc: ['10334-1'],
    names: /\bca[- ]?125\b/,
    analytes: [['10334-1']],
    retestHours: 28 * days,
    citation: rcpath('B-TM4, B-TM5'),
  },
  {
    id: 'ca-19-9',
    title: 'CA 19-9',
    loinc: ['24108-3'],
    names: /\bca[- ]?19[-.]9\b/,
    analytes: [['24108-3']],
    retestHours: 28 * days,
    citation: rcpath('B-TM6'),
  },
];
