import { plainText } from './plain-text.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Letters, digits and marks that mean nothing to Markdown or HTML, wherever they stand. */
const harmless = /^(?!.*www\.)\p{L}[\p{L}\p{N} .,;'"/()%µ–—…]*$/iu;

/**
 * Untrusted text as GitHub-flavoured Markdown that shows exactly that text on one line: no HTML, image, link, autolink,
 * emphasis, code, table or list comes out of it (X12).
 *
 * Autolinks are broken by a visible space rather than escaped: some renderers look for them after escapes are resolved,
 * and a character that cannot be seen would spoil copied text.
 */
export function escapeMarkdown(untrusted: string): string {
  const plain = plainText(untrusted);
  if (harmless.test(plain)) {
    return plain;
  }
  return (
    plain
      .replace(/(:\/\/)(?=\S)/g, '$1 ')
      // Not at a word's beginning only: an underscore before it is part of a word to a regular expression, not to GFM.
      .replace(/www(?=\.)/gi, '$& ')
      .replace(/@(?=[\p{L}\p{N}._-])/gu, '@ ')
      .replace(/[&<>]/g, (character) => entities[character] ?? '')
      .replace(/[\\`*_{}[\]!|~$^#]/g, '\\$&')
      .replace(/^[-+=]/, '\\$&')
      .replace(/^(\d{1,9})([.)])/, '$1\\$2')
  );
}
