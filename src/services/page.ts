import type { DiagnosticReport, DocumentReference, ImagingStudy } from '@medplum/fhirtypes';
import type { Router } from 'express';
import definitions from '../../cds-services.json' with { type: 'json' };
import { fetchImages, frontalFilm } from '../analyses/chest-xray-comparison/load.ts';
import { attachmentBytes } from '../analyses/lab-report/load.ts';
import { readServices } from '../cds-hooks/discovery.ts';
import { parseReference } from '../fhir/references.ts';
import { readDicom } from '../imaging/dicom.ts';
import { greyPng } from '../imaging/png.ts';
import { pacs, SERVICE_VERSION } from '../parts.ts';
import { webRouter } from '../web/routes.ts';
import type { Keeping } from './keeping.ts';
import { judgeOnPage, pageClient } from './page-judgement.ts';
import type { ServiceWorld } from './world.ts';

/** Of a page on the screen: sharp enough to read a value, small enough to load at once. */
const PAGE_DPI = 130;

/** The page at `/` and the review page, with pictures of what was read. */
export function page(world: ServiceWorld, keeping: Keeping): Router {
  const { config, servers, tools, queue } = world;
  const dicomweb = pacs(config);
  const idOf = (reference: string) => parseReference(reference)?.id ?? '';

  return webRouter({
    store: servers.store,
    source: servers.source,
    // The page knows no sign-in: it shows charts only where nobody else can reach it, or the operator said so.
    demo: config.mode === 'development',
    publicUrl: () => config.publicUrl || world.address,
    services: readServices(definitions),
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
    async renderImage(study, sopInstanceUid, signal) {
      const resource = await servers.source.read<ImagingStudy>('ImagingStudy', idOf(study), { signal });
      const files = await fetchImages(resource, { source: servers.source, dicomweb, signal });
      const named =
        sopInstanceUid === undefined
          ? files
          : files.filter((bytes) => readDicom(bytes).header.sopInstanceUid === sopInstanceUid);
      return greyPng((await frontalFilm(named.length > 0 ? named : files, tools.decoder, signal)).image);
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
        queue: await queue.stats(),
      };
    },
  });
}
