import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { IntervalError } from '../errors.ts';
import { noTraces, type Traces } from '../traces.ts';
import { type Abstention, type Analysis, isAbstention, type Reader } from './analysis.ts';

/** One finding that passed the schema and every guard of its analysis, or the abstention that came instead. */
export type Reading<Finding> = { readonly outcome: 'finding'; readonly finding: Finding } | Abstention;

/**
 * Input → reader → schema → guards: the only way by which anything that a reader says gets out, for jobs and for the
 * command line alike. Throws `finding-invalid` when a reader breaks its own schema, which no later attempt would mend.
 */
export function createReading<Input, Finding>(analysis: Analysis<Input, Finding>) {
  const validate: ValidateFunction = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true }).compile(
    analysis.schema,
  );

  return async (
    input: Input,
    reader: Reader<Input, Finding>,
    signal: AbortSignal,
    traces: Traces = noTraces,
  ): Promise<Reading<Finding>> => {
    const read = await traces.span('reader', { attributes: { 'interval.reader': reader.id } }, () =>
      reader.read(input, signal),
    );
    signal.throwIfAborted();
    if (isAbstention(read)) {
      return read;
    }
    if (!validate(read)) {
      const [first] = validate.errors ?? [];
      // The path and the rule, not the value: the value may be a patient's.
      throw new IntervalError(
        'finding-invalid',
        `The ${reader.id} reader of ${analysis.id} broke its schema at ${first?.instancePath || '/'}: ${first?.keyword ?? 'unknown rule'}.`,
      );
    }
    return traces.span('guards', {}, async (span) => {
      let finding: Finding = read;
      for (const guard of analysis.guards) {
        const guarded = await guard(finding, input, signal);
        if (isAbstention(guarded)) {
          span.set({ 'interval.abstention': guarded.reason });
          return guarded;
        }
        finding = guarded;
      }
      return { outcome: 'finding', finding };
    });
  };
}
