import { counting } from '../counting';

const count = counting('en');
const times = (uses: number) => count(uses, 'time', 'times');

/** The page of one token. */
export const tokenPage = {
  back: 'All tokens',
  edit: 'Edit',
  extend: 'Extend',
  extendBy: (days: number) => (days === 365 ? '1 year from now' : `${count(days, 'day', 'days')} from now`),
  raw: 'Raw JSON',
  facts: {
    heading: 'Facts',
    owner: 'Owner',
    ends: 'Ends',
    created: 'Created',
    madeWith: 'Made with',
    madeByHand: 'a name and password, or a session that is gone',
    lastUse: 'Last used',
    agent: 'Last used with',
    id: 'Id',
  },
  permissions: {
    heading: 'What it may do',
    all: 'Everything that its owner may, now and later.',
    none: 'Nothing but say whose it is: it holds no permission.',
    some: 'Only this, and only as long as its owner may do it:',
  },
  use: {
    heading: 'Use in the last 90 days',
    chart: 'Chart',
    table: 'Table',
    view: 'How the use is shown',
    none: 'It was not used in the last 90 days.',
    summary: (uses: number, days: number, most: number, day: string) =>
      `Used ${times(uses)} on ${count(days, 'day', 'days')} of the last 90; the most on ${day}, ${times(most)}.`,
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
      agent: 'Last agent',
    },
    places: 'Where it was used from',
    place: { address: 'Address', agent: 'Agent', last: 'Last day' },
    unknown: 'not told',
  },
  rotation: {
    heading: 'Rotation',
    unused: 'So far, nobody has used the old secret since the rotation.',
    rarely: 'What runs rarely may still need it.',
    quiet: (when: string) => `Nobody uses the old secret any more. It was last used ${when}.`,
    used: (when: string, address: string) => `The old secret is still in use: ${when} from ${address}.`,
    over: 'The old secret no longer works.',
    lateUse: (when: string, address: string) => `It was last used ${when} from ${address}.`,
    until: (until: string, distance: string) => `It works until ${until}, ${distance}.`,
    ended: (until: string) => `It worked until ${until}.`,
    uses: 'Uses since the rotation',
    lastUse: 'Last use',
    address: 'From',
    agent: 'With',
    somewhere: 'an unknown address',
  },
  editing: {
    heading: 'Edit token',
    note: 'Note',
    end: 'End',
    change: 'Change the end',
    saved: 'The token is saved.',
  },
};
