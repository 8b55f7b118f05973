import { counting } from '../counting';

const count = counting('en');

/** Making and rotating tokens. */
export const newToken = {
  heading: 'New token',
  lede: 'For a program that is to act in a user’s name, without their password.',
  owner: 'Owner',
  ownerHint: 'The user in whose name it acts. For a program, better a service of its own than a person.',
  noSuchOwner: 'There is no user of that name.',
  forWhom: (user: string) => `It will act in the name of ${user}.`,
  note: 'What is it for?',
  noteHint: 'Such as “GitHub Actions, production”. Whoever has to end it one day knows it by this.',
  permissions: {
    label: 'What may it do?',
    all: 'Everything its owner may, now and later',
    some: 'Only what I choose',
    nothingToChoose: 'You hold no permission that it could have. It can only say whose it is.',
    hint: 'Of this it may do what its owner may do as well. Choose nothing, and it can only say whose it is.',
  },
  action: 'Create token',
  sending: 'Creating…',
  created: {
    heading: 'The token is created',
    text: (user: string) => `It acts in the name of ${user}.`,
    ends: (when: string) => `It ends on ${when}.`,
    endless: 'It has no end.',
  },
  end: {
    label: 'When does it end?',
    days: (days: number) => (days === 365 ? '1 year' : count(days, 'day', 'days')),
    own: 'Own date',
    ownLabel: 'Date and time',
    none: 'No end',
    on: (when: string, distance: string) => `${when}, ${distance}.`,
    never: 'It works until somebody ends it. Choose this only where nobody can rotate it.',
    past: 'Choose a time that is still to come.',
    clipped: (when: string) => `The server allows no later end than ${when}.`,
  },
  rotation: {
    heading: 'Rotate token',
    back: 'The token',
    lede: 'It gets a new secret and its length of life anew. Note, owner and permissions stay.',
    label: 'How long shall the old secret go on working?',
    graces: {
      none: { label: 'Not at all', hint: 'For a leaked secret: whatever still uses it stops at once.' },
      hour: { label: '1 hour', hint: 'Where you put the new secret in place yourself, right now.' },
      day: { label: '1 day', hint: 'Where it has to reach a few places first. The usual choice.' },
      week: {
        label: '7 days',
        hint: 'Where others have to put it in place. The token’s page shows who has not.',
      },
    },
    until: (when: string) => `The old secret works until ${when}, or until the token ends.`,
    atOnce: 'The old secret stops working at once.',
    inGrace: 'The secret before the present one still works. It stops at once if you rotate again.',
    forbidden: 'You may see this token, but you may not rotate it.',
    notLive: 'This token has ended. It cannot be rotated; make a new one.',
    action: 'Rotate',
    sending: 'Rotating…',
    done: 'The token has a new secret',
  },
};
