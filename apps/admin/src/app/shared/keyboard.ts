/** Elements that handle keys themselves. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/** Whether a key press must not trigger a shortcut: it belongs to a field, an open dialog or menu, or the browser. */
export function isShortcutBlocked({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isElsewhere = target instanceof Element && target.closest(OWN_KEYS) !== null;
  return isElsewhere || ctrlKey || metaKey || altKey;
}
