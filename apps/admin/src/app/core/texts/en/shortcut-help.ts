/** Texts of the list of keyboard shortcuts. */
export const shortcutHelp = {
  groups: { everywhere: 'Everywhere', lists: 'In lists', go: 'Go to' },
  keys: {
    help: 'Show keyboard shortcuts',
    search: 'Search',
    escape: 'Close a dialog or menu',
    move: 'Next or previous row, also from the search field',
    ends: 'First or last row',
    enter: 'Open the row',
    space: 'Select the row, or a range with Shift',
  },
  then: 'then',
  spaceBar: 'Space',
  home: 'Home',
  end: 'End',
};
