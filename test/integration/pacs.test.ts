import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Endpoint, ImagingStudy, Resource, Task } from '@medplum/fhirtypes';
import type { FhirClient } from '../../src/fhir/client.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createSamples } from '../../src/samples/create.ts';
import type { Sample } from '../../src/samples/sample.ts';
import { seed } from '../../src/samples/seed.ts';
import { type Started, startService } from '../support/service.ts';
import { describeWith } from './neighbour.ts';
import { type Orthanc, orthancNeighbour, startOrthanc } from './orthanc/start.ts';

/**
 * The sample patients' chest radiographs with their images in a PACS: the service as a user starts it, Orthanc over
 * DICOMweb, hooks over HTTP; the results beside those of the same films in Binaries.
 */
const set = await createSamples({ now: new Date(), timeZone: 'UTC' });
const sampleOf = (id: string) => set.samples.find((one) => one.id === id) as Sample;
const chest = set.samples.filter(({ expected }) =>
  expected.readings.some(({ analysis }) => analysis === 'chest-xray-comparison'),
);
const ended = new Set<Task['status']>(['completed', 'rejected', 'failed']);

describeWith(orthancNeighbour)('chest radiographs in a PACS', () => {
  let orthanc: Orthanc;
  const open: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    orthanc = await startOrthanc();
    await orthanc.store(await films(chest));
  }, 60_000);
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) {
      await close();
    }
  }, 60_000);
  afterAll(() => orthanc?.close());

  test('read as from Binaries: same findings, regions, pictures, conclusions, abstentions and input hashes', async () => {
    const far = await listener();
    const pacs = await start({ INTERVAL_PACS_URL: orthanc.base, INTERVAL_PACS_AUTHORIZATION: orthanc.authorization });
    const binaries = await start({});
    // One patient's studies name another address, which the site does not list: they come from the site's own PACS.
    const endpointOf = ({ id }: Sample) => (id === 'sample-stable' ? far.address : orthanc.base);
    await seed(pacs.client, inPacs(chest, endpointOf));
    await seed(binaries.client, { shared: set.shared, samples: chest });
    const fromPacs = await results(pacs, chest);
    const fromBinaries = await results(binaries, chest);

    expect(fromPacs.map(({ status }) => status).toSorted()).toEqual(
      chest.map(({ expected }) => (expected.readings[0]?.outcome === 'finding' ? 'completed' : 'rejected')).toSorted(),
    );
    expect(fromPacs.flatMap(({ written }) => written).length).toBeGreaterThan(10);
    expect(fromPacs).toEqual(fromBinaries);
    const [effusion] = fromPacs.filter(({ focus }) => focus === 'ImagingStudy/sample-effusion-current');
    for (const film of await films([sampleOf('sample-effusion')])) {
      expect(JSON.stringify(effusion?.written)).toContain(createHash('sha256').update(film).digest('hex'));
    }
    expect(far.connections()).toBe(0);
    expect(await pacs.client.search('DocumentReference', {})).toEqual([]);
  }, 180_000);

  test('an address that the site does not list is never asked', async () => {
    const far = await listener();
    const service = await start({});
    const patient = sampleOf('sample-effusion');
    await seed(
      service.client,
      inPacs([patient], () => far.address),
    );
    const [result] = await results(service, [patient]);
    expect(result).toMatchObject({ status: 'rejected', reason: 'study-incomplete', written: [] });
    expect(far.connections()).toBe(0);
  }, 120_000);

  test('a wrong password: the job fails at once and says so', async () => {
    const password = `Basic ${Buffer.from('interval:wrong-password').toString('base64')}`;
    const service = await start({ INTERVAL_PACS_URL: orthanc.base, INTERVAL_PACS_AUTHORIZATION: password });
    const patient = sampleOf('sample-effusion');
    await seed(
      service.client,
      inPacs([patient], () => orthanc.base),
    );
    const [result] = await results(service, [patient]);
    expect(result).toMatchObject({ status: 'failed', reason: 'dicomweb-unauthorized', written: [] });
    expect(retries(service)).toEqual([]);
    expect(service.lines.join('\n')).not.toContain(password);
  }, 120_000);

  test('a PACS that stops between two films: tried again, then failed, nothing written, and the service goes on', async () => {
    const [patient, other] = [sampleOf('sample-effusion'), sampleOf('sample-text')];
    const stopping = await startOrthanc();
    let running = true;
    const stop = async () => {
      if (running) {
        running = false;
        await stopping.close();
      }
    };
    open.push(stop);
    await stopping.store(await films([patient]));
    const front = await frontOf(stopping, stop);
    const service = await start({
      INTERVAL_PACS_URL: front.base,
      INTERVAL_PACS_AUTHORIZATION: stopping.authorization,
    });
    await seed(
      service.client,
      inPacs([patient], () => front.base),
    );
    const [result] = await results(service, [patient]);
    expect(front.answered()).toBe(1);
    expect(result).toMatchObject({ status: 'failed', reason: 'dicomweb-unavailable', written: [] });
    expect(retries(service)).toEqual(['dicomweb-unavailable', 'dicomweb-unavailable']);

    await seed(service.client, { shared: [], samples: [other] });
    const [lab] = await results(service, [other], 'lab-report-results');
    expect(lab).toMatchObject({ status: 'completed' });
    expect((await fetch(`${service.base}/readyz`)).status).toBe(200);
  }, 120_000);

  type Running = Started & { readonly client: FhirClient };

  async function start(environment: Record<string, string>): Promise<Running> {
    const service = await startService('listening', { INTERVAL_SAMPLES: 'off', ...environment });
    open.push(() => service.stop());
    return { ...service, lines: service.lines, client: createFhirClient({ base: `${service.base}/fhir/R4` }) };
  }

  /** A server that only counts who comes. */
  async function listener() {
    let connections = 0;
    const server = createServer((_request, response) => response.writeHead(500).end()).on('connection', () => {
      connections++;
    });
    return { address: `${await listen(server)}/dicom-web`, connections: () => connections };
  }

  /** What stands before a PACS: hands on one request, then both are gone. */
  async function frontOf(pacs: Orthanc, stop: () => Promise<void>) {
    let answered = 0;
    const server = createServer(async (request, response) => {
      const answer = await fetch(new URL(request.url ?? '/', pacs.base), {
        headers: request.headers as Record<string, string>,
      });
      const body = Buffer.from(await answer.arrayBuffer());
      await stop();
      answered++;
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
        'content-length': body.length,
        connection: 'close',
      });
      response.end(body);
      server.close();
    });
    return { base: `${await listen(server)}/dicom-web`, answered: () => answered };
  }

  async function listen(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});

async function films(samples: readonly Sample[]): Promise<readonly Uint8Array[]> {
  const binaries = samples.flatMap((sample) => sample.binaries);
  return Promise.all(binaries.filter((one) => one.contentType === 'application/dicom').map((one) => one.bytes()));
}

/** The samples as a site has them whose images are in a PACS: no documents, and each study names an Endpoint. */
function inPacs(samples: readonly Sample[], address: (sample: Sample) => string) {
  return {
    shared: set.shared,
    samples: samples.map((sample): Sample => {
      const endpoint: Endpoint = {
        resourceType: 'Endpoint',
        id: `${sample.id}-pacs`,
        status: 'active',
        connectionType: {
          system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
          code: 'dicom-wado-rs',
        },
        payloadType: [{ text: 'DICOM' }],
        address: address(sample),
      };
      const named = sample.resources
        .filter(({ resourceType }) => resourceType !== 'DocumentReference')
        .map((resource) =>
          resource.resourceType === 'ImagingStudy'
            ? ({ ...resource, endpoint: [{ reference: `Endpoint/${endpoint.id}` }] } satisfies ImagingStudy)
            : resource,
        );
      return { ...sample, resources: [endpoint, ...named], binaries: [] };
    }),
  };
}

interface Result {
  readonly focus: string | undefined;
  readonly status: Task['status'];
  /** Code of the abstention or error. */
  readonly reason: string | undefined;
  /** What the job wrote, without what differs from run to run: ids, times, hashes over both. */
  readonly written: readonly unknown[];
}

/** Fires the hook for each patient and waits until their jobs have ended. */
async function results(
  service: { readonly base: string; readonly client: FhirClient },
  samples: readonly Sample[],
  hook = 'chest-xray-change',
): Promise<readonly Result[]> {
  return Promise.all(
    samples.map(async ({ id }): Promise<Result> => {
      await viewPatient(service.base, hook, id);
      const task = await endedTask(service.client, `Patient/${id}`);
      return {
        focus: task.focus?.reference,
        status: task.status,
        reason: task.statusReason?.coding?.[0]?.code,
        written: await writtenFor(service.client, `Patient/${id}`),
      };
    }),
  );
}

async function viewPatient(base: string, service: string, patientId: string): Promise<void> {
  const response = await fetch(`${base}/cds-services/${service}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      fhirServer: `${base}/fhir/R4`,
      context: { userId: 'Practitioner/example', patientId },
    }),
  });
  expect(response.status).toBe(200);
}

async function endedTask(client: FhirClient, patient: string): Promise<Task> {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline) {
    const tasks = await client.search<Task>('Task', { patient });
    if (tasks.length === 1 && ended.has(tasks[0]!.status)) {
      return tasks[0]!;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`No job of ${patient} ended within 90 seconds.`);
}

async function writtenFor(client: FhirClient, patient: string): Promise<readonly unknown[]> {
  const security = 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue|AIAST';
  const own = await Promise.all([
    client.search<Resource>('Observation', { patient, _security: security }),
    client.search<Resource>('DiagnosticReport', { patient, _security: security }),
    client.search<Resource>('Media', { patient, _security: security }),
  ]);
  const targets = own.flat().map(({ resourceType, id }) => `${resourceType}/${id}`);
  const provenances = targets.length > 0 ? await client.search('Provenance', { target: targets[0]! }) : [];
  return [...own.flat(), ...provenances]
    .map(withoutIdsAndTimes)
    .toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
}

/** Ids that a server gave, and moments of writing; references keep their type, clinical dates stay. */
function withoutIdsAndTimes(resource: Resource): unknown {
  const { id, meta, ...rest } = resource;
  const kept = { profile: meta?.profile, security: meta?.security };
  return JSON.parse(JSON.stringify({ meta: kept, ...rest }), (key, value) => {
    if (key === 'issued' || key === 'recorded' || key === 'createdDateTime') {
      return '(time)';
    }
    return typeof value === 'string'
      ? value.replace(/^([A-Z][A-Za-z]+)\/[0-9a-f]{8}-[0-9a-f-]{27}$/, '$1/(id)')
      : value;
  });
}

function retries({ lines }: Started): readonly string[] {
  return lines
    .filter((line) => line.includes('"msg":"job will be tried again"'))
    .map((line) => JSON.parse(line).code as string);
}
