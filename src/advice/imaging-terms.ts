export type Modality = 'XR' | 'CT' | 'MR' | 'US' | 'MG' | 'NM' | 'PT' | 'DXA';

/** DICOM modality codes (PS3.3 C.7.3.1.1.1) by our word. */
export const dicomModalities: Readonly<Record<string, Modality>> = {
  CR: 'XR',
  DX: 'XR',
  RG: 'XR',
  CT: 'CT',
  MR: 'MR',
  US: 'US',
  MG: 'MG',
  NM: 'NM',
  PT: 'PT',
  BMD: 'DXA',
};

export const modalityTitles: Readonly<Record<Modality, string>> = {
  XR: 'X-ray',
  CT: 'CT',
  MR: 'MRI',
  US: 'ultrasound',
  MG: 'mammogram',
  NM: 'nuclear medicine study',
  PT: 'PET',
  DXA: 'bone densitometry',
};

/** English words by which orders and studies name a modality; the first that matches. */
export const modalityWords: readonly (readonly [Modality, RegExp])[] = [
  ['PT', /\b(pet([/-]ct)?|positron)\b/],
  ['DXA', /\b(dxa|dexa|bone densit\w*)\b/],
  ['MG', /\b(mammo\w*|mg)\b/],
  ['CT', /\b(ct|cta|cat scan|computed tomograph\w*)\b/],
  ['MR', /\b(mr|mra|mri|mrcp|magnetic resonance)\b/],
  ['US', /\b(us|ultrasound|ultrasonograph\w*|sonogra\w*|doppler)\b/],
  ['XR', /\b(xr|x-?ray|x ray|cxr|kub|radiograph\w*|plain film)\b/],
  ['NM', /\b(nm|nuclear medicine|scintigra\w*|spect)\b/],
];

/** Regions, smallest sensible ones; a text may name several. */
export const regionWords: readonly (readonly [string, RegExp])[] = [
  ['chest', /\b(chest|thorax|thoracic(?! spine)|lungs?|cxr|pulmonary)\b/],
  ['head', /\b(head|brain|cranial|cerebral|skull)\b/],
  ['neck', /\b(neck|carotid\w*|larynx|thyroid)\b/],
  ['abdomen', /\b(abdomen|abdominal|abd|liver|hepatic|pancrea\w*|renal|kidneys?|gallbladder|kub|mrcp)\b/],
  ['pelvis', /\b(pelvis|pelvic|pelv)\b/],
  ['cervical spine', /\b(cervical spine|c[- ]?spine)\b/],
  ['thoracic spine', /\b(thoracic spine|t[- ]?spine)\b/],
  ['lumbar spine', /\b(lumbar|lumbosacral|l[- ]?spine)\b/],
  ['breast', /\b(breasts?|mammo\w*)\b/],
  ['heart', /\b(heart|cardiac|coronary)\b/],
  ['sinuses', /\bsinus(es)?\b/],
  ['shoulder', /\bshoulder\b/],
  ['elbow', /\belbow\b/],
  ['wrist', /\bwrist\b/],
  ['hand', /\b(hand|finger|thumb)s?\b/],
  ['hip', /\bhips?\b/],
  ['knee', /\bknees?\b/],
  ['ankle', /\bankle\b/],
  ['foot', /\b(foot|feet|toes?)\b/],
];

/** SNOMED CT body structures that ImagingStudy.series.bodySite carries, by region. */
export const regionSnomed: Readonly<Record<string, string>> = {
  '51185008': 'chest',
  '816094009': 'chest',
  '39607008': 'chest',
  '69536005': 'head',
  '12738006': 'head',
  '45048000': 'neck',
  '113345001': 'abdomen',
  '818981001': 'abdomen',
  '818983003': 'abdomen',
  '12921003': 'pelvis',
  '816092008': 'pelvis',
  '72696002': 'knee',
};

export type Contrast = 'with' | 'without' | 'unknown';

/** How a text speaks of contrast. `both` is a study without and with, which gives it; so may "with or without". */
export const contrastWords = {
  both: /\b(wo|w\/o|without) ?(and|or|&|\+) ?(w|with)\b|\b(w|with) ?(and|or|&|\+) ?(wo|w\/o|without)\b|\bw\/ ?wo\b|\bwwo\b/,
  without:
    /\b(wo|w\/o|without|no) (iv |intravenous )?contrast\b(?! (allerg|reaction))|\bnon[- ]?contrast\b|\bunenhanced\b|\bnon[- ]?enhanced\b/,
  with: /\b(w|w\/|with) ?(oral |and |iv |intravenous |iodinated |gadolinium |gad )*(contrast|gadolinium|gad)\b|\bcontrast[- ]enhanced\b|\b(iv|intravenous) contrast\b|\bpost[- ]contrast\b|\bcta\b|\b(ct|computed tomograph\w*) angio\w*|\bgado\w+/,
  /** Given another way, which does not reach the kidneys as a bolus does; `vessel` in the same text outweighs it. */
  elsewhere:
    /\b(oral|po|pr|rectal|intrathecal|it|intra[- ]?articular) contrast\b|\bcontrast (oral|po|pr|it|orally|rectally|via|intra ?(thecal|articular|bladder|disc\w*))\b|\barthrogra\w*|\bbarium\b|\benema\b/,
  vessel: /\b(iv|intravenous|angio\w*|cta)\b/,
} as const;

/**
 * LOINC imaging codes, for orders that carry a code without a text: name as LOINC has it. `without` is the same study
 * without intravenous contrast.
 */
export const loincImaging: Readonly<Record<string, { readonly name: string; readonly without?: string }>> = {
  '24725-4': { name: 'CT Head' },
  '30799-1': { name: 'CT Head WO contrast' },
  '24727-0': { name: 'CT Head W contrast IV', without: '30799-1' },
  '24726-2': { name: 'CT Head WO and W contrast IV', without: '30799-1' },
  '36814-2': { name: 'CTA Head Arteries W contrast IV' },
  '36830-8': { name: 'CTA Head vessels W contrast IV' },
  '24627-2': { name: 'CT Chest' },
  '29252-4': { name: 'CT Chest WO contrast' },
  '24628-0': { name: 'CT Chest W contrast IV', without: '29252-4' },
  '41806-1': { name: 'CT Abdomen' },
  '36424-0': { name: 'CT Abdomen WO contrast' },
  '79103-8': { name: 'CT Abdomen W contrast IV', without: '36424-0' },
  '36267-3': { name: 'CT Abdomen WO and W contrast IV', without: '36424-0' },
  '44115-4': { name: 'CT Abdomen and Pelvis' },
  '36952-0': { name: 'CT Abdomen and Pelvis WO contrast' },
  '36813-4': { name: 'CT Abdomen and Pelvis W contrast IV', without: '36952-0' },
  '36828-2': { name: 'CTA Abdominal vessels W contrast IV' },
  '36833-2': { name: 'CTA Renal vessels W contrast IV' },
  '24865-8': { name: 'CT Pelvis' },
  '24866-6': { name: 'CT Pelvis W contrast IV' },
  '24932-6': { name: 'CT Cervical spine' },
  '24963-1': { name: 'CT Lumbar spine' },
  '24590-2': { name: 'MR Brain' },
  '30657-1': { name: 'MR Brain WO contrast' },
  '24589-4': { name: 'MR Brain W contrast IV', without: '30657-1' },
  '24587-8': { name: 'MR Brain WO and W contrast IV', without: '30657-1' },
  '24935-9': { name: 'MR Cervical spine' },
  '24937-5': { name: 'MR Cervical spine WO and W contrast IV' },
  '24968-0': { name: 'MR Lumbar spine' },
  '24967-2': { name: 'MR Lumbar spine WO and W contrast IV' },
  '24802-1': { name: 'MR Knee' },
  '24803-9': { name: 'MR Knee WO and W contrast IV' },
  '24905-2': { name: 'MR Shoulder' },
  '24906-0': { name: 'MR Shoulder WO and W contrast IV' },
  '36643-5': { name: 'XR Chest 2 Views' },
  '30745-4': { name: 'XR Chest Views' },
  '42272-5': { name: 'XR Chest PA and Lateral' },
  '24647-0': { name: 'XR Chest PA and Lateral upright' },
  '24648-8': { name: 'XR Chest PA upright' },
  '24632-2': { name: 'Portable XR Chest Views AP' },
  '36960-3': { name: 'Portable XR Chest AP upright' },
  '24799-9': { name: 'XR Abdomen AP' },
  '24558-9': { name: 'US Abdomen' },
  '24869-0': { name: 'US Pelvis' },
  '24630-6': { name: 'US Chest' },
  '24606-6': { name: 'MG Breast Screening' },
  '26175-0': { name: 'MG Breast - bilateral Screening' },
};

/** SNOMED CT procedures that clients use for imaging orders. */
export const snomedImaging: Readonly<Record<string, string>> = {
  '399208008': 'XR Chest',
  '169069000': 'CT Chest',
  '303653007': 'CT Head',
};
