import { counting } from '../counting';

const count = counting('en');

/** Reason why a file cannot be imported. */
interface Fault {
  readonly kind: string;
  readonly separator?: string;
  readonly columns?: string;
  readonly line?: number;
}

export const userImport = {
  action: (total: number) => `Create ${count(total, 'user', 'users')}`,
  again: 'Choose another file',
  choose: 'Choose a CSV file',
  created: (done: number, total: number) =>
    done < total
      ? `${done} of ${count(total, 'user', 'users')} created`
      : `${count(done, 'user', 'users')} created`,
  drop: 'or drop it here',
  error: 'Error',
  exists: (name: string) => `The user ${name} already exists.`,
  faults: ({ kind, separator = '', columns = '', line = 0 }: Fault): string =>
    ({
      large: 'The file is larger than 1 MiB. Import it on the server with latchkey import-users.',
      encoding: 'The file is not in UTF-8. Save it as “CSV UTF-8”.',
      empty: 'The file has no users.',
      noName: 'The first line must contain a column called name, and each column only once.',
      password:
        'The console cannot import passwords or hashes. Remove the column, or use latchkey import-users on the server.',
      separator: `Separate the columns by commas, not by ${separator}.`,
      columns: `Unknown columns: ${columns}. The first line must contain column names only.`,
      cells: `Line ${line} has more or fewer cells than the first line.`,
      csv: `The file is not valid CSV. Check the quotation marks up to line ${line}.`,
    })[kind] ?? '',
  heading: 'Import users',
  invalid: (total: number) => `Fix ${count(total, 'error', 'errors')} before importing`,
  line: 'Line',
  links: 'Save set-up links',
  linksSaved: (total: number) =>
    `Saved ${count(total, 'set-up link', 'set-up links')}. If you save the file again, the links stay the same.`,
  lookAlike: (name: string, other: string | null) =>
    `The name ${name} looks like ${other ?? 'that of another user'}.`,
  more: (total: number) => `and ${count(total, 'more error', 'more errors')}`,
  next: 'Users can sign in once they have set a password. Create a link for each of them, and save the links as a CSV file. Each link is valid for 24 hours and appears only in this file.',
  noRole: (name: string) => `There is no role ${name}.`,
  progress: (done: number, total: number) => `${done} of ${total}`,
  ready: (total: number) => `No errors. ${count(total, 'user', 'users')} will be created.`,
  repeated: (name: string, line: number) => `The name ${name} is already on line ${line}.`,
  rules:
    'Only name is required. Separate roles by spaces. kind is human or service, enabled is true or false.',
  skip: (total: number) => `Skip ${count(total, 'user that already exists', 'users that already exist')}`,
  stopped:
    'The import stopped. To create the other users, fix the error and import the file again. You can then skip the users that already exist.',
  text: 'The first line of the file names its columns:',
};
