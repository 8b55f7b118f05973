import { counting } from '../counting';

const count = counting('en');

export const home = {
  heading: 'Home',
  lede: 'What needs you, and how the server is doing.',
  ledeOwn: 'What needs you.',
  inbox: 'Tokens to look at',
  calm: {
    heading: 'Nothing to do',
    text: 'No token ends soon, lies about unused, or belongs to somebody who is gone.',
  },
  count: (total: number) => count(total, 'token', 'tokens'),
  showAll: (total: number) => `Show all ${total.toLocaleString('en')}`,
  groups: {
    expiring: { heading: 'End within 14 days', why: 'What uses them stops working then.' },
    ownerDisabled: { heading: 'Owner is disabled', why: 'They work again the moment the owner is enabled.' },
    neverUsed: {
      heading: 'Never used, older than 7 days',
      why: 'Whoever needed them has found another way.',
    },
    unused: { heading: 'Unused for 90 days', why: 'A secret that nobody misses is one too many.' },
    noExpiry: { heading: 'No end', why: 'A leaked token works until somebody notices.' },
  },
  facts: { ends: 'ends', created: 'created', lastUsed: 'last used', neverUsed: 'never used' },
  actions: {
    one: { extend: 'Extend by 90 days', setEnd: 'End in 90 days', revoke: 'Revoke' },
    all: {
      extend: (total: number) => `Extend all ${total}`,
      setEnd: (total: number) => `Give ${total} an end`,
      revoke: (total: number) => `Revoke all ${total}`,
    },
    of: (action: string, token: string) => `${action}: ${token}`,
  },
  changed: (total: number) => `${count(total, 'token is', 'tokens are')} changed.`,
  changedPartly: (done: number, refused: number) =>
    `${count(done, 'token is', 'tokens are')} changed; ${refused} could not be.`,
  questions: {
    revoke: {
      heading: (total: number) => `Revoke ${count(total, 'token', 'tokens')}?`,
      text: 'Whatever uses them stops working at once and needs new tokens. This cannot be undone.',
    },
    extend: {
      heading: (total: number) => `Extend ${count(total, 'token', 'tokens')}?`,
      text: 'They end 90 days from now, or at the longest life that the server allows.',
    },
    setEnd: {
      heading: (total: number) => `Give ${count(total, 'token', 'tokens')} an end?`,
      text: 'They end 90 days from now, or at the longest life that the server allows. Each can be extended until then.',
    },
  },
  figures: {
    heading: 'Figures',
    users: 'Users',
    usersNote: (disabled: number) => (disabled === 0 ? 'all enabled' : `${disabled} disabled`),
    tokens: 'Live tokens',
    tokensNote: (sessions: number) => count(sessions, 'session', 'sessions'),
    logins: 'Sign-ins today',
    loginsNote: 'since midnight UTC',
    failures: 'Failed today',
    failuresNote: (unknown: number) => `${unknown} with unknown names`,
  },
  manySessions: (name: string, sessions: number) =>
    `${name} has ${count(sessions, 'live session', 'live sessions')}: most likely a program that signs in for each request.`,
  chart: {
    heading: 'Sign-ins in 30 days',
    successes: 'Let in',
    failures: 'Failed',
    asTable: 'As a table',
    asChart: 'As a chart',
    day: 'Day',
    summary: (successes: number, failures: number) =>
      `${count(successes, 'sign-in', 'sign-ins')} let in and ${failures.toLocaleString('en')} failed in the last 30 days.`,
  },
  welcome: {
    heading: 'Welcome. Make your first call',
    lede: 'Paste this into a terminal. It asks for your password, and the answer is the value for X-Auth-Token.',
    waiting: 'Waiting for your call …',
    seen: (agent: string) => `The server saw it, from ${agent}.`,
    service: 'Make a service and its first token',
    document: 'See every call there is',
    dismiss: 'Do not show this again',
  },
};
