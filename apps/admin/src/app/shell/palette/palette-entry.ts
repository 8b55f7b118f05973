import type { IconName } from '../../shared/ui/icon';

/** Groups of entries, in their order. */
export const PALETTE_GROUPS = [
  'pasted',
  'recent',
  'pages',
  'actions',
  'users',
  'tokens',
  'roles',
  'apis',
] as const;

export type PaletteGroup = (typeof PALETTE_GROUPS)[number];

/** Entry of the palette: a page to open, or an action to run. */
export interface PaletteEntry {
  /** Kind and name, such as `user:ada`. */
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  readonly detail?: string;
  /** Keyboard shortcut with the same effect. */
  readonly keys?: readonly string[];
  /** URL in the console, or the action. */
  readonly target: string | (() => void);
}

/**
 * Returns the entries in whose label or detail words begin with all words of a text: first those whose label
 * begins with it, then those in whose label it begins at another word.
 */
export function matching(entries: readonly PaletteEntry[], text: string): PaletteEntry[] {
  const typed = folded(text);
  const ranked = entries.flatMap((entry) => {
    const label = folded(entry.label);
    const whole = label + folded(entry.detail ?? '');
    const rank = [label.startsWith(typed), label.includes(typed), true].indexOf(true);
    return typed.split(/(?= )/).every((word) => whole.includes(word)) ? [{ entry, rank }] : [];
  });
  return ranked.sort((one, other) => one.rank - other.rank).map(({ entry }) => entry);
}

/** Returns the words of a text without case, accents and punctuation, with a space before each. */
function folded(text: string): string {
  const words = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).map((word) => ` ${word}`).join('');
}
