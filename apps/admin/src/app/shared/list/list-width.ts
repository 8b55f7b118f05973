import { DestroyRef, DOCUMENT, ElementRef, inject, Injectable, signal } from '@angular/core';

/**
 * Least width of a list for a table. The widest one, of tokens in German, takes 890 pixels without its
 * optional columns.
 */
const TABLE_MIN_WIDTH = 900;
/** Width of the navigation and the margins beside a list, to estimate its width before it is measured. */
const BESIDE = 328;

/**
 * Whether a list is too narrow for a table. Each list provides it, because lists differ in width on the same
 * screen.
 */
@Injectable()
export class ListWidth {
  private readonly width = signal(Infinity);

  readonly isNarrow = (): boolean => this.width() < TABLE_MIN_WIDTH;

  constructor() {
    const window = inject(DOCUMENT).defaultView;
    // Tests in jsdom have no layout.
    if (window === null || !('ResizeObserver' in window)) {
      return;
    }
    this.width.set(window.innerWidth - BESIDE);
    const observer = new ResizeObserver(([entry]) => entry && this.width.set(entry.contentRect.width));
    observer.observe(inject<ElementRef<HTMLElement>>(ElementRef).nativeElement);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }
}
