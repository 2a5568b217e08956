import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ofFolder, refuseDataset } from './refuse.ts';
import { parseTruth, type Truth } from './truth.ts';

export interface LabelledDocument {
  /** Path inside the dataset without its ending; shown in reports and error lists. */
  readonly id: string;
  readonly path: string;
  readonly truth: Truth;
}

export interface Dataset {
  readonly documents: readonly LabelledDocument[];
  /** Ids of documents without a truth: counted and listed, never scored. */
  readonly unlabelled: readonly string[];
  /** Names of label files for which there is no document. */
  readonly unusedLabels: readonly string[];
}

const documentEnding = /\.(?:pdf|png|jpe?g|tiff?|txt|rtf|html?|xml|hl7)$/i;
const truthEnding = '.truth.json';
const largestTruth = 8 * 1024 * 1024;

/**
 * A folder of documents, nested or not. Without `labels` the truth of `a/b.pdf` is `a/b.truth.json` beside it. With
 * `labels`, as for a public set of page images that comes without a truth, it is the file in that folder with the same
 * path or, where only one document has it, the same stem. Throws where a folder cannot be read or holds no document, a
 * truth breaks the format, belongs to no document of the folder or could belong to several.
 */
export async function loadDataset(directory: string, labels?: string): Promise<Dataset> {
  const files = (await filesOf(directory, 'dataset')).filter((file) => documentEnding.test(file));
  if (files.length === 0) {
    throw refuseDataset('dataset', 'the folder holds no document (pdf, png, jpg, tif, txt, rtf, html, xml, hl7).');
  }
  const byId = Map.groupBy(files, (file) => file.replace(documentEnding, ''));
  const twice = [...byId.values()].find((same) => same.length > 1);
  if (twice) {
    throw refuseDataset(twice.join(', '), 'two documents of one name have one truth.');
  }
  const folder = labels ?? directory;
  const truths = (await filesOf(folder, labels === undefined ? 'dataset' : 'labels')).filter((file) =>
    file.endsWith(truthEnding),
  );
  const owner = labels === undefined ? (id: string) => (byId.has(id) ? id : undefined) : ownerByStem([...byId.keys()]);
  const found = new Map<string, Truth>();
  const unusedLabels: string[] = [];
  for (const file of truths) {
    const id = owner(file.slice(0, -truthEnding.length), file);
    if (id === undefined) {
      if (labels === undefined) {
        throw refuseDataset(file, 'there is no document of this name.');
      }
      unusedLabels.push(file);
      continue;
    }
    if (found.has(id)) {
      throw refuseDataset(file, `the document ${id} has a truth already.`);
    }
    found.set(id, await readTruth(join(folder, file), file));
  }
  const ids = [...byId.keys()];
  return {
    documents: ids.flatMap((id) => {
      const truth = found.get(id);
      return truth ? [{ id, path: join(directory, byId.get(id)![0]!), truth }] : [];
    }),
    unlabelled: ids.filter((id) => !found.has(id)),
    unusedLabels,
  };
}

function ownerByStem(ids: readonly string[]): (id: string, file: string) => string | undefined {
  const byStem = Map.groupBy(ids, (id) => basename(id));
  return (id, file) => {
    if (ids.includes(id)) {
      return id;
    }
    const same = byStem.get(basename(id)) ?? [];
    if (same.length > 1) {
      throw refuseDataset(
        file,
        `${same.length} documents have this stem; put the label under the document's own path.`,
      );
    }
    return same[0];
  };
}

async function readTruth(path: string, file: string): Promise<Truth> {
  const { size } = await stat(path);
  if (size > largestTruth) {
    throw refuseDataset(file, `has ${size} bytes; at most ${largestTruth} are read.`);
  }
  return parseTruth(await readFile(path, 'utf8'), file);
}

/** Paths below the folder with `/`, sorted; hidden files and folders left out. */
async function filesOf(directory: string, role: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (inside: string): Promise<void> => {
    for (const entry of await readdir(join(directory, inside), { withFileTypes: true })) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  await ofFolder(role, () => walk(''));
  return found.sort((one, other) => (one < other ? -1 : 1));
}
