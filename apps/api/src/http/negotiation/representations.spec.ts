import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse as parseYaml } from 'yaml';
import { runs } from '../../../../../test/support/unit/property-testing.js';
import { REPRESENTATIONS } from './representations.js';

const encode = (mediaType: string, value: unknown) =>
  REPRESENTATIONS.find((representation) => representation.mediaType === mediaType)?.encode(
    JSON.stringify(value),
    'response',
  ) ?? '';
const yamlOf = (value: unknown) => encode('application/yaml', value);

describe('REPRESENTATIONS', () => {
  it('are JSON, XML and YAML, in this order', () => {
    expect(REPRESENTATIONS.map(({ mediaType }) => mediaType)).toEqual([
      'application/json',
      'application/xml',
      'application/yaml',
    ]);
  });

  it('state their charset', () => {
    expect(REPRESENTATIONS.map(({ contentType }) => contentType)).toEqual([
      'application/json; charset=utf-8',
      'application/xml; charset=utf-8',
      'application/yaml; charset=utf-8',
    ]);
  });

  it.each([
    ['JSON', (value: unknown) => JSON.parse(encode('application/json', value)) as unknown],
    ['YAML', (value: unknown) => parseYaml(encode('application/yaml', value)) as unknown],
  ])('encode all strings in %s without loss', (_, roundTrip) => {
    const text = fc.string({ unit: 'grapheme' });

    fc.assert(
      fc.property(text, fc.array(text), fc.boolean(), fc.integer(), (note, roles, enabled, version) => {
        const value = { note, roles, enabled, version, items: [{ note }] };

        expect(roundTrip(value)).toEqual(value);
      }),
      runs(100),
    );
  });

  it.each(['yes', 'null', '1e3', '2018-07-29', '~', '- a', '# x', 'a: b', "'", '"', '|', '\u0085', '\u2028'])(
    'keep the text %j a text in YAML',
    (note) => {
      expect(parseYaml(yamlOf({ note }))).toEqual({ note });
    },
  );

  // Readers of YAML 1.1 have other rules for plain texts, and PyYAML has no value for a plain `=`.
  it.each(['=', '<<', '1:30', '0o17', '1_000', 'no', 'y', 'plain'])(
    'put the text %j in quotes in YAML',
    (note) => {
      expect(yamlOf({ note })).toBe(`note: ${JSON.stringify(note)}\n`);
    },
  );

  it('encode large responses as YAML in flow style, with the escapes that YAML 1.1 needs', () => {
    const value = {
      note: '=\u0085\u2028\uFEFF\u007F',
      items: Array.from({ length: 10_000 }, (_, id) => ({ id })),
    };
    const yaml = yamlOf(value);

    expect(yaml).toMatch(/^\{"note":"=\\u0085\\u2028\\ufeff\\u007f","items":\[\{"id":0\},/);
    expect(parseYaml(yaml)).toEqual(value);
  });

  it('omit absent members', () => {
    const value = { user: 'anne', note: undefined };

    expect(parseYaml(yamlOf(value))).toEqual({ user: 'anne' });
    expect(encode('application/xml', value)).toContain('<response><user>anne</user></response>');
  });
});
