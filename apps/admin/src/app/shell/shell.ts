import { ChangeDetectionStrategy, Component, computed, DestroyRef, ElementRef, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog } from '@angular/material/dialog';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { distinctUntilChanged, filter, map, skip } from 'rxjs';
import { injectTexts } from '../core/language';
import type { PageName } from '../core/page-title';
import { Session } from '../core/session';
import { Icon, type IconName } from '../shared/icon';
import { Logo } from '../shared/logo';
import { AccountMenu } from './account-menu';

interface Destination {
  readonly path: string;
  readonly page: PageName;
  readonly icon: IconName;
}

/** The frame of every page behind the sign-in: navigation, account menu and the page itself. */
@Component({
  selector: 'app-shell',
  imports: [AccountMenu, Icon, Logo, RouterLink, RouterLinkActive, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  private readonly session = inject(Session);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly t = injectTexts();
  protected readonly destinations = computed((): Destination[] => [
    ...(this.session.can('users:read') ? [{ path: '/users', page: 'users', icon: 'users' } as const] : []),
    { path: '/tokens', page: 'tokens', icon: 'key' },
  ]);

  constructor() {
    // A new page is announced by its heading; a new search, sort or page of the same list is not.
    inject(Router)
      .events.pipe(
        filter((event) => event instanceof NavigationEnd),
        map(({ urlAfterRedirects }) => urlAfterRedirects.split(/[?#]/)[0]),
        distinctUntilChanged(),
        skip(1),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.focusHeading());

    const dialog = inject(MatDialog);
    inject(DestroyRef).onDestroy(() => dialog.closeAll());
  }

  protected skipToPage(event: Event): void {
    event.preventDefault();
    this.focusHeading();
  }

  private focusHeading(): void {
    setTimeout(() => this.host.querySelector<HTMLElement>('main h1')?.focus());
  }
}
