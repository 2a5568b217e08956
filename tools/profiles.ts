/**
 * Makes fhir-profiles/generated from the FSH sources: `node tools/profiles.ts`, or `--check` to compare only (exit 1 when
 * they differ). Works from npm alone, and offline once the R4 package is in the cache folder or in npm's cache:
 * SUSHI wants a FHIR package named hl7.fhir.r4.core, whose content npm has as hl7.fhir.r4.examples.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const corePackage = 'hl7.fhir.r4.examples@4.0.1';
const parts = ['StructureDefinition', 'ValueSet', 'CodeSystem', 'SearchParameter', 'ConceptMap', 'OperationDefinition'];

/** Runs SUSHI; the shipped copy of each artefact by file name, as text. */
export function generateProfiles(cache = join(root, '.cache')): ReadonlyMap<string, string> {
  const home = join(cache, 'fhir-home');
  prepareCorePackage(join(home, '.fhir/packages/hl7.fhir.r4.core#4.0.1'));
  const output = mkdtempSync(join(tmpdir(), 'interval-profiles-'));
  try {
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/fsh-sushi/dist/app.js'), 'build', 'fhir-profiles', '--snapshot', '--out', output],
      // No FHIR registry is asked: the optional packages that SUSHI looks for are not needed.
      { cwd: root, stdio: 'pipe', env: { ...process.env, HOME: home, FPL_REGISTRY: 'http://127.0.0.1:9' } },
    );
    const folder = join(output, 'fsh-generated/resources');
    const files = readdirSync(folder).sort();
    return new Map(files.map((name) => [name, slim(readFileSync(join(folder, name), 'utf8'))]));
  } catch (error) {
    const { stdout } = error as { stdout?: Buffer };
    throw new Error(`SUSHI failed:\n${stdout?.toString() ?? String(error)}`);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function prepareCorePackage(folder: string): void {
  const target = join(folder, 'package');
  if (existsSync(join(target, 'package.json'))) {
    return;
  }
  const download = mkdtempSync(join(tmpdir(), 'interval-r4-'));
  try {
    execFileSync('npm', ['pack', '--silent', '--prefer-offline', '--pack-destination', download, corePackage], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    mkdirSync(target, { recursive: true });
    const archive = join(download, readdirSync(download)[0] as string);
    const patterns = parts.map((part) => `package/${part}-*`);
    execFileSync('tar', ['xzf', archive, '-C', folder, '--wildcards', ...patterns]);
    writeFileSync(
      join(target, 'package.json'),
      JSON.stringify({ name: 'hl7.fhir.r4.core', version: '4.0.1', type: 'fhir.core', fhirVersions: ['4.0.1'] }),
    );
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

/** Prose of base R4 that no validator reads; our own words stay in `short` and in the FSH sources. */
const prose = new Set(['comment', 'requirements', 'alias', 'mapping', 'example', 'isSummary', 'orderMeaning']);

function slim(text: string): string {
  const { differential, extension, ...resource } = JSON.parse(text);
  if (resource.resourceType === 'StructureDefinition') {
    for (const element of resource.snapshot.element) {
      for (const key of prose) {
        delete element[key];
      }
      // sdf-3: without one, a server that checks what it takes refuses the profile
      element.definition = element.short ?? element.path;
      for (const constraint of element.constraint ?? []) {
        delete constraint.xpath;
      }
    }
    delete resource.mapping;
  }
  const own = (extension ?? []).filter((one: { url: string }) => one.url.endsWith('imposeProfile'));
  return `${JSON.stringify({ ...resource, ...(own.length === 0 ? {} : { extension: own }) }, null, 1)}\n`;
}

/** Names of files whose committed text is not what the sources give. */
export function staleProfiles(generated: ReadonlyMap<string, string>, folder: string): readonly string[] {
  const committed = existsSync(folder) ? readdirSync(folder) : [];
  const names = new Set([...committed, ...generated.keys()]);
  return [...names].filter(
    (name) => !committed.includes(name) || readFileSync(join(folder, name), 'utf8') !== generated.get(name),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = join(root, 'fhir-profiles/generated');
  const generated = generateProfiles();
  const stale = staleProfiles(generated, folder);
  if (process.argv.includes('--check')) {
    console.log(stale.length === 0 ? 'fhir-profiles/generated is up to date.' : `Out of date: ${stale.join(', ')}`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of generated) {
      writeFileSync(join(folder, name), text);
    }
    console.log(`${generated.size} artefacts, ${stale.length} changed.`);
  }
}
