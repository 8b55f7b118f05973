import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The code blocks of one language on a page of `docs/`, from top to bottom, as they stand. */
export function codeOnPage(page: string, language: string): string[] {
  const text = readFileSync(join(process.cwd(), 'docs', page), 'utf8');
  const blocks = text.matchAll(/^```(\S+)[^\n]*\n(.*?)^```$/gms);
  return [...blocks].filter(([, name]) => name === language).map(([, , code]) => code ?? '');
}
