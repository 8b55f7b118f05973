import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the text of a page of `docs/`. */
export function textOfPage(page: string): string {
  return readFileSync(join(process.cwd(), 'docs', page), 'utf8');
}

/**
 * Returns the code blocks of one language on a page of `docs/`, in order. Blocks in lists lose their
 * indentation.
 */
export function codeOnPage(page: string, language: string): string[] {
  const blocks = textOfPage(page).matchAll(/^( *)```(\S+)[^\n]*\n(.*?)^\1```$/gms);
  return [...blocks]
    .filter(([, , name]) => name === language)
    .map(([, margin = '', , code = '']) => code.replaceAll(new RegExp(`^${margin}`, 'gm'), ''));
}
