import { ChangeDetectionStrategy, Component, computed, DestroyRef, ElementRef, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { distinctUntilChanged, filter, firstValueFrom, map, skip } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { focusOrigin } from '../shared/focus';
import { Icon } from '../shared/ui/icon';
import { Logo } from '../shared/ui/logo';
import { AccountMenu } from './account-menu';
import { DESTINATIONS } from './destinations';
import { SessionBanner } from './session-banner';
import { ShortcutKeys } from './shortcut-keys';
import type { SignInReason } from './sign-in-again';

/** The frame of every page behind the sign-in: navigation, account menu and the page itself. */
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
    ShortcutKeys,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  private asking: Promise<boolean> | null = null;

  protected readonly t = injectTexts();
  protected readonly destinations = computed(() =>
    DESTINATIONS.filter(({ permission }) => permission === undefined || this.session.can(permission)),
  );

  constructor() {
    this.session.setSignInPrompt(() => this.signInAgain('ended'));
    // A new page is announced by its heading; a new search, sort or page of the same list is not.
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

  /** Has the person sign in over the page; tells whether they did. One who is being asked already is not asked twice. */
  protected signInAgain(reason: SignInReason): Promise<boolean> {
    this.asking ??= this.askToSignIn(reason).finally(() => (this.asking = null));
    return this.asking;
  }

  protected async showShortcuts(): Promise<void> {
    const { Shortcuts } = await import('./shortcuts');
    this.dialog.open(Shortcuts, { data: this.destinations(), width: '440px', restoreFocus: focusOrigin() });
  }

  protected goTo(key: string): void {
    const destination = this.destinations().find((one) => one.key === key);
    if (destination !== undefined) {
      void this.router.navigateByUrl(destination.path);
    }
  }

  protected skipToPage(event: Event): void {
    event.preventDefault();
    this.focusHeading();
  }

  private async askToSignIn(reason: SignInReason): Promise<boolean> {
    const { SignInAgain } = await import('./sign-in-again');
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
