import type { Device } from '@medplum/fhirtypes';
import { aiTransparency } from './ai-transparency.ts';
import { CANONICAL, identifierSystem, profile } from './codes.ts';
import type { ReaderDraft } from './result-draft.ts';
import { keyPart } from './result-key.ts';

/**
 * The Device of a reader: one for each analysis, reader, model, prompt and version of these, so that everything that a bad
 * model or prompt wrote is found by `Observation?device=`.
 */
export function completeDevice(reader: ReaderDraft, serviceVersion: string | undefined): Device {
  const prompts = reader.prompts ?? [];
  const parts = [...reader.models, ...prompts].map(({ id, version }) => `${keyPart(id)}.${keyPart(version)}`);
  const key = [reader.analysis, reader.analysisVersion, reader.readerId, reader.readerVersion].map(keyPart);
  return {
    resourceType: 'Device',
    meta: { profile: [profile.reader] },
    identifier: [{ system: identifierSystem.reader, value: [...key, ...parts].join(':') }],
    status: 'active',
    manufacturer: 'Interval',
    ...(reader.models[0] === undefined ? {} : { modelNumber: reader.models.map((model) => model.id).join(', ') }),
    deviceName: [{ name: `Interval ${reader.analysis} reader (${reader.readerId})`, type: 'user-friendly-name' }],
    type: { coding: [aiTransparency.deviceType], text: 'Artificial intelligence' },
    version: [
      { type: { text: 'analysis' }, value: reader.analysisVersion },
      { type: { text: 'reader' }, value: reader.readerVersion },
      ...reader.models.map((model) => ({ type: { text: `model ${model.id}` }, value: model.version })),
      ...prompts.map((prompt) => ({ type: { text: `prompt ${prompt.id}` }, value: prompt.version })),
      // The first service version that wrote with this reader: the Device is made once.
      ...(serviceVersion === undefined ? [] : [{ type: { text: 'service' }, value: serviceVersion }]),
    ],
    url: `${CANONICAL}/readers/${keyPart(reader.analysis)}`,
  };
}
