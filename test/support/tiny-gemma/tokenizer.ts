import { addedTokens, baseVocabulary, ids, merges } from './vocabulary.ts';

/** tokenizer.json with the steps of Gemma's: spaces become ▁, BPE over the whole text, bytes for unknown characters. */
export function tokenizerJson(): Record<string, unknown> {
  const bos = { SpecialToken: { id: '<bos>', type_id: 0 } };
  const bosAgain = { SpecialToken: { id: '<bos>', type_id: 1 } };
  const first = { Sequence: { id: 'A', type_id: 0 } };
  const second = { Sequence: { id: 'B', type_id: 1 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    post_processor: {
      type: 'TemplateProcessing',
      single: [bos, first],
      pair: [bos, first, bosAgain, second],
      special_tokens: { '<bos>': { id: '<bos>', ids: [ids.bos], tokens: ['<bos>'] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: Object.fromEntries(baseVocabulary.map((token, id) => [token, id])),
      merges,
    },
  };
}

/** The names by which a processor finds the image tokens. */
const imageTokens = { boi_token: '<start_of_image>', eoi_token: '<end_of_image>', image_token: '<image_soft_token>' };

export function tokenizerConfig(): Record<string, unknown> {
  return {
    add_bos_token: true,
    add_eos_token: false,
    added_tokens_decoder: Object.fromEntries(addedTokens.map(({ id, ...token }) => [id, token])),
    ...imageTokens,
    bos_token: '<bos>',
    clean_up_tokenization_spaces: false,
    eos_token: '<eos>',
    extra_special_tokens: imageTokens,
    model_max_length: 1e30,
    pad_token: '<pad>',
    processor_class: 'Gemma3Processor',
    sp_model_kwargs: null,
    spaces_between_special_tokens: false,
    tokenizer_class: 'GemmaTokenizer',
    unk_token: '<unk>',
    use_default_system_prompt: false,
  };
}

export function specialTokensMap(): Record<string, unknown> {
  const token = (content: string) => ({ content, lstrip: false, normalized: false, rstrip: false, single_word: false });
  return {
    ...imageTokens,
    bos_token: token('<bos>'),
    eos_token: token('<eos>'),
    pad_token: token('<pad>'),
    unk_token: token('<unk>'),
  };
}
