/** What happens inside a job besides its end, for figures. Ids and codes of our own, never anything from a chart. */
export type JobEvent =
  /** A reader was asked, guards included. */
  | { readonly type: 'read'; readonly analysis: string; readonly reader: string; readonly seconds: number }
  /** A reader or guard abstained, or the input could not be read. */
  | { readonly type: 'abstained'; readonly analysis: string; readonly reason: string }
  /** Results became entered-in-error; `kept` ones are a person's word and were left. */
  | {
      readonly type: 'withdrawn';
      readonly analysis: string;
      readonly reason: string;
      readonly count: number;
      readonly kept: number;
    };
