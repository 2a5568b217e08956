import type { Router } from 'express';
import type { Ledger } from '../../jobs/request.ts';
import type { Keeping } from '../keeping.ts';
import type { ServiceWorld } from '../world.ts';
import { createAnalyses } from './analyses.ts';
import { analysesRouter } from './routes.ts';

/** `POST /analyses` and `GET /analyses/{job}` over source, store and queue. */
export function analysesApi(world: ServiceWorld, keeping: Pick<Keeping, 'optionsOf'>, ledger: Ledger): Router {
  return analysesRouter({
    analyses: createAnalyses(world, ledger),
    authenticate: world.trust.authenticate,
    publicUrl: () => world.publicUrl,
    callsPerMinute: ({ id }) => keeping.optionsOf(id).callsPerMinute,
    clock: Date.now,
    onAnswered: ({ refusal, ...fields }) => world.log.info('analyses asked for', { ...fields, reason: refusal }),
  });
}
