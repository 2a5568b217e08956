import { describe, expect, jest, test } from '@jest/globals';
import { acceptLicence, healthAiTerms, licenceOf } from '../../../src/inference/artefacts/licence.ts';

const page = 'https://hub.example/a/b';
const how = (more: Partial<Omit<Parameters<typeof acceptLicence>[1], 'show'>> = {}) => ({
  accepted: false,
  given: false,
  show: jest.fn<(text: string) => void>(),
  ...more,
});

describe('the licence of a model', () => {
  test.each([
    { id: 'google/medgemma-1.5-4b-it', gated: true, page },
    { id: 'somebody/MedGemma-ONNX', gated: false, licence: 'apache-2.0', page },
    { id: 'a/b', gated: true, licence: 'other', licenceName: 'health-ai-developer-foundations', page },
  ])('$id is under the Health AI terms', (model) => {
    expect(licenceOf(model)).toBe(healthAiTerms);
  });

  test('any other is named as its page names it', () => {
    const named = { id: 'a/b', gated: false, page };
    expect(licenceOf({ ...named, licence: 'apache-2.0' })).toMatchObject({
      name: 'apache-2.0',
      url: page,
      mustAccept: false,
    });
    expect(licenceOf({ ...named, gated: true, licence: 'gemma' })).toMatchObject({ name: 'gemma', mustAccept: true });
    expect(
      licenceOf({ ...named, licence: 'other', licenceName: 'own', licenceUrl: 'https://own.example' }),
    ).toMatchObject({
      name: 'own',
      url: 'https://own.example',
    });
    expect(licenceOf(named)).toMatchObject({ name: 'not stated', mustAccept: true });
  });

  test('is shown with what it asks, and accepted at the terminal', async () => {
    const at = how({ ask: async () => ' Yes\n' });
    expect(await acceptLicence(healthAiTerms, at)).toBe('now');
    const shown = at.show.mock.calls.join('');
    expect(shown).toContain(healthAiTerms.url);
    expect(shown).toContain('Clinical use');
  });

  test('is accepted by the option, shown all the same; once', async () => {
    const given = how({ given: true });
    expect(await acceptLicence(healthAiTerms, given)).toBe('now');
    expect(given.show).toHaveBeenCalled();
    const before = how({ accepted: true });
    expect(await acceptLicence(healthAiTerms, before)).toBe('before');
    expect(before.show).not.toHaveBeenCalled();
  });

  test('need not be accepted where it is open', async () => {
    const open = licenceOf({ id: 'a/b', gated: false, licence: 'mit', page });
    expect(await acceptLicence(open, how())).toBe('not needed');
  });

  test.each([
    ['nobody can be asked', how()],
    ['it is declined', how({ ask: async () => 'no' })],
    ['nothing is answered', how({ ask: async () => '' })],
  ])('stops where %s', async (_name, at) => {
    await expect(acceptLicence(healthAiTerms, at)).rejects.toEqual(
      expect.objectContaining({ code: 'model-licence', message: expect.stringContaining('--accept-licence') }),
    );
  });
});
