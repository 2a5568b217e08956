import { answer, errors, headers, id, json, pathParameter, png, ref } from './parts.ts';

const object = { type: 'object' } as const;
const picture = { '200': { description: 'PNG.', headers, ...png } };
const html = { '200': { description: 'HTML.', content: { 'text/html': { schema: { type: 'string' } } } } };
const closed = {
  '403': 'Charts are shown only where the service runs without authentication.',
  '404': 'There is nothing of this id.',
} as const;
const upstream = { '502': 'The FHIR server failed.', '504': 'The FHIR server did not answer in time.' } as const;

const get = (operationId: string, summary: string, tag: string, responses: object) => ({
  get: { operationId, summary, tags: [tag], security: [], responses },
});

/** The demonstration EHR and the review page. */
export const webPaths = {
  '/': get('home', 'The demonstration EHR', 'Pages', html),
  '/assets/{name}': {
    parameters: [pathParameter('name', 'File of the pages.')],
    ...get('asset', 'Scripts, styles and pictures of the pages', 'Pages', {
      '200': { description: 'The file.' },
      '304': { description: 'It has not changed.' },
    }),
  },
  '/ehr/status': get('status', 'What runs here', 'Pages', { '200': answer('Readers, servers, queue.', object) }),
  '/status': get('statusPage', 'The page that shows how the work goes', 'Pages', html),
  '/status/work.json': get('work', 'How the work goes: queue, ended jobs, abstentions, readers', 'Pages', {
    '200': answer('Counts and codes, nothing of a patient; counted by this process since it began.', object),
  }),
  '/ehr/patients': get('patients', 'Patients of the source', 'Pages', {
    '200': answer('One line a patient.', { type: 'array', items: object }),
    ...errors({ ...closed, ...upstream }),
  }),
  '/ehr/patients/{id}/chart': {
    parameters: [pathParameter('id', 'Patient.', id)],
    ...get('chart', 'A chart without what Interval wrote', 'Pages', {
      '200': answer('The chart.', object),
      ...errors({ ...closed, ...upstream }),
    }),
  },
  '/ehr/patients/{id}/results': {
    parameters: [pathParameter('id', 'Patient.', id)],
    ...get('written', 'What Interval wrote for a patient', 'Pages', {
      '200': answer('One entry a job.', { type: 'array', items: object }),
      ...errors({ ...closed, ...upstream }),
    }),
  },
  '/ehr/patients/{id}/prefetch/{service}': {
    parameters: [pathParameter('id', 'Patient.', id), pathParameter('service', 'Id of a CDS service.')],
    ...get('prefetch', 'The prefetch of a service, as an EHR resolves it', 'Pages', {
      '200': answer('Prefetch and context.', object),
      ...errors({ ...closed, ...upstream }),
    }),
  },
  '/ehr/documents/{type}/{id}/pages/{page}.png': {
    parameters: [
      pathParameter('type', 'Type.', { enum: ['DiagnosticReport', 'DocumentReference'] }),
      pathParameter('id', 'Its id.', id),
      pathParameter('page', 'Page, from 1.', { type: 'integer', minimum: 1, maximum: 9999 }),
    ],
    ...get('documentPage', 'A page of a document as a picture', 'Pages', {
      ...picture,
      ...errors({ ...closed, '422': 'The document cannot be read.' }),
    }),
  },
  '/ehr/studies/{id}/image.png': {
    parameters: [pathParameter('id', 'ImagingStudy.', id)],
    ...get('studyImage', 'The first frontal image of a study', 'Pages', {
      ...picture,
      ...errors({ ...closed, '422': 'The image cannot be read.' }),
    }),
  },
  '/review/{report}': {
    parameters: [pathParameter('report', 'Our DiagnosticReport in the store.', id)],
    ...get('reviewPage', 'The review page', 'Review', html),
  },
  '/review/{report}/data.json': {
    parameters: [pathParameter('report', 'Our DiagnosticReport in the store.', id)],
    ...get('review', 'What the review page shows', 'Review', {
      '200': answer('The report, its results and where each was read.', object),
      ...errors({ ...closed, ...upstream }),
    }),
  },
  '/review/{report}/pages/{page}.png': {
    parameters: [
      pathParameter('report', 'Our DiagnosticReport in the store.', id),
      pathParameter('page', 'Page, from 1.', { type: 'integer', minimum: 1, maximum: 9999 }),
    ],
    ...get('reviewPicture', 'A page of the document that was read', 'Review', { ...picture, ...errors(closed) }),
  },
  '/review/{report}/images/{role}.png': {
    parameters: [
      pathParameter('report', 'Our DiagnosticReport in the store.', id),
      pathParameter('role', 'current, prior, or picture-0 and so on.', {
        type: 'string',
        pattern: '^[a-z]+(-\\d{1,3})?$',
      }),
    ],
    ...get('reviewImage', 'A film that was compared, or a picture that the reader made', 'Review', {
      ...picture,
      ...errors(closed),
    }),
  },
  '/review/{report}/judgement': {
    parameters: [pathParameter('report', 'Our DiagnosticReport in the store.', id)],
    post: {
      operationId: 'judge',
      summary: 'Accept or reject results; from the review page itself only',
      tags: ['Review'],
      security: [],
      requestBody: { required: true, ...json(ref('Judgement')) },
      responses: {
        '200': answer('How many results were changed, and how many could not be.', {
          type: 'object',
          required: ['changed', 'left'],
          properties: { changed: { type: 'integer' }, left: { type: 'integer' } },
        }),
        ...errors({ ...closed, ...upstream, '400': 'Not a judgement.', '415': 'The body is not JSON.' }),
      },
    },
  },
};
