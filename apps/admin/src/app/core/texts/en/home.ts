import { counting } from '../counting';

const count = counting('en');
const tokens = (total: number) => count(total, 'token', 'tokens');

export const home = {
  lead: 'Tokens that need attention, and how the server is doing.',
  leadOwn: 'Tokens that need your attention.',
  unprotected: (total: number) =>
    count(total, 'administrator without a second factor', 'administrators without a second factor'),
  copiedPasskeys: (total: number) =>
    count(total, 'user with a passkey that may be copied', 'users with passkeys that may be copied'),
  showUsers: 'Show users',
  failingTargets: (total: number) => `${total} event targets do not work`,
  showTargets: 'Show targets',
  showTarget: 'Show target',
  failingTarget: (name: string) => `The event target ${name} does not work`,
  inbox: 'Needs attention',
  empty: {
    heading: 'Nothing to do',
    text: 'No token expires soon, is unused, or belongs to a disabled user.',
  },
  tidyUp: (total: number) => `Tidy up (${total.toLocaleString('en')})`,
  showAll: (total: number) => `Show all ${total.toLocaleString('en')}`,
  groups: {
    canaryUsed: {
      heading: 'Canary used',
      reason:
        'Someone read the place where you left it. Find the address in the audit trail, then revoke the canary.',
    },
    leaked: {
      heading: 'Reported as leaked',
      reason:
        'Clients that used these tokens need new ones. Check in the audit trail what was done with them.',
    },
    verifying: {
      heading: 'Verifier expires within 14 days',
      reason: 'Services that verify with these tokens will reject all requests.',
    },
    expiring: {
      heading: 'Expires within 14 days',
      reason: 'Clients that use these tokens will stop working.',
    },
    ownerDisabled: {
      heading: 'Owner is disabled',
      reason: 'These tokens work again as soon as the owner is enabled.',
    },
    neverUsed: {
      heading: 'Never used, older than 7 days',
      reason: 'No client seems to need these tokens.',
    },
    unused: {
      heading: 'Unused for 90 days',
      reason: 'No client seems to need these tokens any more.',
    },
    noExpiry: { heading: 'No expiry', reason: 'A leaked token works until it is revoked.' },
    unusedPermissions: {
      heading: 'Unused permissions',
      reason:
        'These tokens have permissions that no request has required. Remove them on the page of the token.',
    },
  },
  verifiesFor: (names: readonly string[]) => `verifies for ${names.join(', ')}`,
  facts: {
    reported: 'reported',
    expires: 'expires',
    created: 'created',
    lastUsed: 'last used',
    neverUsed: 'never used',
  },
  actions: {
    respond: 'Respond',
    one: { extend: 'Extend by 90 days', setExpiry: 'Expire in 90 days', revoke: 'Revoke' },
    all: {
      extend: (total: number) => `Extend all ${total}`,
      setExpiry: (total: number) => `Set expiry for ${total}`,
      revoke: (total: number) => `Revoke all ${total}`,
    },
    of: (action: string, token: string) => `${action}: ${token}`,
  },
  menu: {
    of: (name: string) => `More actions: ${name}`,
    hide: (total: number) =>
      total === 1 ? 'Hide until something changes' : `Hide all ${total} until something changes`,
  },
  hidden: {
    heading: 'Hidden tokens',
    count: (total: number) => `${tokens(total)} hidden`,
    show: 'Show',
    since: 'hidden',
    again: 'Show again',
    allAgain: (total: number) => `Show all ${total} again`,
    shownAgain: (total: number) => `${tokens(total)} shown again.`,
  },
  changed: (total: number) => `${tokens(total)} changed.`,
  changedPartly: (done: number, rejected: number) =>
    `${tokens(done)} changed, ${rejected} could not be changed.`,
  questions: {
    hide: {
      heading: (total: number) => `Hide ${tokens(total)} from all administrators?`,
      text: 'A token returns when it is reported as leaked, when a canary is used again, and 14 days before it expires.',
    },
    revoke: {
      heading: (total: number) => `Revoke ${tokens(total)}?`,
      text: 'Clients that use these tokens stop working immediately and need new ones. This cannot be undone.',
    },
    extend: {
      heading: (total: number) => `Extend ${tokens(total)}?`,
      text: 'They will expire in 90 days, or earlier if the server sets a shorter maximum lifetime.',
    },
    setExpiry: {
      heading: (total: number) => `Set an expiry for ${tokens(total)}?`,
      text: 'They will expire in 90 days, or earlier if the server sets a shorter maximum lifetime. Until then you can extend them.',
    },
  },
  stats: {
    heading: 'Statistics',
    users: 'Users',
    usersNote: (disabled: number) => (disabled === 0 ? 'all enabled' : `${disabled} disabled`),
    tokens: 'Valid tokens',
    tokensNote: (sessions: number) => count(sessions, 'session', 'sessions'),
    logins: 'Sign-ins today',
    loginsNote: 'since midnight UTC',
    failures: 'Failed today',
    failuresNote: (unknown: number) => `${unknown} with unknown names`,
  },
  manySessions: (name: string, sessions: number) =>
    `${name} has ${count(sessions, 'valid session', 'valid sessions')}, probably from a program that signs in for every request.`,
  chart: {
    heading: 'Sign-ins in the last 30 days',
    successes: 'Successful',
    failures: 'Failed',
    asTable: 'Show as table',
    asChart: 'Show as chart',
    day: 'Day',
    summary: (successes: number, failures: number) =>
      `${count(successes, 'successful sign-in', 'successful sign-ins')} and ${failures.toLocaleString('en')} failed in the last 30 days.`,
  },
  welcome: {
    heading: 'Welcome! Send your first request',
    text: 'Run this command in a terminal. It asks for your password and prints the value for X-Auth-Token.',
    waiting: 'Waiting for your request…',
    received: (agent: string) => `Request received from ${agent}.`,
    service: 'Create a service and its first token',
    document: 'Read the API documentation',
    dismiss: 'Do not show again',
  },
};
