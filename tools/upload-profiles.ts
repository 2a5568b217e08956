/**
 * Puts fhir-profiles/generated on a FHIR R4 server, so that it can check what is written to it:
 * `node tools/upload-profiles.ts --base URL`, with an access token in INTERVAL_TOKEN where the server wants one.
 * Each artefact is created, or replaces the one with its canonical URL; a second run changes nothing else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

interface Artefact {
  readonly resourceType: string;
  readonly id: string;
  readonly url: string;
}

/** What is referred to comes before what refers to it: a server may check a profile when it takes it in. */
const order = ['CodeSystem', 'ValueSet', 'ConceptMap', 'StructureDefinition', 'CapabilityStatement'];

/**
 * Uploads every artefact by conditional update; servers choose the ids. Returns the canonical URLs, in the order of the
 * uploads. Throws an Error that names the artefact, the status and what the server said.
 */
export async function uploadProfiles(options: {
  /** FHIR base URL. */
  readonly base: string;
  readonly token?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Folder of artefacts; the generated ones by default. */
  readonly folder?: string;
}): Promise<readonly string[]> {
  const { token, fetch = globalThis.fetch } = options;
  const base = options.base.replace(/\/+$/, '');
  const artefacts = readArtefacts(
    options.folder ?? fileURLToPath(new URL('../fhir-profiles/generated', import.meta.url)),
  );
  for (const { id, ...artefact } of artefacts) {
    const response = await fetch(`${base}/${artefact.resourceType}?url=${encodeURIComponent(artefact.url)}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/fhir+json',
        accept: 'application/fhir+json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      // A token must not follow a redirect to another place.
      redirect: 'error',
      body: JSON.stringify(artefact),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${artefact.resourceType}/${id}: the server answered ${response.status}: ${text.slice(0, 500)}`);
    }
  }
  return artefacts.map(({ url }) => url);
}

function readArtefacts(folder: string): readonly Artefact[] {
  const artefacts = readdirSync(folder).map((name): Artefact => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
  const rank = ({ resourceType }: Artefact) => order.indexOf(resourceType);
  return artefacts.toSorted((one, other) => rank(one) - rank(other) || one.url.localeCompare(other.url));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { base: { type: 'string' } } });
  if (!values.base || !URL.canParse(values.base)) {
    console.error('Usage: node tools/upload-profiles.ts --base URL   (access token in INTERVAL_TOKEN)');
    process.exitCode = 2;
  } else {
    const token = process.env.INTERVAL_TOKEN;
    const uploaded = await uploadProfiles({ base: values.base, ...(token ? { token } : {}) });
    console.log(`${uploaded.length} artefacts uploaded.`);
  }
}
