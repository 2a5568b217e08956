import type { ImagingStudy, Patient } from '@medplum/fhirtypes';
import { IntervalError } from '../../errors.ts';
import { unlessMissing } from '../../fhir/missing.ts';
import { versionOf } from '../../fhir/version.ts';
import type { Decoder } from '../../imaging/decoder.ts';
import { readRadiograph } from '../../imaging/radiograph.ts';
import { type Abstention, abstain, type Candidate, isAbstention, type LoadWorld } from '../analysis.ts';
import { frontalFilm } from './frontal.ts';
import { refuse } from './guards.ts';
import { identityOf } from './identity.ts';
import { fetchImages } from './images.ts';
import type { ComparisonInput, Film } from './input.ts';

/** Reads both studies again, fetches their images and chooses the frontal film of each. */
export async function load(
  candidate: Candidate,
  patient: Patient,
  world: LoadWorld,
  decoder: Decoder,
): Promise<ComparisonInput | Abstention> {
  const prior = candidate.companions.find(({ role }) => role === 'prior');
  if (!prior) {
    throw new IntervalError('study-incomplete', 'The job names no prior study.');
  }
  const films: Film[] = [];
  for (const wanted of [prior, candidate.subject]) {
    const study = await readAgain(wanted.reference, wanted.version, world);
    if (isAbstention(study)) {
      return study;
    }
    if (!belongsTo(study, patient)) {
      return abstain('patient-mismatch', 'The chart assigns a study to another patient.');
    }
    films.push({
      radiograph: await frontalFilm(await fetchImages(study, world), decoder, world.signal),
      study: wanted.reference,
      ...(study.started ? { started: study.started } : {}),
    });
  }
  const input: ComparisonInput = { prior: films[0]!, current: films[1]!, patient: identityOf(patient) };
  return refuse(input) ?? input;
}

/** Input from the two files of the command line. */
export async function open(
  files: Readonly<Record<string, Uint8Array>>,
  decoder: Decoder,
  signal: AbortSignal,
): Promise<ComparisonInput | Abstention> {
  const film = async (name: string): Promise<Film> => {
    const bytes = files[name];
    if (!bytes) {
      throw new IntervalError('study-incomplete', `A ${name} film is needed.`);
    }
    return { radiograph: await readRadiograph(bytes, decoder, { signal }) };
  };
  const input: ComparisonInput = { prior: await film('prior'), current: await film('current') };
  return refuse(input) ?? input;
}

async function readAgain(reference: string, version: string, world: LoadWorld): Promise<ImagingStudy | Abstention> {
  const { source, signal } = world;
  const study = await unlessMissing(
    source.read<ImagingStudy>('ImagingStudy', reference.split('/').at(-1)!, { signal }),
  );
  if (study === undefined) {
    return abstain('subject-gone', 'The study is no longer there.');
  }
  return versionOf(study) === version ? study : abstain('subject-changed', 'The study has changed since it was found.');
}

function belongsTo(study: ImagingStudy, patient: Patient): boolean {
  const reference = study.subject?.reference;
  return reference === undefined || reference.split('/').at(-1) === patient.id;
}
