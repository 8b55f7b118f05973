import { counting } from '../counting';

const count = counting('en');

/** Creating and rotating tokens. */
export const newToken = {
  ownerHint: 'The token acts on behalf of this user. For a program, prefer a service to a person.',
  noSuchOwner: 'There is no user with this name.',
  forWhom: (user: string) => `The token acts on behalf of ${user}.`,
  note: 'What is it for?',
  noteHint: 'For example “GitHub Actions, production”. Helps you recognize the token later.',
  startFrom: 'Start from a template (optional)',
  canary: {
    lead: 'A token that works nowhere and raises an alarm when someone uses it.',
    ownerHint: 'The alarm appears on the home page of this user and of the administrators.',
    note: 'Where will you leave it?',
    noteHint: 'For example “wiki, page Deployment”. The alarm names this place.',
    action: 'Create canary',
    created: 'Canary created',
    place:
      'Leave it where no client should use it, such as in a wiki, an old backup or the settings of a retired program. If someone uses it, an alarm appears on the home page and in the audit trail.',
  },
  scope: {
    theOwner: 'the owner',
    everything: (owner: string) => `All roles and permissions of ${owner}, now and in the future`,
    some: 'Only selected roles and permissions',
    ownerHasNone: (owner: string) => `${owner} has no permissions to select.`,
    changeRoles: 'Change the roles',
    rolesUnseen: 'You cannot see the roles of the owner.',
    permissionsOfRoles: 'With all permissions of the selected roles',
    permissionsSome: 'Only with selected permissions',
    missing: (names: string) => `You do not hold ${names}.`,
    sentences: {
      everything: (owner: string) =>
        `The token has all roles and permissions of ${owner}, including those added later.`,
      nothing: (owner: string) => `The token only identifies ${owner}. It has no roles and no permissions.`,
      permissions: (owner: string) =>
        `The token has only these permissions, and no roles, as long as ${owner} holds them.`,
      roles: (owner: string) =>
        `The token has only these roles and their permissions, as long as ${owner} holds them.`,
      labels: (owner: string) =>
        `The token has only these roles, without their permissions, as long as ${owner} holds them.`,
      both: (owner: string) =>
        `The token has only these roles and permissions, as long as ${owner} holds them.`,
    },
  },
  action: 'Create token',
  created: {
    heading: 'Token created',
    text: (user: string) => `It acts on behalf of ${user}.`,
    expires: (when: string) => `It expires on ${when}.`,
    neverExpires: 'It does not expire.',
  },
  expiry: {
    label: 'Expiry',
    days: (days: number) => (days === 365 ? '1 year' : count(days, 'day', 'days')),
    custom: 'Custom date',
    customLabel: 'Date and time',
    none: 'No expiry',
    on: (when: string, distance: string) => `${when}, ${distance}.`,
    never: 'The token works until someone revokes it. Choose this only if it cannot be rotated.',
    past: 'Choose a time in the future.',
    clipped: (when: string) => `The server limits the expiry to ${when}.`,
  },
  rotation: {
    heading: 'Rotate token',
    lead: 'The token gets a new secret and a new expiry. Note, owner and permissions stay the same.',
    label: 'How long should the old secret keep working?',
    graces: {
      none: {
        label: 'Not at all',
        hint: 'For a leaked secret. Clients that use it stop working immediately.',
      },
      hour: { label: '1 hour', hint: 'If you replace the secret yourself right away.' },
      day: { label: '1 day', hint: 'If the secret has to be replaced in several places. The usual choice.' },
      week: {
        label: '7 days',
        hint: 'If others have to replace it. The page of the token shows clients that still use the old one.',
      },
    },
    until: (when: string) => `The old secret works until ${when}, or until the token expires.`,
    atOnce: 'The old secret stops working immediately.',
    inGrace: 'The previous secret still works. If you rotate again, it stops working immediately.',
    notLive: 'This token has expired or was revoked, so it cannot be rotated. Create a new one.',
    sending: 'Rotating…',
    done: 'Token rotated',
  },
};
