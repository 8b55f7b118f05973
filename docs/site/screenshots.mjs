// Page of the screenshots.
import { readdirSync } from 'node:fs';
import { SCREENSHOTS } from './pages.mjs';

/** Screens in their order on the page, with their titles. */
const SECTIONS = {
  'Sign in': {
    'sign-in': 'Sign in',
    'sign-in-throttled': 'Too many attempts',
    'sign-in-again': 'The session has expired',
    'lost-password': 'Forgot your password?',
    'set-up': 'Set-up link',
  },
  Home: { home: 'Home', welcome: 'Home after the first sign-in', 'home-german': 'Home, in German' },
  Users: {
    users: 'All users',
    'users-selected': 'Selected users',
    'users-disable': 'Disable users: the consequences',
    'users-rejected': 'Rejected changes',
    'users-no-match': 'No matches',
    'users-out-of-date': 'The list could not be updated',
    'user-new': 'New user',
    user: 'Profile',
    'user-tokens': 'Tokens of a user',
    'user-activity': 'Activity of a user',
    'user-access': 'Access of a user',
    'user-merge': 'Conflicting changes',
  },
  Tokens: {
    tokens: 'All tokens',
    'tokens-many': '100,000 tokens',
    'tokens-many-selected': 'All of 100,000 tokens selected',
    token: 'Token',
    'token-new': 'New token',
    'token-secret': 'Secret of a new token',
    'token-rotate': 'Rotate a token',
  },
  Roles: { roles: 'All roles', role: 'Role', 'role-new': 'New role' },
  'Audit trail': { audit: 'Audit trail', 'audit-live': 'New entries' },
  Account: {
    account: 'My account',
    'second-factor': 'Add an authenticator app',
    'account-menu': 'Account menu',
  },
  Events: {
    events: 'All event targets',
    'event-target': 'Event target',
    'event-target-new': 'New event target',
    'webhook-secret': 'Secret of a webhook',
  },
  'Settings and errors': {
    settings: 'Settings',
    shortcuts: 'Keys',
    'not-found': 'Page not found',
    problem: 'The server does not respond',
  },
};

/** Returns the Markdown of a page with all screenshots, each as on a desktop and on a phone. */
export function screenshotPage() {
  const listed = Object.values(SECTIONS).flatMap((screens) => Object.keys(screens));
  const missing = screensIn(SCREENSHOTS.folder).filter((screen) => !listed.includes(screen));
  if (missing.length > 0) {
    throw new Error(`Add titles to docs/site/screenshots.mjs for: ${missing.join(', ')}.`);
  }
  const sections = Object.entries(SECTIONS).map(([title, screens]) => {
    const images = Object.entries(screens).map(
      ([screen, text]) => `### ${text}\n\n${imagesOf(screen, text)}`,
    );
    return `## ${title}\n\n${images.join('\n\n')}`;
  });
  return `---
pageClass: screenshots
---

# Screenshots

The screens of the console on a desktop and on a phone, in the theme of this site.

${sections.join('\n\n')}
`;
}

const screensIn = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('-1280-light.png'))
    .map((name) => name.replace(/-1280-light\.png$/, ''));

const imagesOf = (screen, text) =>
  `![${text}](../screenshots/${screen}-1280-light.png)\n![${text}, on a phone](../screenshots/${screen}-390-light.png)`;
