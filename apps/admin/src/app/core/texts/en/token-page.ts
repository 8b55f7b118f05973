import { counting } from '../counting';

const count = counting('en');
const times = (uses: number) => count(uses, 'time', 'times');

/** The page of one token. */
export const tokenPage = {
  back: 'All tokens',
  tabs: { details: 'Details', history: 'History' },
  historySides: { actor: 'With this token', subject: 'About this token' },
  banner: {
    canaryUsed: (when: string, address: string | undefined) =>
      `This canary was used ${when}${address === undefined ? '' : ` from ${address}`}.`,
    explain: 'Explain',
    leaked: (when: string, isRevoked: boolean) =>
      `Reported as leaked ${when}${isRevoked ? ', and revoked at once' : ''}.`,
    revoked: 'Revoked.',
    revokedBy: (actor: string, when: string, reason: string) =>
      `Revoked by ${actor} ${when}${reason === '' ? '.' : `: ${reason}`}`,
    expired: (when: string) => `Expired on ${when}.`,
    usedUp: 'No uses left.',
    expiring: (when: string) => `Expires ${when}.`,
    pending: (when: string) => `Not valid before ${when}.`,
    disabled: 'Disabled. The server rejects this token until someone enables it.',
    disabledAfterLeak: 'Disabled because of the report. Rotate the token before you enable it.',
    ownerDisabled: (user: string) => `The owner is disabled. This token works again when ${user} is enabled.`,
  },
  facts: {
    createdByHand: 'Name and password, or a session that no longer exists',
    lastUse: 'Last used',
  },
  scope: {
    heading: 'Roles and permissions',
    editLead:
      'The token loses removed roles and permissions immediately. Tokens that were created with it lose them too.',
    lastUsed: (day: string) => `last used on ${day}`,
    neverUsed: 'never used',
    removeUnused: 'Remove unused permissions',
    unusedQuestion: {
      heading: (total: number) => `Remove ${count(total, 'unused permission', 'unused permissions')}?`,
      text: 'No request has required them since the server began to record their use. They are also removed from tokens that were created with this one.',
      action: 'Remove',
    },
    unusedRemoved: (total: number) => `${count(total, 'unused permission', 'unused permissions')} removed.`,
    limited: 'Saved. The token has less than you selected, because its creator could not grant the rest.',
  },
  use: {
    heading: 'Use in the last 90 days',
    chart: 'Chart',
    table: 'Table',
    view: 'View',
    none: 'Not used in the last 90 days.',
    summary: (uses: number, days: number, most: number, day: string) =>
      `Used ${times(uses)} on ${count(days, 'day', 'days')}. Busiest day: ${day}, ${times(most)}.`,
    bar: (day: string, uses: number, superseded: number) =>
      superseded === 0
        ? `${day}: ${times(uses)}`
        : `${day}: ${times(uses)}, and ${times(superseded)} with the old secret`,
    today: 'today',
    current: 'Secret',
    superseded: 'Old secret',
    columns: {
      day: 'Day (UTC)',
      uses: 'Uses',
      superseded: 'With the old secret',
      address: 'Last address',
      agent: 'Last user agent',
    },
    places: 'Used from',
    reportedBy: (names: string) => `reported by ${names}`,
    place: { address: 'Address', agent: 'User agent', last: 'Last day' },
    unknown: 'unknown',
  },
  rotation: {
    heading: 'Rotation',
    unused: 'The old secret has not been used since the rotation.',
    rarely: 'Clients that run rarely may still need it.',
    idle: (when: string) => `The old secret is no longer in use. It was last used ${when}.`,
    used: (when: string, address: string) =>
      `The old secret is still in use. It was last used ${when} from ${address}.`,
    expired: 'The old secret has expired.',
    lateUse: (when: string, address: string) => `It was last used ${when} from ${address}.`,
    until: (until: string, distance: string) => `It works until ${until}, ${distance}.`,
    workedUntil: (until: string) => `It worked until ${until}.`,
    uses: 'Uses since the rotation',
    lastUse: 'Last use',
    somewhere: 'an unknown address',
    revoke: 'Revoke the old secret',
    revokeQuestion: {
      heading: 'Revoke the old secret?',
      text: 'Clients that still use it stop working immediately. The new secret keeps working. This cannot be undone.',
    },
    revoked: 'Old secret revoked.',
  },
  saved: 'Token saved.',
  editing: {
    headings: {
      note: 'Edit token',
      scope: 'Change roles and permissions',
      limits: 'Change limits and metadata',
    },
    note: 'Note',
    change: 'Change the expiry',
  },
};
