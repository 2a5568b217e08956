import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, isSpanContextValid, ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { asIntervalError } from './errors.ts';
import type { Traces } from './traces.ts';

/**
 * Traces by OpenTelemetry. Nothing is registered globally and no library is instrumented: a span exists where this project
 * opens one, and carries what this project puts on it. Of an error only its code.
 */
export function createOtlpTraces(url: string, process: { readonly name: string; readonly version: string }): Traces {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': process.name, 'service.version': process.version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }), scheduledDelayMillis: 1000 })],
  });
  const tracer = provider.getTracer('interval', process.version);
  const open = new AsyncLocalStorage<Context>();

  return {
    async span(name, { parent, attributes = {} }, work) {
      const above = (parent === undefined ? undefined : contextOf(parent)) ?? open.getStore() ?? ROOT_CONTEXT;
      const span = tracer.startSpan(name, { attributes: { ...attributes } }, above);
      const { traceId, spanId, traceFlags } = span.spanContext();
      try {
        return await open.run(trace.setSpan(above, span), () =>
          work({
            traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
            set: (more) => span.setAttributes({ ...more }),
          }),
        );
      } catch (error) {
        span.setAttribute('interval.code', asIntervalError(error).code);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    // A collector that does not answer must not keep the process.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

/** W3C Trace Context, section 3.2: version 00; undefined for anything else. */
function contextOf(traceparent: string): Context | undefined {
  const [, traceId = '', spanId = '', flags = '00'] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(context) ? trace.setSpanContext(ROOT_CONTEXT, context) : undefined;
}
