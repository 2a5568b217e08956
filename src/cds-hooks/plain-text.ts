// Control characters, and those that reorder or hide text: bidirectional controls, zero-width characters, soft hyphen,
// interlinear and tag characters. Written as code points, so that none of them stands in this file.
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff0-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** What most text is: visible ASCII with single spaces. */
const already = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;

/** One line of text that shows what it says: control and invisible characters removed, white space collapsed. */
export function plainText(untrusted: string): string {
  if (already.test(untrusted)) {
    return untrusted;
  }
  return untrusted.replace(hidden, '').replace(/\s+/gu, ' ').trim();
}

/** At most `limit` UTF-16 units, cut at a word where one is near, and marked as cut. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  let cut = text.slice(0, limit - 1);
  if (/[\ud800-\udbff]$/.test(cut)) {
    cut = cut.slice(0, -1);
  }
  const space = cut.lastIndexOf(' ');
  return `${(space > limit * 0.7 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
