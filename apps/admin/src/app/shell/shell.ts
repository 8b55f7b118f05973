import {
  ApplicationRef,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  DOCUMENT,
  ElementRef,
  inject,
  Injector,
  runInInjectionContext,
} from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { MatTooltip } from '@angular/material/tooltip';
import { Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Language } from '../core/language';
import { Session } from '../core/session';
import { focusOrigin } from '../shared/focus';
import { controlKey, isPaletteKey, isShortcutBlocked } from '../shared/keyboard';
import { Icon } from '../shared/ui/icon';
import { Logo } from '../shared/ui/logo';
import { AccountMenu } from './account-menu';
import { DESTINATIONS } from './destinations';
import type { PaletteContext } from './palette/palette-entries';
import { SessionBanner } from './session-banner';
import type { SignInReason } from './sign-in-again';
import type { ProofReason } from './step-up';

const SEQUENCE_MILLISECONDS = 1_500;

/** Frame of all pages after sign-in: navigation, account menu and the page itself. */
@Component({
  selector: 'app-shell',
  imports: [
    AccountMenu,
    Icon,
    Logo,
    MatIconButton,
    MatMenuModule,
    MatTooltip,
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
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private readonly language = inject(Language);
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  private signInDialog: Promise<boolean> | null = null;
  private sequenceStart = -Infinity;

  protected readonly t = this.language.texts;
  protected readonly controlKey = controlKey();
  protected readonly destinations = computed(() =>
    DESTINATIONS.filter(({ permission }) => permission === undefined || this.session.can(permission)),
  );

  constructor() {
    this.session.setSignInPrompt((reason) =>
      reason === 'session-ended' ? this.signInAgain('expired') : this.askForProof(reason),
    );
    const destroyRef = inject(DestroyRef);
    const first = this.router.currentNavigation();
    void inject(ApplicationRef)
      .whenStable()
      .then(() => import('./after-start'))
      .then(({ DoubleClicks, PageFocus }) => {
        if (!destroyRef.destroyed) {
          runInInjectionContext(this.injector, () => [new DoubleClicks(), new PageFocus(first)]);
        }
      })
      // The console works without them. After an update of the server, the next page reloads it.
      .catch(() => undefined);

    destroyRef.onDestroy(() => this.session.setSignInPrompt(null));
  }

  /**
   * Asks the user to sign in over the open page and returns whether they did. Concurrent callers share one
   * dialog.
   */
  protected signInAgain(reason: SignInReason): Promise<boolean> {
    this.signInDialog ??= this.askToSignIn(reason).finally(() => (this.signInDialog = null));
    return this.signInDialog;
  }

  protected async showShortcuts(): Promise<void> {
    const { Shortcuts } = await this.language.withFeatureTexts(import('./shell-dialogs'));
    this.dialog.open(Shortcuts, { data: this.destinations(), width: '440px', restoreFocus: focusOrigin() });
  }

  /** Opens the search for pages, actions, users and tokens, and then what the user chooses there. */
  protected async openPalette(): Promise<void> {
    const { Palette } = await this.language.withFeatureTexts(import('./palette/palette'));
    if (this.isCovered()) {
      return;
    }
    const opened = this.dialog.open<InstanceType<typeof Palette>, PaletteContext, () => void>(Palette, {
      data: { destinations: this.destinations(), showShortcuts: () => void this.showShortcuts() },
      ariaLabel: this.t().shortcuts.palette,
      width: '640px',
      maxWidth: 'calc(100vw - 32px)',
      position: { top: '12vh' },
      panelClass: 'app-palette',
      restoreFocus: focusOrigin(),
    });
    (await firstValueFrom(opened.afterClosed()))?.();
  }

  /** Handles Ctrl+K, `?`, and `g` followed by the key of a page. */
  protected onKeydown(event: KeyboardEvent): void {
    if (isPaletteKey(event) && !this.isCovered()) {
      event.preventDefault();
      void this.openPalette();
    }
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
    this.host.querySelector<HTMLElement>('main h1')?.focus();
  }

  private async askToSignIn(reason: SignInReason): Promise<boolean> {
    const { SignInAgain } = await this.language.withFeatureTexts(import('./shell-dialogs'));
    const opened = this.dialog.open<InstanceType<typeof SignInAgain>, SignInReason, boolean>(SignInAgain, {
      data: reason,
      width: '440px',
      disableClose: true,
    });
    return (await firstValueFrom(opened.afterClosed())) ?? false;
  }

  private async askForProof(reason: ProofReason): Promise<boolean> {
    const { askForProof } = await this.language.withFeatureTexts(import('./shell-dialogs'));
    return runInInjectionContext(this.injector, () => askForProof(reason));
  }

  /** Whether a dialog or menu is open, whose input the palette would hide. */
  private isCovered(): boolean {
    return this.document.querySelector('.cdk-overlay-backdrop') !== null;
  }
}
