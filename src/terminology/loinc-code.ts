/**
 * Codes that Regenstrief gave out with a check digit that does not fit.
 * https://loinc.org/kb/users-guide/ (check digit); the list is in the notes of the LOINC release.
 */
const withoutCheckDigit = new Set([
  '11491-6',
  '11501-6',
  '5895-7',
  '5896-5',
  '5897-3',
  '5928-1',
  '6028-3',
  '6415-5',
  '6580-7',
  '6645-7',
  '6646-5',
  '6647-3',
  '6648-1',
  '6649-9',
]);

/** Whether a code has the form and the check digit of LOINC: Luhn, modulo 10, over the digits before the hyphen. */
export function isLoincCode(code: string): boolean {
  const match = /^(\d{1,7})-(\d)$/.exec(code);
  if (!match) {
    return false;
  }
  if (withoutCheckDigit.has(code)) {
    return true;
  }
  const sum = [...match[1]!].reverse().reduce((total, digit, index) => {
    const value = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(match[2]);
}
