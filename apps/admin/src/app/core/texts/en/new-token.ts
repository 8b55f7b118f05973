import { counting } from '../counting';

const count = counting('en');

/** Making and rotating tokens. */
export const newToken = {
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
};
