import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

export interface Asset {
  readonly contentType: string;
  readonly body: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * What the browser loads, by file name, read once. The modules are TypeScript; their types are replaced by spaces, so that
 * lines and columns in the browser are those of the source.
 */
export function readAssets(): ReadonlyMap<string, Asset> {
  const folder = new URL('./client/', import.meta.url);
  return new Map(
    readdirSync(folder).map((name) => {
      const extension = name.slice(name.lastIndexOf('.') + 1);
      const text = readFileSync(new URL(name, folder), 'utf8');
      return [
        name,
        {
          contentType: contentTypes[extension] ?? 'application/octet-stream',
          body: extension === 'ts' ? stripTypeScriptTypes(text) : text,
        },
      ];
    }),
  );
}
