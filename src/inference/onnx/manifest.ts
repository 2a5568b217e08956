/** `interval-model.json` in a model's folder: what is in it, where it comes from, and how it was changed. */
export interface ModelManifest {
  readonly format: 1;
  /** `google/medgemma-1.5-4b-it` */
  readonly id: string;
  readonly source: {
    /** Commit of the source repository, or `local`. */
    readonly revision: string;
    readonly files: readonly FileEntry[];
  };
  /** Prominent notice of what was changed (Health AI Developer Foundations terms, section 3.1 c). */
  readonly modified: string;
  readonly licence?: { readonly name: string; readonly url: string; readonly notice: string };
  readonly converter: { readonly version: string };
  readonly weights: 'float32' | 'int4';
  /** Weights that share a scale, along the input features. */
  readonly block?: number;
  readonly vision: 'float32' | 'int8' | 'int4';
  readonly graphs: {
    readonly embedding: string;
    /** Run one after the other; the first takes pixel_values, the last gives image_features. */
    readonly vision: readonly string[];
    /** The same weights with a cache of either kind. */
    readonly decoder: Readonly<Record<CacheType, string>>;
  };
  /** Every file of the folder but this one. */
  readonly files: readonly FileEntry[];
}

export type CacheType = 'int8' | 'float32';

export interface FileEntry {
  /** Relative to the folder, forward slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const manifestName = 'interval-model.json';
