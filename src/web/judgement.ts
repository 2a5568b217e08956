import { Ajv2020 } from 'ajv/dist/2020.js';
import { IntervalError } from '../errors.ts';
import type { PageJudgement } from './options.ts';
import type { Review } from './review.ts';

const id = { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' } as const;

export const judgementSchema = {
  type: 'object',
  required: ['verdict', 'observations'],
  properties: {
    verdict: { enum: ['accept', 'reject'] },
    observations: {
      type: 'array',
      minItems: 1,
      maxItems: 500,
      items: { type: 'object', required: ['id'], properties: { id, version: id }, additionalProperties: false },
    },
  },
  additionalProperties: false,
} as const;

const check = new Ajv2020({ strict: true }).compile(judgementSchema);

/** What the page sends, checked against the report that it is about. Throws `request-malformed` and `not-found`. */
export function readJudgement(body: unknown, review: Review): Pick<PageJudgement, 'verdict' | 'observations'> {
  if (!check(body)) {
    throw new IntervalError('request-malformed', 'A judgement has a verdict, accept or reject, and observations.');
  }
  const { verdict, observations } = body as Pick<PageJudgement, 'verdict' | 'observations'>;
  const own = new Set(review.rows.map((row) => row.id));
  if (!observations.every((one) => own.has(one.id))) {
    throw new IntervalError('not-found', 'There is no such result in this report.');
  }
  return { verdict, observations };
}
