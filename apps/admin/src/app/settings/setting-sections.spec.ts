import { readFileSync } from 'node:fs';
import type { SettingDto } from '@latchkey/auth-models';
import { DE } from '../core/texts/de';
import { EN } from '../core/texts/en';
import { formatDuration, settingSections } from './setting-sections';

/** The common and the advanced variables of the server, from the file that documents them. */
const [COMMON = [], ADVANCED = []] = readFileSync('.env.example', 'utf8')
  .split('# Advanced:')
  .map((part) => [...part.matchAll(/^#?([A-Z][A-Z0-9_]+?)(_FILE)?=/gm)].map(([, name]) => name ?? ''));
const VARIABLES = [...COMMON, ...ADVANCED];

const setting = (name: string): SettingDto => ({ name, source: 'default', isSet: true, value: '1' });
const namesOf = (text: string): string[] =>
  settingSections(VARIABLES.map(setting), text, EN, 'en').flatMap(({ rows }) => rows.map(({ name }) => name));

describe('descriptions of settings', () => {
  it.each([
    ['English', EN],
    ['German', DE],
  ])('exist in %s for exactly the variables that the server reads', (_language, { settings }) => {
    expect(Object.keys(settings.variables).sort()).toEqual([...VARIABLES].sort());
    expect(Object.values(settings.variables).filter((text) => !text.endsWith('.'))).toEqual([]);
  });
});

describe('settingSections', () => {
  it('lists the common variables first and collapses the advanced ones', () => {
    const sections = settingSections([...VARIABLES, 'LATCHKEY_NEW'].map(setting), '', EN, 'en');

    expect(
      sections.map(({ heading, isOpen, rows }) => [heading, isOpen, rows.map(({ name }) => name)]),
    ).toEqual([
      ['Common settings', true, COMMON],
      ['Advanced settings', false, [...ADVANCED, 'LATCHKEY_NEW']],
    ]);
    expect(sections.at(-1)?.rows.at(-1)?.description).toBeNull();
  });

  it('finds an advanced variable by name and expands its section', () => {
    const sections = settingSections(VARIABLES.map(setting), 'session_max', EN, 'en');

    expect(sections.map(({ heading, isOpen }) => [heading, isOpen])).toEqual([['Advanced settings', true]]);
    expect(namesOf('session_max')).toEqual(['LATCHKEY_SESSION_MAX_SECONDS']);
  });

  it('finds a variable by its description', () => {
    expect(namesOf('without an expiry')).toEqual(['LATCHKEY_API_TOKEN_NO_EXPIRY']);
  });
});

describe('formatDuration', () => {
  it.each([
    ['LATCHKEY_SESSION_IDLE_SECONDS', '604800', '7 days'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', '129600', '1 day 12 hours'],
    ['LATCHKEY_SHUTDOWN_SECONDS', '90', '1 minute 30 seconds'],
    ['LATCHKEY_STATEMENT_TIMEOUT_MS', '2500', '2.5 seconds'],
  ])('formats %s=%s', (name, value, words) => {
    expect(formatDuration(name, value, 'en')).toBe(words);
  });

  it('formats durations in the language of the console', () => {
    expect(formatDuration('LATCHKEY_SESSION_MAX_SECONDS', '2592000', 'de')).toBe('30 Tage');
  });

  it.each([
    ['PORT', '3000'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', ''],
    ['LATCHKEY_TOKEN_CACHE_SECONDS', '0'],
  ])('returns null for %s=%s', (name, value) => {
    expect(formatDuration(name, value, 'en')).toBeNull();
  });
});
