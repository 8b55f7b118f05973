import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  effect,
  inject,
  input,
  output,
  untracked,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { Router } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { forkJoin, map, of } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { isLive, isRenewable, mayRotate, tokenNote, tokenPath } from '../../shared/tokens/token';
import { TokenStateLabel } from '../../shared/tokens/token-cells';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { Icon, type IconName } from '../../shared/ui/icon';
import { Badge } from '../../shared/ui/labels';
import { RawJson } from '../../shared/ui/raw-json';
import { askForExpiry } from '../extend-tokens';
import { TokensApi } from '../tokens-api';
import { editToken } from './edit-token';

/** Header of the token page: name, state and actions. */
@Component({
  selector: 'app-token-header',
  imports: [Badge, Icon, MatButton, MatMenuModule, TokenStateLabel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-header.html',
  styles: `
    header {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-4);
    }
    p {
      gap: var(--space-1) var(--space-3);
      margin-top: var(--space-2);
    }
    app-token-state {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-3);
    }
  `,
})
export class TokenHeader {
  private readonly api = inject(TokensApi);
  private readonly changes = inject(TokenChanges);
  private readonly destroyRef = inject(DestroyRef);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);

  readonly token = input.required<UserTokenDto>();
  /** Whether the URL opens the response to a leak. */
  readonly opensResponse = input(false);
  /** The token may have changed and should be read again. */
  readonly changed = output();
  /** The token as it was saved. */
  readonly saved = output<UserTokenDto>();

  protected readonly t = injectTexts();
  protected readonly isOwn = computed(() => this.token().id === this.changes.ownId());
  protected readonly note = computed(() => tokenNote(this.token(), this.t()));
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));

  private readonly canRenew = computed(
    () => isRenewable(this.token()) && this.changes.mayChange(this.token()),
  );

  private readonly mayRespond = computed(
    () => this.token().kind !== 'canary' && !this.isOwn() && this.changes.mayChange(this.token()),
  );
  /** Number of tokens and offers that a response to a leak can revoke if the token cannot work again. */
  private readonly remaining = loaded(
    () => (this.mayRespond() && !this.canChange() && !this.canRenew() ? this.token().id : null),
    (id) =>
      forkJoin([
        this.api.countDescendants(id),
        this.session.can('audit:read') && this.session.can('tokens:read')
          ? this.api.countPending(id).pipe(map(({ offers }) => offers))
          : of(0),
      ]).pipe(map(([descendants, offers]) => descendants + offers)),
  );
  private readonly canRespond = computed(
    () => this.mayRespond() && (this.canChange() || this.canRenew() || (this.remaining.value() ?? 0) > 0),
  );

  /** The important actions, as buttons, and the others, in a menu. */
  protected readonly actions = computed(() => {
    const { bulk, revocation, rotate, switching } = this.t().tokens;
    const isApi = this.token().kind === 'api';
    const canChange = this.canChange();
    const { enabled, leakReportTime } = this.token();
    const action = (isThere: boolean, label: string, icon: IconName, run: () => unknown) =>
      isThere ? [{ label, icon, run }] : [];

    const renewal = action(isApi && (canChange || this.canRenew()), bulk.extend, 'clock', () =>
      this.extend(),
    );
    const removal = this.isOwn()
      ? action(canChange, revocation.signOut, 'signOut', () => this.revoke())
      : action(canChange, revocation.revoke, 'ban', () => this.revoke());
    const response = action(this.canRespond(), this.t().leakResponse.open, 'alert', () => this.respond());
    const rotation = action(canChange && mayRotate(this.token()), rotate, 'refresh', () => this.rotate());
    // The server enables a leaked token only after its rotation.
    const maySwitch = enabled || leakReportTime === undefined;
    const toggle = action(
      canChange && maySwitch && !this.isOwn(),
      enabled ? switching.disable : switching.enable,
      enabled ? 'pause' : 'play',
      () => this.setEnabled(!enabled),
    );
    const first = this.canRenew() ? renewal : enabled || !maySwitch ? rotation : toggle;
    const dangerous = response.length > 0 ? response : removal;
    const more = [
      ...action(canChange, this.t().common.edit, 'edit', () => this.edit()),
      ...rotation,
      ...renewal,
      ...toggle,
      ...removal,
      ...action(true, this.t().common.raw, 'api', () => this.showRaw()),
    ].filter((each) => !first.includes(each) && !dangerous.includes(each));
    const main = [
      ...first.map((each) => ({ ...each, isFirst: true, isDanger: false })),
      ...dangerous.map((each) => ({ ...each, isFirst: false, isDanger: true })),
    ];
    return { main, more };
  });

  constructor() {
    effect(() => {
      if (this.opensResponse() && !this.remaining.isLoading()) {
        untracked(() => {
          // Otherwise a reload, or Back, would open it again.
          const queryParams = { respond: null };
          void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
          if (this.canRespond()) {
            void this.respond();
          }
        });
      }
    });
  }

  protected async edit(): Promise<void> {
    const saved = await editToken(this.dialog, this.token(), 'note');
    if (saved) {
      this.notifier.success(this.t().tokenPage.saved);
      this.saved.emit(saved);
    }
  }

  protected showRaw(): void {
    RawJson.open(this.dialog, tokenPath(this.token().id), this.token());
  }

  protected async respond(): Promise<void> {
    const { LeakResponse } = await import('../leak/leak-response');
    const opened = this.dialog.open<unknown, UserTokenDto>(LeakResponse, {
      data: this.token(),
      // The first field would take the focus, but it rarely needs a change.
      autoFocus: 'dialog',
      width: '840px',
      maxWidth: '100vw',
      panelClass: 'app-sheet',
    });
    // Its links leave the page.
    opened
      .afterClosed()
      .pipe(takeUntilDestroyed(this.destroyRef))
      .subscribe(() => this.changed.emit());
  }

  protected async extend(): Promise<void> {
    const expiry = await askForExpiry(this.dialog);
    if (expiry !== undefined) {
      await this.changes.setExpiry(this.token(), expiry.instant, () => this.changed.emit());
    }
  }

  protected setEnabled(enabled: boolean): void {
    void this.changes.setEnabled(this.token(), enabled, () => this.changed.emit());
  }

  protected async rotate(): Promise<void> {
    if (await this.changes.rotate(this.token())) {
      this.changed.emit();
    }
  }

  protected async revoke(): Promise<void> {
    if (await this.changes.revoke(this.token())) {
      this.changed.emit();
    }
  }
}
