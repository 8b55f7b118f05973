import { BUILT_IN_PERMISSIONS, type PermissionDto } from '@latchkey/auth-models';
import { DE } from '../core/texts/de';
import { EN } from '../core/texts/en';
import { meaningOf } from './meaning';

const ALL: PermissionDto[] = [
  ...Object.entries(BUILT_IN_PERMISSIONS).map(([name, description]) => ({ name, description })),
  { name: 'greetings:write', description: 'Change the greetings.' },
];
const { warnings } = EN.roles.summary;
const meaning = (...given: string[]) => meaningOf(given, ALL, false, EN);

describe('meaningOf', () => {
  it('says of each permission what it allows, feature modules in their own words', () => {
    expect(meaning('greetings:write', 'audit:read').sentences).toEqual([
      'Read the audit trail.',
      'Change the greetings.',
    ]);
  });

  it('says it in German where the console knows how', () => {
    expect(meaningOf(['audit:read', 'greetings:write'], ALL, false, DE).sentences).toEqual([
      'Das Prüfprotokoll lesen.',
      'Change the greetings.',
    ]);
  });

  it('says nothing of no permissions', () => {
    expect(meaning()).toEqual({ sentences: [], warnings: [], hints: [] });
  });

  it.each([
    [['users:write'], [warnings.password]],
    [['tokens:write'], [warnings.token]],
    [['tokens:write', 'users:write'], [warnings.passwordOrToken]],
    [['roles:write'], [warnings.roles]],
    [['audit:read', 'users:read'], []],
  ])('warns of %j', (given, expected) => {
    expect(meaning(...given).warnings).toEqual(expected);
  });

  it.each([
    [false, warnings.everything],
    [true, warnings.administrator],
  ])('calls everything what it is, built in or not: %s', (isBuiltIn, expected) => {
    const everything = ALL.map(({ name }) => name);

    expect(meaningOf(everything, ALL, isBuiltIn, EN).warnings).toEqual([expected]);
  });

  it('tells what can be changed and not seen, if it could be seen at all', () => {
    expect(meaning('users:write', 'tokens:write', 'tokens:read', 'greetings:write').hints).toEqual([
      EN.roles.summary.unseen('users'),
    ]);
  });
});
