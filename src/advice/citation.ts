/** Where a rule comes from. */
export interface Citation {
  readonly label: string;
  readonly url?: string;
}
