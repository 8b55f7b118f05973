/** Texts of the menu for columns, density and saved views. */
export const listView = {
  columns: 'Columns',
  ifRoom: 'on wide windows',
  density: 'Rows',
  comfortable: 'Comfortable',
  compact: 'Compact',
  reset: 'Reset columns and rows',
};
