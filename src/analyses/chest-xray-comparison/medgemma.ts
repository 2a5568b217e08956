import { IntervalError } from '../../errors.ts';
import { greyPng } from '../../imaging/png.ts';
import { toSquare } from '../../imaging/square.ts';
import type { ChatPart, Models } from '../../inference/model.ts';
import { answerOf, choiceOf } from '../../inference/reply.ts';
import { isAbstention, type Reader } from '../analysis.ts';
import { chatModel, medgemma, readPrompt } from '../prompt.ts';
import { compareFilms } from './compare.ts';
import { filmMeasure } from './films.ts';
import { type Change, type ComparisonFinding, type FindingCode, findingCodes } from './finding.ts';
import { guards } from './guards.ts';
import type { ComparisonInput, Film } from './input.ts';

const VERSION = '1';

/** What the paper's longitudinal task asks for, in the order of its table; in words as the question puts them. */
const asked: ReadonlyMap<FindingCode, string> = new Map([
  ['consolidation', 'consolidation'],
  ['pulmonary-edema', 'pulmonary edema'],
  ['pleural-effusion', 'pleural effusion'],
  ['pneumonia', 'pneumonia'],
  ['pneumothorax', 'pneumothorax'],
]);

/** Findings of the code system that nobody asked about. */
const notAsked = findingCodes.filter((code) => !asked.has(code));

const choices: Readonly<Record<Change, readonly string[]>> = {
  improved: ['A', 'Improved'],
  stable: ['B', 'Stable'],
  worsened: ['C', 'Worsened'],
};

/** As Google's notebook sets it for this task: a short argument and the answer. */
const MAX_TOKENS = 600;

/** Side of the picture that the model sees, in pixels. */
const SIDE = 896;

/**
 * Shows both films to MedGemma and asks, one finding a call, whether it improved, stayed or worsened; then the same with
 * the films exchanged, for the swap guard. Measures come from models/lung-field and lung-opacity, for the guards and the pictures alone.
 */
export async function medgemmaReader(models: Models): Promise<Reader<ComparisonInput, ComparisonFinding>> {
  const chat = chatModel(models);
  const { models: used, measure } = await filmMeasure(models);
  const prompt = await readPrompt(new URL('./prompts/compare-1.txt', import.meta.url));

  /** What the model says of these findings, first film to second; a finding without a clear answer is left out. */
  async function ask(films: readonly ChatPart[], findings: Iterable<FindingCode>, signal: AbortSignal) {
    const said = new Map<FindingCode, Change>();
    for (const finding of findings) {
      signal.throwIfAborted();
      const text = prompt.text.replaceAll('{finding}', asked.get(finding)!);
      const content: ChatPart[] = [...films, { type: 'text', text }];
      const change = choiceOf(answerOf(await chat.generate({ content, maxTokens: MAX_TOKENS }, signal)), choices);
      if (change) {
        said.set(finding, change);
      }
    }
    return said;
  }

  return {
    ...medgemma(VERSION, [prompt], [{ id: chat.id, version: chat.version }, ...used]),
    async read(input, signal) {
      const pair = await measure(input, signal);
      if (isAbstention(pair)) {
        return pair;
      }
      const measured = compareFilms(pair.prior.reading, pair.current.reading);
      const notJudged = notAsked.map((finding) => ({ finding, reason: 'not-asked' }));
      const unasked = { ...pair.common, overall: measured.overall, findings: [], notJudged, exchanged: [] };
      // What the guards refuse anyway is not worth ten questions, and one exposure cannot have changed.
      const refusal = refusalOf(unasked, input);
      if (refusal || pair.common.sameFilm) {
        return refusal ?? unasked;
      }
      const [prior, current] = await Promise.all([picture(input.prior), picture(input.current)]);
      // One order after the other: a backend that keeps what it has read of a prompt's beginning sees the films twice only.
      const forward = await ask([prior, current], asked.keys(), signal);
      const backward = await ask([current, prior], forward.keys(), signal);
      if (backward.size === 0) {
        throw new IntervalError('reply-invalid', 'The model answered no question with one of its choices.');
      }
      return {
        ...unasked,
        findings: [...backward.keys()].map((finding) => ({
          finding,
          change: forward.get(finding)!,
          presence: { prior: 'indeterminate', current: 'indeterminate' },
          zones: [],
        })),
        exchanged: [...backward].map(([finding, change]) => ({ finding, change })),
        notJudged: [
          ...unasked.notJudged,
          ...[...asked.keys()]
            .filter((finding) => !backward.has(finding))
            .map((finding) => ({ finding, reason: 'answer-unclear' })),
        ],
      };
    },
  };
}

function refusalOf(finding: ComparisonFinding, input: ComparisonInput) {
  return guards.map((guard) => guard(finding, input)).find(isAbstention);
}

/** The whole film as the model was trained on: all grey values, bone white, in a black square. */
async function picture({ radiograph }: Film): Promise<ChatPart> {
  const image = toSquare(radiograph.fullRange?.() ?? radiograph.image, SIDE);
  return { type: 'image', bytes: await greyPng(image), contentType: 'image/png' };
}
