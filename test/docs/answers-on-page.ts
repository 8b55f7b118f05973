import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What differs from run to run, and what stands for it in a comparison. */
const CHANGING: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>'],
  [/lk_…\w{4}/g, '<preview>'],
  [/lk_\w{20,}/g, '<secret>'],
  [/\s+/g, ''],
];

/** An answer without what differs from run to run, to be compared with {@link answerOnPage}. */
export function steady(text: string): string {
  return CHANGING.reduce((changed, [pattern, name]) => changed.replaceAll(pattern, name), text);
}

/** The answer that a page of `docs/` shows below its block of commands with a text in it, where `…` stands for anything. */
export function answerOnPage(page: string, containing: string): RegExp {
  const text = readFileSync(join(process.cwd(), 'docs', page), 'utf8');
  const blocks = [...text.matchAll(/^```(\S+)\n(.*?)^```$/gms)];
  const commands = blocks.findIndex(([, language, code]) => language === 'sh' && code?.includes(containing));
  const [, language, answer = ''] = blocks[commands + 1] ?? [];
  if (commands < 0 || language === undefined || language === 'sh') {
    throw new Error(`The page shows no answer to ${containing}`);
  }
  const parts = steady(answer).split('…');
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[^]*?')}$`);
}
