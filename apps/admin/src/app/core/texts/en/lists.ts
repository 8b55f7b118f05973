import type { ErrorCode } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');

/** Texts that all lists share. */
export const lists = {
  found: 'found',
  clear: 'Clear',
  clearSearch: 'Clear the search',
  searchHoldsSecret:
    'This looks like a token, so it is not sent. Search for its last four characters instead.',
  findToken: (characters: string) => `Find ${characters}`,
  noMatch: {
    heading: 'No matches',
    text: 'Try another search or fewer filters.',
    action: 'Clear search and filters',
  },
  filter: 'Filter',
  filterBy: (filter: string) => `${filter}…`,
  sort: 'Sort',
  filterOff: (filter: string) => `${filter}: any`,
  filterOn: (filter: string, value: string) => `${filter}: ${value}`,
  removeFilter: (filter: string) => `Remove the filter ${filter}`,
  any: 'Any',
  atMost: (total: number) => `Choose at most ${total}.`,
  apply: 'Apply',
  view: 'View',
  columns: 'Columns',
  ifRoom: 'in wide windows',
  rows: 'Rows',
  comfortable: 'Comfortable',
  compact: 'Compact',
  reset: 'Reset columns and rows',
  copyLink: 'Copy link',
  export: 'Export',
  exporting: 'Exporting…',
  selection: {
    row: (row: string) => `Select ${row}`,
    page: 'Select all on this page',
    count: (selected: number) => `${count(selected, 'selected', 'selected')}`,
    allMatching: (total: number) => `Select all ${total.toLocaleString('en')} that match`,
    clear: 'Clear selection',
  },
  rejections: {
    heading: (rejected: number, total: number) =>
      `${rejected.toLocaleString('en')} of ${total.toLocaleString('en')} could not be changed`,
    text: 'The others were changed.',
    more: (number: number) => `and ${number.toLocaleString('en')} more`,
    /** Replace messages that the server words for a single request. */
    reasons: {
      conflict: 'Expired or revoked, leaked and not rotated, or with a later expiry:',
      above_your_permissions: 'With permissions or roles that you do not hold:',
      last_administrator: 'The last administrator must keep their access:',
      not_found: 'No longer existing:',
      validation_failed: 'Not allowed by the server:',
    } as Readonly<Partial<Record<ErrorCode, string>>>,
  },
  loadMore: 'Show more',
  pages: {
    label: 'Pages',
    firstPage: 'First page',
    lastPage: 'Last page',
    nextPage: 'Next page',
    previousPage: 'Previous page',
    range: (from: number, to: number, total: number) =>
      `${from.toLocaleString('en')}–${to.toLocaleString('en')} of ${total.toLocaleString('en')}`,
  },
};
