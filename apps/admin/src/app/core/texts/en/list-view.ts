/** Texts of the menu for columns, density and saved views. */
export const listView = {
  views: {
    heading: 'Saved views',
    save: 'Save view…',
    name: 'Name',
    replaces: 'Replaces the view with this name.',
    rename: (name: string) => `Rename ${name}`,
    delete: (name: string) => `Delete ${name}`,
    deleted: (name: string) => `View ${name} deleted`,
    full: (max: number) => `A list can have at most ${max} views. Delete one to save another.`,
    kept: 'Search, filters, order and columns. Stored in this browser, for your account.',
  },
  columns: 'Columns',
  ifRoom: 'in wide windows',
  density: 'Rows',
  comfortable: 'Comfortable',
  compact: 'Compact',
  reset: 'Reset columns and rows',
};
