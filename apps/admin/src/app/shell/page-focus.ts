import { Location } from '@angular/common';
import { afterEveryRender, DestroyRef, DOCUMENT, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type Navigation, NavigationEnd, NavigationStart, Router, Scroll } from '@angular/router';

/** Milliseconds in which a page must load to get the focus and its scroll position. */
const LOADING_MAX = 10_000;

/** Events with which a user may scroll. */
const SCROLLING = ['wheel', 'touchmove', 'pointerdown', 'keydown'];

/** A page that was opened and may still load. */
interface Arrival {
  /** Time of the navigation, by `performance.now()`. */
  readonly at: number;
  /** Focused element at the navigation. */
  readonly origin: Element | null;
  /** Returns the element to focus, if it is there. `null` for the heading. */
  readonly target: (() => HTMLElement | null | undefined) | null;
}

/**
 * Focuses the heading of a new page as soon as it is there, or the first field of the form in the fragment.
 * On the browser's Back, restores the scroll position when the page is long enough, and focuses the link to
 * the page that was left.
 */
export class PageFocus {
  private readonly document = inject(DOCUMENT);
  private readonly location = inject(Location);

  private arrival: Arrival | null = null;
  /** Scroll position to restore, in pixels. */
  private scrollTop: number | null = null;
  private scrolledAt = 0;

  /** @param first the navigation that opened the shell. Users can navigate on before this loads. */
  constructor(first: Navigation | null) {
    const router = inject(Router);
    let isBack = false;
    /** Index of the link that was followed among those to the same page, by the path of the page with it. */
    const followed = new Map<string, number>();
    let [path, form] = split(router.url);
    const isLate = router.lastSuccessfulNavigation()?.id !== first?.id;
    // Does not take the focus from a button, a field, a menu or a dialog that the user has reached meanwhile.
    if (isLate && this.document.activeElement?.matches('body, a:not(.cdk-overlay-container a)')) {
      this.arrive(null);
    }
    router.events.pipe(takeUntilDestroyed()).subscribe((event) => {
      if (event instanceof NavigationStart) {
        isBack = event.navigationTrigger === 'popstate';
        this.scrollTop = null;
        const links = this.linksTo(split(event.url)[0]);
        followed.set(
          path,
          links.findIndex((link) => link === this.document.activeElement),
        );
      } else if (event instanceof NavigationEnd) {
        const [left, leftForm] = [path, form];
        [path, form] = split(event.urlAfterRedirects);
        // Not if only search, sort or page of a list change.
        if (path !== left || form !== leftForm) {
          const link = () => this.linksTo(left)[Math.max(followed.get(path) ?? 0, 0)];
          this.arrive(isBack ? link : form ? () => this.fieldOf(form) : null);
        }
      } else if (event instanceof Scroll && event.position) {
        this.scrollTop = event.position[1];
        this.scrolledAt = performance.now();
      }
    });
    const stopRestoring = () => (this.scrollTop = null);
    SCROLLING.forEach((name) => this.document.addEventListener(name, stopRestoring, { passive: true }));
    inject(DestroyRef).onDestroy(() =>
      SCROLLING.forEach((name) => this.document.removeEventListener(name, stopRestoring)),
    );
    afterEveryRender({
      write: () => {
        this.restoreScroll();
        this.moveFocus();
      },
    });
  }

  private arrive(target: Arrival['target']): void {
    this.arrival = { at: performance.now(), origin: this.document.activeElement, target };
  }

  private moveFocus(): void {
    if (this.arrival === null) {
      return;
    }
    const { at, origin, target } = this.arrival;
    const heading = this.heading();
    const hasUserMoved = ![this.document.body, origin, heading].includes(this.document.activeElement);
    if (hasUserMoved || performance.now() - at > LOADING_MAX) {
      this.arrival = null;
      return;
    }
    const found = target?.();
    if (found) {
      found.focus({ preventScroll: this.scrollTop !== null });
      this.arrival = null;
    } else {
      // A page that loads has a heading of its own, and a list has one before its rows.
      heading?.focus({ preventScroll: true });
    }
  }

  private restoreScroll(): void {
    if (performance.now() - this.scrolledAt > LOADING_MAX) {
      this.scrollTop = null;
    }
    if (this.scrollTop === null) {
      // Do not read the height: it would force a layout after each rendering.
      return;
    }
    const { scrollHeight, clientHeight } = this.document.documentElement;
    if (scrollHeight - clientHeight >= this.scrollTop) {
      this.document.defaultView?.scrollTo(0, this.scrollTop);
      this.scrollTop = null;
    }
  }

  private heading(): HTMLElement | null {
    return this.document.querySelector('main h1');
  }

  private fieldOf(form = ''): HTMLElement | null | undefined {
    return this.document.getElementById(form)?.querySelector<HTMLElement>('input:not([readonly])');
  }

  private linksTo(path: string): HTMLAnchorElement[] {
    const url = this.location.prepareExternalUrl(path);
    // After Forward, the page has no link to the previous one but that to its parent.
    const links = this.document.querySelectorAll<HTMLAnchorElement>('main a[href]:not(app-back-link a)');
    return [...links].filter(({ pathname }) => pathname === url);
  }
}

/** Returns the path and the fragment of a URL. */
function split(url: string): [path: string, form?: string] {
  const [path = '', form] = url.replace(/\?[^#]*/, '').split('#');
  return [path, form];
}
