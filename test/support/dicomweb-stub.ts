import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DicomFile, readDicom } from '../../src/imaging/dicom.ts';
import { compressedFrame, nativeFrame } from '../../src/imaging/frames.ts';
import { readPixelFormat } from '../../src/imaging/pixel-format.ts';

/** What the stub does instead of answering properly. */
export type Misbehaviour =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'drop-socket' }
  | { readonly kind: 'slow-drip' }
  | { readonly kind: 'html' }
  | { readonly kind: 'no-boundary' }
  | { readonly kind: 'no-closing' }
  | { readonly kind: 'truncate-part' }
  /** What a proxy, a wrong content type or a broken server makes of multipart. */
  | { readonly kind: 'answer'; readonly contentType: string; readonly body: string | Uint8Array }
  | { readonly kind: 'other-study'; readonly file: Uint8Array }
  | { readonly kind: 'replace-files'; readonly files: readonly Uint8Array[] };

export interface StubOptions {
  readonly authorization?: string;
  /** Called for every request; a returned misbehaviour replaces or spoils the answer. */
  readonly misbehave?: (request: { readonly path: string; readonly count: number }) => Misbehaviour | undefined;
  /** How multipart bodies are written. */
  /** Where metadata says that pixels lie; `/bulk` under an instance is answered. */
  readonly bulkDataUri?: string;
  readonly style?: 'content-length' | 'scan' | 'unquoted' | 'preamble' | 'single';
}

export interface DicomWebStub {
  readonly base: string;
  readonly requests: { readonly path: string; readonly accept: string; readonly authorization?: string }[];
  add(file: Uint8Array): void;
  close(): Promise<void>;
}

interface Stored {
  readonly bytes: Uint8Array;
  readonly file: DicomFile;
}

/** An in-process PACS for tests: STOW, QIDO, WADO with transfer-syntax=*, and every way of failing. */
export async function startDicomWebStub(
  files: readonly Uint8Array[],
  options: StubOptions = {},
): Promise<DicomWebStub> {
  const stored: Stored[] = [];
  const add = (bytes: Uint8Array) => void stored.push({ bytes, file: readDicom(bytes) });
  files.forEach(add);
  const requests: DicomWebStub['requests'] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://stub').pathname.replace(/^\/dicom-web/, '');
    const { accept = '', authorization } = request.headers;
    requests.push({ path, accept, authorization });
    if (options.authorization !== undefined && authorization !== options.authorization) {
      response.writeHead(401).end();
      return;
    }
    const wrong = options.misbehave?.({ path, count: requests.length });
    if (wrong && spoil(wrong, request, response)) {
      return;
    }
    if (request.method === 'POST') {
      void store(request, response, add);
      return;
    }
    answer(request, response, stored, wrong, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dicom-web`,
    requests,
    add,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** True when the answer has been given. */
function spoil(wrong: Misbehaviour, request: IncomingMessage, response: ServerResponse): boolean {
  switch (wrong.kind) {
    case 'status':
      response.writeHead(wrong.status, wrong.headers).end('no');
      return true;
    case 'drop-socket':
      request.socket.destroy();
      return true;
    case 'slow-drip': {
      response.writeHead(200, { 'content-type': 'multipart/related; type="application/dicom"; boundary=B' });
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
      return true;
    }
    case 'answer':
      response.writeHead(200, { 'content-type': wrong.contentType }).end(wrong.body);
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>proxy</html>');
      return true;
    default:
      return false;
  }
}

async function store(request: IncomingMessage, response: ServerResponse, add: (file: Uint8Array) => void) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
  const body = Buffer.concat(chunks);
  let at = body.indexOf(`--${boundary}`);
  for (;;) {
    const start = body.indexOf('\r\n\r\n', at) + 4;
    const next = body.indexOf(`\r\n--${boundary}`, start);
    if (start < 4 || next < 0) {
      break;
    }
    add(Uint8Array.from(body.subarray(start, next)));
    at = next + 2;
  }
  response.writeHead(200, { 'content-type': 'application/dicom+json' }).end('{}');
}

const attribute = (vr: string, value: unknown) => ({ vr, Value: [value] });

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  stored: readonly Stored[],
  wrong: Misbehaviour | undefined,
  { style = 'content-length', bulkDataUri }: StubOptions,
): void {
  const url = new URL(request.url ?? '/', 'http://stub');
  const path = url.pathname
    .replace(/^\/dicom-web/, '')
    .split('/')
    .filter(Boolean);
  const [, study, level, series, level3, instance, level4, frames] = path;
  const found = stored.filter(
    ({ file: { header } }) =>
      (!study || header.studyInstanceUid === study) &&
      (!series || header.seriesInstanceUid === series) &&
      (!instance || header.sopInstanceUid === instance),
  );
  const json = (body: unknown[]) => {
    const paged = body
      .slice(Number(url.searchParams.get('offset') ?? 0))
      .slice(0, Number(url.searchParams.get('limit') ?? 1e6));
    response.writeHead(200, { 'content-type': 'application/dicom+json' }).end(JSON.stringify(paged));
  };
  if (path.length === 1) {
    const patient = url.searchParams.get('PatientID');
    const matching = found.filter(({ file }) => !patient || file.header.patientId === patient);
    if (matching.length === 0) {
      response.writeHead(204).end();
      return;
    }
    json(
      unique(matching.map(({ file: { header } }) => header.studyInstanceUid)).map((uid) => ({
        '0020000D': attribute('UI', uid),
      })),
    );
  } else if (level === 'series' && !series) {
    json(
      unique(found.map(({ file: { header } }) => header.seriesInstanceUid)).map((uid) => ({
        '0020000E': attribute('UI', uid),
      })),
    );
  } else if (level3 === 'instances' && !instance) {
    json(
      found.map(({ file: { header } }, number) => ({
        '00080018': attribute('UI', header.sopInstanceUid),
        '00200013': attribute('IS', found.length - number),
      })),
    );
  } else if (found.length === 0) {
    response.writeHead(404).end();
  } else if (level4 === 'metadata') {
    const bulk = bulkDataUri ? { '7FE00010': { vr: 'OW', BulkDataURI: bulkDataUri } } : {};
    json(found.map(({ file }) => ({ ...metadata(file), ...bulk })));
  } else if (level4 === 'rendered') {
    response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from('89504e470d0a1a0a', 'hex'));
  } else if (level4 === 'bulk') {
    const { file } = found[0]!;
    const { dataOffset, length } = file.dataSet.elements.x7fe00010!;
    const type = `application/octet-stream; transfer-syntax=${file.header.transferSyntaxUid}`;
    multipart(response, [file.dataSet.byteArray.subarray(dataOffset, dataOffset + length)], type, wrong, style);
  } else if (level4 === 'frames') {
    const { file } = found[0]!;
    const type = `application/octet-stream; transfer-syntax=${file.header.transferSyntaxUid}`;
    const format = readPixelFormat(file);
    const bodies = frames!
      .split(',')
      .map((number) =>
        file.dataSet.elements.x7fe00010?.fragments
          ? compressedFrame(file, format, Number(number) - 1)
          : nativeFrame(file, format, Number(number) - 1, false),
      );
    multipart(response, bodies, type, wrong, style);
  } else {
    const bodies =
      wrong?.kind === 'other-study'
        ? [wrong.file]
        : wrong?.kind === 'replace-files'
          ? wrong.files
          : found.map(({ bytes }) => bytes);
    multipart(response, bodies, 'application/dicom', wrong, style);
  }
}

const unique = (values: readonly string[]) => [...new Set(values)];

/** US, UI, CS and IS elements of the data set: enough for frames to be assembled. */
function metadata({ dataSet }: DicomFile): Record<string, unknown> {
  return Object.fromEntries(
    Object.values(dataSet.elements).flatMap(({ tag, vr = '' }) => {
      const key = tag.slice(1).toUpperCase();
      if (vr === 'US') return [[key, attribute(vr, dataSet.uint16(tag))]];
      const value = dataSet.string(tag);
      if (vr === 'PN') return [[key, attribute(vr, { Alphabetic: value })]];
      if (vr === 'IS') return [[key, attribute(vr, dataSet.intString(tag))]];
      return /^(UI|CS|LO|DA|TM)$/.test(vr) && value ? [[key, attribute(vr, value)]] : [];
    }),
  );
}

function multipart(
  response: ServerResponse,
  bodies: readonly Uint8Array[],
  type: string,
  wrong: Misbehaviour | undefined,
  style: NonNullable<StubOptions['style']>,
): void {
  if (style === 'single' && bodies.length === 1) {
    response.writeHead(200, { 'content-type': type }).end(bodies[0]);
    return;
  }
  const boundary = 'B-7fe0';
  const shown = style === 'unquoted' ? boundary : `"${boundary}"`;
  const length = (body: Uint8Array) => (style === 'scan' ? '' : `Content-Length: ${body.length}\r\n`);
  const parts = bodies.flatMap((body) => [
    Buffer.from(`\r\n--${boundary}\r\nContent-Type: ${type}\r\n${length(body)}MIME-Version: 1.0\r\n\r\n`),
    wrong?.kind === 'truncate-part' ? body.subarray(0, body.length / 2) : body,
  ]);
  const preamble = style === 'preamble' ? 'This is a multi-part message.\r\n' : '';
  const closing = wrong?.kind === 'no-closing' || wrong?.kind === 'truncate-part' ? '' : `\r\n--${boundary}--\r\n`;
  const stated = wrong?.kind === 'no-boundary' ? '' : `; boundary=${shown}`;
  response
    .writeHead(200, { 'content-type': `multipart/related; type="${type}"${stated}` })
    .end(Buffer.concat([Buffer.from(preamble), ...parts, Buffer.from(closing)]));
}
