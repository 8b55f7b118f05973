import { apiOf, type BuiltInPermission } from '@latchkey/auth-models/lists';
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
  'permissions',
  'apis',
  'settings',
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

/** Icons and URLs of the entries that a search finds, by the kind in their ids. */
const FOUND = {
  user: { icon: 'user', url: '/users/', permission: 'users:read' },
  token: { icon: 'key', url: '/tokens/', permission: undefined },
  role: { icon: 'roles', url: '/roles/', permission: 'roles:read' },
  permission: { icon: 'api', url: '/apis/', permission: 'apis:read' },
  api: { icon: 'api', url: '/apis/', permission: 'apis:read' },
  setting: { icon: 'settings', url: '/settings?q=', permission: 'settings:read' },
} as const satisfies Record<
  string,
  { icon: IconName; url: string; permission: BuiltInPermission | undefined }
>;

export type FoundKind = keyof typeof FOUND;

/** The permission without which entries of a kind are not shown. */
export const permissionFor = (kind: FoundKind): BuiltInPermission | undefined => FOUND[kind].permission;

/** Returns an entry that a search found. Its id can be stored: see {@link kindOf}. */
export function foundEntry(
  kind: FoundKind,
  name: string,
  { label = name, detail }: { label?: string | undefined; detail?: string | null | undefined } = {},
): PaletteEntry {
  const { icon, url } = FOUND[kind];
  return {
    id: `${kind}:${name}`,
    icon,
    label,
    ...(detail && { detail }),
    // The page of an API shows who has its permissions.
    target: url + encodeURIComponent(kind === 'permission' ? apiOf(name) : name),
  };
}

/** Returns the kind of an entry by its id; `undefined` if no search finds it. */
export function kindOf(id: string): FoundKind | undefined {
  const [kind = ''] = id.split(':');
  return Object.hasOwn(FOUND, kind) ? (kind as FoundKind) : undefined;
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
