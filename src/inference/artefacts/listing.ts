import { idOf, type Model } from './directory.ts';

/** A model as `interval model list` shows it. */
export interface Listed {
  readonly id: string;
  /** Commit of the original repository, or `local`. */
  readonly revision: string;
  readonly kind: Model['kind'];
  /** `int4 in blocks of 32`; absent for original weights. */
  readonly weights?: string;
  readonly vision?: string;
  readonly bytes: number;
  /** ISO instant of the last check that found everything right. */
  readonly verified: string | null;
  readonly folder: string;
}

export function listed(model: Model, verified: string | undefined): Listed {
  const { kind, folder } = model;
  const { files } = kind === 'source' ? model.record : model.manifest;
  const rest = { bytes: bytesOf(files), verified: verified ?? null, folder };
  if (kind === 'source') {
    return { id: idOf(model), revision: model.record.revision, kind, ...rest };
  }
  const { weights, block, vision, source } = model.manifest;
  return {
    id: idOf(model),
    revision: source.revision,
    kind,
    weights: block === undefined ? weights : `${weights} in blocks of ${block}`,
    vision,
    ...rest,
  };
}

export function listedLine(model: Listed): string {
  const made = model.kind === 'source' ? 'original weights' : `weights ${model.weights}, vision ${model.vision}`;
  const checked = model.verified ? `verified ${model.verified}` : 'not verified yet';
  return `${model.id} at ${model.revision.slice(0, 12)}: ${made}, ${megabytes(model.bytes)}, ${checked}\n  ${model.folder}\n`;
}

export function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
