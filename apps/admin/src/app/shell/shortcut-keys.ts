import { Directive, output } from '@angular/core';

/** How long after `g` the second key may come. */
const PATIENCE_MILLISECONDS = 1_500;

/** Where keys belong to what is typed, or to a dialog or menu that is open. */
const BUSY =
  'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/** Listens for the keys that work everywhere: `?`, and `g` with a second one. */
@Directive({ selector: '[appShortcutKeys]', host: { '(document:keydown)': 'listen($event)' } })
export class ShortcutKeys {
  /** `?` was pressed. */
  readonly help = output();
  /** The key that came after `g`. */
  readonly go = output<string>();

  private goTime = -Infinity;

  protected listen({ key, target, ctrlKey, metaKey, altKey, timeStamp }: KeyboardEvent): void {
    const isBusy = target instanceof Element && target.closest(BUSY) !== null;
    if (isBusy || ctrlKey || metaKey || altKey) {
      return;
    }
    const isSecond = timeStamp - this.goTime < PATIENCE_MILLISECONDS;
    this.goTime = key === 'g' ? timeStamp : -Infinity;
    if (key === '?') {
      this.help.emit();
    } else if (isSecond) {
      this.go.emit(key);
    }
  }
}
