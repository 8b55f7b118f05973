import { ChangeDetectionStrategy, Component, computed, DestroyRef, ElementRef, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import type { BuiltInPermission } from '@latchkey/auth-models';
import { distinctUntilChanged, filter, firstValueFrom, map, skip } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { focusOrigin } from '../shared/focus';
import { isShortcutBlocked } from '../shared/keyboard';
import { Icon, type IconName } from '../shared/ui/icon';
import { Logo } from '../shared/ui/logo';
import { AccountMenu } from './account-menu';
import { SessionBanner } from './session-banner';
import type { PageShortcut } from './shortcuts';
import type { SignInReason } from './sign-in-again';

interface Destination extends PageShortcut {
  readonly path: string;
  readonly icon: IconName;
  /** Required to see the page. */
  readonly permission?: BuiltInPermission;
}

const DESTINATIONS: readonly Destination[] = [
  { path: '/', page: 'home', icon: 'home', key: 'h' },
  { path: '/users', page: 'users', icon: 'users', key: 'u', permission: 'users:read' },
  { path: '/tokens', page: 'tokens', icon: 'key', key: 't' },
  { path: '/roles', page: 'roles', icon: 'roles', key: 'r', permission: 'roles:read' },
  { path: '/apis', page: 'apis', icon: 'api', key: 'p', permission: 'apis:read' },
  { path: '/audit', page: 'audit', icon: 'audit', key: 'a', permission: 'audit:read' },
  { path: '/explanations', page: 'rejections', icon: 'ban', key: 'e' },
  { path: '/settings', page: 'settings', icon: 'settings', key: 's', permission: 'settings:read' },
];

/** Longest time between `g` and the second key of a shortcut. */
const SEQUENCE_MILLISECONDS = 1_500;

/** Frame of all pages after sign-in: navigation, account menu and the page itself. */
@Component({
  selector: 'app-shell',
  imports: [
    AccountMenu,
    Icon,
    Logo,
    MatMenuModule,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    SessionBanner,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(document:keydown)': 'onKeydown($event)' },
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  private signInDialog: Promise<boolean> | null = null;
  private sequenceStart = -Infinity;

  protected readonly t = injectTexts();
  protected readonly destinations = computed(() =>
    DESTINATIONS.filter(({ permission }) => permission === undefined || this.session.can(permission)),
  );

  constructor() {
    this.session.setSignInPrompt(() => this.signInAgain('ended'));
    // Move the focus to the heading of a new page, but not when only search, sort or page of a list change.
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        map(({ urlAfterRedirects }) => urlAfterRedirects.split(/[?#]/)[0]),
        distinctUntilChanged(),
        skip(1),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.focusHeading());

    inject(DestroyRef).onDestroy(() => {
      this.session.setSignInPrompt(null);
      this.dialog.closeAll();
    });
  }

  /** Asks the user to sign in over the open page, and returns whether they did. Concurrent callers share one dialog. */
  protected signInAgain(reason: SignInReason): Promise<boolean> {
    this.signInDialog ??= this.askToSignIn(reason).finally(() => (this.signInDialog = null));
    return this.signInDialog;
  }

  protected async showShortcuts(): Promise<void> {
    const { Shortcuts } = await import('./shell-dialogs');
    this.dialog.open(Shortcuts, { data: this.destinations(), width: '440px', restoreFocus: focusOrigin() });
  }

  /** Handles `?`, and `g` followed by the key of a page. */
  protected onKeydown(event: KeyboardEvent): void {
    if (isShortcutBlocked(event)) {
      return;
    }
    const { key, timeStamp } = event;
    const isSequence = timeStamp - this.sequenceStart < SEQUENCE_MILLISECONDS;
    this.sequenceStart = key === 'g' ? timeStamp : -Infinity;
    if (key === '?') {
      void this.showShortcuts();
    } else if (isSequence) {
      const destination = this.destinations().find((other) => other.key === key);
      void (destination && this.router.navigateByUrl(destination.path));
    }
  }

  protected skipToPage(event: Event): void {
    event.preventDefault();
    this.focusHeading();
  }

  private async askToSignIn(reason: SignInReason): Promise<boolean> {
    const { SignInAgain } = await import('./shell-dialogs');
    const opened = this.dialog.open<InstanceType<typeof SignInAgain>, SignInReason, boolean>(SignInAgain, {
      data: reason,
      width: '440px',
      disableClose: true,
    });
    return (await firstValueFrom(opened.afterClosed())) ?? false;
  }

  private focusHeading(): void {
    setTimeout(() => this.host.querySelector<HTMLElement>('main h1')?.focus());
  }
}
