import { createHash } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { IntervalError } from '../errors.ts';
import { answer, idOf, isId, picture } from './answers.ts';
import { type Asset, readAssets } from './assets.ts';
import { readEhrChart } from './ehr-chart.ts';
import { filmRoutes } from './films/routes.ts';
import { resolvePrefetch } from './hook-prefetch.ts';
import { readJudgement } from './judgement.ts';
import type { WebOptions } from './options.ts';
import { listPatients } from './patients.ts';
import { readPicture, readReview } from './review.ts';
import { readWritten } from './written-results.ts';

export type { HookService, RenderedPage, ViewPair, WebOptions, WebStatus, WorkStatus } from './options.ts';

/** Scripts and styles from here only, no inline code, nothing from elsewhere, never in a frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/`, the review page, and their data. The only file here that knows Express. */
export function webRouter(options: WebOptions): Router {
  const assets = readAssets();
  const router = express.Router();
  const films = filmRoutes(options);
  router.get('/', page(assets, 'home.html'));
  router.get('/status', page(assets, 'status.html'));
  router.get(
    '/status/work.json',
    answer(() => options.work()),
  );
  router.get('/review/:report', (request, _response, next) => {
    if (options.demo && isId(request.params.report)) {
      films.prepare(request.params.report);
    }
    next();
  });
  router.get('/review/:report', page(assets, 'review.html'));
  for (const [name, asset] of assets) {
    if (!name.endsWith('.html')) {
      router.get(`/assets/${name}`, serve(asset, 'public, max-age=0, must-revalidate'));
    }
  }
  router.get(
    '/ehr/status',
    answer(async () => ({
      ...(await options.status()),
      demo: options.demo,
      discovery: `${options.publicUrl()}/cds-services`,
    })),
  );
  router.use(['/ehr', '/review/:report'], (_request, _response, next) => {
    if (!options.demo) {
      throw new IntervalError(
        'sign-in-required',
        'Charts are shown here only where the service runs without authentication.',
      );
    }
    next();
  });
  chartRoutes(router, options);
  reviewRoutes(router, options);
  router.use('/review/:report', films.router);
  return router;
}

function chartRoutes(router: Router, options: WebOptions): void {
  const { source } = options;
  router.get(
    '/ehr/patients',
    answer((_request, signal) => listPatients(source, signal)),
  );
  const shown = (request: Request, id: string) =>
    options.onShown?.({ patient: `Patient/${id}`, data: `Patient/${id}`, requestId: requestIdOf(request) });
  router.get(
    '/ehr/patients/:id/chart',
    answer(async (request, signal) => {
      const chart = await readEhrChart(source, idOf(request, 'id'), signal);
      shown(request, idOf(request, 'id'));
      return chart;
    }),
  );
  router.get(
    '/ehr/patients/:id/results',
    answer(async (request, signal) => {
      const written = await readWritten(options, idOf(request, 'id'), signal);
      shown(request, idOf(request, 'id'));
      return written;
    }),
  );
  router.get(
    '/ehr/patients/:id/prefetch/:service',
    answer(async (request, signal) => {
      const service = options.services.find(({ id }) => id === request.params.service);
      if (!service) {
        throw new IntervalError('service-unknown', 'There is no such service.');
      }
      const prefetch = await resolvePrefetch(service, idOf(request, 'id'), source, signal);
      shown(request, idOf(request, 'id'));
      return prefetch;
    }),
  );
  router.get(
    '/ehr/documents/:type/:id/pages/:page.png',
    picture(async (request, signal, response) => {
      const type = String(request.params.type);
      if (type !== 'DiagnosticReport' && type !== 'DocumentReference') {
        throw new IntervalError('not-found', 'There is no such document.');
      }
      return renderedPage(options, `${type}/${idOf(request, 'id')}`, request, response, signal);
    }),
  );
  router.get(
    '/ehr/studies/:id/image.png',
    picture((request, signal) => options.renderImage(`ImagingStudy/${idOf(request, 'id')}`, signal)),
  );
}

function reviewRoutes(router: Router, options: WebOptions): void {
  router.get(
    '/review/:report/data.json',
    answer(async (request, signal) => {
      const review = await readReview(options, idOf(request, 'report'), signal);
      if (review.patient) {
        const data = `DiagnosticReport/${review.id}`;
        options.onShown?.({ patient: `Patient/${review.patient.id}`, data, requestId: requestIdOf(request) });
      }
      return { ...review, judgeable: options.judge !== undefined };
    }),
  );
  const { judge } = options;
  if (judge) {
    router.post(
      '/review/:report/judgement',
      fromOwnPage,
      express.json({ limit: 64 * 1024, strict: true }),
      answer(async (request, signal) => {
        const report = idOf(request, 'report');
        const judgement = readJudgement(request.body, await readReview(options, report, signal));
        // Once begun it is carried to its end: a browser that goes away takes nothing back.
        return judge({ ...judgement, report, requestId: requestIdOf(request), signal: AbortSignal.timeout(30_000) });
      }),
    );
  }
  router.get(
    '/review/:report/pages/:page.png',
    picture(async (request, signal, response) => {
      const { document } = await readReview(options, idOf(request, 'report'), signal);
      if (!document) {
        throw new IntervalError('not-found', 'This report was not read from a document.');
      }
      return renderedPage(options, document, request, response, signal);
    }),
  );
  router.get(
    '/review/:report/images/:role.png',
    picture(async (request, signal) => {
      const role = String(request.params.role);
      if (/^picture-\d{1,3}$/.test(role)) {
        return readPicture(options, idOf(request, 'report'), role, signal);
      }
      const { images } = await readReview(options, idOf(request, 'report'), signal);
      const image = images.find((one) => one.role === role && one.study);
      if (!image?.study) {
        throw new IntervalError('not-found', 'There is no such image.');
      }
      return options.renderImage(image.study, signal);
    }),
  );
}

async function renderedPage(
  options: WebOptions,
  subject: string,
  request: Request,
  response: Response,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const number = String(request.params.page);
  if (!/^[1-9]\d{0,3}$/.test(number)) {
    throw new IntervalError('not-found', 'There is no such page.');
  }
  const { png, pages } = await options.renderPage(subject, Number(number), signal);
  response.set('X-Page-Count', String(pages));
  return png;
}

function page(assets: ReadonlyMap<string, Asset>, name: string): RequestHandler {
  const send = serve(assets.get(name)!, 'no-cache');
  return (request, response, next) => {
    response.set({
      'Content-Security-Policy': POLICY,
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'X-Frame-Options': 'DENY',
    });
    return send(request, response, next);
  };
}

function serve(asset: Asset, cacheControl: string): RequestHandler {
  const etag = `"${createHash('sha256').update(asset.body).digest('hex').slice(0, 20)}"`;
  return (request, response) => {
    response.set({
      'Content-Type': asset.contentType,
      'Cache-Control': cacheControl,
      ETag: etag,
      'X-Content-Type-Options': 'nosniff',
    });
    if (request.get('if-none-match') === etag) {
      response.status(304).end();
      return;
    }
    response.send(asset.body);
  };
}

/**
 * A judgement changes a chart, and the page knows no sign-in: only the page itself may send one, as JSON, so that no other
 * page in the same browser can (a foreign one would need a preflight, which nobody answers).
 */
const fromOwnPage: RequestHandler = (request, _response, next) => {
  const origin = request.get('origin');
  const site = request.get('sec-fetch-site');
  const foreign =
    (site !== undefined && site !== 'same-origin') ||
    (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.get('host')));
  if (foreign) {
    throw new IntervalError('origin-refused', 'Results are judged on the review page itself.');
  }
  if (!/^application\/json\b/i.test(request.get('content-type') ?? '')) {
    throw new IntervalError('media-type-unsupported', 'The body is JSON, declared as application/json.');
  }
  next();
};

function requestIdOf(request: Request): string {
  return request.get('x-request-id') ?? '';
}
