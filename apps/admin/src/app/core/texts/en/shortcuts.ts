/** What the keyboard does. */
export const shortcuts = {
  heading: 'Keyboard',
  open: 'Keyboard shortcuts',
  groups: { everywhere: 'Everywhere', lists: 'In lists', go: 'Go to' },
  keys: {
    help: 'Show this list',
    search: 'Search',
    escape: 'Close what is open',
    move: 'Move from row to row, and from the search to the first',
    ends: 'To the first row, the last',
    enter: 'Open the row',
    space: 'Select the row, with Shift a range',
  },
  then: 'then',
  spaceBar: 'Space',
  home: 'Home',
  end: 'End',
};
