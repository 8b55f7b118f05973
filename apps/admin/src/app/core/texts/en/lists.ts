import type { ErrorCode } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');

/** What every list says. */
export const lists = {
  found: 'found',
  clear: 'Clear',
  clearSearch: 'Clear the search',
  searchHoldsSecret: 'This looks like a token. It is not sent anywhere; its last four characters suffice.',
  searchLastFour: (characters: string) => `Find ${characters}`,
  noMatch: {
    heading: 'Nothing matches',
    text: 'Try another word, or fewer filters.',
    action: 'Clear search and filters',
  },
  sort: 'Sort',
  filters: 'Filters',
  filterOff: (filter: string) => `${filter}: any`,
  filterOn: (filter: string, value: string) => `${filter}: ${value}`,
  removeFilter: (filter: string) => `Remove the filter ${filter}`,
  any: 'Any',
  apply: 'Apply',
  export: 'Export',
  exportAs: { csv: 'As CSV', json: 'As JSON lines' },
  exporting: 'Exporting…',
  selection: {
    row: (row: string) => `Select ${row}`,
    page: 'Select all on this page',
    count: (selected: number) => `${count(selected, 'selected', 'selected')}`,
    allMatching: (total: number) => `Select all ${total.toLocaleString('en')} that match`,
    clear: 'Clear the selection',
  },
  rejections: {
    heading: (refused: number, total: number) =>
      `${refused.toLocaleString('en')} of ${total.toLocaleString('en')} could not be changed`,
    text: 'The others are changed.',
    more: (number: number) => `and ${number.toLocaleString('en')} more`,
    /** Where what the server says of a single request fits less well. */
    reasons: {
      conflict: 'They have ended, or end later already:',
      above_your_permissions: 'They hold permissions or roles that you do not:',
      last_administrator: 'The last administrator must stay able to administer:',
      not_found: 'Not there any more:',
      validation_failed: 'The server does not allow it:',
    } as Readonly<Partial<Record<ErrorCode, string>>>,
  },
  loadMore: 'Show more',
  pages: {
    label: 'Pages',
    size: 'Rows',
    firstPage: 'First page',
    lastPage: 'Last page',
    nextPage: 'Next page',
    previousPage: 'Previous page',
    range: (from: number, to: number, total: number) =>
      `${from.toLocaleString('en')}–${to.toLocaleString('en')} of ${total.toLocaleString('en')}`,
  },
};
