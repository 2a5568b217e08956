/** What the synthetic reports are made of. Ranges are of adults and only roughly right: they need to look right. */

export type Language = 'en' | 'de' | 'es' | 'fr';

export interface Analyte {
  readonly loinc: string;
  readonly names: Readonly<Record<Language, readonly string[]>>;
  /** Printed spellings of the one unit that low and high are in. */
  readonly units: readonly string[];
  readonly low?: number;
  readonly high?: number;
  readonly decimals: number;
  readonly panel: Panel;
  /** Qualitative tests: words per language, the first is normal. */
  readonly words?: Readonly<Record<Language, readonly string[]>>;
}

export type Panel =
  | 'chemistry'
  | 'haematology'
  | 'lipids'
  | 'thyroid'
  | 'coagulation'
  | 'urine'
  | 'serology'
  | 'cardiac';

const a = (
  panel: Panel,
  loinc: string,
  en: string,
  de: string,
  es: string,
  fr: string,
  units: string,
  low: number | undefined,
  high: number | undefined,
  decimals: number,
): Analyte => ({
  panel,
  loinc,
  names: { en: en.split('|'), de: de.split('|'), es: es.split('|'), fr: fr.split('|') },
  units: units === '' ? [] : units.split('|'),
  low,
  high,
  decimals,
});

const millimole = 'mmol/L|mmol/l|mEq/L';
const enzyme = 'U/L|IU/L|U/l';
const thousand = '10^3/uL|K/uL|x10E3/uL|10*3/uL|Thousand/uL|x10^9/L|10^9/L';

export const analytes: readonly Analyte[] = [
  a('chemistry', '2951-2', 'Sodium|Na|Sodium, Serum', 'Natrium', 'Sodio', 'Sodium', millimole, 136, 145, 0),
  a('chemistry', '2823-3', 'Potassium|K|Potassium, Serum', 'Kalium', 'Potasio', 'Potassium', millimole, 3.5, 5.1, 1),
  a(
    'chemistry',
    '2075-0',
    'Chloride|Chloride, Serum',
    'Chlorid',
    'Cloro|Cloruro',
    'Chlorure|Chlore',
    millimole,
    98,
    107,
    0,
  ),
  a(
    'chemistry',
    '2345-7',
    'Glucose|Glucose, Serum|Glucose, Random',
    'Glukose|Glucose',
    'Glucosa',
    'Glucose|Glycémie',
    'mg/dL|mg/dl',
    70,
    99,
    0,
  ),
  a(
    'chemistry',
    '3094-0',
    'BUN|Urea Nitrogen (BUN)|Blood Urea Nitrogen',
    'Harnstoff-N',
    'Nitrógeno ureico',
    'Azote uréique',
    'mg/dL|mg/dl',
    7,
    20,
    0,
  ),
  a(
    'chemistry',
    '2160-0',
    'Creatinine|Creatinine, Serum',
    'Kreatinin',
    'Creatinina',
    'Créatinine',
    'mg/dL|mg/dl',
    0.6,
    1.2,
    2,
  ),
  a('chemistry', '17861-6', 'Calcium|Calcium, Total', 'Calcium', 'Calcio', 'Calcium', 'mg/dL|mg/dl', 8.6, 10.3, 1),
  a(
    'chemistry',
    '2885-2',
    'Protein, Total|Total Protein',
    'Gesamteiweiß',
    'Proteínas totales',
    'Protéines totales',
    'g/dL|g/dl',
    6.4,
    8.3,
    1,
  ),
  a('chemistry', '1751-7', 'Albumin', 'Albumin', 'Albúmina', 'Albumine', 'g/dL|g/dl', 3.5, 5.2, 1),
  a(
    'chemistry',
    '1975-2',
    'Bilirubin, Total|Total Bilirubin',
    'Bilirubin gesamt',
    'Bilirrubina total',
    'Bilirubine totale',
    'mg/dL|mg/dl',
    0.2,
    1.2,
    1,
  ),
  a(
    'chemistry',
    '1920-8',
    'AST|AST (SGOT)|Aspartate Aminotransferase',
    'GOT (AST)|GOT',
    'GOT (AST)|AST',
    'ASAT|ASAT (TGO)',
    enzyme,
    5,
    40,
    0,
  ),
  a(
    'chemistry',
    '1742-6',
    'ALT|ALT (SGPT)|Alanine Aminotransferase',
    'GPT (ALT)|GPT',
    'GPT (ALT)|ALT',
    'ALAT|ALAT (TGP)',
    enzyme,
    7,
    56,
    0,
  ),
  a(
    'chemistry',
    '6768-6',
    'Alkaline Phosphatase|ALP',
    'Alkalische Phosphatase|AP',
    'Fosfatasa alcalina',
    'Phosphatases alcalines',
    enzyme,
    40,
    130,
    0,
  ),
  a('chemistry', '2324-2', 'GGT|Gamma GT', 'Gamma-GT|GGT', 'GGT|Gamma GT', 'Gamma GT|GGT', enzyme, 8, 61, 0),
  a('chemistry', '2777-1', 'Phosphorus|Phosphate', 'Phosphat', 'Fósforo', 'Phosphore', 'mg/dL|mg/dl', 2.5, 4.5, 1),
  a('chemistry', '19123-9', 'Magnesium', 'Magnesium', 'Magnesio', 'Magnésium', 'mg/dL|mg/dl', 1.6, 2.6, 1),
  a('chemistry', '3084-1', 'Uric Acid', 'Harnsäure', 'Ácido úrico', 'Acide urique', 'mg/dL|mg/dl', 3.4, 7.0, 1),
  a(
    'chemistry',
    '1988-5',
    'C-Reactive Protein|CRP',
    'CRP|C-reaktives Protein',
    'Proteína C reactiva|PCR',
    'CRP|Protéine C réactive',
    'mg/L|mg/l',
    undefined,
    5,
    1,
  ),
  a('chemistry', '2276-4', 'Ferritin', 'Ferritin', 'Ferritina', 'Ferritine', 'ng/mL|ug/L', 30, 400, 0),
  a('chemistry', '2498-4', 'Iron|Iron, Serum', 'Eisen', 'Hierro', 'Fer sérique|Fer', 'ug/dL|mcg/dL', 60, 170, 0),
  a('chemistry', '2132-9', 'Vitamin B12', 'Vitamin B12', 'Vitamina B12', 'Vitamine B12', 'pg/mL', 211, 946, 0),
  a(
    'chemistry',
    '2284-8',
    'Folate|Folic Acid',
    'Folsäure',
    'Ácido fólico',
    'Folates|Acide folique',
    'ng/mL',
    3.9,
    26.8,
    1,
  ),
  a(
    'chemistry',
    '4548-4',
    'Hemoglobin A1c|HbA1c',
    'HbA1c',
    'Hemoglobina glicosilada|HbA1c',
    'HbA1c|Hémoglobine glyquée',
    '%',
    4.0,
    5.6,
    1,
  ),
  a(
    'haematology',
    '6690-2',
    'WBC|White Blood Cell Count|Leukocytes',
    'Leukozyten',
    'Leucocitos',
    'Leucocytes',
    thousand,
    4.0,
    11.0,
    1,
  ),
  a(
    'haematology',
    '789-8',
    'RBC|Red Blood Cell Count',
    'Erythrozyten',
    'Hematíes|Eritrocitos',
    'Hématies|Erythrocytes',
    '10^6/uL|M/uL|x10E6/uL|10^12/L',
    4.2,
    5.8,
    2,
  ),
  a(
    'haematology',
    '718-7',
    'Hemoglobin|Haemoglobin|Hgb',
    'Hämoglobin',
    'Hemoglobina',
    'Hémoglobine',
    'g/dL|g/dl',
    12.0,
    16.5,
    1,
  ),
  a('haematology', '4544-3', 'Hematocrit|Haematocrit|Hct', 'Hämatokrit', 'Hematocrito', 'Hématocrite', '%', 36, 50, 1),
  a('haematology', '787-2', 'MCV', 'MCV', 'VCM', 'VGM', 'fL|fl', 80, 100, 1),
  a('haematology', '785-6', 'MCH', 'MCH', 'HCM', 'TCMH', 'pg', 27, 33, 1),
  a('haematology', '786-4', 'MCHC', 'MCHC', 'CHCM', 'CCMH', 'g/dL|g/dl', 32, 36, 1),
  a('haematology', '788-0', 'RDW', 'RDW|EVB', 'ADE|RDW', 'IDR', '%', 11.5, 14.5, 1),
  a(
    'haematology',
    '777-3',
    'Platelets|Platelet Count',
    'Thrombozyten',
    'Plaquetas',
    'Plaquettes',
    thousand,
    150,
    400,
    0,
  ),
  a(
    'haematology',
    '770-8',
    'Neutrophils',
    'Neutrophile',
    'Neutrófilos',
    'Neutrophiles|Polynucléaires neutrophiles',
    '%',
    40,
    75,
    1,
  ),
  a('haematology', '736-9', 'Lymphocytes', 'Lymphozyten', 'Linfocitos', 'Lymphocytes', '%', 20, 45, 1),
  a('haematology', '5905-5', 'Monocytes', 'Monozyten', 'Monocitos', 'Monocytes', '%', 2, 10, 1),
  a(
    'haematology',
    '713-8',
    'Eosinophils',
    'Eosinophile',
    'Eosinófilos',
    'Eosinophiles|Polynucléaires éosinophiles',
    '%',
    0,
    6,
    1,
  ),
  a(
    'lipids',
    '2093-3',
    'Cholesterol, Total|Total Cholesterol|Cholesterol',
    'Cholesterin|Gesamtcholesterin',
    'Colesterol total',
    'Cholestérol total',
    'mg/dL|mg/dl',
    undefined,
    200,
    0,
  ),
  a(
    'lipids',
    '2085-9',
    'HDL Cholesterol|HDL',
    'HDL-Cholesterin',
    'Colesterol HDL',
    'Cholestérol HDL|HDL cholestérol',
    'mg/dL|mg/dl',
    40,
    undefined,
    0,
  ),
  a(
    'lipids',
    '13457-7',
    'LDL Cholesterol (Calc)|LDL Calculated',
    'LDL-Cholesterin berechnet',
    'Colesterol LDL calculado',
    'LDL calculé',
    'mg/dL|mg/dl',
    undefined,
    130,
    0,
  ),
  a(
    'lipids',
    '2571-8',
    'Triglycerides',
    'Triglyceride',
    'Triglicéridos',
    'Triglycérides',
    'mg/dL|mg/dl',
    undefined,
    150,
    0,
  ),
  a(
    'thyroid',
    '3016-3',
    'TSH|Thyroid Stimulating Hormone',
    'TSH|TSH basal',
    'TSH',
    'TSH',
    'uIU/mL|mIU/L|µIU/mL',
    0.4,
    4.5,
    2,
  ),
  a('thyroid', '3024-7', 'Free T4|T4, Free', 'fT4|Freies T4', 'T4 libre', 'T4 libre', 'ng/dL', 0.8, 1.8, 2),
  a('thyroid', '3051-0', 'Free T3|T3, Free', 'fT3|Freies T3', 'T3 libre', 'T3 libre', 'pg/mL', 2.3, 4.2, 1),
  a(
    'coagulation',
    '5902-2',
    'Prothrombin Time|PT',
    'Prothrombinzeit',
    'Tiempo de protrombina',
    'Temps de Quick',
    'sec|s',
    11.0,
    13.5,
    1,
  ),
  a('coagulation', '6301-6', 'INR', 'INR', 'INR', 'INR', '', 0.8, 1.2, 1),
  a('coagulation', '14979-9', 'aPTT|PTT', 'aPTT|PTT', 'TTPA|APTT', 'TCA', 'sec|s', 25, 36, 1),
  a('cardiac', '10839-9', 'Troponin I', 'Troponin I', 'Troponina I', 'Troponine I', 'ng/mL', undefined, 0.04, 2),
  a('cardiac', '2157-6', 'CK|Creatine Kinase', 'CK|Kreatinkinase', 'CK|Creatina quinasa', 'CK|CPK', enzyme, 30, 200, 0),
  a('cardiac', '2532-0', 'LDH|Lactate Dehydrogenase', 'LDH', 'LDH', 'LDH', enzyme, 135, 225, 0),
  {
    ...a('urine', '25428-4', 'Glucose', 'Glucose', 'Glucosa', 'Glucose', '', undefined, undefined, 0),
    words: {
      en: ['Negative', 'Trace', '1+', '2+'],
      de: ['negativ', 'positiv'],
      es: ['Negativo', 'Positivo'],
      fr: ['Négatif', 'Positif'],
    },
  },
  {
    ...a('urine', '20454-5', 'Protein', 'Eiweiß|Protein', 'Proteínas', 'Protéines', '', undefined, undefined, 0),
    words: {
      en: ['Negative', 'Trace', '1+', '3+'],
      de: ['negativ', 'positiv'],
      es: ['Negativo', 'Positivo'],
      fr: ['Négatif', 'Positif'],
    },
  },
  {
    ...a('urine', '2514-8', 'Ketones', 'Ketone|Keton', 'Cetonas', 'Corps cétoniques', '', undefined, undefined, 0),
    words: {
      en: ['Negative', 'Trace', '2+'],
      de: ['negativ', 'positiv'],
      es: ['Negativo', 'Positivo'],
      fr: ['Négatif', 'Positif'],
    },
  },
  {
    ...a('urine', '5802-4', 'Nitrite', 'Nitrit', 'Nitritos', 'Nitrites', '', undefined, undefined, 0),
    words: {
      en: ['Negative', 'Positive'],
      de: ['negativ', 'positiv'],
      es: ['Negativo', 'Positivo'],
      fr: ['Négatif', 'Positif'],
    },
  },
  a('urine', '5811-5', 'Specific Gravity', 'Spezifisches Gewicht', 'Densidad', 'Densité', '', 1.005, 1.03, 3),
  a('urine', '5803-2', 'pH', 'pH-Wert|pH', 'pH', 'pH', '', 5, 8, 1),
  {
    ...a(
      'serology',
      '5196-1',
      'Hepatitis B Surface Antigen|HBsAg',
      'HBs-Antigen|HBsAg',
      'HBsAg',
      'Antigène HBs',
      '',
      undefined,
      undefined,
      0,
    ),
    words: {
      en: ['Non-Reactive', 'Reactive'],
      de: ['negativ', 'positiv'],
      es: ['Negativo', 'Positivo'],
      fr: ['Négatif', 'Positif'],
    },
  },
];

export const panels: Readonly<Record<Language, Readonly<Record<Panel, readonly string[]>>>> = {
  en: {
    chemistry: ['Comprehensive Metabolic Panel', 'CHEMISTRY', 'Biochemistry, Serum', 'Basic Metabolic Panel'],
    haematology: ['CBC With Differential', 'HEMATOLOGY', 'Complete Blood Count', 'Haematology'],
    lipids: ['Lipid Panel', 'LIPID PROFILE'],
    thyroid: ['Thyroid Function', 'ENDOCRINOLOGY'],
    coagulation: ['Coagulation', 'COAGULATION STUDIES'],
    urine: ['URINALYSIS', 'Urinalysis, Dipstick'],
    serology: ['Serology', 'VIRAL SEROLOGY'],
    cardiac: ['Cardiac Markers', 'CARDIAC ENZYMES'],
  },
  de: {
    chemistry: ['Klinische Chemie', 'KLINISCHE CHEMIE'],
    haematology: ['Blutbild', 'Hämatologie', 'HÄMATOLOGIE'],
    lipids: ['Lipidstatus', 'Fettstoffwechsel'],
    thyroid: ['Schilddrüse', 'SCHILDDRÜSENDIAGNOSTIK'],
    coagulation: ['Gerinnung', 'GERINNUNG'],
    urine: ['Urinstatus', 'URIN'],
    serology: ['Infektionsserologie', 'Serologie'],
    cardiac: ['Herzmarker', 'Enzyme'],
  },
  es: {
    chemistry: ['Bioquímica', 'BIOQUÍMICA GENERAL'],
    haematology: ['Hematología', 'HEMOGRAMA'],
    lipids: ['Perfil lipídico'],
    thyroid: ['Hormonas tiroideas'],
    coagulation: ['Coagulación'],
    urine: ['ORINA', 'Sistemático de orina'],
    serology: ['Serología'],
    cardiac: ['Marcadores cardíacos'],
  },
  fr: {
    chemistry: ['Biochimie', 'BIOCHIMIE SANGUINE'],
    haematology: ['Hématologie', 'NUMÉRATION FORMULE SANGUINE'],
    lipids: ['Bilan lipidique'],
    thyroid: ['Bilan thyroïdien'],
    coagulation: ['Hémostase'],
    urine: ['Analyse d’urines', 'URINES'],
    serology: ['Sérologie'],
    cardiac: ['Marqueurs cardiaques'],
  },
};

type HeaderKey =
  | 'name'
  | 'value'
  | 'unit'
  | 'range'
  | 'flag'
  | 'previous'
  | 'current'
  | 'in-range'
  | 'out-of-range'
  | 'other';

/** Wordings of column headings; the last of each list is kept for held-out documents. */
export const headings: Readonly<Record<Language, Readonly<Record<HeaderKey, readonly string[]>>>> = {
  en: {
    name: ['Test', 'Test Name', 'TESTS', 'Investigation', 'Component', 'Analyte', 'Parameter'],
    value: ['Result', 'RESULT', 'Results', 'Value', 'Observed Value', 'Your Value'],
    unit: ['Units', 'UNITS', 'Unit', 'UOM'],
    range: [
      'Reference Range',
      'Reference Interval',
      'REFERENCE INTERVAL',
      'Ref. Range',
      'Normal Range',
      'Bio. Ref. Interval',
      'Standard Range',
    ],
    flag: ['Flag', 'FLAG', 'Abn', 'H/L'],
    previous: ['Previous Result', 'Prior Result', 'Previous', 'Previous Result and Date', 'Last Result'],
    current: ['Current Result', 'Current', 'Today'],
    'in-range': ['In Range', 'IN RANGE'],
    'out-of-range': ['Out Of Range', 'OUT OF RANGE'],
    other: ['Lab', 'Site'],
  },
  de: {
    name: ['Untersuchung', 'Analyse', 'Parameter', 'Bezeichnung'],
    value: ['Ergebnis', 'Messwert', 'Wert', 'Befund'],
    unit: ['Einheit', 'Einheiten', 'Einheit'],
    range: ['Referenzbereich', 'Normbereich', 'Normalwerte', 'Referenzwerte'],
    flag: ['Flag', 'Markierung', 'Kennz.'],
    previous: ['Vorwert', 'Vorbefund', 'Vorwerte'],
    current: ['Aktuell', 'Aktuell'],
    'in-range': ['Im Normbereich'],
    'out-of-range': ['Außerhalb'],
    other: ['Code'],
  },
  es: {
    name: ['Prueba', 'Determinación', 'Análisis', 'Parámetro'],
    value: ['Resultado', 'RESULTADO', 'Valor'],
    unit: ['Unidades', 'Unidad', 'UNIDADES'],
    range: ['Valores de referencia', 'Rango de referencia', 'Intervalo de referencia'],
    flag: ['Alerta', 'Indicador'],
    previous: ['Anterior', 'Resultado anterior', 'Valor anterior'],
    current: ['Actual', 'Resultado actual'],
    'in-range': ['Dentro de rango'],
    'out-of-range': ['Fuera de rango'],
    other: ['Código'],
  },
  fr: {
    name: ['Analyse', 'Examen', 'Dosage', 'Paramètre'],
    value: ['Résultat', 'RÉSULTATS', 'Valeur'],
    unit: ['Unité', 'Unités', 'UNITÉS'],
    range: ['Valeurs de référence', 'Valeurs usuelles', 'Intervalle de référence'],
    flag: ['Alerte', 'Alerte'],
    previous: ['Antériorité', 'Antériorités', 'Résultat antérieur'],
    current: ['Actuel', 'Résultat actuel'],
    'in-range': ['Norme'],
    'out-of-range': ['Hors norme'],
    other: ['Code'],
  },
};

export const facts: Readonly<
  Record<
    Language,
    {
      name: readonly string[];
      born: readonly string[];
      id: readonly string[];
      collected: readonly string[];
      received: readonly string[];
      reported: readonly string[];
      sex: string;
      doctor: string;
    }
  >
> = {
  en: {
    name: ['Patient', 'Patient Name', 'Name'],
    born: ['DOB', 'Date of Birth', 'Born'],
    id: ['MRN', 'Patient ID', 'UHID'],
    collected: ['Collected', 'Collection Date', 'Date Collected', 'Drawn'],
    received: ['Received', 'Date Received'],
    reported: ['Reported', 'Report Date'],
    sex: 'Sex',
    doctor: 'Ordering Physician',
  },
  de: {
    name: ['Patient', 'Name'],
    born: ['geb.', 'Geburtsdatum'],
    id: ['Pat.-Nr.', 'Patienten-ID'],
    collected: ['Entnahme', 'Abnahmedatum'],
    received: ['Eingang', 'Probeneingang'],
    reported: ['Befunddatum', 'Befund vom'],
    sex: 'Geschlecht',
    doctor: 'Einsender',
  },
  es: {
    name: ['Paciente', 'Nombre'],
    born: ['Fecha de nacimiento', 'F. Nacimiento'],
    id: ['NHC', 'Historia clínica'],
    collected: ['Fecha de extracción', 'Toma de muestra'],
    received: ['Recepción', 'Fecha de recepción'],
    reported: ['Fecha de informe', 'Fecha informe'],
    sex: 'Sexo',
    doctor: 'Médico',
  },
  fr: {
    name: ['Patient', 'Nom'],
    born: ['Date de naissance', 'Né(e) le'],
    id: ['IPP', 'N° patient'],
    collected: ['Prélèvement', 'Date de prélèvement'],
    received: ['Reçu le', 'Réception'],
    reported: ['Édité le', 'Validé le'],
    sex: 'Sexe',
    doctor: 'Prescripteur',
  },
};

export const people = {
  family: [
    'Okafor',
    'Lindqvist',
    'Marsh',
    'Petrov',
    'Nakamura',
    'Silva',
    'Brandt',
    'Delacroix',
    'Romero',
    'Haddad',
    'Keller',
    'Novak',
  ],
  given: ['Amara', 'Jonas', 'Elena', 'Victor', 'Hana', 'Rui', 'Greta', 'Luc', 'Ines', 'Sami', 'Marta', 'Piotr'],
};

export const laboratories: Readonly<Record<Language, readonly string[]>> = {
  en: ['Northgate Clinical Laboratory', 'Riverside Diagnostics', 'St. Alban Hospital Pathology'],
  de: ['Labor am Nordpark', 'MVZ Labor Südring', 'Institut für Labordiagnostik'],
  es: ['Laboratorio Clínico del Norte', 'Laboratorios Alameda'],
  fr: ['Laboratoire de Biologie Médicale du Parc', 'Laboratoire des Tilleuls'],
};

export const comments: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'Fasting reference interval. For someone without known diabetes, a glucose value between 100 and 125 mg/dL is consistent with prediabetes.',
    'Estimated GFR is calculated with the CKD-EPI 2021 equation; values below 60 mL/min/1.73m2 for 3 months indicate disease.',
    'Critical result called to ward nurse at 10:42 and read back.',
    'Note: Sample slightly haemolysed, potassium may be falsely elevated by 0.3 mmol/L.',
    'Desirable range <100 mg/dL for primary prevention; <70 mg/dL for patients with known heart disease.',
    'This test was performed at a different site and validated by the medical director.',
  ],
  de: [
    'Hinweis: Probe leicht hämolytisch, Kalium ggf. falsch erhöht.',
    'Die Berechnung erfolgt nach der Friedewald-Formel, gültig bis 400 mg/dl Triglyceride.',
    'Kommentar: Kontrolle in 3 Monaten empfohlen.',
  ],
  es: [
    'Nota: muestra ligeramente hemolizada, el potasio puede estar aumentado.',
    'Comentario: se recomienda repetir en 3 meses la determinación.',
  ],
  fr: [
    'Commentaire : prélèvement légèrement hémolysé, à contrôler sur un nouvel échantillon.',
    'Remarque : valeurs établies chez l’adulte à jeun depuis 12 heures.',
  ],
};

export const methods: readonly string[] = [
  'Method: ISE indirect',
  '(Enzymatic)',
  'Method: Hexokinase',
  '(CLIA)',
  'Method: Jaffe, kinetic',
  '(Photometry)',
];
