import { MediaMatcher } from '@angular/cdk/layout';
import { computed, inject } from '@angular/core';
import type { BuiltInPermission } from '@latchkey/auth-models';
import { Language, LANGUAGE_TAGS, LANGUAGES } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { Theme, THEMES } from '../../core/theme';
import type { IconName } from '../../shared/ui/icon';
import type { Destination } from '../destinations';
import type { PaletteEntry } from './palette-entry';

/** Context that the shell passes to the palette. */
export interface PaletteContext {
  readonly destinations: readonly Destination[];
  readonly showShortcuts: () => void;
}

/** Pages that create something or have a form of their own. */
const TASKS = [
  { name: 'newUser', icon: 'plus', target: '/users?new=human', permission: 'users:write' },
  { name: 'newService', icon: 'plus', target: '/users?new=service', permission: 'users:write' },
  { name: 'importUsers', icon: 'upload', target: '/users?new=import', permission: 'users:write' },
  { name: 'newToken', icon: 'plus', target: '/tokens/new' },
  { name: 'newCanary', icon: 'plus', target: '/tokens/new/canary' },
  { name: 'newTemplate', icon: 'plus', target: '/tokens/new/template', permission: 'tokens:write' },
  {
    name: 'leaked',
    icon: 'alert',
    target: '/tokens?kind=any&leaked=true&state=active,expiring,pending,disabled,revoked',
  },
  { name: 'sessions', icon: 'key', target: '/tokens?kind=session' },
  { name: 'canaries', icon: 'key', target: '/tokens?kind=canary' },
  { name: 'offers', icon: 'key', target: '/tokens/offers' },
  { name: 'newRole', icon: 'plus', target: '/roles/_new', permission: 'roles:write' },
  { name: 'newApi', icon: 'plus', target: '/apis/_new', permission: 'apis:write' },
  { name: 'eventTargets', icon: 'settings', target: '/settings/events', permission: 'events:read' },
  {
    name: 'newEventTarget',
    icon: 'plus',
    target: '/settings/events/_new',
    permission: 'events:write',
  },
  { name: 'explain', icon: 'ban', target: '/explanations#request' },
  { name: 'changePassword', icon: 'lock', target: '/account#password' },
] as const satisfies readonly {
  name: string;
  icon: IconName;
  target: string;
  permission?: BuiltInPermission;
}[];

/** Devices whose users see no keyboard shortcuts, like in the account menu. */
const WITHOUT_KEYBOARD = '(hover: none), (width < 37.5em)';

/** Id of the action that signs out, which is never stored as recent: Enter alone must not sign out. */
export const SIGN_OUT = 'action:sign-out';

/** Returns the entries that need no search: the pages and actions of the signed-in user. */
export function staticEntries({ destinations, showShortcuts }: PaletteContext) {
  const session = inject(Session);
  const language = inject(Language);
  const theme = inject(Theme);
  const notifier = inject(Notifier);
  const hasKeyboard = !inject(MediaMatcher).matchMedia(WITHOUT_KEYBOARD).matches;
  const t = language.texts;

  const pages = computed((): PaletteEntry[] => [
    ...destinations.map(({ path, page, icon, key }) => ({
      id: `page:${path}`,
      icon,
      label: t().pages[page],
      keys: ['g', key],
      target: path,
    })),
    { id: 'page:/account', icon: 'user', label: t().pages.account, target: '/account' },
  ]);

  const actions = computed((): PaletteEntry[] => {
    const { palette, session: sessionTexts, shortcuts } = t();
    return [
      ...TASKS.filter((task) => !('permission' in task) || session.can(task.permission)).map(
        ({ name, icon, target }) => ({ id: `action:${name}`, icon, label: palette.tasks[name], target }),
      ),
      ...(hasKeyboard
        ? [
            {
              id: 'action:shortcuts',
              icon: 'keyboard' as const,
              label: shortcuts.heading,
              keys: ['?'],
              target: showShortcuts,
            },
          ]
        : []),
      ...THEMES.map((name) => ({
        id: `action:theme-${name}`,
        icon: name,
        label: palette.theme(sessionTexts.themes[name]),
        target: () => theme.select(name),
      })),
      ...LANGUAGE_TAGS.map((tag) => ({
        id: `action:language-${tag}`,
        icon: 'language' as const,
        label: palette.language(LANGUAGES[tag]),
        target: () => void language.select(tag),
      })),
      {
        id: SIGN_OUT,
        icon: 'signOut',
        label: sessionTexts.signOut,
        target: () => void attempt(notifier, () => session.signOut()),
      },
    ];
  });

  return { pages, actions };
}
