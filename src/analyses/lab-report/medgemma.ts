import { Ajv2020 } from 'ajv/dist/2020.js';
import { cutSquare, type Pixels, uprightPixels } from '../../documents/cut.ts';
import { upright } from '../../documents/upright.ts';
import type { ChatPart, Models } from '../../inference/model.ts';
import { answerOf } from '../../inference/reply.ts';
import { jsonOf } from '../../inference/reply-json.ts';
import { type Abstention, abstain, type Reader } from '../analysis.ts';
import { chatModel, medgemma, readPrompt } from '../prompt.ts';
import { boxAsGiven, rowAsGiven } from './as-given.ts';
import { type Band, bandsOf, SIDE, textOf } from './bands.ts';
import type { LabFinding } from './finding.ts';
import { type Answer, ground } from './ground.ts';
import type { LabInput } from './input.ts';
import type { PageLayout } from './layout.ts';
import { readByRules } from './read-pages.ts';
import { toFinding } from './results.ts';
import { accepted, askedFor, type SaidTest } from './said.ts';

const VERSION = '1';

/** Resolution at which pages are drawn before they are cut and reduced, in pixels per inch. */
const DPI = 200;

/** Tokens of a test with its eight keys, generously; the paper's outputs have 60 to 90. */
const TOKENS_PER_LINE = 120;

const validate = new Ajv2020({ allowUnionTypes: true }).compile<readonly SaidTest[]>(accepted);

/**
 * Shows the pages to MedGemma, one band of one page a call, with the prompt of its paper, and believes nothing of what it
 * says that is not printed on that page: see ground.ts. A page without a picture (plain text) is given as text.
 */
export async function medgemmaReader(models: Models): Promise<Reader<LabInput, LabFinding>> {
  const model = chatModel(models);
  const prompt = await readPrompt(new URL('./prompts/extract-1.txt', import.meta.url));

  async function ask(shown: ChatPart[], lines: number, signal: AbortSignal): Promise<readonly SaidTest[]> {
    const reply = await model.generate(
      { content: shown, maxTokens: 256 + TOKENS_PER_LINE * lines, schema: askedFor },
      signal,
    );
    return jsonOf(answerOf(reply), validate);
  }

  return {
    ...medgemma(VERSION, [prompt], [{ id: model.id, version: model.version }]),
    async read({ document, filed, draw }, signal): Promise<LabFinding | Abstention> {
      if (document.pages.every(({ words }) => words.length === 0)) {
        return abstain('no-text', 'The document holds no text against which a reading could be checked.');
      }
      const ruled = readByRules(document.pages.map(upright), filed);
      const given = (number: number) => document.pages.find((page) => page.number === number)!;
      const answers: Answer[] = [];
      for (const layout of ruled.layouts) {
        const page = given(layout.page.number);
        const bands = bandsOf(
          layout,
          ruled.regions.map(({ region }) => region),
        );
        const pixels =
          draw && bands.length > 0 ? await uprightPixels(await draw(page.number, DPI, signal), page) : undefined;
        for (const band of bands) {
          signal.throwIfAborted();
          const shown: ChatPart[] = pixels
            ? [await picture(pixels, band), { type: 'text', text: prompt.text }]
            : [{ type: 'text', text: asText(band, layout, prompt.text) }];
          answers.push({ band, tests: await ask(shown, band.lines.length, signal) });
        }
      }
      const { rows, unread } = ground(answers, ruled);
      const taken = {
        ...ruled,
        rows: rows.map((row) => rowAsGiven(row, given(row.page))),
        unread: unread.map((row) => ({ ...row, box: boxAsGiven(row.box, given(row.page)) })),
      };
      const alone = rows.filter(({ value }) => !ruled.rows.some((row) => row.value === value));
      return toFinding(taken, [...ruled.rows, ...alone]);
    },
  };
}

async function picture(pixels: Pixels, { parts }: Band): Promise<ChatPart> {
  return { type: 'image', bytes: await cutSquare(pixels, parts, SIDE), contentType: 'image/png' };
}

/** In the order of a picture: the report, then what is asked. */
function asText(band: Band, { charWidth }: PageLayout, prompt: string): string {
  return `${textOf(band, charWidth)}\n\n${prompt}`;
}
