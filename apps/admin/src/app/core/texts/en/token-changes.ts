import { counting } from '../counting';

const count = counting('en');
const tokens = (total: number) => count(total, 'token', 'tokens');

/** Confirmations and results of token actions. */
export const tokenChanges = {
  revocation: {
    heading: { own: 'Sign out of this session?', session: 'End this session?', api: 'Revoke this token?' },
    name: (token: string, user: string) => `“${token}” of ${user}`,
    neverUsed: 'Never used.',
    lastUse: (when: string, address: string | null) =>
      address === null ? `Last used ${when}.` : `Last used ${when} from ${address}.`,
    consequence: {
      own: 'You are using this session. You will be signed out here and in all tabs of this browser.',
      session: 'The user is signed out immediately and has to sign in again. This cannot be undone.',
      api: 'Clients that use it stop working immediately and need a new token. This cannot be undone.',
    },
    descendants: 'Also revoke all tokens that were created with it',
    signOut: 'Sign out',
    revoke: 'Revoke',
    done: 'Token revoked.',
    rejectedBy: (time: string) => `Rejected everywhere by ${time}.`,
  },
  switching: {
    disable: 'Disable',
    enable: 'Enable',
    disabled: (token: string) => `“${token}” disabled.`,
    enabled: (token: string) => `“${token}” enabled.`,
  },
  expiry: {
    done: (expiry: string) => `The token expires on ${expiry}.`,
    clipped: (expiry: string) => `The server limits the expiry to ${expiry}.`,
    none: 'The token no longer expires.',
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
      disable: 'Clients that use them stop working immediately, until the tokens are enabled again.',
      enable: 'Clients that use them work again immediately.',
      revoke: 'Clients that use them stop working immediately and need new tokens. This cannot be undone.',
      extend: (expiry: string) => `They expire on ${expiry}. Tokens with a later expiry stay unchanged.`,
      extendForever: 'They no longer expire.',
    },
    among: (names: string, others: number) =>
      others === 0 ? `Affected: ${names}.` : `Affected: ${names} and ${count(others, 'other', 'others')}.`,
    keepsOwn: 'The session you are using is not affected.',
    nothing: 'Nothing to change: this already applies to all of these tokens.',
    done: {
      disable: (total: number) => `${tokens(total)} disabled.`,
      enable: (total: number) => `${tokens(total)} enabled.`,
      revoke: (total: number) => `${tokens(total)} revoked.`,
      extend: (total: number) => `${tokens(total)} extended.`,
    },
    rejected: (total: number) => `${tokens(total)} unchanged.`,
    extendHeading: 'New expiry',
    extendAction: 'Continue',
  },
};
