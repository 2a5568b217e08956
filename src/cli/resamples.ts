import { InvalidArgumentError } from 'commander';

/** Argument of --resamples. */
export function resampleCount(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 100 || number > 100_000) {
    throw new InvalidArgumentError('A whole number from 100 to 100000.');
  }
  return number;
}
