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
  loadMore: 'Show more',
  paginator: {
    label: 'Pages',
    itemsPerPage: 'Rows',
    firstPage: 'First page',
    lastPage: 'Last page',
    nextPage: 'Next page',
    previousPage: 'Previous page',
    range: (from: number, to: number, total: number) =>
      total === 0 ? '0' : `${from}–${to} of ${total.toLocaleString('en')}`,
  },
};
