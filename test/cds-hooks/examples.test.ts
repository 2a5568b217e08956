import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readFeedback } from '../../src/cds-hooks/feedback.ts';
import { readRequest } from '../../src/cds-hooks/request.ts';
import { definitions } from './front.ts';

const folder = new URL('../../examples/hooks/', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('the hook requests under examples/', () => {
  test.each(files)('%s is valid and has its curl line', (name) => {
    const body = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const line = readme.split('\n').find((one) => one.includes(`-d @examples/hooks/${name}`));
    const [, id, feedback] = /\/cds-services\/([a-z-]+)(\/feedback)? /.exec(line ?? '') ?? [];
    const definition = definitions.find((one) => one.id === id);
    expect(definition).toBeDefined();
    expect(() => (feedback ? readFeedback(body) : readRequest(body, definition!))).not.toThrow();
  });
});
