/** Lines without a tab that may stand inside a table of tabs, such as the headings of its sections. */
const mostBetween = 2;

/**
 * Values separated by tabs, or by semicolons, as columns: where at least three lines with two tabs or more stand together, every cell is padded to
 * the widest of its column, so that cells stand under each other whatever tab stops their author saw. Other lines stay.
 */
export function alignTabs(given: readonly string[]): readonly string[] {
  const lines = withTabs(given);
  const out = [...lines];
  for (let from = 0; from < lines.length; ) {
    const run = runFrom(lines, from);
    const rows = run.filter((at) => tabsIn(lines[at]!) >= 2);
    if (rows.length >= 3) pad(out, rows);
    from = run.length > 0 ? run.at(-1)! + 1 : from + 1;
  }
  return out;
}

/** Semicolons between fields, where three lines or more have the same number of them, at least three. */
function withTabs(lines: readonly string[]): readonly string[] {
  const counts = lines.map((line) => line.split(';').length - 1);
  const usual = [...counts]
    .sort((a, b) => b - a)
    .find((count, _, all) => count >= 3 && all.filter((one) => one === count).length >= 3);
  return usual === undefined
    ? lines
    : lines.map((line, at) => (counts[at] === usual ? line.replaceAll(';', '\t') : line));
}

const tabsIn = (line: string) => line.split('\t').length - 1;

/** Indices of the lines with tabs from here on, over short interruptions. */
function runFrom(lines: readonly string[], from: number): readonly number[] {
  const run: number[] = [];
  for (let at = from; at < lines.length && lines[at] !== '\f'; at++) {
    if (tabsIn(lines[at]!) > 0) run.push(at);
    else if (run.length === 0 || at - run.at(-1)! > mostBetween) break;
  }
  return run;
}

function pad(lines: string[], rows: readonly number[]): void {
  const cells = rows.map((at) => lines[at]!.split('\t').map((cell) => cell.trim()));
  const widths = Array.from({ length: Math.max(...cells.map((row) => row.length)) }, (_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  rows.forEach((at, row) => {
    lines[at] = cells[row]!.map((cell, column) => cell.padEnd(widths[column]! + 2))
      .join('')
      .trimEnd();
  });
}
