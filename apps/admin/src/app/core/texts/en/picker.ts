import { counting } from '../counting';

const count = counting('en');

/** Texts of the permission picker and the numbers of holders. */
export const picker = {
  label: 'Permissions',
  search: 'Find a permission',
  selected: (total: number) => `${total} selected`,
  of: (selected: number, total: number) => `${selected} of ${total}`,
  all: (api: string) => `All of ${api}`,
  nothingToSelect: 'Nothing to select',
  noMatch: 'No permission matches.',
  more: (hidden: number) => `${hidden.toLocaleString('en')} more match. Refine your search.`,
  users: (total: number) => count(total, 'user', 'users'),
  tokens: (total: number) => count(total, 'token', 'tokens'),
  with: (name: string) => `with ${name}`,
  byLink: (names: string) => `Selected by the link you opened: ${names}. Nothing is saved yet.`,
  notYours: 'You do not hold this permission.',
  notOwners: (owner: string) => `${owner} does not hold this permission.`,
};
