import { type ErrorCode, IntervalError } from '../../errors.ts';

export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | null;
  /** What the server says of it. It may quote the prompt, so it is looked at here and goes nowhere. */
  readonly text: string;
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'model-unauthorized',
  403: 'model-unauthorized',
  404: 'model-not-found',
  408: 'model-timeout',
  413: 'prompt-too-long',
  429: 'model-throttled',
  504: 'model-timeout',
};

/** What servers say, whatever the status they say it with: llama-server and Ollama have used 400 and 500 for the same. */
const byWords: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /exceed_context_size|context (?:size|length|window)|maximum (?:context|model) length|prompt is too long/i,
    'prompt-too-long',
    'The prompt is longer than the context of the model server.',
  ],
  [
    /image input is not supported|mmproj|missing data required for image|not a multimodal model|at most 0 image/i,
    'model-image-ignored',
    'The model server serves this model without its image encoder.',
  ],
  [/at most \d+ image/i, 'model-rejected', 'The model server takes fewer images in one prompt than were sent.'],
];

/** The coded error of an answer that is not a reply. */
export function failureOf({ status, retryAfter, text }: Refusal, now: number): IntervalError {
  const words =
    status === 401 || status === 403 || status === 429 ? undefined : byWords.find(([said]) => said.test(text));
  if (words) {
    return new IntervalError(words[1], words[2]);
  }
  const code = byStatus[status] ?? (status >= 500 ? 'model-unavailable' : 'model-rejected');
  const retryAfterMs = waitOf(retryAfter, now);
  return new IntervalError(
    code,
    `The model server answered ${status}.`,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/** Delta seconds or an HTTP date (RFC 9110 section 10.2.3), at most one hour. */
function waitOf(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') {
    return undefined;
  }
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), 3_600_000);
}
