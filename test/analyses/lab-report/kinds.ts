/** Invented documents that are no laboratory reports, and small ones that are. No person, practice or firm in them exists. */
export const others: Readonly<Record<string, string>> = {
  'radiology, en': `NORTHFIELD RADIOLOGY ASSOCIATES
Patient: Elena Marsh        DOB: 1950-01-31
Exam: CT ABDOMEN AND PELVIS WITH CONTRAST      Date of exam: 2025-03-01

CLINICAL HISTORY: Abdominal pain. Creatinine 1.1 mg/dL on 2025-02-27.
TECHNIQUE: Axial images were obtained after 100 mL of iodinated contrast.
COMPARISON: None.
FINDINGS: The liver measures 14.2 cm. No focal lesion. The spleen is normal in size at 11 cm. Kidneys
enhance symmetrically. A 4 mm nodule in the right lower lobe is unchanged. Aorta 2.1 cm.
IMPRESSION:
1. No acute abnormality.
2. Stable 4 mm pulmonary nodule; follow-up CT in 12 months.
Electronically signed by V. Petrov, MD, radiologist`,
  'radiology, fr': `CENTRE D'IMAGERIE DES TILLEULS
Mme Anna MARTIN   née le 15/04/1950
SCANNER THORACIQUE du 01/03/2025
Indication : toux persistante.
Technique : acquisition hélicoïdale sans injection. PDL 210 mGy.cm
Résultats : Nodule de 6 mm du lobe supérieur droit. Pas d'épanchement pleural. Pas d'adénopathie.
Conclusion : nodule pulmonaire de 6 mm, contrôle à 3 mois.
Dr Petrov, radiologue`,
  'ultrasound, de': `Radiologische Praxis Nordfeld
Patientin: Erika Muster, geb. 15.04.1950
Sonographie Abdomen vom 01.03.2025
Klinische Angaben: Oberbauchschmerz. Bilirubin erhöht.
Befund: Leber homogen, 13,8 cm in der MCL. Gallenblase steinfrei. Milz 10,4 x 4,1 cm. Nieren beidseits 11 cm.
Beurteilung: Kein pathologischer Befund. Kontrolle in 12 Monaten empfohlen.`,
  'prescription, en': `RIVERSIDE FAMILY PRACTICE
Rx                                     Date: 03/01/2025
Patient: Elena Marsh     DOB: 01/31/1950
Vitamin D 1000 IU            1 tablet daily         Qty 90   Refills 3
Potassium chloride 20 mEq    1 tablet twice daily   Qty 60   Refills 1
Iron 65 mg                   take with food         Qty 30
Metformin 500 mg             1 tablet twice daily   Qty 180
Dispense as written          Signature ____________`,
  'prescription, de': `Rezept   Praxis Dr. Petrov   01.03.2025
Muster, Erika   geb. 15.04.1950
Vitamin D 20000 IE Kapseln    N1    1x wöchentlich
Magnesium 300 mg Tabletten    N2    1-0-1
Eisen 100 mg Filmtabletten    N3    0-1-0
Pantoprazol 40 mg             N3    1-0-0
Aut idem`,
  'prescription, fr': `Dr V. PETROV   Médecin généraliste     Le 01/03/2025
Mme Anna MARTIN
ORDONNANCE
Fer 80 mg : 1 comprimé le matin pendant 3 mois
Vitamine D 100 000 UI : 1 ampoule tous les 3 mois
Magnésium 300 mg : 1 gélule par jour
Posologie à respecter. Non substituable. Renouvelable 2 fois.`,
  'invoice, en': `INVOICE No. 2025-0331                       Northfield Diagnostics
Bill to: Elena Marsh
Description            Qty    Unit price      Amount
Glucose                1      12.50           12.50 EUR
Hemoglobin A1c         1      24.00           24.00 EUR
Lipid panel            1      38.00           38.00 EUR
Potassium              2      9.00            18.00 EUR
Subtotal                                      92.50 EUR
VAT 19 %                                      17.58 EUR
Total due                                     110.08 EUR
Payment within 30 days. IBAN DE00 0000 0000 0000 0000 00`,
  'invoice, de': `Rechnung Nr. 4711     Rechnungsdatum 01.03.2025
GOÄ-Ziffer   Leistung               Faktor   Betrag
3560         Glukose                1,15     2,68 EUR
3561         HbA1c                  1,15     13,41 EUR
3585.H1      Kreatinin              1,15     2,68 EUR
3550         Blutbild               1,15     4,02 EUR
Gesamtbetrag                                 22,79 EUR
Bitte überweisen Sie den Betrag binnen 14 Tagen.`,
  'invoice, es': `FACTURA n.º 2025/118          Laboratorio Los Tilos S.L.   CIF B00000000
Concepto              Cantidad   Precio     Importe
Glucosa               1          6,00       6,00 €
Colesterol total      1          7,50       7,50 €
Hemograma             1          14,00      14,00 €
Base imponible                              27,50 €
IVA 21 %                                    5,78 €
Total a pagar                               33,28 €`,
  'discharge letter, en': `DISCHARGE SUMMARY
Dear Dr. Petrov,
Thank you for taking over the care of Mrs Elena Marsh, who was admitted to our ward from 24 February to 1 March 2025
with community-acquired pneumonia. On admission she was febrile at 38.9 °C, blood pressure 132/84 mmHg, pulse 104/min,
oxygen saturation 91 % on room air. Laboratory tests showed a CRP of 182 mg/L and leukocytes of 15.3 10^9/L; creatinine
was 1.1 mg/dL. The chest radiograph showed an infiltrate in the right lower lobe. We treated her with ceftriaxone and
azithromycin. She improved quickly; at discharge CRP was 34 mg/L. Past history: hypertension, hypothyroidism.
Medication at discharge: ramipril 5 mg once daily, levothyroxine 75 mcg once daily, amoxicillin 1 g three times daily
for 4 days. We kindly ask for a follow-up visit within one week and a control radiograph in six weeks.
Kind regards,`,
  'discharge letter, de': `Entlassungsbrief
Sehr geehrte Frau Kollegin, sehr geehrter Herr Kollege,
wir berichten über Frau Erika Muster, geb. 15.04.1950, die sich vom 24.02. bis 01.03.2025 in unserer stationären
Behandlung befand. Diagnosen: Pneumonie rechts, arterielle Hypertonie. Anamnese: Seit fünf Tagen Husten und Fieber.
Bei Aufnahme Temperatur 38,9 °C, RR 132/84 mmHg. Im Labor zeigten sich CRP 182 mg/l, Leukozyten 15,3 /nl und
Kreatinin 1,1 mg/dl. Im Röntgen Thorax Infiltrat rechts basal. Therapie mit Ceftriaxon. Unter der Therapie rasche
Besserung, das CRP fiel auf 34 mg/l. Entlassmedikation: Ramipril 5 mg 1-0-0, L-Thyroxin 75 µg 1-0-0.
Wir bitten um Kontrolle in einer Woche. Mit freundlichen kollegialen Grüßen`,
  'menu, en': `THE OLD MILL  -  LUNCH MENU
Starters
Tomato soup                          6.50
Smoked salmon                        9.80
Mains
Grilled trout with potatoes         17.50
Mushroom risotto                    14.00
Desserts
Apple pie                            5.50
Coffee                               2.80`,
  'nutrition label, en': `Nutrition Facts
Serving size 30 g     Servings per container 12
Calories 120
Total fat 3 g        4 %
Cholesterol 10 mg    3 %
Sodium 140 mg        6 %
Protein 5 g
Calcium 260 mg      20 %
Iron 2 mg           10 %
Potassium 235 mg     6 %`,
  'referral, it': `Gentile collega,
invio in visita la sig.ra Maria Rossi, nata il 15/04/1950, per valutazione endocrinologica. La paziente riferisce
astenia da tre mesi. Familiarità per tireopatia. In terapia con levotiroxina 50 mcg/die. Esame obiettivo nella norma,
PA 130/80 mmHg, peso 64 kg. Ringrazio e porgo cordiali saluti.
Dott. V. Petrov`,
  'appointment, pt': `Hospital das Tílias
Marcação de consulta
Utente: Ana Ferreira    Data de nascimento: 15/04/1950
A sua consulta de Cardiologia foi marcada para 12/05/2025 às 14:30, piso 2, gabinete 14.
Traga os exames e a lista de medicamentos. Telefone 210 000 000`,
  'letters that recognition made of a cat': `~ . w  l|  1  _  \\\\ rn  i'  ;  7  vv  ,  (  J   l  - .
  ii  /  .,  A  m  '  3  _ _  I  o  :  ~~  |  v`,
  'vaccination record, en': `Immunization record      Elena Marsh     DOB 1950-01-31
Vaccine            Date          Lot        Site
Influenza          2024-10-01    A1234      left arm
COVID-19 mRNA      2024-10-01    B5678      right arm
Tetanus            2019-05-14    C9012      left arm
Hepatitis B        1999-03-02    D3456      right arm`,
};

export const reports: Readonly<Record<string, string>> = {
  'one value on a slip': 'HbA1c 7.2 %',
  'one value in German': 'TSH   2,31 mU/l   (0,27 - 4,20)',
  'an INR': 'INR: 2.6        Target 2.0 - 3.0',
  'a glucose meter': `Glucose (POCT)
112 mg/dL
`.replace('\n112', '   112'),
  'a virus': `SARS-CoV-2 RNA (PCR)     Detected
Specimen: nasopharyngeal swab     Collected: 2025-03-01`,
  'a pregnancy test': 'Test: hCG, urine qualitative     Result: Negative',
  'a blood group': `ABO group     A
Rh type       Positive`,
  'a dipstick': `URINALYSIS
Glucose        Negative
Protein        1+
Nitrite        Positive
pH             6.0`,
  'tests of no dictionary': `Test                    Result    Units     Reference
Zonulin (serum)         48.2      ng/mL     < 38
Secretory Foobarin      12.4      U/L       5.0 - 20.0
Quuxase activity        88        U/L       40 - 120`,
  'a report with a bill number and a comment': `LAKSHMI DIAGNOSTICS    Bill No: 22118    Amount: paid
Patient: A. Rao     Ref. by: Dr. V. Petrov      Sample collected: 2025-03-01
Test                 Result      Unit      Reference range
Vitamin D (25-OH)    18.2        ng/mL     30 - 100
Comment: Deficiency is a level below 20 ng/mL, insufficiency 20 to 30 ng/mL. Treatment is usually with cholecalciferol;
the dose depends on body weight, age, absorption and the level aimed at. Levels should be checked again after three
months. Values above 150 ng/mL may be toxic. Results should be correlated clinically. This report is of the sample
received by the laboratory. Method: chemiluminescence. In case of doubt a repeat sample is advised.`,
  'a narrative comment about medicine': `Lab report    Specimen: serum
Digoxin     1.1     ng/mL     0.5 - 0.9     H
Take the sample at least 6 hours after the last tablet. 1 tablet daily was stated. Discuss with the prescriber.`,
};
