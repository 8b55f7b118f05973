/** Where keys belong to what is typed, or to a dialog or menu that is open. */
const BUSY =
  'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/** Whether a key is none of the page's own: it is typed into something, belongs to what is open, or to the browser. */
export function isShortcutBlocked({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isElsewhere = target instanceof Element && target.closest(BUSY) !== null;
  return isElsewhere || ctrlKey || metaKey || altKey;
}
