import { userImport as german } from '../../core/texts/de/user-import';
import { userImport as english } from '../../core/texts/en/user-import';
import type { Texts } from '../../core/texts/texts';
import type { ImportRow } from './import-file';
import { serverError } from './line-errors';

const ROWS = [{ line: 5, user: { name: 'adrnin' } } as unknown as ImportRow];

describe('serverError', () => {
  it.each([
    ['the name adrnin looks like the name of the user admin', 'admin', 'admin'],
    ['the name adrnin looks like admin', 'admin', 'admin'],
    [
      'the name adrnin looks like the name of another user',
      'that of another user',
      'dem eines anderen Benutzers',
    ],
  ])('names what %s', (message, inEnglish, inGerman) => {
    const problem = { index: 0, pointer: '/name', code: 'name_confusable', message };
    const textIn = (userImport: Texts['userImport']) => serverError(ROWS, problem, { userImport } as Texts);

    expect(textIn(english)).toEqual({ line: 5, text: `The name adrnin looks like ${inEnglish}.` });
    expect(textIn(german)).toEqual({
      line: 5,
      text: `Der Name adrnin ist leicht mit ${inGerman} zu verwechseln.`,
    });
  });
});
