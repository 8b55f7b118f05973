import { computed, type Signal } from '@angular/core';
import { injectTexts } from '../core/language';

/** Elements that handle keys themselves. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/**
 * Whether a key press must not trigger a shortcut: it belongs to a field, an open dialog or menu, or the
 * browser.
 */
export function isShortcutBlocked({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const hasOwnKeys = target instanceof Element && target.closest(OWN_KEYS) !== null;
  return hasOwnKeys || ctrlKey || metaKey || altKey;
}

/**
 * Whether a key press opens or closes the search for pages, actions, users and tokens: Ctrl and K, on a Mac ⌘
 * and K.
 */
export function isPaletteKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  const [isPressed, isOtherPressed] = isMac() ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  return key.toLowerCase() === 'k' && isPressed && !isOtherPressed && !altKey && !shiftKey;
}

/** Returns the name of the key that shortcuts of the whole console use. */
export function controlKey(): Signal<string> {
  const texts = injectTexts();
  return computed(() => (isMac() ? '⌘' : texts().shortcuts.control));
}

function isMac(): boolean {
  return navigator.userAgent.includes('Mac OS X');
}
