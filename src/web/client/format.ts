/** A FHIR date or dateTime as printed in the chart: the digits that it has, never a converted time. */
export function dateText(value: string | undefined): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2}))?)?)?/.exec(value ?? '');
  if (!match) {
    return 'no date';
  }
  const [, year, month, day, time] = match;
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const date = [day && String(Number(day)), month && names[Number(month) - 1], year].filter(Boolean).join(' ');
  return time ? `${date}, ${time}` : date;
}

export function dayText(value: string | undefined): string {
  return dateText(value?.slice(0, 10));
}

/** What stands over a film. */
export function captionOf(film: { readonly role: string; readonly title: string; readonly date?: string }): string {
  const role = { current: 'Current', prior: 'Prior' }[film.role] ?? 'Earlier';
  return `${role}: ${film.title}, ${dateText(film.date)}`;
}

/** Whole years from a birth date to today. */
export function age(birthDate: string | undefined, today: Date): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(birthDate ?? '');
  if (!match) {
    return 'age unknown';
  }
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return `${today.getFullYear() - year - (before ? 1 : 0)} y`;
}

const analysisNames: Readonly<Record<string, string>> = {
  'lab-report': 'Lab report',
  'chest-xray-comparison': 'Chest X-ray comparison',
};

export function analysisName(id: string): string {
  return analysisNames[id] ?? id;
}
