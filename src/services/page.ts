import type { DiagnosticReport, DocumentReference } from '@medplum/fhirtypes';
import type { Router } from 'express';
import { timeline } from '../analyses/chest-xray-comparison/pair.ts';
import { attachmentBytes } from '../analyses/lab-report/load.ts';
import { IntervalError } from '../errors.ts';
import { fetchChart } from '../fhir/chart.ts';
import { parseReference } from '../fhir/references.ts';
import { filmPng } from '../imaging/png.ts';
import { pacs } from '../pacs.ts';
import { SERVICE_VERSION } from '../version.ts';
import { webRouter } from '../web/routes.ts';
import { createFilms } from './films.ts';
import type { Keeping } from './keeping.ts';
import { judgeOnPage, pageClient } from './page-judgement.ts';
import { createViewer } from './viewer.ts';
import type { ServiceWorld } from './world.ts';

/** Of a page on the screen: sharp enough to read a value, small enough to load at once. */
const PAGE_DPI = 130;

/** The page at `/` and the review page, with pictures of what was read. */
export function page(world: ServiceWorld, keeping: Keeping): Router {
  const { config, servers, tools, queue } = world;
  const dicomweb = pacs(config);
  const films = createFilms({ source: servers.source, dicomweb }, createViewer());
  const idOf = (reference: string) => parseReference(reference)?.id ?? '';
  // A queue in Redis may be away: the page says so, it does not go with it.
  const queueNow = async () => {
    const stats = await queue.stats().catch(() => undefined);
    return stats ? { queue: stats } : {};
  };

  return webRouter({
    store: servers.store,
    source: servers.source,
    // The page knows no sign-in: it shows charts only where nobody else can reach it, or the operator said so.
    demo: config.mode === 'development',
    publicUrl: () => world.publicUrl,
    services: world.definitions,
    judge: (judgement) => judgeOnPage(world, keeping, judgement),
    onShown: ({ patient, data, requestId }) =>
      keeping.audit.disclosed({ patient: servers.form.toStore(patient), data, client: pageClient, requestId }),
    async renderPage(subject, number, signal) {
      const type = parseReference(subject)?.type as 'DiagnosticReport' | 'DocumentReference';
      const resource = await servers.source.read<DiagnosticReport | DocumentReference>(type, idOf(subject), { signal });
      const { bytes, contentType } = await attachmentBytes(resource, { source: servers.source, signal });
      return tools.documents.render(bytes, {
        contentType,
        page: number,
        dpi: PAGE_DPI,
        signal,
      });
    },
    async renderImage(study, signal) {
      try {
        const { levels, window } = await films.film({ study });
        return await filmPng(levels, window);
      } catch (error) {
        if (error instanceof IntervalError && error.kind === 'input') {
          return films.rendered(study, signal);
        }
        throw error;
      }
    },
    film: films.film,
    pair: films.pair,
    async timeline(patient, study, signal) {
      const chart = await fetchChart(servers.source, idOf(patient), { own: false, signal });
      return timeline(chart, idOf(study), tools.priorWindow).map((one) => ({
        study: `ImagingStudy/${one.study.id}`,
        title: one.study.description ?? 'Chest radiograph',
        date: one.at,
        bedside: one.bedside,
      }));
    },
    async work() {
      const [asked, waitingFor, figures] = await Promise.all([queueNow(), world.notReady(), world.metrics.summary()]);
      return { ...asked, waitingFor, figures };
    },
    async status() {
      return {
        version: SERVICE_VERSION,
        readers: world.analyses.map(({ analysis, reader }) => ({
          analysis: analysis.id,
          reader: `${reader.id} ${reader.version}`,
        })),
        store: servers.store.base,
        source: servers.source.base,
        writeBack: servers.mode,
        ...(await queueNow()),
      };
    },
  });
}
