import { afterEach, describe, expect, test } from '@jest/globals';
import { readDicom } from '../../src/imaging/dicom.ts';
import { createDicomWeb } from '../../src/imaging/dicomweb.ts';
import type { DicomWebOptions } from '../../src/imaging/dicomweb-request.ts';
import { type DicomWebStub, type Misbehaviour, type StubOptions, startDicomWebStub } from '../support/dicomweb-stub.ts';
import { film } from '../support/film.ts';

const study = '2.25.1';
const series = '2.25.2';
const open: DicomWebStub[] = [];
const films = [film(1), film(2), film(3)];

async function start(options: StubOptions = {}, client: Partial<DicomWebOptions> = {}, files = films) {
  const stub = await startDicomWebStub(files, options);
  open.push(stub);
  return { stub, web: createDicomWeb({ base: stub.base, timeoutMs: 5000, ...client }) };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((stub) => stub.close()));
});

const always = (wrong: Misbehaviour): StubOptions => ({ misbehave: () => wrong });
const atSeries = (wrong: Misbehaviour): StubOptions => ({
  misbehave: ({ path }) => (path.endsWith(`/series/${series}`) ? wrong : undefined),
});

describe('retrieving a series', () => {
  test.each(['content-length', 'scan', 'unquoted', 'preamble'] as const)(
    'as stored, multipart style %s',
    async (style) => {
      const { stub, web } = await start({ style });
      const files = await web.retrieveSeries(study, series, {});
      expect(files.map((file) => Buffer.compare(file, films[files.indexOf(file)]!))).toEqual([0, 0, 0]);
      expect(stub.requests).toHaveLength(1);
      expect(stub.requests[0]!.accept).toBe('multipart/related; type="application/dicom"; transfer-syntax=*');
    },
  );

  test('one instance, also when the answer is not multipart', async () => {
    const { web } = await start({ style: 'single' });
    const file = await web.retrieveInstance(study, series, '2.25.32', {});
    expect(Buffer.compare(file, films[1]!)).toBe(0);
  });

  test.each([
    ['answers 500', { kind: 'status', status: 500 }],
    ['answers 406', { kind: 'status', status: 406 }],
    ['answers HTML', { kind: 'html' }],
    ['leaves out the boundary', { kind: 'no-boundary' }],
    ['leaves out the end', { kind: 'no-closing' }],
    ['cuts a part', { kind: 'truncate-part' }],
  ] as const)('instance by instance when the series %s', async (_, wrong) => {
    const { stub, web } = await start(atSeries(wrong));
    const files = await web.retrieveSeries(study, series, {});
    // The stub numbers its instances backwards: order is by InstanceNumber.
    expect(files.map((file) => readDicom(file).header.sopInstanceUid)).toEqual(['2.25.33', '2.25.32', '2.25.31']);
    expect(stub.requests).toHaveLength(5);
  });

  test('from metadata and frames when neither series nor instances are given out', async () => {
    const whole = /\/series\/[^/]+$|\/instances\/[^/]+$/;
    const { web } = await start({
      misbehave: ({ path }) => (whole.test(path) ? { kind: 'status', status: 501 } : undefined),
    });
    const [file] = await web.retrieveSeries(study, series, {});
    const [made, original] = [readDicom(file!), readDicom(films[2]!)];
    const pixels = ({ dataSet }: typeof made) => {
      const { dataOffset, length } = dataSet.elements.x7fe00010!;
      return Buffer.from(dataSet.byteArray.subarray(dataOffset, dataOffset + length));
    };
    expect(made.header).toEqual(original.header);
    expect(pixels(made).equals(pixels(original))).toBe(true);
  });
});

describe('bulk data and pictures of the server', () => {
  const noFrames = /\/series\/[^/]+$|\/instances\/[^/]+$|\/frames\/1$/;
  const bulkOnly = (bulkDataUri: string): StubOptions => ({
    bulkDataUri,
    misbehave: ({ path }) => (noFrames.test(path) ? { kind: 'status', status: 501 } : undefined),
  });
  const pixelsOf = (bytes: Uint8Array) => {
    const { dataSet } = readDicom(bytes);
    const { dataOffset, length } = dataSet.elements.x7fe00010!;
    return Buffer.from(dataSet.byteArray.subarray(dataOffset, dataOffset + length));
  };

  test('pixels from bulk data where neither files nor frames are given out', async () => {
    const { stub, web } = await start(bulkOnly('bulk'));
    const file = await web.retrieveInstance(study, series, '2.25.32', {});
    expect(pixelsOf(file).equals(pixelsOf(films[1]!))).toBe(true);
    expect(stub.requests.at(-1)!.path).toMatch(/\/instances\/2\.25\.32\/bulk$/);
  });

  test('bulk data that lies elsewhere is not asked for', async () => {
    for (const uri of ['http://127.0.0.1:9/pixels', '//evil.test/pixels', '/other/pixels', 'http://u:p@127.0.0.1/x']) {
      const { web, stub } = await start(bulkOnly(uri), { headers: () => ({ authorization: 'Basic YTpi' }) });
      await expect(web.retrieveInstance(study, series, '2.25.32', {})).rejects.toMatchObject({
        code: 'dicomweb-untrusted',
      });
      expect(stub.requests.at(-1)!.path).toMatch(/\/frames\/1$/);
    }
  });

  test('bulk data of another length than the header asks for is refused', async () => {
    const options = bulkOnly('bulk');
    const { web } = await start({
      ...options,
      misbehave: (request) =>
        request.path.endsWith('/bulk')
          ? { kind: 'answer', contentType: 'application/octet-stream', body: new Uint8Array(10) }
          : options.misbehave!(request),
    });
    await expect(web.retrieveInstance(study, series, '2.25.32', {})).rejects.toMatchObject({
      code: 'dicomweb-bad-answer',
    });
  });

  test('a rendered picture, asked for with its size; anything else is a bad answer', async () => {
    const { stub, web } = await start();
    const picture = await web.retrieveRendered(study, series, '2.25.31', { side: 512 });
    expect(picture.contentType).toBe('image/png');
    expect(stub.requests[0]).toMatchObject({ accept: 'image/png' });
    const wrong = await start(always({ kind: 'answer', contentType: 'image/png', body: '<svg onload=alert(1)>' }));
    await expect(wrong.web.retrieveRendered(study, series, '2.25.31', { side: 512 })).rejects.toMatchObject({
      code: 'dicomweb-bad-answer',
    });
    const refusing = await start(always({ kind: 'status', status: 400 }));
    await expect(refusing.web.retrieveRendered(study, series, '2.25.31', { side: 512 })).rejects.toMatchObject({
      code: 'dicomweb-unavailable',
    });
  });
});

describe('credentials', () => {
  test('a token that is refused is renewed once; the same one is not tried again', async () => {
    const asked: (string | undefined)[] = [];
    const { stub, web } = await start(
      { authorization: 'Bearer fresh' },
      {
        headers: (refused) => {
          asked.push(refused?.authorization);
          return { authorization: refused ? 'Bearer fresh' : 'Bearer stale' };
        },
      },
    );
    expect(await web.retrieveSeries(study, series, {})).toHaveLength(3);
    expect(asked).toEqual([undefined, 'Bearer stale']);
    expect(stub.requests.map(({ authorization }) => authorization)).toEqual(['Bearer stale', 'Bearer fresh']);

    const basic = await start({ authorization: 'Basic right' }, { headers: () => ({ authorization: 'Basic wrong' }) });
    await expect(basic.web.retrieveSeries(study, series, {})).rejects.toMatchObject({ code: 'dicomweb-unauthorized' });
    expect(basic.stub.requests).toHaveLength(1);
  });
});

describe('what a server can do wrong', () => {
  test.each([
    ['multipart without a part', 'multipart/related; type="application/dicom"; boundary=B', '--B--'],
    [
      'a part of noise',
      'multipart/related; type="application/dicom"; boundary=B',
      '--B\r\n\r\n\u0000\u0001noise\r\n--B--',
    ],
    ['another boundary than said', 'multipart/related; type="application/dicom"; boundary=X', '--B\r\n\r\nx\r\n--B--'],
    ['an empty boundary', 'multipart/related; boundary=""', '--\r\n\r\nx\r\n----'],
    ['headers that never end', 'multipart/related; boundary=B', `--B\r\n${'A: b\r\n'.repeat(1000)}`],
    ['JSON under a multipart label', 'multipart/related; boundary=B', '{"error":"no"}'],
    ['nothing', 'multipart/related; boundary=B', ''],
    ['no type at all', '', 'DICM'],
  ])('multipart nonsense, everywhere: %s', async (_, contentType, body) => {
    const { web } = await start(always({ kind: 'answer', contentType, body }));
    await expect(web.retrieveSeries(study, series, {})).rejects.toMatchObject({
      code: expect.stringMatching(/^dicomweb-(bad-answer|not-found)$/),
    });
  });

  const mislabelled = (() => {
    // Half of the pixels under an uncompressed label, as a compressed stream would be.
    const whole = film(1);
    const file = readDicom(whole);
    const { dataOffset, length } = file.dataSet.elements.x7fe00010!;
    const cut = Buffer.from(whole.subarray(0, dataOffset + length / 2));
    cut.writeUInt32LE(length / 2, dataOffset - 4);
    return Uint8Array.from(cut);
  })();
  const otherStudy = film(1, {
    header: { sopInstanceUid: '2.25.31', studyInstanceUid: '2.25.99', seriesInstanceUid: series, patientId: 'P2' },
  });

  test.each([
    ['401', { kind: 'status', status: 401 }, 'dicomweb-unauthorized', false],
    ['403', { kind: 'status', status: 403 }, 'dicomweb-unauthorized', false],
    ['404', { kind: 'status', status: 404 }, 'dicomweb-not-found', false],
    ['500', { kind: 'status', status: 500 }, 'dicomweb-unavailable', true],
    ['502', { kind: 'status', status: 502 }, 'dicomweb-unavailable', true],
    [
      'a redirect',
      { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      'dicomweb-untrusted',
      false,
    ],
    ['HTML', { kind: 'html' }, 'dicomweb-bad-answer', false],
    ['no boundary', { kind: 'no-boundary' }, 'dicomweb-bad-answer', false],
    ['a dropped socket', { kind: 'drop-socket' }, 'dicomweb-unavailable', true],
  ] as const)('%s', async (_, wrong, code, retry) => {
    const { web } = await start(always(wrong));
    const error = await web.retrieveInstance(study, series, '2.25.31', {}).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, retry });
  });

  test.each([
    ['another study', { kind: 'other-study', file: otherStudy }],
    ['the wrong length under an uncompressed label', { kind: 'replace-files', files: [mislabelled] }],
    ['a file that is not DICOM', { kind: 'replace-files', files: [Uint8Array.from(Buffer.from('not a file at all'))] }],
    ['another instance', { kind: 'replace-files', files: [films[1]!] }],
  ] as const)('%s is refused, and the next way is tried', async (_, wrong) => {
    const whole = /\/instances\/[^/]+$/;
    const { stub, web } = await start({ misbehave: ({ path }) => (whole.test(path) ? wrong : undefined) });
    const file = await web.retrieveInstance(study, series, '2.25.31', {});
    expect(readDicom(file).header.studyInstanceUid).toBe(study);
    expect(stub.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['2.25.31', 'metadata', '1']);
  });

  test('429 and 503 say when to come back', async () => {
    for (const [status, code] of [
      [429, 'dicomweb-throttled'],
      [503, 'dicomweb-unavailable'],
    ] as const) {
      const { web } = await start(always({ kind: 'status', status, headers: { 'retry-after': '7' } }));
      await expect(web.retrieveSeries(study, series, {})).rejects.toMatchObject({
        code,
        retryAfterMs: 7000,
        retry: true,
      });
    }
  });

  test('a socket that dies once is asked again; credentials go along', async () => {
    const { stub, web } = await start(
      { authorization: 'Basic YTpi', misbehave: ({ count }) => (count === 1 ? { kind: 'drop-socket' } : undefined) },
      { headers: () => ({ authorization: 'Basic YTpi' }) },
    );
    expect(await web.retrieveSeries(study, series, {})).toHaveLength(3);
    expect(stub.requests).toHaveLength(2);
  });

  test('a slow drip runs into the time-out, and can be cancelled before', async () => {
    const { web } = await start(always({ kind: 'slow-drip' }), { timeoutMs: 200 });
    await expect(web.retrieveSeries(study, series, {})).rejects.toMatchObject({ code: 'dicomweb-timeout' });
    const signal = AbortSignal.timeout(50);
    await expect(web.retrieveSeries(study, series, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('too many bytes, too many instances', async () => {
    const small = await start({}, { maxBytes: 10_000 });
    await expect(small.web.retrieveSeries(study, series, {})).rejects.toMatchObject({ code: 'dicomweb-too-large' });
    const few = await start();
    await expect(few.web.retrieveSeries(study, series, { maxInstances: 2 })).rejects.toMatchObject({
      code: 'dicomweb-too-large',
    });
  });

  test('an empty series, a UID that is none, an address that is none', async () => {
    const { web, stub } = await start();
    await expect(web.retrieveSeries(study, '2.25.77', {})).rejects.toMatchObject({ code: 'dicomweb-not-found' });
    await expect(web.retrieveSeries('../../secrets', series, {})).rejects.toMatchObject({ code: 'dicomweb-not-found' });
    expect(stub.requests).toHaveLength(1);
    for (const base of ['ftp://pacs', 'nonsense', 'http://user:pass@pacs/']) {
      expect(() => createDicomWeb({ base })).toThrow(expect.objectContaining({ code: 'dicomweb-untrusted' }));
    }
  });

  test('a server that is not there', async () => {
    const { web, stub } = await start();
    await stub.close();
    await expect(web.retrieveSeries(study, series, {})).rejects.toMatchObject({ code: 'dicomweb-unavailable' });
  });
});

describe('searching', () => {
  test('studies of a patient, series', async () => {
    const { web } = await start();
    expect(await web.searchStudies({ patientId: 'P1' })).toEqual([expect.objectContaining({ studyUid: study })]);
    expect(await web.searchSeries(study)).toEqual([expect.objectContaining({ seriesUid: series })]);
  });

  test('nothing found: 204 and []', async () => {
    const { web } = await start();
    expect(await web.searchStudies({ patientId: 'nobody' })).toEqual([]);
    expect(await web.searchSeries('2.25.404')).toEqual([]);
  });

  test('HTML instead of JSON', async () => {
    const { web } = await start(always({ kind: 'html' }));
    await expect(web.searchStudies({})).rejects.toMatchObject({ code: 'dicomweb-bad-answer' });
  });
});
