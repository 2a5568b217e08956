import { type Specimen, specimenOf as specimenIn } from '../../terminology/lab-dictionary.ts';
import { fold } from './header-words.ts';

const spoken: Readonly<Record<Specimen, string>> = {
  serum: 'Serum',
  plasma: 'Plasma',
  blood: 'Blood',
  'whole-blood': 'Whole blood',
  'arterial-blood': 'Arterial blood',
  'venous-blood': 'Venous blood',
  'capillary-blood': 'Capillary blood',
  'cord-blood': 'Cord blood',
  urine: 'Urine',
  csf: 'CSF',
  stool: 'Stool',
  'pleural-fluid': 'Pleural fluid',
  'peritoneal-fluid': 'Peritoneal fluid',
  'synovial-fluid': 'Synovial fluid',
  fluid: 'Fluid',
  semen: 'Semen',
  respiratory: 'Respiratory',
  genital: 'Genital',
} as Readonly<Record<Specimen, string>>;

/** Labels of specimens, folded: "Type of sample", "Nature du prélèvement". */
export const specimenLabel =
  /^(?:primary |type of |tipo (?:de|di) |nature (?:de l'|du |de la )?|fluid |art der )?(?:specimen|sample|material|materiale|matrix|probe|probenmaterial|probenart|untersuchungsmaterial|muestra|echantillon|prelevement|campione|amostra|produto)(?: type| source| material)?s?$|^fluid type$|^material biologico$/;

/** Blood is a specimen when it stands alone: "Complete blood count" and "Blood bank" name none. */
const bloodAlone = /^(?:whole |venous |total )?(?:blood|blut|sang|sangre|sangue|bloed|blod|bld)(?: (?:sample|probe))?$/;

/** The specimen that a heading, a label or a cell names, in English; undefined when it names none. */
export function specimenOf(text: string): string | undefined {
  const folded = fold(text);
  if (
    /\b(?:24 ?-?h(?:our|r|rs)?s? urin|urine 24|24h-urin|orina (?:de )?24|urina (?:delle |de )?24|urines? (?:de |des )?24)/.test(
      folded,
    )
  )
    return '24 hour urine';
  if (/\b(?:saliva|speichel)\b/.test(folded)) return 'Saliva';
  const found = specimenIn(text);
  return found === undefined || (found === 'blood' && !bloodAlone.test(folded)) ? undefined : spoken[found];
}
