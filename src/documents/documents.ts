import { createHash } from 'node:crypto';
import { IntervalError } from '../errors.ts';
import { sniff } from './content-type.ts';
import { refuseCrowded } from './crowded.ts';
import { generalScore } from './legible.ts';
import { type DocumentLimits, defaultLimits } from './limits.ts';
import { merged } from './merge.ts';
import { type OcrOptions, recognisePage } from './ocr.ts';
import type { Page, PagedDocument } from './page.ts';
import type { Picture } from './reading.ts';
import { createThreads } from './thread.ts';

export type { DocumentLimits } from './limits.ts';
export type { OcrOptions } from './ocr.ts';
export type { Picture } from './reading.ts';

export interface OpenOptions {
  /** What the attachment claims to be; the bytes decide. */
  readonly contentType?: string;
  readonly signal: AbortSignal;
  readonly limits?: Partial<DocumentLimits>;
  readonly ocr?: OcrOptions;
}

export interface RenderOptions {
  readonly contentType?: string;
  /** 1-based. */
  readonly page: number;
  /**
   * Pixels per inch of a PDF page; a scan is reduced to about this, taken as A4, and never enlarged; text is drawn with
   * ten characters to the inch.
   */
  readonly dpi: number;
  readonly signal: AbortSignal;
  readonly limits?: Partial<DocumentLimits>;
}

/** One page as a picture, and how many pages the document has. */
export type RenderedPage = Picture & { readonly pages: number };

export interface Documents {
  /**
   * Bytes → pages with words. Throws IntervalErrors: `document-empty`, `document-too-large`, `document-too-many-pages`,
   * `document-unsupported`, `document-encrypted`, `document-damaged`, `document-unreadable` (time, memory),
   * `image-too-large`, `image-too-small`, `cancelled`.
   */
  open(bytes: Uint8Array, options: OpenOptions): Promise<PagedDocument>;
  /**
   * A picture of one page, upright as the page is given; `scale` turns boxes of `open` into its pixels. Lines of text are
   * further apart than characters: there `scale` holds across, and `height / page.height` down.
   */
  render(bytes: Uint8Array, options: RenderOptions): Promise<RenderedPage>;
  /** Ends the threads. */
  close(): Promise<void>;
}

export interface DocumentsOptions {
  /** Threads that read at the same time; 1 unless given. */
  readonly threads?: number;
  /** JavaScript heap of one thread. */
  readonly heapMegabytes?: number;
  readonly limits?: Partial<DocumentLimits>;
}

export function createDocuments(options: DocumentsOptions = {}): Documents {
  const threads = createThreads(options.threads ?? 1, options.heapMegabytes ?? 512);

  function check(bytes: Uint8Array, contentType: string | undefined, own: Partial<DocumentLimits> | undefined) {
    const limits = { ...defaultLimits, ...options.limits, ...own };
    if (bytes.length > limits.bytes) {
      throw new IntervalError(
        'document-too-large',
        `The document has ${bytes.length} bytes; at most ${limits.bytes} are read.`,
      );
    }
    return { limits, type: sniff(bytes, contentType) };
  }

  return {
    async open(bytes, { contentType, signal, limits: own, ocr = {} }) {
      const { limits, type } = check(bytes, contentType, own);
      const pages = await threads.read(limits, signal, async (ask) => {
        const opened = await ask({ kind: 'open', bytes, contentType: type, limits });
        const read: Page[] = [];
        for (const { needsRecognition, recogniseIn, ...page } of opened) {
          if (!needsRecognition) {
            read.push(recogniseIn ? merged(page, await recognisePage(ask, page, ocr), recogniseIn) : page);
            continue;
          }
          const recognised = await recognisePage(ask, page, ocr);
          // A thin but sound text layer beside a picture without text stays.
          const score = ocr.score ?? generalScore;
          read.push(page.words.length > 0 && score(page.words) >= score(recognised.words) ? page : recognised);
        }
        return read;
      });
      refuseCrowded(pages, limits);
      return { sha256: createHash('sha256').update(bytes).digest('hex'), contentType: type, pages };
    },
    async render(bytes, { contentType, page, dpi, signal, limits: own }) {
      const { limits, type } = check(bytes, contentType, own);
      return threads.read(limits, signal, async (ask) => {
        const pages = await ask({ kind: 'open', bytes, contentType: type, limits });
        return { ...(await ask({ kind: 'render', page, dpi })), pages: pages.length };
      });
    },
    close: () => threads.close(),
  };
}

/** Opens one document on a thread of its own, which ends with it. Who opens many keeps a `createDocuments`. */
export async function openDocument(bytes: Uint8Array, options: OpenOptions): Promise<PagedDocument> {
  const documents = createDocuments();
  try {
    return await documents.open(bytes, options);
  } finally {
    await documents.close();
  }
}

/** A picture of one page, on a thread of its own. */
export async function render(bytes: Uint8Array, options: RenderOptions): Promise<RenderedPage> {
  const documents = createDocuments();
  try {
    return await documents.render(bytes, options);
  } finally {
    await documents.close();
  }
}
