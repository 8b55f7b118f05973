import { counting } from '../counting';

const count = counting('en');
const tokens = (total: number) => count(total, 'token', 'tokens');

/** What is asked before tokens are changed, and said after. */
export const tokenChanges = {
  revocation: {
    heading: { own: 'Sign out of this session?', session: 'End this session?', api: 'Revoke this token?' },
    name: (token: string, user: string) => `“${token}” of ${user}`,
    neverUsed: 'It was never used.',
    lastUse: (when: string, address: string | null) =>
      address === null ? `It was last used ${when}.` : `It was last used ${when} from ${address}.`,
    consequence: {
      own: 'This is the session you are using. You will be signed out here and in all tabs of this browser.',
      session: 'Whoever uses it is signed out at once and has to sign in again. This cannot be undone.',
      api: 'Whatever uses it stops working at once and needs a new token. This cannot be undone.',
    },
    descendants: 'Also revoke all tokens that were made with it',
    signOut: 'Sign out',
    revoke: 'Revoke',
    done: 'The token is revoked.',
  },
  switching: {
    disable: 'Disable',
    enable: 'Enable',
    disabled: (token: string) => `“${token}” is disabled.`,
    enabled: (token: string) => `“${token}” is enabled.`,
  },
  ending: {
    done: (end: string) => `It ends on ${end}.`,
    clipped: (end: string) => `The server allows no later end than ${end}.`,
    endless: 'It has no end now.',
  },
  bulk: {
    extend: 'Extend',
    headings: {
      disable: (total: number) => `Disable ${tokens(total)}?`,
      enable: (total: number) => `Enable ${tokens(total)}?`,
      revoke: (total: number) => `Revoke ${tokens(total)}?`,
      extend: (total: number) => `Extend ${tokens(total)}?`,
    },
    consequences: {
      disable: 'Whatever uses them stops working at once, until they are enabled again.',
      enable: 'Whatever uses them works again at once.',
      revoke: 'Whatever uses them stops working at once and needs new ones. This cannot be undone.',
      extend: (end: string) => `Each will end on ${end}. Those that end later already stay as they are.`,
      extendForever: 'None of them will have an end.',
    },
    among: (names: string, others: number) =>
      others === 0 ? `Those are ${names}.` : `Among them: ${names}, and ${count(others, 'other', 'others')}.`,
    keepsOwn: 'The session you are using is left alone.',
    nothing: 'There is nothing to change: all of them are like that already.',
    done: {
      disable: (total: number) => `${tokens(total)} disabled.`,
      enable: (total: number) => `${tokens(total)} enabled.`,
      revoke: (total: number) => `${tokens(total)} revoked.`,
      extend: (total: number) => `${tokens(total)} extended.`,
    },
    refused: (total: number) => `${count(total, 'was left as it is', 'were left as they are')}.`,
    extendHeading: 'When shall they end?',
    extendAction: 'Go on',
  },
  secret: {
    once: 'This is shown once. Copy it now: nobody can show it again.',
    forms: 'The secret in several forms',
    labels: { token: 'Token', header: 'X-Auth-Token', curl: 'curl', env: '.env' },
    hints: {
      token: 'The token alone. Clients put it together with the user’s name.',
      header: 'The complete value of the header X-Auth-Token.',
      curl: 'A first call. If it answers with the user, the token works.',
      env: 'For a file that is read by the service and by nobody else.',
    },
    copy: {
      token: 'Copy token',
      header: 'Copy value',
      curl: 'Copy command',
      env: 'Copy lines',
    },
    leave: {
      heading: 'Leave without copying?',
      text: 'The secret is shown this one time only. Without it the token is of no use, and you would have to rotate it.',
      action: 'Leave',
    },
    done: 'Done',
  },
};
