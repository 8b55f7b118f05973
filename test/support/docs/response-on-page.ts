import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Patterns for text that differs in each run, with their placeholders. */
const CHANGING: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>'],
  [/latchkey_…\w{4}/g, '<preview>'],
  [/latchkey_\w{20,}/g, '<secret>'],
  [/\s+/g, ''],
];

/** Replaces the text that differs in each run, for a comparison with {@link responseOnPage}. */
export function withPlaceholders(text: string): string {
  return CHANGING.reduce((changed, [pattern, name]) => changed.replaceAll(pattern, name), text);
}

/**
 * Returns the response below the block of commands that contains a text. `…` on the page matches anything.
 */
export function responseOnPage(page: string, containing: string): RegExp {
  const text = readFileSync(join(process.cwd(), 'docs', page), 'utf8');
  const blocks = [...text.matchAll(/^```(\S+)\n(.*?)^```$/gms)];
  const commands = blocks.findIndex(([, language, code]) => language === 'sh' && code?.includes(containing));
  const [, language, answer = ''] = blocks[commands + 1] ?? [];
  if (commands < 0 || language === undefined || language === 'sh') {
    throw new Error(`The page shows no response to ${containing}`);
  }
  const parts = withPlaceholders(answer).split('…');
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[^]*?')}$`);
}
