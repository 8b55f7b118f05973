import { DestroyRef, DOCUMENT, ElementRef, inject, Injectable, signal } from '@angular/core';

/** Minimum width of a table in pixels. Narrower lists show cards. */
const TABLE_MIN_WIDTH = 680;
/** Width beside a list in the narrowest window with a table, to estimate its width before it is measured. */
const BESIDE = 136;
/** Font size in pixels that the widths assume. */
const LETTER_SIZE = 16;

/**
 * Width of a list in pixels, scaled to the default font size: with text twice as large, it is half the real
 * width. Each list provides its own, because lists differ in width on the same screen.
 */
@Injectable()
export class ListWidth {
  private readonly width = signal(Infinity);

  readonly value = this.width.asReadonly();
  readonly isNarrow = (): boolean => this.width() < TABLE_MIN_WIDTH;

  constructor() {
    const { defaultView: window, documentElement } = inject(DOCUMENT);
    // Tests in jsdom have no layout.
    if (window === null || !('ResizeObserver' in window)) {
      return;
    }
    const letters = parseFloat(window.getComputedStyle(documentElement).fontSize) / LETTER_SIZE;
    const measure = (pixels: number): void => this.width.set(pixels / letters);
    measure(window.innerWidth - BESIDE);
    const observer = new ResizeObserver(([entry]) => entry && measure(entry.contentRect.width));
    observer.observe(inject<ElementRef<HTMLElement>>(ElementRef).nativeElement);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }
}
