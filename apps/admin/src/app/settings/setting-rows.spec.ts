import { readFileSync } from 'node:fs';
import type { SettingDto } from '@latchkey/auth-models';
import { DE } from '../core/texts/de';
import { EN } from '../core/texts/en';
import { settingGroup } from './setting-groups';
import { settingSections } from './setting-rows';

/** Every variable that the server reads, as the file that lists them has it. */
const VARIABLES = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+?)(_FILE)?=/gm)].map(
  ([, name]) => name ?? '',
);

const setting = (name: string): SettingDto => ({ name, source: 'default', isSet: true, value: '1' });
const namesOf = (text: string): string[] =>
  settingSections(VARIABLES.map(setting), text, EN, 'en').flatMap(({ rows }) => rows.map(({ name }) => name));

describe('descriptions of settings', () => {
  it.each([
    ['English', EN],
    ['German', DE],
  ])('exist in %s for exactly the variables that the server reads', (_language, { settings }) => {
    expect(Object.keys(settings.variables).sort()).toEqual([...VARIABLES].sort());
    expect(Object.values(settings.variables).filter((sentence) => !sentence.endsWith('.'))).toEqual([]);
  });
});

describe('settingGroup', () => {
  it('assigns every variable to a group', () => {
    expect(VARIABLES.filter((name) => settingGroup(name) === 'other')).toEqual([]);
  });
});

describe('settingSections', () => {
  it('lists every variable once, and an unknown one under Other', () => {
    const sections = settingSections([...VARIABLES, 'LATCHKEY_NEW'].map(setting), '', EN, 'en');

    expect(sections.flatMap(({ rows }) => rows)).toHaveLength(VARIABLES.length + 1);
    expect(sections.at(-1)).toMatchObject({
      heading: 'Other',
      rows: [{ name: 'LATCHKEY_NEW', sentence: null }],
    });
  });

  it('finds a variable by its name', () => {
    expect(namesOf('session_max')).toEqual(['LATCHKEY_SESSION_MAX_SECONDS']);
  });

  it('finds a variable by its description', () => {
    expect(namesOf('without an expiry')).toEqual(['LATCHKEY_API_TOKEN_NO_EXPIRY']);
  });
});
