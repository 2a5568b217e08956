import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Orthanc {
  /** DICOMweb base URL. */
  readonly base: string;
  readonly authorization: string;
  /** STOW-RS; all files must be stored. */
  store(files: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

const plugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Debian's packages. */
export const orthancNeighbour = {
  name: 'Orthanc',
  get here() {
    return (
      spawnSync('Orthanc', ['--version'], { stdio: 'ignore' }).status === 0 &&
      spawnSync('test', ['-f', plugin]).status === 0
    );
  },
  install: 'apt-get install orthanc orthanc-dicomweb',
};

/**
 * Starts an Orthanc of our own by hand on a free port, with its storage in a temporary folder that is deleted on close.
 * It listens on every interface (version 1.10 cannot do otherwise) but answers other hosts with 401 whatever the password.
 */
export async function startOrthanc(): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), 'orthanc-'));
  const port = await freePort();
  const [user, password] = ['interval', 'interval-test'];
  const configuration = {
    Name: 'interval-test-pacs',
    StorageDirectory: folder,
    IndexDirectory: folder,
    Plugins: [plugin],
    HttpServerEnabled: true,
    HttpPort: port,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: true,
    RegisteredUsers: { [user]: password },
    SslEnabled: false,
    DicomServerEnabled: false,
    OverwriteInstances: true,
    DicomWeb: {
      Enable: true,
      Root: '/dicom-web/',
      EnableWado: false,
      Ssl: false,
      StudiesMetadata: 'Full',
      SeriesMetadata: 'Full',
    },
  };
  await writeFile(join(folder, 'orthanc.json'), JSON.stringify(configuration));
  const server = spawn('Orthanc', [join(folder, 'orthanc.json')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const origin = `http://127.0.0.1:${port}`;
  const close = async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(`${origin}/system`, authorization);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const base = `${origin}/dicom-web`;
  return { base, authorization, store: (files) => store(base, authorization, files), close };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(url: string, authorization: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const answer = await fetch(url, { headers: { authorization } }).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Orthanc did not become ready within 20 seconds.');
}

async function store(base: string, authorization: string, files: readonly Uint8Array[]): Promise<void> {
  const boundary = 'interval-stow';
  const body = Buffer.concat([
    ...files.flatMap((file) => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      file,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  const answer = await fetch(`${base}/studies`, {
    method: 'POST',
    headers: {
      authorization,
      accept: 'application/dicom+json',
      'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    },
    body,
  });
  if (answer.status !== 200) {
    throw new Error(`STOW answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  }
}
