import { Directive, output } from '@angular/core';
import { isShortcutBlocked } from '../shared/keyboard';

/** How long after `g` the second key may come. */
const PATIENCE_MILLISECONDS = 1_500;

/** Listens for the keys that work everywhere: `?`, and `g` with a second one. */
@Directive({ selector: '[appShortcutKeys]', host: { '(document:keydown)': 'listen($event)' } })
export class ShortcutKeys {
  /** `?` was pressed. */
  readonly help = output();
  /** The key that came after `g`. */
  readonly go = output<string>();

  private goTime = -Infinity;

  protected listen(event: KeyboardEvent): void {
    if (isShortcutBlocked(event)) {
      return;
    }
    const { key, timeStamp } = event;
    const isSecond = timeStamp - this.goTime < PATIENCE_MILLISECONDS;
    this.goTime = key === 'g' ? timeStamp : -Infinity;
    if (key === '?') {
      this.help.emit();
    } else if (isSecond) {
      this.go.emit(key);
    }
  }
}
