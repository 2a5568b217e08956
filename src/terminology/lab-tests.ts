import allergy from './lab/allergy.json' with { type: 'json' };
import autoimmune from './lab/autoimmune.json' with { type: 'json' };
import bloodFilm from './lab/blood-film.json' with { type: 'json' };
import chemistry from './lab/chemistry.json' with { type: 'json' };
import chemistrySpecial from './lab/chemistry-special.json' with { type: 'json' };
import coagulation from './lab/coagulation.json' with { type: 'json' };
import drugs from './lab/drugs.json' with { type: 'json' };
import endocrine from './lab/endocrine.json' with { type: 'json' };
import fluidsStoolGas from './lab/fluids-stool-gas.json' with { type: 'json' };
import gasDrugs from './lab/gas-drugs.json' with { type: 'json' };
import haematology from './lab/haematology.json' with { type: 'json' };
import hormones from './lab/hormones.json' with { type: 'json' };
import immunology from './lab/immunology.json' with { type: 'json' };
import infections from './lab/infections.json' with { type: 'json' };
import microbiology from './lab/microbiology.json' with { type: 'json' };
import serology from './lab/serology.json' with { type: 'json' };
import urine from './lab/urine.json' with { type: 'json' };
import urineSpecial from './lab/urine-special.json' with { type: 'json' };

/** Where a specimen comes from, as far as it decides a code. */
export type Specimen =
  | 'serum'
  | 'plasma'
  | 'blood'
  | 'whole-blood'
  | 'arterial-blood'
  | 'venous-blood'
  | 'capillary-blood'
  | 'cord-blood'
  | 'urine'
  | 'csf'
  | 'stool'
  | 'pleural-fluid'
  | 'peritoneal-fluid'
  | 'synovial-fluid'
  | 'fluid'
  | 'semen'
  | 'saliva'
  | 'sweat'
  | 'respiratory'
  | 'genital'
  | 'swab'
  | 'stone'
  | 'breath'
  | 'isolate';

/** One LOINC term of a test. `display` is the long common name, unchanged. */
export interface LabVariant {
  readonly loinc: string;
  readonly display: string;
  /** LOINC property: MCnc, SCnc, NCnc, NFr, ACnc, CCnc, PrThr, Titr … */
  readonly property: string;
  /** LOINC system: Ser/Plas, Bld, BldA, PPP, Urine, CSF …; XXX where the term names no specimen. */
  readonly system: string;
  /** UCUM codes in which results of this term are printed; empty for coded results. */
  readonly units: readonly string[];
  /** Chosen only when this method is printed; `none` is the term without a method among terms with one. */
  readonly method?: string;
}

export interface LabTest {
  /** Interval's own stable key. */
  readonly key: string;
  readonly panel: readonly string[];
  /** Specimen when none is printed. */
  readonly specimen: Specimen;
  /** Empty for a test that is known by name alone: no public source agrees on its code. */
  readonly variants: readonly LabVariant[];
  /** Printed names by language. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Hard limits by UCUM code: outside is a slip of the decimal sign or a wrong unit, not a sick patient. */
  readonly plausible?: Readonly<Record<string, Limits>>;
  /** The same by family of other specimens (`urine`, `csf`, `fluid`, `stool`), where those of the own specimen do not hold. */
  readonly plausibleIn?: Readonly<Record<string, Readonly<Record<string, Limits>>>>;
  /** Useful delta check against the patient's earlier result. */
  readonly deltaRule?: { readonly kind: 'relative' | 'absolute'; readonly limit: number };
  /** g/mol. */
  readonly molarMass?: number;
  /** Whether words such as Negative or 1+ are expected results. */
  readonly coded?: boolean;
}

/** [low, high]; null where there is no limit on that side. */
export type Limits = readonly [number | null, number | null];

export const labTests: readonly LabTest[] = [
  chemistry,
  gasDrugs,
  haematology,
  hormones,
  immunology,
  serology,
  urine,
  bloodFilm,
  coagulation,
  chemistrySpecial,
  endocrine,
  autoimmune,
  drugs,
  infections,
  microbiology,
  allergy,
  urineSpecial,
  fluidsStoolGas,
].flat() as unknown as readonly LabTest[];
