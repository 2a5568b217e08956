/**
 * What stands on laboratory reports, for the generator of training pictures: names and units as the dictionary prints
 * them, headings, and the words of ordinary reports in six languages.
 *
 *     node models/lab-words/export.ts > vocabulary.json
 */
import { headerPhrases } from '../../src/analyses/lab-report/header-words.ts';
import { labTests } from '../../src/terminology/lab-dictionary.ts';
import { printedUnits } from '../../src/terminology/printed-units.ts';

const others = `
Patient Name DOB Date of Birth Sex Female Male Age Collected Received Reported Specimen Serum Plasma Whole Blood Urine Final Report
Laboratory Hospital Medical Center Clinic Physician Ordering Provider Account Number Page Comment Synthetic sample not a person
outside reference interval marked fasting non-fasting normal abnormal high low critical positive negative trace none detected
reactive non-reactive clear yellow pending see note Address Street Phone Fax Director Chemistry Hematology Coagulation Lipids
Patientin Geburtsdatum Geschlecht weiblich männlich Eingang Ausgang Befund Labor Praxis Auftraggeber Probe Vollblut Urin nüchtern
negativ positiv nachweisbar Klinische Chemie Hämatologie Gerinnung Straße Größe für über Röhrchen Seite von und der die das
Nom Prénom Né le Sexe Âge Prélevé Édité Médecin Laboratoire Biologie médicale Biochimie Hématologie négatif résultats être à jeun
Paciente Fecha de nacimiento Sexo Edad Mujer Hombre Médico Muestra Informe Laboratorio Clínico Bioquímica Hematología página año
Paziente Data di nascita Età Medico Referto Laboratorio Analisi Esame Prelievo Siero Sangue Urine più città negativo assente
Nome Data de nascimento Idade Médico Laudo Coleta Material Soro Sangue Método Referência Não Sódio Exame ação
`;

const names = labTests.flatMap((test) => Object.values(test.aliases).flat());
const units = Object.values(printedUnits).flat();
process.stdout.write(
  JSON.stringify({
    names: [...new Set(names)],
    units: [...new Set(units)],
    words: [...new Set([...others.split(/\s+/).filter(Boolean), ...headerPhrases.keys()])],
  }),
);
