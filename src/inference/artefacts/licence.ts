import { IntervalError } from '../../errors.ts';

export interface Licence {
  readonly name: string;
  readonly url: string;
  /** What the licence asks of who uses the model, in a few words of our own; the text behind `url` is what counts. */
  readonly duties: readonly string[];
  /** The sentence that the licence wants to go along with copies. */
  readonly notice: string;
  /** Whether it must be accepted before anything is downloaded. */
  readonly mustAccept: boolean;
}

/**
 * Health AI Developer Foundations terms of use, as last modified on 15 November 2024: MedGemma and what is made from it.
 * The notice is the one of section 3.1.
 */
export const healthAiTerms: Licence = {
  name: 'Health AI Developer Foundations Terms of Use',
  url: 'https://developers.google.com/health-ai-developer-foundations/terms',
  duties: [
    'Clinical use (diagnosis or treatment of patients, research included) needs the health regulatory authorisation that applies where you are.',
    'The Prohibited Use Policy binds you; no use may make Google the manufacturer of a medical device.',
    'Passing the model on, changed or not, or serving it to others is distribution: pass on the use restrictions of section 3.2 and the terms, mark changed files, include the notice.',
    'Google may restrict or end your use, and you answer for what yours causes.',
  ],
  notice:
    'HAI-DEF is provided under and subject to the Health AI Developer Foundations Terms of Use found at https://developers.google.com/health-ai-developer-foundations/terms',
  mustAccept: true,
};

/** The licence of a model from what its page declares. */
export function licenceOf(model: {
  readonly id: string;
  readonly gated: boolean;
  readonly licence?: string;
  readonly licenceName?: string;
  readonly licenceUrl?: string;
  readonly page: string;
}): Licence {
  if (/medgemma/i.test(model.id) || model.licenceName === 'health-ai-developer-foundations') {
    return healthAiTerms;
  }
  const name = model.licenceName ?? model.licence ?? 'not stated';
  return {
    name,
    url: model.licenceUrl ?? model.page,
    duties: ['Read the licence: what it asks of you is not known here.'],
    notice: `The model is provided under its licence: ${name}.`,
    mustAccept: model.gated || name === 'not stated' || name === 'other',
  };
}

/**
 * Shows the licence and has it accepted, unless it was accepted before. Throws `model-licence` when it is declined or
 * nobody can be asked.
 */
export async function acceptLicence(
  licence: Licence,
  how: {
    readonly accepted: boolean;
    /** `--accept-licence` */
    readonly given: boolean;
    readonly show: (text: string) => void;
    /** Asks whoever sits at the terminal; absent where nobody does. */
    readonly ask?: (question: string) => Promise<string>;
  },
): Promise<'before' | 'now' | 'not needed'> {
  if (how.accepted) {
    return 'before';
  }
  how.show(`Licence: ${licence.name}\n${licence.url}\n${licence.duties.map((duty) => `  - ${duty}\n`).join('')}`);
  if (!licence.mustAccept) {
    return 'not needed';
  }
  if (how.given) {
    return 'now';
  }
  const answer = await how.ask?.('Do you accept these terms? Type "yes": ');
  if (answer?.trim().toLowerCase() === 'yes') {
    return 'now';
  }
  throw new IntervalError(
    'model-licence',
    `Nothing was downloaded: the terms (${licence.url}) must be accepted first, at a terminal or with --accept-licence.`,
  );
}
