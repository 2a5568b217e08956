/** What may be said of a span: ids and codes of our own. Never an id of a chart, never an address. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface ActiveSpan {
  /** W3C traceparent of this span, for what is asked for inside it; undefined while nobody traces. */
  readonly traceparent?: string;
  set(attributes: SpanAttributes): void;
}

export interface SpanOptions {
  /** W3C traceparent of what asked for it, elsewhere; without it the span that is open here. */
  readonly parent?: string | undefined;
  readonly attributes?: SpanAttributes;
}

/** Spans of what the service does, each inside the one that is open where it begins. */
export interface Traces {
  span<T>(name: string, options: SpanOptions, work: (span: ActiveSpan) => Promise<T>): Promise<T>;
  /** Sends what has not been sent yet. */
  close(): Promise<void>;
}

const silent: ActiveSpan = { set: () => undefined };

/** Nobody traces: nothing is loaded, and a span is a call. */
export const noTraces: Traces = { span: (_name, _options, work) => work(silent), close: async () => undefined };

/** Traces over OTLP/HTTP to `traceUrl`; none where it is empty. */
export async function openTraces(
  { traceUrl }: { readonly traceUrl: string },
  process: { readonly name: string; readonly version: string },
): Promise<Traces> {
  if (traceUrl === '') {
    return noTraces;
  }
  const { createOtlpTraces } = await import('./otlp-traces.ts');
  return createOtlpTraces(traceUrl, process);
}
