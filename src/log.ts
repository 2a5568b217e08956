import { type DestinationStream, pino } from 'pino';
import { asIntervalError } from './errors.ts';

/**
 * Fields that may be logged. The list is closed: whatever else is passed is dropped at run time, so that patient data
 * cannot reach the log by accident. None of them may carry text from a chart, a document, a token or a URL with a query.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly hookInstance?: string;
  readonly service?: string;
  readonly hook?: string;
  readonly method?: string;
  /** Route pattern, never the URL. */
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly outcome?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly job?: string;
  readonly analysis?: string;
  readonly reader?: string;
  readonly model?: string;
  readonly attempt?: number;
  readonly count?: number;
  readonly total?: number;
  readonly cards?: number;
  readonly due?: number;
  readonly missing?: readonly string[];
  readonly dropped?: number;
  readonly resourceType?: string;
  /** Id of a registered client, of our own configuration. */
  readonly client?: string;
  readonly key?: string;
  readonly value?: string | number | boolean | null;
  readonly address?: string;
  readonly version?: string;
  readonly pid?: number;
  readonly signal?: string;
  readonly bytes?: number;
}

const allowed: ReadonlySet<string> = new Set([
  'requestId',
  'hookInstance',
  'service',
  'hook',
  'method',
  'route',
  'status',
  'ms',
  'outcome',
  'code',
  'reason',
  'job',
  'analysis',
  'reader',
  'model',
  'attempt',
  'count',
  'total',
  'cards',
  'due',
  'missing',
  'dropped',
  'resourceType',
  'client',
  'key',
  'value',
  'address',
  'version',
  'pid',
  'signal',
  'bytes',
] satisfies (keyof LogFields)[]);

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
  child(fields: LogFields): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Structured log, one JSON object a line, on standard error unless a destination is given. */
export function createLog(options: { readonly level: LogLevel; readonly destination?: DestinationStream }): Log {
  const destination = options.destination ?? pino.destination({ dest: 2, sync: true });
  return wrap(pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination));
}

function wrap(logger: ReturnType<typeof pino>): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields, error?: unknown) => {
      logger[level]({ ...permitted(fields), ...(error === undefined ? {} : { error: describe(error) }) }, message);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(logger.child(permitted(fields))),
  };
}

function permitted(fields: LogFields = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => allowed.has(key) && value !== undefined));
}

/** Code and our own message; of causes only the class and where it was thrown, since their messages may quote a chart. */
function describe(thrown: unknown): Record<string, unknown> {
  const error = asIntervalError(thrown);
  return {
    code: error.code,
    message: error.message,
    at: frames(error),
    ...(error.cause === undefined ? {} : { cause: cause(error.cause) }),
  };
}

function cause(thrown: unknown): Record<string, unknown> {
  return thrown instanceof Error ? { name: thrown.name, at: frames(thrown) } : { name: typeof thrown };
}

function frames(error: Error): readonly string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) =>
      line
        .trim()
        .replace(/^at /, '')
        .replace(/file:\/\/\S*\/(?=(?:src|node_modules)\/)/, ''),
    );
}
